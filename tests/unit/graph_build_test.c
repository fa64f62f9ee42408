/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions and whole policies: the graph says what the reference says. */
#include "tests/unit/graph_random.h"

#include "compiler/graph/build.h"
#include "compiler/graph/formula.h"
#include "compiler/graph/numbers.h"
#include "compiler/graph/witness.h"
#include "compiler/sema/eval.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static struct arena arena;
static struct graph graph;
static struct diags diags;

/* Runs the body in a fresh arena, `rounds` times. */
static void run(int (*body)(void *), void *ctx, unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        arena_init(&arena);
        ck_assert_int_eq(arena_run(&arena, body, ctx), 0);
        arena_release(&arena);
    }
}

static void begin(void)
{
    graph_init(&graph, &arena);
    diags_init(&diags, &arena);
}

static const struct cond *compare(enum field field, enum compare op, uint64_t value)
{
    bool number = field == FIELD_NR;
    struct atom atom = {.field = field,
                        .width = number ? 32 : 64,
                        .mask = number ? UINT32_MAX : UINT64_MAX,
                        .op = op,
                        .value = value};

    return cond_atom(&arena, atom);
}

static const struct cond *both(const struct cond *x, const struct cond *y)
{
    return cond_join(&arena, COND_AND, x, y);
}

static const struct cond *always(void)
{
    struct cond *c = ARENA_NEW(&arena, struct cond);

    c->kind = COND_TRUE;
    return c;
}

static uint32_t eval(const struct node *root, uint32_t audit, uint32_t nr, uint64_t arg0)
{
    struct seccomp_data call = {.arch = audit, .nr = (int)nr, .args = {arg0}};

    return graph_eval(root, &call);
}

/* --- conditions ------------------------------------------------------------------------------- */

static void check_cond(struct rng *r, const struct cond *c, unsigned calls)
{
    const struct formula *f = formula_of(&arena, c);
    const struct node *yes = graph_leaf(&graph, 1), *no = graph_leaf(&graph, 0);
    values v = {0};

    cond_constants(&arena, c, &v);
    for (unsigned i = 0; i < calls; i++) {
        struct seccomp_data call = near_call(r, &v, 0);
        bool holds = eval_cond(c, &call);
        uint32_t nr = (uint32_t)call.nr;

        ck_assert_uint_eq(
            graph_eval(formula_test(&graph, formula_at(&arena, f, nr), yes, no), &call), holds);
        ck_assert(formula_truth(f, nr) != (holds ? NEVER_TRUE : ALWAYS_TRUE));
    }
}

static int atoms_body(void *ctx)
{
    struct rng *r = ctx;

    begin();
    for (int i = 0; i < 500; i++) {
        enum field field = rng_below(r, FIELD_COUNT);

        check_cond(r, cond_atom(&arena, random_atom(r, &arena, field)), 60);
    }
    return 0;
}

START_TEST(atoms)
{
    struct rng r;

    r.state = rng_seed();
    run(atoms_body, &r, 8);
}
END_TEST

static int conditions_body(void *ctx)
{
    struct rng *r = ctx;

    begin();
    for (int i = 0; i < 200; i++)
        check_cond(r, random_cond(r, &arena, 4), 40);
    return 0;
}

START_TEST(conditions)
{
    struct rng r;

    r.state = rng_seed();
    run(conditions_body, &r, 8);
}
END_TEST

/* Leaves about the same bits become one: a range from two comparisons costs what a range costs. */
static int merged_body(void *ctx)
{
    const struct cond *lo = compare(FIELD_ARG0, CMP_GE, 10), *hi = compare(FIELD_ARG0, CMP_LT, 20);
    const struct formula *f;

    (void)ctx;
    begin();
    f = formula_of(&arena, both(lo, hi));
    ck_assert_int_eq(f->kind, FORMULA_FIELD);
    ck_assert_uint_eq(f->values.count, 1);
    ck_assert_uint_eq(f->values.at[0].low, 10);
    ck_assert_uint_eq(f->values.at[0].high, 19);
    f = formula_of(&arena, cond_join(&arena, COND_OR, lo, hi));
    ck_assert_int_eq(f->kind, FORMULA_TRUE);
    f = formula_of(
        &arena, both(cond_join(&arena, COND_NOT, lo, NULL), cond_join(&arena, COND_NOT, hi, NULL)));
    ck_assert_int_eq(f->kind, FORMULA_FALSE);
    return 0;
}

START_TEST(merged)
{
    run(merged_body, NULL, 1);
}
END_TEST

/* --- policies --------------------------------------------------------------------------------- */

static void policy_constants(const struct policy *p, values *v)
{
    for (size_t t = 0; t < p->target_count; t++)
        for (size_t i = 0; i < p->targets[t].rule_count; i++)
            cond_constants(&arena, p->targets[t].rules[i]->cond, v);
}

static uint32_t random_audit(struct rng *r)
{
    uint32_t audit = arch_table[rng_below(r, ARCH_COUNT)].audit;

    return rng_chance(r, 60) ? arch_table[ARCH_X86_64].audit
                             : audit + (rng_chance(r, 20) ? rng_below(r, 3) - 1 : 0);
}

/* One to four targets, in the order of the table, each with rules of its own. */
static struct policy *random_targets(struct rng *r)
{
    struct policy *p = random_policy(r, &arena, 1, true);
    struct target *targets = ARENA_ARRAY(&arena, struct target, ARCH_COUNT);
    size_t count = 0;

    for (enum arch_id id = 0; id < ARCH_COUNT; id++)
        if (rng_chance(r, id == ARCH_X86_64 || id == ARCH_X32 ? 50 : 8)) {
            targets[count] = *random_policy(r, &arena, 1 + rng_below(r, 12), true)->targets;
            targets[count++].arch = &arch_table[id];
        }
    p->targets = targets;
    p->target_count = count;
    if (rng_chance(r, 30))
        p->foreign = SECCOMP_RET_ALLOW;
    return p;
}

static int policies_body(void *ctx)
{
    struct rng *r = ctx;

    begin();
    for (int i = 0; i < 20; i++) {
        const struct policy *p = random_targets(r);
        const struct node *root = build_graph(&graph, p, &diags);
        values v = {0};

        ck_assert_ptr_nonnull(root);
        policy_constants(p, &v);
        VEC_PUSH(&arena, &v, X32_BIT);
        for (int j = 0; j < 400; j++) {
            struct seccomp_data call = near_call(r, &v, random_audit(r));

            if (rng_chance(r, 20))
                call.nr |= (int)X32_BIT;
            ck_assert_uint_eq(graph_eval(root, &call), eval_policy(p, &call).ret);
        }
    }
    return 0;
}

START_TEST(policies)
{
    struct rng r;

    r.state = rng_seed();
    run(policies_body, &r, 12);
}
END_TEST

/* Without a default: either a call is named that the reference leaves undecided too, or none of
 * many is undecided. */
static int undecided_body(void *ctx)
{
    struct rng *r = ctx;

    begin();
    for (int i = 0; i < 40; i++) {
        const struct policy *p = random_policy(r, &arena, 1 + rng_below(r, 6), false);
        const struct node *root;
        values v = {0};

        diags_init(&diags, &arena);
        root = build_graph(&graph, p, &diags);
        ck_assert_uint_eq(diags.errors, root == NULL);
        if (!root) {
            ck_assert_int_eq(diags.list.at[0]->id, DIAG_UNDECIDED);
            ck_assert_msg(strstr(diags.list.at[0]->text, "no rule decides '"), "%s",
                          diags.list.at[0]->text);
            continue;
        }
        policy_constants(p, &v);
        for (int j = 0; j < 400; j++) {
            struct seccomp_data call = near_call(r, &v, random_audit(r));
            struct verdict verdict = eval_policy(p, &call);

            ck_assert(verdict.decided);
            ck_assert_uint_eq(graph_eval(root, &call), verdict.ret);
        }
    }
    return 0;
}

START_TEST(undecided)
{
    struct rng r;

    r.state = rng_seed();
    run(undecided_body, &r, 10);
}
END_TEST

static const char *undecided_text(const struct rule *const *rules, size_t count)
{
    diags_init(&diags, &arena);
    graph_init(&graph, &arena);
    ck_assert_ptr_null(build_graph(&graph, make_policy(&arena, ARCH_X86_64, rules, count), &diags));
    ck_assert_uint_eq(diags.list.count, 1);
    return diags.list.at[0]->text;
}

static int undecided_text_body(void *ctx)
{
    const struct rule *none[1] = {0}, *rules[4];

    (void)ctx;
    ck_assert_str_eq(undecided_text(none, 0), "no rule decides 'read(0, 0, 0) on x86_64'");
    rules[0] = make_rule(&arena, compare(FIELD_NR, CMP_LT, 600), SECCOMP_RET_ALLOW);
    ck_assert_str_eq(undecided_text(rules, 1), "no rule decides 'syscall 600 on x86_64'");
    rules[1] = make_rule(&arena, compare(FIELD_NR, CMP_GE, 601), SECCOMP_RET_ALLOW);
    rules[2] = make_rule(&arena, compare(FIELD_ARG0 + 1, CMP_NE, UINT64_C(0x100000003)),
                         SECCOMP_RET_ALLOW);
    ck_assert_str_eq(undecided_text(rules, 3),
                     "no rule decides 'syscall 600(0, 0x100000003) on x86_64'");
    rules[0] = make_rule(&arena, compare(FIELD_NR, CMP_NE, 0), SECCOMP_RET_ALLOW);
    rules[1] = make_rule(&arena, compare(FIELD_ARG0, CMP_LT, 3), SECCOMP_RET_ALLOW);
    ck_assert_str_eq(undecided_text(rules, 2), "no rule decides 'read(3, 0, 0) on x86_64'");
    rules[2] = make_rule(&arena, compare(FIELD_IP, CMP_EQ, 0), SECCOMP_RET_ALLOW);
    ck_assert_str_eq(undecided_text(rules, 3), "no rule decides 'read(3, 0, 0) at 1 on x86_64'");
    return 0;
}

START_TEST(undecided_call)
{
    run(undecided_text_body, NULL, 1);
}
END_TEST

/* Decided though no rule is unconditional: bits, words and ranges that leave nothing over. */
static int exhaustive_body(void *ctx)
{
    const struct rule *rules[8];
    struct atom bit = {.field = FIELD_ARG0, .width = 64, .op = CMP_EQ, .mask = 1};
    const struct node *root;

    (void)ctx;
    begin();
    rules[0] = make_rule(&arena, compare(FIELD_NR, CMP_GT, 7), SECCOMP_RET_ALLOW);
    rules[1] = make_rule(&arena, compare(FIELD_ARG0, CMP_LT, 7), SECCOMP_RET_LOG);
    rules[2] = make_rule(&arena, cond_atom(&arena, bit), SECCOMP_RET_TRAP);
    bit.value = 1;
    rules[3] = make_rule(&arena, both(cond_atom(&arena, bit), compare(FIELD_NR, CMP_LE, 7)),
                         SECCOMP_RET_TRACE);
    root = build_graph(&graph, make_policy(&arena, ARCH_X86_64, rules, 4), &diags);
    ck_assert_ptr_nonnull(root);
    ck_assert_uint_eq(diags.list.count, 0);
    ck_assert_uint_eq(eval(root, arch_table[ARCH_X86_64].audit, 3, 7), SECCOMP_RET_TRACE);
    ck_assert_uint_eq(eval(root, arch_table[ARCH_X86_64].audit, 3, 8), SECCOMP_RET_TRAP);
    return 0;
}

START_TEST(exhaustive)
{
    run(exhaustive_body, NULL, 1);
}
END_TEST

/* Bits that are compared with what they cannot be. */
static int never_body(void *ctx)
{
    struct atom x = {.field = FIELD_IP, .width = 64, .op = CMP_EQ, .mask = 16, .value = 5};
    const struct rule *rules[3];
    const struct node *root;

    (void)ctx;
    begin();
    rules[0] = make_rule(&arena, cond_atom(&arena, x), SECCOMP_RET_TRAP);
    x.mask = 8;
    x.value = 6;
    rules[1] = make_rule(&arena, cond_atom(&arena, x), SECCOMP_RET_TRACE);
    rules[2] = make_rule(&arena, compare(FIELD_NR, CMP_GE, 0), SECCOMP_RET_ALLOW);
    root = build_graph(&graph, make_policy(&arena, ARCH_X86_64, rules, 3), &diags);
    ck_assert_ptr_nonnull(root);
    ck_assert_uint_eq(eval(root, arch_table[ARCH_X86_64].audit, 3, 1), SECCOMP_RET_ALLOW);
    return 0;
}

START_TEST(never)
{
    run(never_body, NULL, 1);
}
END_TEST

/* Rules about pairs of bits: 2^`pairs` paths lead past them. */
static size_t add_diamonds(const struct rule **rules, unsigned pairs)
{
    for (unsigned i = 0; i < pairs; i++) {
        struct atom x = {.field = FIELD_ARG0 + 2, .width = 64, .op = CMP_NE}, y = x;

        x.mask = UINT64_C(1) << 2 * i;
        y.mask = UINT64_C(2) << 2 * i;
        rules[i] = make_rule(&arena, both(cond_atom(&arena, x), cond_atom(&arena, y)),
                             SECCOMP_RET_ERRNO | (i + 1));
    }
    return pairs;
}

/* Nothing is left over, which no search over paths can see: but the end alone shows it. */
static int many_paths_body(void *ctx)
{
    const struct rule *rules[40];
    size_t n = add_diamonds(rules, 30);

    (void)ctx;
    begin();
    rules[n++] = make_rule(&arena, compare(FIELD_ARG0, CMP_LT, 5), SECCOMP_RET_ALLOW);
    rules[n++] = make_rule(&arena, compare(FIELD_ARG0, CMP_GE, 5), SECCOMP_RET_LOG);
    ck_assert_ptr_nonnull(build_graph(&graph, make_policy(&arena, ARCH_X86_64, rules, n), &diags));
    return 0;
}

START_TEST(many_paths)
{
    run(many_paths_body, NULL, 1);
}
END_TEST

/* The same with the ends far apart is given up, and said to be: never taken for decided. */
static int gave_up_body(void *ctx)
{
    const struct rule *rules[40];
    size_t n;

    (void)ctx;
    begin();
    rules[0] = make_rule(&arena, compare(FIELD_ARG0, CMP_LT, 5), SECCOMP_RET_ALLOW);
    n = 1 + add_diamonds(rules + 1, 30);
    rules[n++] = make_rule(&arena, compare(FIELD_ARG0, CMP_GE, 5), SECCOMP_RET_LOG);
    ck_assert_ptr_null(build_graph(&graph, make_policy(&arena, ARCH_X86_64, rules, n), &diags));
    ck_assert_uint_eq(diags.list.count, 1);
    ck_assert_int_eq(diags.list.at[0]->id, DIAG_UNDECIDED);
    ck_assert_str_eq(diags.list.at[0]->text, "cannot show that every call is decided");
    return 0;
}

START_TEST(gave_up)
{
    run(gave_up_body, NULL, 1);
}
END_TEST

/* --- cost ------------------------------------------------------------------------------------- */

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

enum shape { NUMBERS, ARGUMENTS, MIXED, NESTED };

static const struct cond *shaped(enum shape shape, uint32_t i)
{
    switch (shape) {
    case NUMBERS:
        return compare(FIELD_NR, CMP_EQ, 2 * i);
    case ARGUMENTS:
        return compare(FIELD_ARG0, CMP_EQ, 3 * i);
    case MIXED:
        return both(compare(FIELD_NR, CMP_EQ, i % 400), compare(FIELD_ARG0, CMP_EQ, i));
    case NESTED:
        return compare(FIELD_NR, CMP_GE, i);
    }
    abort();
}

static double build_time(enum shape shape, uint32_t count)
{
    const struct rule **rules = ARENA_ARRAY(&arena, const struct rule *, count + 1);
    const struct policy *p = make_policy(&arena, ARCH_X86_64, rules, count + 1);
    const struct node *root;
    struct rng r = {count};
    double start;

    for (uint32_t i = 0; i < count; i++)
        rules[i] = make_rule(&arena, shaped(shape, i), SECCOMP_RET_ERRNO | (i % 100 + 1));
    rules[count] = make_rule(&arena, always(), SECCOMP_RET_ALLOW);
    begin();
    start = seconds();
    root = build_graph(&graph, p, &diags);
    start = seconds() - start;
    ck_assert_ptr_nonnull(root);
    for (int i = 0; i < 100; i++) {
        struct seccomp_data call = {.arch = arch_table[ARCH_X86_64].audit};

        call.nr = (int)rng_below(&r, 2 * count);
        call.args[0] = rng_below(&r, 3 * count);
        ck_assert_uint_eq(graph_eval(root, &call), eval_policy(p, &call).ret);
    }
    return start;
}

/* The documented limits: 10,000 rules in a second, 100,000 in fifteen. */
static int cost_body(void *ctx)
{
    enum shape shape = *(const enum shape *)ctx;
    double small = build_time(shape, 10000), large = build_time(shape, 100000);

    printf("# shape %d: 10,000 rules in %.3f s, 100,000 in %.3f s\n", (int)shape, small, large);
    ck_assert_double_lt(small, 1);
    ck_assert_double_lt(large, 15);
    return 0;
}

START_TEST(cost)
{
    enum shape shape = (enum shape)_i;

    run(cost_body, &shape, 1);
}
END_TEST

static int members_body(void *ctx)
{
    enum { N = 100000 };
    struct range *list = ARENA_ARRAY(&arena, struct range, N);
    struct atom atom = {.field = FIELD_NR, .op = CMP_IN, .width = 32, .mask = UINT32_MAX};
    const struct rule *rules[3];
    const struct node *root;
    double start = seconds();

    (void)ctx;
    begin();
    for (uint64_t i = 0; i < N; i++)
        list[i] = (struct range){3 * i, 3 * i};
    atom.set = ranges_from(&arena, list, N);
    rules[0] = make_rule(&arena, cond_atom(&arena, atom), SECCOMP_RET_LOG);
    atom.field = FIELD_ARG0;
    atom.width = 64;
    atom.mask = UINT64_MAX;
    rules[1] = make_rule(&arena, cond_atom(&arena, atom), SECCOMP_RET_TRAP);
    rules[2] = make_rule(&arena, always(), SECCOMP_RET_ALLOW);
    root = build_graph(&graph, make_policy(&arena, ARCH_X86_64, rules, 3), &diags);
    ck_assert_ptr_nonnull(root);
    ck_assert_double_lt(seconds() - start, 2);
    for (uint32_t i = 0; i < 3 * N; i += 101) {
        uint32_t audit = arch_table[ARCH_X86_64].audit;

        ck_assert_uint_eq(eval(root, audit, i, 1), i % 3 ? SECCOMP_RET_ALLOW : SECCOMP_RET_LOG);
        ck_assert_uint_eq(eval(root, audit, 1, i), i % 3 ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP);
    }
    return 0;
}

START_TEST(members)
{
    run(members_body, NULL, 1);
}
END_TEST

/* Every stretch of numbers has code of its own for every rule below it: more than anyone could
 * use, and told so in good time. */
static int too_complex_body(void *ctx)
{
    enum { N = 4000 };
    const struct rule **rules = ARENA_ARRAY(&arena, const struct rule *, 2 * N);

    (void)ctx;
    begin();
    for (uint32_t i = 0; i < N; i++)
        rules[i] = make_rule(&arena, compare(FIELD_ARG0 + i % 2, CMP_EQ, i), SECCOMP_RET_LOG);
    for (uint32_t i = 0; i < N; i++)
        rules[N + i] = make_rule(&arena, compare(FIELD_NR, CMP_GE, N - i), SECCOMP_RET_ERRNO | i);
    ck_assert_ptr_null(build_graph(&graph, make_policy(&arena, ARCH_X86_64, rules, 2 * N), &diags));
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_int_eq(diags.list.at[0]->id, DIAG_TOO_COMPLEX);
    return 0;
}

START_TEST(too_complex)
{
    run(too_complex_body, NULL, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("graph building");
    TCase *c = tcase_create("graph building");

    tcase_set_timeout(c, 300);
    tcase_add_test(c, atoms);
    tcase_add_test(c, conditions);
    tcase_add_test(c, merged);
    tcase_add_test(c, policies);
    tcase_add_test(c, undecided);
    tcase_add_test(c, undecided_call);
    tcase_add_test(c, exhaustive);
    tcase_add_test(c, never);
    tcase_add_test(c, many_paths);
    tcase_add_test(c, gave_up);
    tcase_add_loop_test(c, cost, NUMBERS, NESTED + 1);
    tcase_add_test(c, members);
    tcase_add_test(c, too_complex);
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
