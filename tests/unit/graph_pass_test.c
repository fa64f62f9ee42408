/* SPDX-License-Identifier: Apache-2.0 */
/* What makes graphs smaller: tests whose outcome is known are left out, rules about one field are
 * sorted by it. The meaning stays. */
#include "tests/unit/graph_random.h"

#include "compiler/graph/build.h"
#include "compiler/graph/known.h"
#include "compiler/sema/eval.h"
#include "tests/lib/unit.h"

#include <string.h>

static struct arena arena;
static struct graph graph;

/* Runs the body in a fresh arena with an empty graph, `rounds` times. */
static void run(int (*body)(void *), void *ctx, unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        arena_init(&arena);
        graph_init(&graph, &arena);
        ck_assert_int_eq(arena_run(&arena, body, ctx), 0);
        arena_release(&arena);
    }
}

static size_t node_count(const struct node *root)
{
    const struct node **order;

    return graph_order(&arena, root, &order);
}

/* Nodes on the longest path. */
static size_t depth(const struct node *root)
{
    const struct node **order;
    size_t count = graph_order(&arena, root, &order);
    size_t *deep = ARENA_ARRAY(&arena, size_t, (size_t)root->id + 1);

    for (size_t i = count; i-- > 0;) {
        const struct node *n = order[i];

        if (n->kind != NODE_LEAF)
            deep[n->id] =
                1 + (deep[n->yes->id] > deep[n->no->id] ? deep[n->yes->id] : deep[n->no->id]);
    }
    return deep[root->id];
}

/* --- known tests ------------------------------------------------------------------------------ */

static int random_body(void *ctx)
{
    struct rng *r = ctx;
    const struct node *root = random_graph(r, &graph, 1 + rng_below(r, 200)), *now;
    values v = {0};

    graph_constants(&arena, root, &v);
    now = drop_known_tests(&graph, root);
    ck_assert_uint_le(node_count(now), node_count(root));
    for (unsigned i = 0; i < 500; i++) {
        struct seccomp_data call = near_call(r, &v, arch_table[ARCH_X86_64].audit);

        ck_assert_uint_eq(graph_eval(now, &call), graph_eval(root, &call));
    }
    return 0;
}

START_TEST(random_graphs)
{
    struct rng r;

    r.state = rng_seed();
    run(random_body, &r, 500);
}
END_TEST

/* first decides second: what is behind first->yes or first->no is the node that stays. */
struct pair {
    enum node_kind kind;
    uint32_t mask, k;
    bool outcome; /* of the first test */
    enum node_kind then;
    uint32_t then_mask, then_k;
    bool known; /* is the second decided? */
    bool value; /* and how */
};

#define ALL UINT32_MAX

static const struct pair pairs[] = {
    {NODE_EQ, ALL, 5, true, NODE_EQ, ALL, 7, true, false},
    {NODE_EQ, ALL, 5, true, NODE_GE, ALL, 4, true, true},
    {NODE_EQ, ALL, 5, true, NODE_SET, ALL, 6, true, true},
    {NODE_EQ, ALL, 5, false, NODE_EQ, ALL, 5, true, false},
    {NODE_EQ, ALL, 5, false, NODE_EQ, ALL, 6, false, false},
    {NODE_GE, ALL, 9, true, NODE_GE, ALL, 7, true, true},
    {NODE_GE, ALL, 9, false, NODE_EQ, ALL, 9, true, false},
    {NODE_GE, ALL, 9, false, NODE_GE, ALL, 7, false, false},
    {NODE_GE, ALL, 0x80000000, true, NODE_SET, ALL, 0x80000000, true, true},
    {NODE_SET, ALL, 4, true, NODE_EQ, ALL, 3, true, false},
    {NODE_SET, ALL, 6, true, NODE_EQ, ALL, 3, false, false},
    {NODE_SET, ALL, 6, false, NODE_EQ, 3, 2, true, false},
    {NODE_EQ, 0xf0, 0x10, true, NODE_EQ, 0x30, 0x30, true, false},
    {NODE_EQ, 0xf0, 0x10, false, NODE_EQ, 0xff, 0x10, false, false},
    {NODE_EQ, 0xf0, 0x10, true, NODE_EQ, 0x1f, 0x13, false, false},
};

static int pairs_body(void *ctx)
{
    const struct pair *p = ctx;
    const struct node *a = graph_leaf(&graph, 1), *b = graph_leaf(&graph, 2),
                      *c = graph_leaf(&graph, 3), *second, *first, *rest;

    second = graph_test(&graph, p->then, WORD_NR, p->then_mask, p->then_k, a, b);
    first = graph_test(&graph, p->kind, WORD_NR, p->mask, p->k, p->outcome ? second : c,
                       p->outcome ? c : second);
    rest = !p->known ? second : p->value ? a : b;
    ck_assert_ptr_eq(drop_known_tests(&graph, first),
                     graph_test(&graph, p->kind, WORD_NR, p->mask, p->k, p->outcome ? rest : c,
                                p->outcome ? c : rest));
    return 0;
}

START_TEST(known_pairs)
{
    struct pair p = pairs[_i];

    run(pairs_body, &p, 1);
}
END_TEST

/* --- rules about one field -------------------------------------------------------------------- */

static const struct cond *arg_is(enum field field, uint64_t value)
{
    return cond_atom(
        &arena, (struct atom){
                    .field = field, .width = 64, .mask = UINT64_MAX, .op = CMP_EQ, .value = value});
}

static const struct node *build(const struct rule *const *rules, size_t count)
{
    struct cond *always = ARENA_NEW(&arena, struct cond);
    const struct rule **all = ARENA_ARRAY(&arena, const struct rule *, count + 1);
    struct diags diags;
    const struct node *root;

    diags_init(&diags, &arena);
    memcpy(all, rules, count * sizeof(*all));
    always->kind = COND_TRUE;
    all[count] = make_rule(&arena, always, SECCOMP_RET_ALLOW);
    root = build_graph(&graph, make_policy(&arena, ARCH_X86_64, all, count + 1), &diags);
    ck_assert_ptr_nonnull(root);
    return root;
}

/* Rules with actions in turn, so that no two can be one: a tree, not a row. With a second condition
 * each they are sorted all the same. */
static int sorted_body(void *ctx)
{
    enum { N = 512 };
    const bool *conditions = ctx;
    const struct rule *rules[N];

    for (uint32_t i = 0; i < N; i++) {
        const struct cond *c = arg_is(FIELD_ARG0, 3 * i);

        if (*conditions)
            c = cond_join(&arena, COND_AND, c, arg_is(FIELD_ARG0 + 1, i));
        rules[i] = make_rule(&arena, c, SECCOMP_RET_ERRNO | i % 3);
    }
    ck_assert_uint_le(depth(build(rules, N)), 16 + (*conditions ? 2 : 0));
    return 0;
}

START_TEST(sorted)
{
    bool conditions = _i;

    run(sorted_body, &conditions, 1);
}
END_TEST

/* One by one, the rules are the test that they are as one set. */
static void check_united(const struct rule **rules, size_t count, const struct cond *const *set,
                         size_t size)
{
    const struct node *apart = build(rules, count);
    const struct cond *any = set[0];

    for (size_t i = 1; i < size; i++)
        any = cond_join(&arena, COND_OR, any, set[i]);
    rules[0] = make_rule(&arena, any, SECCOMP_RET_LOG);
    ck_assert_ptr_eq(apart, build(rules, 1));
}

/* Rules with one action are one test, as if they had been written as a set. */
static int united_body(void *ctx)
{
    static const uint64_t personas[] = {0, 8, 0x20000, 0x20008, 0xffffffff};
    const struct rule *rules[ARRAY_SIZE(personas)];
    const struct cond *conds[ARRAY_SIZE(personas)];

    (void)ctx;
    for (size_t i = 0; i < ARRAY_SIZE(personas); i++) {
        conds[i] = arg_is(FIELD_ARG0, personas[i]);
        rules[i] = make_rule(&arena, conds[i], SECCOMP_RET_LOG);
    }
    check_united(rules, ARRAY_SIZE(rules), conds, ARRAY_SIZE(conds));
    return 0;
}

START_TEST(united)
{
    run(united_body, NULL, 1);
}
END_TEST

/* --- rules that mask it differently ------------------------------------------------------------
 */

static const struct cond *arg_under(uint32_t mask, uint32_t value)
{
    return cond_atom(
        &arena,
        (struct atom){
            .field = FIELD_ARG0, .width = 32, .mask = mask, .op = CMP_EQ, .value = value & mask});
}

/* A set written as JSON without OR has to: the same code as for the set. */
static int masked_set_body(void *ctx)
{
    static const struct {
        uint32_t mask, value;
    } parts[] = {{~2U, 36}, {~0U, 30}, {~2U, 21}, {~0U, 16}, {~8U, 7}, {~32U, 4}, {~1U, 2}};
    static const uint32_t set[] = {36, 38, 30, 21, 23, 16, 7, 15, 4, 36, 2, 3};
    const struct rule *rules[ARRAY_SIZE(parts)];
    const struct cond *conds[ARRAY_SIZE(set)];

    (void)ctx;
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        rules[i] = make_rule(&arena, arg_under(parts[i].mask, parts[i].value), SECCOMP_RET_LOG);
    for (size_t i = 0; i < ARRAY_SIZE(set); i++)
        conds[i] = arg_under(UINT32_MAX, set[i]);
    check_united(rules, ARRAY_SIZE(rules), conds, ARRAY_SIZE(conds));
    return 0;
}

START_TEST(masked_set)
{
    run(masked_set_body, NULL, 1);
}
END_TEST

/* Masks, values and actions at random: the first rule that holds decides. */
static int masked_body(void *ctx)
{
    struct rng *r = ctx;
    const struct rule *rules[8];
    size_t count = 1 + rng_below(r, ARRAY_SIZE(rules));
    const struct node *root;

    for (size_t i = 0; i < count; i++) {
        uint32_t dropped = rng_below(r, 64) & rng_below(r, 64);
        const struct cond *c = arg_under(~dropped, rng_below(r, 64));

        if (rng_chance(r, 30))
            c = cond_join(&arena, COND_AND, c, arg_is(FIELD_ARG0 + 1, rng_below(r, 2)));
        rules[i] = make_rule(&arena, c, SECCOMP_RET_ERRNO | rng_below(r, 3));
    }
    root = build(rules, count);
    for (uint32_t v = 0; v < 4 * 80; v++) {
        struct seccomp_data call = {.arch = arch_table[ARCH_X86_64].audit, .args = {v / 4, v % 4}};
        uint32_t wanted = SECCOMP_RET_ALLOW;

        for (size_t i = count; i-- > 0;)
            if (eval_cond(rules[i]->cond, &call))
                wanted = rules[i]->ret;
        ck_assert_uint_eq(graph_eval(root, &call), wanted);
    }
    return 0;
}

START_TEST(masked)
{
    struct rng r;

    r.state = rng_seed();
    run(masked_body, &r, 500);
}
END_TEST

/* Ranges that overlap everywhere, each with a condition of its own, are tried in a row: sorted,
 * each would be tried in every piece. */
static int overlapping_body(void *ctx)
{
    enum { N = 100 };
    const struct rule *rules[N];

    (void)ctx;
    for (uint32_t i = 0; i < N; i++) {
        const struct cond *up = cond_atom(
            &arena,
            (struct atom){
                .field = FIELD_ARG0, .width = 64, .mask = UINT64_MAX, .op = CMP_GE, .value = i});

        rules[i] =
            make_rule(&arena, cond_join(&arena, COND_AND, up, arg_is(FIELD_ARG0 + 1, 1000 + i)),
                      SECCOMP_RET_ERRNO | i);
    }
    ck_assert_uint_le(node_count(build(rules, N)), 6 * N);
    return 0;
}

START_TEST(overlapping)
{
    run(overlapping_body, NULL, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("graph passes");
    TCase *c = tcase_create("graph passes");

    tcase_set_timeout(c, 300);
    tcase_add_test(c, random_graphs);
    tcase_add_loop_test(c, known_pairs, 0, ARRAY_SIZE(pairs));
    tcase_add_loop_test(c, sorted, 0, 2);
    tcase_add_test(c, united);
    tcase_add_test(c, masked_set);
    tcase_add_test(c, masked);
    tcase_add_test(c, overlapping);
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
