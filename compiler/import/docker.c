/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile of docker's or podman's with its capabilities left open. A call goes by the
 * capabilities that the entries which name it ask for; calls that go by the same ones stand
 * together. For these, the profile is read with each set of them that a container may have, as the
 * engine does, and what comes out is written under #if. So the meaning of entries for one call that
 * hold together is libseccomp's, whatever the container has.
 */
#include "compiler/front/docker_read.h"
#include "compiler/import/write.h"
#include "compiler/sema/oci_policy.h"

#include <errno.h>
#include <string.h>

#define MAX_CAPS     64
#define MAX_TOGETHER 6 /* capabilities that one call goes by */
#define MAX_SETS     (1 << MAX_TOGETHER)

struct importing {
    struct arena *arena;
    const struct source *source;
    struct oci_read_options read;
    struct diags *diags;
    const char *caps[MAX_CAPS];
    size_t cap_count;
    uint64_t *asks; /* by call: capabilities that it goes by */
    struct writer writer;
};

/* --- which capabilities ------------------------------------------------------------------------*/

static uint64_t cap_bit(struct importing *m, const struct json *name)
{
    size_t i = 0;

    while (i < m->cap_count && !json_is(name, m->caps[i]))
        i++;
    if (i == m->cap_count && m->cap_count < MAX_CAPS)
        m->caps[m->cap_count++] = arena_strndup(m->arena, name->text, name->len);
    return i < MAX_CAPS ? UINT64_C(1) << i : 0;
}

static uint64_t caps_in(struct importing *m, const struct json *entry, const char *key)
{
    const struct json *filter = json_member(entry, key);
    const struct json *caps = filter ? json_member(filter, "caps") : NULL;
    uint64_t set = 0;

    for (const struct json *c = caps && caps->kind == JSON_ARRAY ? caps->first : NULL; c;
         c = c->next)
        if (c->kind == JSON_STRING)
            set |= cap_bit(m, c);
    return set;
}

static void add_name(struct importing *m, const struct json *name, uint64_t caps)
{
    const struct syscall_info *s =
        name->kind == JSON_STRING ? syscall_by_name(name->text, name->len) : NULL;
    const struct syscall_info *carrier;

    if (!s)
        return;
    m->asks[s - syscall_table] |= caps;
    for (size_t i = 0; i < oci_multiplexed_count; i++) {
        if (strcmp(oci_multiplexed[i].name, s->name))
            continue;
        carrier = syscall_by_name(oci_multiplexed[i].carrier, strlen(oci_multiplexed[i].carrier));
        if (carrier)
            m->asks[carrier - syscall_table] |= caps;
    }
}

static void find_caps(struct importing *m, const struct json *root)
{
    const struct json *entries = json_member(root, "syscalls");

    for (const struct json *e = entries && entries->kind == JSON_ARRAY ? entries->first : NULL; e;
         e = e->next) {
        uint64_t caps = caps_in(m, e, "includes") | caps_in(m, e, "excludes");
        const struct json *name = json_member(e, "name"), *names = json_member(e, "names");

        if (name)
            add_name(m, name, caps);
        for (const struct json *n = names && names->kind == JSON_ARRAY ? names->first : NULL; n;
             n = n->next)
            add_name(m, n, caps);
    }
}

/* --- reading -----------------------------------------------------------------------------------*/

/* What the calls get where the container has the capabilities. */
static bool take(struct importing *m, uint64_t has, struct diags *diags)
{
    const char **caps = ARENA_ARRAY(m->arena, const char *, m->cap_count);
    const struct oci_spec *spec;
    struct policy *p;

    m->read.cap_count = 0;
    for (size_t i = 0; i < m->cap_count; i++)
        if (has & UINT64_C(1) << i)
            caps[m->read.cap_count++] = m->caps[i];
    m->read.caps = caps;
    spec = oci_read(m->arena, m->source, &m->read, diags);
    p = spec ? oci_policy(m->arena, spec, diags) : NULL;
    if (p)
        writer_take(&m->writer, p);
    return p != NULL;
}

/* --- conditions --------------------------------------------------------------------------------*/

/* Capabilities by their bits in a set of those that some calls go by. */
struct condition {
    const char *caps[MAX_TOGETHER];
    unsigned count;
    bool holds[MAX_SETS]; /* by set */
};

/* Does the condition hold for all sets that are `value` under `mask`? */
static bool covers(const struct condition *c, unsigned mask, unsigned value)
{
    for (unsigned set = 0; set < 1u << c->count; set++)
        if ((set & mask) == value && !c->holds[set])
            return false;
    return true;
}

/* "CAP_A && !CAP_B || CAP_C": conjunctions as short as they can be. */
static const char *condition_text(struct arena *a, const struct condition *c)
{
    bool done[MAX_SETS] = {false};
    struct strbuf out;
    unsigned terms = 0;

    strbuf_init(&out, a);
    for (unsigned set = 1u << c->count; set-- > 0;) {
        unsigned mask = (1u << c->count) - 1, literals = 0;

        if (!c->holds[set] || done[set])
            continue;
        for (unsigned bit = 0; bit < c->count; bit++)
            if (covers(c, mask & ~(1u << bit), set & mask & ~(1u << bit)))
                mask &= ~(1u << bit);
        for (unsigned other = 0; other < 1u << c->count; other++)
            done[other] |= (other & mask) == (set & mask);
        strbuf_puts(&out, terms++ ? " || " : "");
        for (unsigned bit = 0; bit < c->count; bit++)
            if (mask & 1u << bit)
                strbuf_printf(&out, "%s%s%s", literals++ ? " && " : "", set & 1u << bit ? "" : "!",
                              c->caps[bit]);
    }
    return strbuf_text(&out);
}

/* --- one set of capabilities -------------------------------------------------------------------*/

static uint64_t spread(uint64_t caps, unsigned set)
{
    uint64_t has = 0;

    for (unsigned bit = 0; caps; caps &= caps - 1, bit++)
        if (set & 1u << bit)
            has |= caps & -caps;
    return has;
}

/* The statements of the calls, for each set. */
static bool write_sets(struct importing *m, uint64_t caps, const bool *among, const char **texts)
{
    struct diags quiet;

    for (unsigned set = 0; set < 1u << __builtin_popcountll(caps); set++) {
        struct strbuf out, *before = m->writer.out;

        strbuf_init(&out, m->arena);
        diags_init(&quiet, m->arena);
        if (!take(m, spread(caps, set), &quiet))
            return false;
        m->writer.out = &out;
        writer_calls(&m->writer, among);
        m->writer.out = before;
        texts[set] = writer_intern(&m->writer, strbuf_text(&out));
    }
    return true;
}

static void write_branches(struct importing *m, uint64_t caps, const char *const *texts)
{
    struct condition c = {.count = (unsigned)__builtin_popcountll(caps)};
    struct strbuf *out = m->writer.out;
    bool done[MAX_SETS] = {false}, any = false;
    unsigned sets = 1u << c.count, left = sets;
    uint64_t rest = caps;

    for (unsigned bit = 0; bit < c.count; bit++, rest &= rest - 1)
        c.caps[bit] = m->caps[__builtin_ctzll(rest)];
    for (unsigned set = sets; set-- > 0;) {
        if (done[set])
            continue;
        for (unsigned other = 0; other < sets; other++) {
            c.holds[other] = texts[other] == texts[set];
            done[other] |= c.holds[other];
            left -= c.holds[other];
        }
        if (left == 0 && !*texts[set])
            continue;
        if (left == 0 && any)
            strbuf_puts(out, "#else\n");
        else if (left || any)
            strbuf_printf(out, "%s %s\n", any ? "#elif" : "\n#if", condition_text(m->arena, &c));
        strbuf_puts(out, texts[set]);
        any |= left > 0;
    }
    strbuf_puts(out, any ? "#endif\n" : "");
}

static int write_caps(struct importing *m)
{
    bool *among = ARENA_ARRAY(m->arena, bool, syscall_count);
    bool *done = ARENA_ARRAY(m->arena, bool, syscall_count);

    for (size_t i = 0; i < syscall_count; i++) {
        const char *texts[MAX_SETS];
        uint64_t caps = m->asks[i];

        if (done[i] || !caps)
            continue;
        for (size_t j = 0; j < syscall_count; j++) {
            among[j] = m->asks[j] == caps;
            done[j] |= among[j];
        }
        if (__builtin_popcountll(caps) > MAX_TOGETHER) {
            diag_add(m->diags, DIAG_JSON_REFUSED, (struct span){m->source, 0, 0},
                     "'%s' goes by more than %d capabilities", syscall_table[i].name, MAX_TOGETHER);
            return -EINVAL;
        }
        if (!write_sets(m, caps, among, texts))
            return -EINVAL;
        write_branches(m, caps, texts);
    }
    return 0;
}

int import_docker(struct arena *a, const struct source *s, const struct oci_read_options *read,
                  const struct import_options *o, struct diags *diags, struct strbuf *out)
{
    struct importing *m = ARENA_NEW(a, struct importing);
    bool *plain = ARENA_ARRAY(a, bool, syscall_count);
    const struct json *root = json_parse(a, s, diags);
    int ret;

    *m = (struct importing){.arena = a, .source = s, .read = *read, .diags = diags};
    m->writer = (struct writer){.arena = a, .out = out};
    m->asks = ARENA_ARRAY(a, uint64_t, syscall_count);
    if (!root || !take(m, 0, diags))
        return -EINVAL;
    find_caps(m, root);
    for (size_t i = 0; i < syscall_count; i++)
        plain[i] = m->asks[i] == 0;
    writer_head(&m->writer, o);
    writer_calls(&m->writer, plain);
    ret = write_caps(m);
    writer_numbers(&m->writer);
    writer_tail(&m->writer);
    return ret;
}
