/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/loads.h"

#include "compiler/cbpf/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct loading_way loading_ways[] = {
    {"crun", OCI_AS_CRUN, 1},
    {"runc", OCI_AS_RUNC, 1},
    {"crun, if that set SCMP_FLTATR_CTL_OPTIMIZE to 2,", OCI_AS_CRUN, 2},
    {"runc, if that set SCMP_FLTATR_CTL_OPTIMIZE to 2,", OCI_AS_RUNC, 2},
};
const size_t loading_way_count = ARRAY_SIZE(loading_ways);

static bool is_target(const struct policy *p, const struct arch *arch)
{
    for (size_t i = 0; i < p->target_count; i++)
        if (p->targets[i].arch == arch)
            return true;
    return false;
}

/* --- runc's stub ------------------------------------------------------------------------------*/

#define LOAD(w)       BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word_offset((w), false))
#define TEST(t, k, n) BPF_JUMP(BPF_JMP | (t) | BPF_K, (k), 0, (n)) /* fails: n are skipped */

/* The stub of one architecture before the rest of the code. */
static void prepend_stub(struct arena *a, const struct arch *arch, uint32_t above,
                         struct program *p)
{
    const struct arch *twin = arch_of_call(arch->audit, arch->nr_base ^ X32_BIT);
    bool marked = arch->nr_base & X32_BIT;
    struct sock_filter stub[] = {
        LOAD(WORD_ARCH),
        TEST(BPF_JEQ, arch->audit, 4),
        LOAD(WORD_NR),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, twin == arch ? 0 : X32_BIT, marked ? 0 : 2,
                 marked ? 2 : 0),
        TEST(BPF_JGT, above, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
    };
    struct sock_filter *code;

    code = ARENA_ARRAY(a, struct sock_filter, p->count + ARRAY_SIZE(stub));
    memcpy(code, stub, sizeof(stub));
    memcpy(code + ARRAY_SIZE(stub), p->code, p->count * sizeof(*code));
    p->code = code;
    p->count += ARRAY_SIZE(stub);
}

/* --- the whole --------------------------------------------------------------------------------*/

struct copying {
    struct arena *arena;
    const unsigned char *bytes;
    size_t len;
    struct subject *subject;
};

/* The bytes are malloc'ed, and freed by the caller if this escapes. */
static int copy_program(void *ctx)
{
    struct copying *c = ctx;

    program_from_bytes(c->arena, c->bytes, c->len, c->subject->big_endian, &c->subject->program);
    return 0;
}

enum load_result load_profile(struct arena *a, const struct json *profile, const struct policy *p,
                              const struct loading_way *way, unsigned seconds,
                              struct subject *subject, struct error *err)
{
    struct load_options o = {way->as, way->optimize, !is_target(p, arch_native()), seconds};
    struct copying c = {.arena = a, .subject = subject};
    unsigned char *bytes = NULL;
    enum load_result result = libseccomp_load(profile, &o, &bytes, &c.len, err);
    uint32_t at;

    if (result != LOAD_DONE)
        return result;
    *subject = (struct subject){.big_endian = p->targets[0].arch->big_endian};
    c.bytes = bytes;
    if (arena_run(a, copy_program, &c) < 0) {
        free(bytes);
        error_set(err, ENOMEM, "cannot load the profile");
        return LOAD_FAILED;
    }
    free(bytes);
    if (check_program(&subject->program, &at, err) < 0)
        return LOAD_REFUSED;
    for (size_t i = 0; way->as == OCI_AS_RUNC && i < p->target_count; i++) {
        uint32_t above = libseccomp_runc_stub(profile, p->targets[i].arch);

        if (above != UINT32_MAX)
            prepend_stub(a, p->targets[i].arch, above, &subject->program);
    }
    subject_init(a, subject);
    return LOAD_DONE;
}

/* --- what is proved ---------------------------------------------------------------------------*/

/* A domain in the making. */
struct exceptions {
    struct arena *arena;
    VEC(struct numbers) list;
};

static void except_unknown(struct exceptions *e, const struct arch *arch)
{
    for (size_t i = 0; i < syscall_count; i++) {
        int64_t nr = syscall_number(&syscall_table[i], arch);

        if (nr >= 0 && !libseccomp_knows(arch, syscall_table[i].name, (uint32_t)nr))
            VEC_PUSH(e->arena, &e->list, ((struct numbers){arch, (uint32_t)nr, (uint32_t)nr}));
    }
}

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return a < b ? -1 : a > b;
}

/* All numbers above the one but those with a name. */
static void except_unnamed(struct exceptions *e, const struct arch *arch, uint32_t above)
{
    uint32_t *named = ARENA_ARRAY(e->arena, uint32_t, syscall_count), from = above;
    size_t count = 0;

    for (size_t i = 0; i < syscall_count; i++) {
        int64_t nr = syscall_number(&syscall_table[i], arch);

        if (nr > above)
            named[count++] = (uint32_t)nr;
    }
    qsort(named, count, sizeof(*named), by_number);
    for (size_t i = 0; i < count; i++) {
        if (named[i] > from + 1)
            VEC_PUSH(e->arena, &e->list, ((struct numbers){arch, from + 1, named[i] - 1}));
        from = named[i];
    }
    VEC_PUSH(e->arena, &e->list, ((struct numbers){arch, from + 1, INT32_MAX}));
}

static struct domain domain_but(const struct policy *p, const struct exceptions *e)
{
    struct domain d = {.no_negative = true, .except = e->list.at, .except_count = e->list.count};

    for (size_t i = 0; i < p->target_count; i++)
        d.only |= ARCH_BIT(arch_id(p->targets[i].arch));
    for (unsigned i = 0; i < ARCH_COUNT; i++)
        if (oci_compares_low_half(&arch_table[i]))
            d.no_high |= ARCH_BIT(i);
    return d;
}

struct domain loads_domain(struct arena *a, const struct json *profile, const struct policy *p,
                           const struct loading_way *way)
{
    struct exceptions e = {.arena = a};

    for (size_t i = 0; i < p->target_count; i++) {
        const struct arch *arch = p->targets[i].arch;
        uint32_t above = UINT32_MAX;

        except_unknown(&e, arch);
        if (way->as == OCI_AS_RUNC)
            above = libseccomp_runc_stub(profile, arch);
        if (above < INT32_MAX)
            except_unnamed(&e, arch, above);
    }
    return domain_but(p, &e);
}

struct domain loads_unknown(struct arena *a, const struct policy *p)
{
    struct exceptions e = {.arena = a};
    struct domain d;

    for (size_t i = 0; i < p->target_count; i++)
        except_unknown(&e, p->targets[i].arch);
    d = domain_but(p, &e);
    d.only_except = true;
    return d;
}
