/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/report.h"

#include "compiler/cbpf/disassemble.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_DECIMAL 0xffff

/* Where a difference is: architectures of the table, and others. */
struct places {
    arch_set archs;
    bool others;
};

/* A line in the making. */
struct line {
    const char *call;
    struct places places;
    uint32_t a, b;
    uint64_t nr; /* the least */
};

struct report {
    struct arena *arena;
    VEC(struct line) lines;
};

/* --- places -----------------------------------------------------------------------------------*/

static struct places places_of(const struct difference *d)
{
    const struct extent *audit = &d->extents[EXTENT_ARCH], *nr = &d->extents[EXTENT_NR];
    struct places places = {.others = audit->low != audit->high};

    for (const struct arch *arch = arch_table; arch < arch_table + ARCH_COUNT; arch++) {
        bool twin = arch_of_call(arch->audit, 0) != arch_of_call(arch->audit, X32_BIT);
        const struct arch *first = arch_of_call((uint32_t)audit->low, (uint32_t)nr->low);

        if (audit->low > arch->audit || audit->high < arch->audit)
            continue;
        if (!twin || first == arch || nr->high - nr->low >= X32_BIT)
            places.archs |= ARCH_BIT(arch_id(arch));
    }
    if (!places.archs)
        places.others = true;
    return places;
}

static void add_archs(struct strbuf *out, arch_set archs)
{
    const char *before = "";

    for (unsigned i = 0; i < ARCH_COUNT; i++) {
        if (!(archs & ARCH_BIT(i)))
            continue;
        strbuf_printf(out, "%s%s", before, arch_table[i].name);
        before = ", ";
    }
}

static void add_places(struct strbuf *out, struct places places)
{
    const arch_set all = ARCH_BIT(ARCH_COUNT) - 1;

    if (!places.others) {
        add_archs(out, places.archs);
    } else if (places.archs == all) {
        strbuf_puts(out, "any architecture");
    } else {
        strbuf_puts(out, "any architecture but ");
        add_archs(out, all & ~places.archs);
    }
}

/* --- calls ------------------------------------------------------------------------------------*/

static bool is_any(const struct extent *e)
{
    return e->low == 0 && e->high >= (e->half ? UINT32_MAX : UINT64_MAX);
}

static void add_value(struct strbuf *out, uint64_t value)
{
    strbuf_printf(out, value <= LARGEST_DECIMAL ? "%" PRIu64 : "0x%" PRIx64, value);
}

static void add_extent(struct strbuf *out, const struct extent *e)
{
    if (is_any(e)) {
        strbuf_putc(out, '*');
        return;
    }
    add_value(out, e->low);
    if (e->high == e->low)
        return;
    strbuf_puts(out, "..");
    add_value(out, e->high);
}

static const struct arch *arch_of(const struct difference *d)
{
    return arch_of_call((uint32_t)d->extents[EXTENT_ARCH].low, (uint32_t)d->extents[EXTENT_NR].low);
}

static unsigned shown_args(const struct difference *d, const struct syscall_info *info)
{
    unsigned count = syscall_signature(info, arch_of(d)).count;

    for (unsigned i = count; i < SYSCALL_MAX_ARGS; i++)
        if (!is_any(&d->extents[EXTENT_ARG0 + i]))
            count = i + 1;
    return count;
}

static const struct syscall_info *info_of(const struct difference *d)
{
    const struct extent *nr = &d->extents[EXTENT_NR];
    const struct arch *arch = arch_of(d);

    return arch && nr->low == nr->high ? syscall_by_number(arch, (uint32_t)nr->low) : NULL;
}

/* Do all calls of an architecture differ so? */
static bool is_every_call(const struct difference *d)
{
    const struct extent *nr = &d->extents[EXTENT_NR];

    return nr->low == 0 && nr->high == UINT32_MAX;
}

static const char *call_text_of(struct arena *a, const struct difference *d)
{
    const struct syscall_info *info = info_of(d);
    const struct extent *nr = &d->extents[EXTENT_NR], *ip = &d->extents[EXTENT_IP];
    unsigned count = shown_args(d, info);
    struct strbuf out;

    strbuf_init(&out, a);
    if (info) {
        strbuf_puts(&out, info->name);
    } else if (is_every_call(d)) {
        strbuf_puts(&out, "every call");
    } else {
        strbuf_puts(&out, nr->low == nr->high ? "syscall " : "syscalls ");
        add_extent(&out, nr);
    }
    if (info || count) {
        strbuf_putc(&out, '(');
        for (unsigned i = 0; i < count; i++) {
            strbuf_puts(&out, i ? ", " : "");
            add_extent(&out, &d->extents[EXTENT_ARG0 + i]);
        }
        strbuf_putc(&out, ')');
    }
    if (!is_any(ip)) {
        strbuf_puts(&out, " at ");
        add_extent(&out, ip);
    }
    return strbuf_text(&out);
}

/* --- neighbours -------------------------------------------------------------------------------*/

static bool any_args(const struct difference *d)
{
    for (unsigned f = EXTENT_IP; f < EXTENT_COUNT; f++)
        if (!is_any(&d->extents[f]))
            return false;
    return true;
}

/* Do calls behind those of d differ like d, and need no line of their own? */
static bool follows(const struct difference *d, const struct difference *next)
{
    const struct extent *audit = &d->extents[EXTENT_ARCH], *other = &next->extents[EXTENT_ARCH];

    return d->a == next->a && d->b == next->b && any_args(d) && any_args(next) &&
           audit->low == other->low && audit->high == other->high &&
           d->extents[EXTENT_NR].high + 1 == next->extents[EXTENT_NR].low;
}

/* The differences with neighbouring numbers as one: if every number is among them, or they have
 * no names. They come in the order of architecture and number. */
static size_t join_neighbours(const struct proof *proof, size_t from, struct difference *joined)
{
    const struct difference *list = proof->differences.at;
    size_t count = proof->differences.count, end = from + 1, unnamed = from;

    while (end < count && follows(&list[end - 1], &list[end]))
        end++;
    *joined = list[from];
    joined->extents[EXTENT_NR].high = list[end - 1].extents[EXTENT_NR].high;
    if (is_every_call(joined))
        return end;
    while (unnamed < end && !info_of(&list[unnamed]))
        unnamed++;
    if (unnamed == from)
        unnamed++;
    joined->extents[EXTENT_NR].high = list[unnamed - 1].extents[EXTENT_NR].high;
    return unnamed;
}

/* --- lines ------------------------------------------------------------------------------------*/

static void add_line(struct report *r, const struct difference *d)
{
    struct line line = {.call = call_text_of(r->arena, d),
                        .places = places_of(d),
                        .a = d->a,
                        .b = d->b,
                        .nr = d->extents[EXTENT_NR].low};

    for (size_t i = 0; i < r->lines.count; i++) {
        struct line *l = &r->lines.at[i];

        if (l->a == line.a && l->b == line.b && !strcmp(l->call, line.call)) {
            l->places.archs |= line.places.archs;
            l->places.others |= line.places.others;
            return;
        }
    }
    VEC_PUSH(r->arena, &r->lines, line);
}

static void make_lines(struct report *r, struct arena *a, const struct proof *proof)
{
    struct difference joined;

    *r = (struct report){.arena = a};
    for (size_t i = 0; i < proof->differences.count;) {
        i = join_neighbours(proof, i, &joined);
        add_line(r, &joined);
    }
}

static void add_action(struct strbuf *out, uint32_t effect, struct places places)
{
    if (effect == EFFECT_UNDECIDED)
        strbuf_puts(out, "undecided");
    else
        action_text(effect, places.archs, out);
}

void report_text(struct arena *a, const struct proof *proof, struct strbuf *out)
{
    struct report r;

    make_lines(&r, a, proof);
    for (size_t i = 0; i < r.lines.count; i++) {
        const struct line *l = &r.lines.at[i];

        strbuf_printf(out, "%s on ", l->call);
        add_places(out, l->places);
        strbuf_puts(out, ": A ");
        add_action(out, l->a, l->places);
        strbuf_puts(out, ", B ");
        add_action(out, l->b, l->places);
        strbuf_putc(out, '\n');
    }
}

void report_calls(struct arena *a, const struct proof *proof, struct strbuf *out)
{
    struct report r;

    make_lines(&r, a, proof);
    for (size_t i = 0; i < r.lines.count; i++) {
        strbuf_printf(out, "%s on ", r.lines.at[i].call);
        add_places(out, r.lines.at[i].places);
        strbuf_putc(out, '\n');
    }
}

static void json_places(struct strbuf *out, struct places places)
{
    const char *before = "";

    strbuf_puts(out, ",\"archs\":[");
    for (unsigned i = 0; i < ARCH_COUNT; i++) {
        if (!(places.archs & ARCH_BIT(i)))
            continue;
        strbuf_printf(out, "%s\"%s\"", before, arch_table[i].name);
        before = ",";
    }
    strbuf_printf(out, "],\"other_archs\":%s", places.others ? "true" : "false");
}

static void json_action(struct arena *a, struct strbuf *out, uint32_t effect, struct places places)
{
    struct strbuf text;

    strbuf_init(&text, a);
    add_action(&text, effect, places);
    strbuf_json_string(out, strbuf_text(&text));
}

void report_json(struct arena *a, const struct proof *proof, struct strbuf *out)
{
    struct report r;

    make_lines(&r, a, proof);
    strbuf_putc(out, '[');
    for (size_t i = 0; i < r.lines.count; i++) {
        const struct line *l = &r.lines.at[i];

        strbuf_puts(out, i ? ",\n  {\"call\":" : "\n  {\"call\":");
        strbuf_json_string(out, l->call);
        json_places(out, l->places);
        strbuf_puts(out, ",\"a\":");
        json_action(a, out, l->a, l->places);
        strbuf_puts(out, ",\"b\":");
        json_action(a, out, l->b, l->places);
        strbuf_putc(out, '}');
    }
    strbuf_puts(out, r.lines.count ? "\n ]" : "]");
}
