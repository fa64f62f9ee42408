/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of runtime-loader/exec/combine.c and complain/combine.c: the combined filter is one
 * that the kernel accepts, and returns the strictest of what its parts do, for random ones. */
#include "runtime-loader/complain/combine.h"

#include "compiler/cbpf/check.h"
#include "compiler/cbpf/run.h"
#include "compiler/include/easyseccomp.h"
#include "tests/lib/unit.h"
#include "tests/unit/cbpf_testlib.h"

#include <errno.h>
#include <string.h>

enum { STACKS = 2000, CALLS = 40, MOST = 4 };

static struct rng rng;

struct input {
    struct seccomp_filter filters[MOST];
    const struct seccomp_filter *at[MOST];
    filter_stack stack;
};

static void add(struct input *in, const struct sock_filter *code, size_t count)
{
    struct seccomp_filter *f = &in->filters[in->stack.count];

    *f = (struct seccomp_filter){.code = code, .count = (uint16_t)count};
    in->at[in->stack.count++] = f;
    in->stack.at = in->at;
}

static void add_text(struct arena *a, struct input *in, const char *text)
{
    struct program p = assembled(a, text);

    add(in, p.code, p.count);
}

/* By kernel/seccomp.c, written down a second time. */
static uint32_t strictest(const struct input *in, const struct seccomp_data *call, bool complain)
{
    int64_t least = INT32_MAX;
    uint32_t ret = SECCOMP_RET_ALLOW;

    for (size_t i = in->stack.count; i-- > 0;) {
        const struct program p = {(struct sock_filter *)(uintptr_t)in->at[i]->code,
                                  in->at[i]->count};
        uint32_t one = run_program(&p, call, false).ret;
        int64_t action = (int32_t)(one & 0xffff0000);

        if (complain && action < SECCOMP_RET_LOG) {
            one = SECCOMP_RET_USER_NOTIF;
            action = (int32_t)one;
        }
        if (action < least) {
            least = action;
            ret = one;
        }
    }
    return ret;
}

static bool accepted(const struct sock_filter *code, size_t count)
{
    char why[160];
    uint32_t at;

    return es_check_blob(code, count * sizeof(*code), &at, why, sizeof(why)) == 0;
}

static uint32_t random_ret(void)
{
    static const uint32_t actions[] = {
        SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO,
        SECCOMP_RET_USER_NOTIF,   SECCOMP_RET_TRACE,       SECCOMP_RET_LOG,  SECCOMP_RET_ALLOW};
    uint32_t action = actions[rng_below(&rng, 8)];

    if (rng_chance(&rng, 3))
        return (uint32_t)rng_next(&rng); /* an action that there is not */
    return action == SECCOMP_RET_ALLOW ? action : action | rng_below(&rng, 4);
}

/* Programs of all instructions; their returns are actions, now and then A. */
static void add_random(struct arena *a, struct input *in, bool constant)
{
    struct sock_filter *code = ARENA_ARRAY(a, struct sock_filter, BPF_MAXINSNS);
    uint32_t count;

    do {
        count = 2 + rng_below(&rng, rng_chance(&rng, 20) ? 200 : 20);
        random_program(&rng, code, count);
        for (uint32_t i = 0; i < count; i++)
            if (BPF_CLASS(code[i].code) == BPF_RET && (constant || rng_chance(&rng, 80)))
                code[i] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, random_ret()};
        for (uint32_t i = 0; i < count; i++)
            if (code[i].code == (BPF_ALU | BPF_DIV | BPF_X))
                code[i].code = BPF_ALU | BPF_SUB | BPF_X;
    } while (!accepted(code, count));
    add(in, code, count);
}

static struct seccomp_data random_call(void)
{
    struct seccomp_data call;
    uint32_t words[sizeof(call) / sizeof(uint32_t)] = {0};

    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        words[i] = rng_constant(&rng);
    memcpy(&call, words, sizeof(call));
    return call;
}

static void hold(struct arena *a, const struct input *in, bool complain)
{
    const struct seccomp_filter *decided;
    struct seccomp_filter out = {0};
    struct error err = {0};
    int rc = complain ? complain_combine(a, &in->stack, &out, &err)
                      : stack_combine(a, &in->stack, &out, &err);

    if (rc == -ENOTSUP && strstr(err.text, "words of memory"))
        return;
    ck_assert_msg(rc == 0, "%s", err.text);
    ck_assert(accepted(out.code, out.count));
    for (int i = 0; i < CALLS; i++) {
        struct seccomp_data call = random_call();
        uint32_t wanted = strictest(in, &call, complain);
        uint32_t got = es_run_blob(out.code, out.count * sizeof(*out.code), &call);
        uint32_t told = stack_result(&in->stack, &call, &decided);

        /* what comes beside ALLOW has no meaning */
        if ((int32_t)(wanted | SECCOMP_RET_DATA) == INT32_MAX)
            got |= SECCOMP_RET_DATA, told |= SECCOMP_RET_DATA, wanted |= SECCOMP_RET_DATA;
        ck_assert_msg(got == wanted, "%x, not %x", got, wanted);
        ck_assert_msg(complain || told == wanted, "%x, not %x", told, wanted);
    }
}

static int one_stack(void *ctx)
{
    struct arena *a = ctx;

    for (int complain = 0; complain < 2; complain++) {
        struct input in = {0};

        for (uint32_t n = 1 + rng_below(&rng, MOST); n > 0; n--)
            add_random(a, &in, complain);
        hold(a, &in, complain);
    }
    return 0;
}

START_TEST(random_stacks_return_the_strictest)
{
    rng.state = rng_seed();
    for (int i = 0; i < STACKS; i++) {
        struct arena a;

        arena_init(&a);
        ck_assert_int_eq(arena_run(&a, one_stack, &a), 0);
        arena_release(&a);
    }
}
END_TEST

/* --- by hand ---------------------------------------------------------------------------------- */

static const struct {
    const char *earlier, *later;
    uint32_t ret;
} pairs[] = {
    {"ret #0x50001", "ret #0x50002", 0x50002},    /* alike: the one that was loaded last */
    {"ret #0x50001", "ret #0x7fff0000", 0x50001}, /* ERRNO, ALLOW */
    {"ret #0x7fff0000", "ret #0x50001", 0x50001},
    {"ret #0x80000000", "ret #0", 0x80000000}, /* KILL_PROCESS is below KILL_THREAD */
    {"ret #0", "ret #0x80000000", 0x80000000},
    {"ret #0x7fc00000", "ret #0x7ffc0000", 0x7fc00000}, /* USER_NOTIF, LOG */
    {"ret #0x7fc00000", "ret #0x50001", 0x50001},       /* USER_NOTIF, ERRNO */
    {"ret #0x30000", "ret #0x5ffff", 0x30000},          /* data does not count */
    {"ret #0x3ffff", "ret #0x30000", 0x30000},
    {"ld #0x50007\n ret a", "ld #0x50008\n ret a", 0x50008},
    {"ret a", "ld #9\n tax\n ret #0x7fff0000", 0}, /* A and X are 0 at the start of each */
    {"txa\n ret a", "ldx #0x50001\n ret #0x7fff0000", 0},
    {"ld #0x50005\n st M[0]\n ld M[0]\n ret a", "ld #0x50006\n st M[1]\n ret #0x7fff0000", 0x50005},
};

static int pair(void *ctx)
{
    struct arena *a = ctx;

    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
        struct seccomp_data call = {0};
        struct input in = {0};
        struct seccomp_filter out;
        struct error err;
        uint32_t got;

        add_text(a, &in, pairs[i].earlier);
        add_text(a, &in, pairs[i].later);
        ck_assert_int_eq(stack_combine(a, &in.stack, &out, &err), 0);
        got = es_run_blob(out.code, out.count * sizeof(*out.code), &call);
        ck_assert_msg(got == pairs[i].ret, "pair %zu: %x", i, got);
    }
    return 0;
}

START_TEST(pairs_return_the_strictest)
{
    struct arena a;

    arena_init(&a);
    ck_assert_int_eq(arena_run(&a, pair, &a), 0);
    arena_release(&a);
}
END_TEST

static int limits(void *ctx)
{
    static const uint32_t spec = SECCOMP_FILTER_FLAG_SPEC_ALLOW, log = SECCOMP_FILTER_FLAG_LOG;
    static struct sock_filter code[BPF_MAXINSNS], all[2 * BPF_MEMWORDS + 1];
    const struct seccomp_data call = {0};
    struct input large = {0}, words = {0}, divides = {0};
    struct seccomp_filter out;
    struct error err;

    for (size_t i = 0; i + 1 < ARRAY_SIZE(code); i++)
        code[i] = (struct sock_filter){BPF_LD | BPF_IMM, 0, 0, 0};
    code[BPF_MAXINSNS - 1] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    add(&large, code, BPF_MAXINSNS);
    ck_assert_int_eq(stack_combine(ctx, &large.stack, &out, &err), 0);
    ck_assert_uint_eq(out.count, BPF_MAXINSNS);
    add(&large, code + BPF_MAXINSNS - 1, 1);
    ck_assert_int_eq(stack_combine(ctx, &large.stack, &out, &err), -ENOTSUP);
    ck_assert(strstr(err.text, "more than 4096 instructions"));

    for (uint32_t i = 0; i < BPF_MEMWORDS; i++) {
        all[2 * i] = (struct sock_filter){BPF_ST, 0, 0, i};
        all[2 * i + 1] = (struct sock_filter){BPF_LD | BPF_MEM, 0, 0, i};
    }
    all[2 * BPF_MEMWORDS] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | 1};
    add(&words, code + BPF_MAXINSNS - 1, 1);
    add(&words, all, ARRAY_SIZE(all)); /* asked first, it may use them all */
    words.filters[0].flags = spec;
    words.filters[1].flags = log;
    ck_assert_int_eq(stack_combine(ctx, &words.stack, &out, &err), 0);
    ck_assert_uint_eq(es_run_blob(out.code, out.count * sizeof(*out.code), &call), 0x50001);
    ck_assert_uint_eq(out.flags, log);
    add(&words, all, ARRAY_SIZE(all));
    ck_assert_int_eq(stack_combine(ctx, &words.stack, &out, &err), -ENOTSUP);
    ck_assert(strstr(err.text, "words of memory"));

    add_text(ctx, &divides, "div x\n ret #0x50001");
    ck_assert_int_eq(complain_combine(ctx, &divides.stack, &out, &err), -ENOTSUP);
    add_text(ctx, &divides, "ret #0x50001");
    ck_assert_int_eq(stack_combine(ctx, &divides.stack, &out, &err), -ENOTSUP);
    ck_assert(strstr(err.text, "divides by X"));
    return 0;
}

START_TEST(limits_and_flags)
{
    struct arena a;

    arena_init(&a);
    ck_assert_int_eq(arena_run(&a, limits, &a), 0);
    arena_release(&a);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("combine");
    TCase *tcase = tcase_create("combine");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, random_stacks_return_the_strictest);
    tcase_add_test(tcase, pairs_return_the_strictest);
    tcase_add_test(tcase, limits_and_flags);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
