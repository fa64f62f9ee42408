/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policies: what is emitted passes the kernel's check and decides every call as the
 * reference evaluator does, which in turn agrees with the model that the policy was made from.
 *
 * They are tuned in turn for every level, with and without a trace.
 *
 * EASYSECCOMP_SEED repeats a run (the seed is printed), EASYSECCOMP_POLICIES sets the number of
 * policies (default 2,000), EASYSECCOMP_MAX_RULES their size (default 200).
 */
#include "base/diag_render.h"
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/run.h"
#include "compiler/driver.h"
#include "compiler/sema/eval.h"
#include "tests/lib/env.h"
#include "tests/lib/unit.h"
#include "tests/property/random_policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct trial {
    struct arena arena; /* the model's */
    struct model *model;
    struct compile c;
    struct program tiny; /* laid out with jumps of at most 3 */
    uint64_t seed;
    struct rng rng;
    uint64_t calls;
};

static int make_model(void *ctx)
{
    struct trial *t = ctx;
    /* most policies are small: faults show in them as well and are found sooner */
    unsigned most = (unsigned)env_number("EASYSECCOMP_MAX_RULES", 200);

    t->model = model_new(&t->arena, t->seed, t->seed % 8 ? most / 10 + 1 : most);
    return 0;
}

static int lay_out_tiny(void *ctx)
{
    struct trial *t = ctx;
    struct layout_options options = {t->model->targets[0]->big_endian, 3};
    struct layout layout;

    layout_graph(&t->c.arena, t->c.filter->root, &options, &layout);
    t->tiny = layout.program;
    return 0;
}

static int render(void *ctx)
{
    struct trial *t = ctx;
    struct strbuf out;

    strbuf_init(&out, &t->c.arena);
    diags_render_text(&t->c.diags, false, &out);
    fputs(strbuf_text(&out), stderr);
    return 0;
}

static void give_up(struct trial *t, const char *what)
{
    fprintf(stderr, "policy of seed %" PRIu64 ":\n%s\n", t->seed, t->model->text);
    ck_assert_int_eq(arena_run(&t->c.arena, render, t), 0);
    ck_abort_msg("seed %" PRIu64 ": %s", t->seed, what);
}

static void check_call(struct trial *t, const struct seccomp_data *call)
{
    bool big = t->model->targets[0]->big_endian;
    struct verdict v = eval_policy(t->c.policy, call);
    uint32_t expected = model_eval(t->model, call);
    uint32_t run = run_program(&t->c.filter->layout.program, call, big).ret;
    uint32_t tiny = t->tiny.count <= BPF_MAXINSNS ? run_program(&t->tiny, call, big).ret : v.ret;

    t->calls++;
    if (v.decided && v.ret == expected && run == v.ret && tiny == v.ret)
        return;
    fprintf(stderr,
            "call nr %d arch 0x%x args 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx 0x%llx: model 0x%x, "
            "reference 0x%x, code 0x%x, code with short jumps 0x%x\n",
            call->nr, call->arch, (unsigned long long)call->args[0],
            (unsigned long long)call->args[1], (unsigned long long)call->args[2],
            (unsigned long long)call->args[3], (unsigned long long)call->args[4],
            (unsigned long long)call->args[5], expected, v.ret, run, tiny);
    give_up(t, "verdicts differ");
}

#define LAST_NUMBER 600

static void check_numbers(struct trial *t, const struct arch *arch, unsigned calls_each)
{
    uint32_t nr;
    unsigned i;

    for (nr = 0; nr <= LAST_NUMBER; nr++)
        for (i = 0; i < calls_each; i++) {
            struct seccomp_data call =
                model_call(t->model, &t->rng, arch->audit, arch->nr_base + nr);

            check_call(t, &call);
        }
}

/* Architectures in and out of the set, x32's numbers, and numbers far away. */
static void check_calls(struct trial *t)
{
    static const uint32_t far[] = {0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xffffffff};
    size_t i, j;

    for (i = 0; i < t->model->target_count; i++)
        check_numbers(t, t->model->targets[i], 4);
    check_numbers(t, &arch_table[ARCH_X86_64], 1);
    check_numbers(t, &arch_table[ARCH_X32], 1);
    check_numbers(t, &arch_table[rng_below(&t->rng, ARCH_COUNT)], 1);
    for (i = 0; i < t->model->target_count; i++)
        for (j = 0; j < ARRAY_SIZE(far); j++) {
            struct seccomp_data call =
                model_call(t->model, &t->rng, t->model->targets[i]->audit, far[j]);

            check_call(t, &call);
        }
}

static void check_programs(struct trial *t)
{
    struct error err;
    uint32_t at;

    if (check_program(&t->c.filter->layout.program, &at, &err) < 0)
        give_up(t, err.text);
    if (!checks_architecture(&t->c.filter->layout.program))
        give_up(t, "the architecture is not checked");
    if (t->tiny.count <= BPF_MAXINSNS && check_program(&t->tiny, &at, &err) < 0)
        give_up(t, err.text);
}

/* Returns false for a policy that is too large to be emitted. */
static bool check_policy(struct trial *t)
{
    const struct traced_call trace[] = {{.nr = t->seed % 300, .count = 5},
                                        {.name = "read", .count = 3}};
    struct compile_options options = {.tuning.level = t->seed % (TUNE_SIZE + 1)};
    bool emitted;

    if (t->seed % 5 == 0) {
        options.tuning.trace = trace;
        options.tuning.trace_count = ARRAY_SIZE(trace);
    }
    options.tuning.no_bitmap = t->seed % 3 == 0;
    arena_init(&t->arena);
    ck_assert_int_eq(arena_run(&t->arena, make_model, t), 0);
    compile_init(&t->c, &options);
    if (compile_parse(&t->c, "random", t->model->text, strlen(t->model->text)) < 0 ||
        compile_resolve(&t->c) < 0)
        give_up(t, "it does not compile");
    emitted = compile_filter(&t->c) == 0;
    if (emitted) {
        ck_assert_int_eq(arena_run(&t->c.arena, lay_out_tiny, t), 0);
        check_programs(t);
        check_calls(t);
    } else if (t->c.diags.list.at[0]->id != DIAG_TOO_LARGE) {
        give_up(t, "no filter");
    }
    compile_release(&t->c);
    arena_release(&t->arena);
    return emitted;
}

START_TEST(code_equals_reference_equals_model)
{
    uint64_t policies = env_number("EASYSECCOMP_POLICIES", 2000), i, large = 0, calls = 0;
    uint64_t seed = rng_seed();

    for (i = 0; i < policies; i++) {
        struct trial t = {.seed = seed + i, .rng = {seed + i}};

        if (!check_policy(&t))
            large++;
        calls += t.calls;
    }
    fprintf(stderr,
            "%" PRIu64 " policies, %" PRIu64 " of them over 4,096 instructions, %" PRIu64
            " calls\n",
            policies, large, calls);
    ck_assert_uint_lt(large * 20, policies);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("policy");
    TCase *tc = tcase_create("random");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, code_equals_reference_equals_model);
    suite_add_tcase(suite, tc);
    return unit_run(suite);
}
