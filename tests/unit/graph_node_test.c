/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes, searches over a number line, walks, and the small structures under them. */
#include "tests/unit/graph_random.h"

#include "compiler/graph/int_set.h"
#include "compiler/graph/mask.h"
#include "compiler/graph/solve.h"
#include "compiler/graph/weights.h"
#include "tests/lib/unit.h"

static struct arena arena;
static struct graph graph;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

/* Arena memory is only had inside arena_run(). */
static void run(int (*body)(void *))
{
    ck_assert_int_eq(arena_run(&arena, body, NULL), 0);
}

static bool expected(enum node_kind kind, uint32_t mask, uint32_t k, uint32_t value)
{
    switch (kind) {
    case NODE_EQ:
        return (value & mask) == k;
    case NODE_GT:
        return (value & mask) > k;
    case NODE_GE:
        return (value & mask) >= k;
    case NODE_SET:
        return (value & k) != 0;
    case NODE_LEAF:
        break;
    }
    abort();
}

static uint32_t eval_nr(const struct node *n, uint32_t value)
{
    struct seccomp_data call = {.nr = (int)value};

    return graph_eval(n, &call);
}

static int round_up_body(void *ctx)
{
    (void)ctx;
    for (uint32_t mask = 0; mask < 256; mask++)
        for (uint32_t k = 0; k < 300; k++) {
            uint32_t least = k, got = k;

            while (least < 256 && (least & ~mask))
                least++;
            ck_assert_int_eq(mask_round_up(mask, &got), least < 256);
            if (least < 256)
                ck_assert_uint_eq(got, least);
        }
    return 0;
}

START_TEST(round_up)
{
    run(round_up_body);
}
END_TEST

/* A mask needs no `and` where another test says the same, and no two nodes say the same. */
static int normal_form_body(void *ctx)
{
    struct rng r;
    const struct node *yes, *no;

    (void)ctx;
    r.state = rng_seed();
    graph_init(&graph, &arena);
    yes = graph_leaf(&graph, 1);
    no = graph_leaf(&graph, 2);
    for (int i = 0; i < 20000; i++) {
        enum node_kind kind = NODE_EQ + rng_below(&r, 4);
        uint32_t mask = random_mask(&r), k = random_mask(&r) & random_mask(&r);
        const struct node *n;

        if (rng_chance(&r, 70) && kind != NODE_SET)
            k &= mask;
        k += rng_below(&r, 3) - 1;
        n = graph_test(&graph, kind, WORD_NR, mask, k, yes, no);
        ck_assert(n->kind != NODE_GT);
        for (int j = 0; j < 40; j++) {
            uint32_t base = rng_chance(&r, 50) ? k : random_mask(&r);
            uint32_t value = base + rng_below(&r, 5) - 2;

            ck_assert_msg(eval_nr(n, value) == (expected(kind, mask, k, value) ? 1 : 2),
                          "kind %d mask %x k %x value %x", (int)kind, mask, k, value);
        }
        if (n->kind != NODE_LEAF)
            ck_assert_ptr_eq(graph_test(&graph, n->kind, WORD_NR, n->mask, n->k, n->yes, n->no), n);
    }
    return 0;
}

START_TEST(normal_form)
{
    run(normal_form_body);
}
END_TEST

/* All functions of three bits that one test can say: each is said by one node only. */
static int unique_body(void *ctx)
{
    const struct node *by_function[256] = {0}, *yes, *no;

    (void)ctx;
    graph_init(&graph, &arena);
    yes = graph_leaf(&graph, 1);
    no = graph_leaf(&graph, 2);
    for (enum node_kind kind = NODE_EQ; kind <= NODE_SET; kind++)
        for (uint32_t mask = 0; mask < 8; mask++)
            for (uint32_t k = 0; k < 8; k++)
                for (int swap = 0; swap < 2; swap++) {
                    const struct node *n = graph_test(&graph, kind, WORD_NR, mask, k,
                                                      swap ? no : yes, swap ? yes : no);
                    unsigned function = 0;

                    for (uint32_t v = 0; v < 8; v++)
                        function |= (unsigned)(eval_nr(n, v) == 1) << v;
                    if (n->kind != NODE_LEAF && by_function[function])
                        ck_assert_ptr_eq(by_function[function], n);
                    if (n->kind != NODE_LEAF)
                        by_function[function] = n;
                }
    return 0;
}

START_TEST(unique)
{
    run(unique_body);
}
END_TEST

static uint32_t line_at(const struct cut *cuts, size_t count, uint32_t value)
{
    while (count > 1 && cuts[count - 1].from > value)
        count--;
    return cuts[count - 1].to->k;
}

/* Weights of the numbers at which the line changes. */
static struct weights random_weights(struct rng *r, const struct cut *cuts, size_t count)
{
    struct weight *at = ARENA_ARRAY(&arena, struct weight, count);
    struct weights w = {at, 0};
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        if (rng_chance(r, 60))
            at[w.count++] = (struct weight){cuts[i].from, sum += rng_below(r, 1000000)};
    return w;
}

static int search_body(void *ctx)
{
    const struct traced_call call = {.nr = 0};
    struct rng r;

    (void)ctx;
    r.state = rng_seed();
    graph_init(&graph, &arena);
    for (int i = 0; i < 3000; i++) {
        struct cut cuts[40] = {{.to = graph_leaf(&graph, rng_below(&r, 3))}};
        uint32_t mask = rng_chance(&r, 50) ? UINT32_MAX : random_mask(&r), at = 0;
        size_t count = 1, wanted = 1 + rng_below(&r, 39);
        struct weights w;
        const struct node *n;

        for (; count < wanted; count++) {
            uint32_t step =
                1 + (rng_chance(&r, 70) ? rng_below(&r, 2) : rng_below(&r, UINT32_MAX / 40));
            if (at > UINT32_MAX - step)
                break;
            at += step;
            cuts[count] = (struct cut){.from = at, .to = graph_leaf(&graph, rng_below(&r, 3))};
        }
        w = random_weights(&r, cuts, count);
        graph.tuning = (struct tuning){.level = rng_below(&r, TUNE_SIZE + 1)};
        if (rng_chance(&r, 30))
            graph.tuning.trace = &call;
        n = graph_search(&graph, WORD_NR, mask, cuts, count, rng_chance(&r, 70) ? &w : NULL);
        for (size_t j = 0; j < count; j++)
            for (uint32_t d = 0; d < 3; d++) {
                uint32_t value = cuts[j].from + d - 1;

                ck_assert_uint_eq(eval_nr(n, value), line_at(cuts, count, value & mask));
            }
    }
    return 0;
}

START_TEST(search)
{
    run(search_body);
}
END_TEST

static unsigned depth_of(const struct node *n)
{
    unsigned yes, no;

    if (n->kind == NODE_LEAF)
        return 0;
    yes = depth_of(n->yes);
    no = depth_of(n->no);
    return 1 + (yes > no ? yes : no);
}

/* 100,000 single numbers: logarithmic depth, one equality each and an order comparison for two in
 * three. */
static int balance_body(void *ctx)
{
    enum { N = 100000 };
    struct cut *cuts = ARENA_ARRAY(&arena, struct cut, 2 * N);
    const struct node *n, **order;

    (void)ctx;
    graph_init(&graph, &arena);
    for (uint32_t i = 0; i < N; i++) {
        cuts[2 * i] = (struct cut){.from = 3 * i, .to = graph_leaf(&graph, 0)};
        cuts[2 * i + 1] = (struct cut){.from = 3 * i + 1, .to = graph_leaf(&graph, 1)};
    }
    n = graph_search(&graph, WORD_NR, UINT32_MAX, cuts, 2 * N, NULL);
    ck_assert_uint_le(depth_of(n), 20);
    ck_assert_uint_le(graph_order(&arena, n, &order), 5 * N / 3 + 2);
    for (uint32_t i = 0; i < 3 * N; i++)
        ck_assert_uint_eq(eval_nr(n, i), i % 3 == 0 ? 0 : 1);
    return 0;
}

START_TEST(balance)
{
    run(balance_body);
}
END_TEST

static unsigned tests_for(const struct node *n, uint32_t value)
{
    unsigned tests = 0;

    for (; n->kind != NODE_LEAF; tests++)
        n = expected(n->kind, n->mask, n->k, value) ? n->yes : n->no;
    return tests;
}

/* What fastest_search() makes least. */
static uint64_t cost_of(const struct node *n, const struct weights *w)
{
    const struct node **order;
    uint64_t all = weights_between(w, 0, WEIGHTS_END), cost = 0;
    size_t count = graph_order(&arena, n, &order);

    for (size_t i = 0; i < count; i++)
        if (order[i]->kind != NODE_LEAF)
            cost += all / 50;
    for (size_t i = 0; i < w->count; i++)
        cost += (w->at[i].up_to - (i ? w->at[i - 1].up_to : 0)) * tests_for(n, w->at[i].nr);
    return cost;
}

/* With weights the common is found sooner, at no more depth than is due; with a trace, sooner
 * still. Only shares of pieces that weigh nothing (all / 16 in sum) blur the comparison. */
static int weighted_body(void *ctx)
{
    enum { N = 60, TRIALS = 200 };
    const struct traced_call call = {.nr = 0};
    uint64_t plain = 0, common = 0, fastest = 0;
    struct rng r;

    (void)ctx;
    r.state = rng_seed();
    for (int trial = 0; trial < TRIALS; trial++) {
        const struct node *nodes[3];
        struct cut cuts[N];
        struct weights w;
        uint32_t at = 0;

        graph_init(&graph, &arena);
        for (size_t i = 0; i < N; at += 1 + rng_below(&r, 2) * rng_below(&r, 20), i++)
            cuts[i] = (struct cut){.from = at,
                                   .to = graph_leaf(&graph, (uint32_t)(i % 2 + rng_below(&r, 2)))};
        w = random_weights(&r, cuts, N);
        nodes[0] = graph_search(&graph, WORD_NR, UINT32_MAX, cuts, N, NULL);
        nodes[1] = graph_search(&graph, WORD_NR, UINT32_MAX, cuts, N, &w);
        graph.tuning.trace = &call;
        nodes[2] = graph_search(&graph, WORD_NR, UINT32_MAX, cuts, N, &w);
        plain += cost_of(nodes[0], &w);
        common += cost_of(nodes[1], &w);
        fastest += cost_of(nodes[2], &w);
        /* as search.c says: for a cube, a balanced tree, MORE_DEPTH, and a row that is whole */
        ck_assert_uint_le(depth_of(nodes[1]), 1 + 6 + 2 + 5);
        ck_assert_uint_le(depth_of(nodes[2]), 15);
    }
    ck_assert_uint_lt(common, plain);
    ck_assert_uint_lt(fastest, common);
    return 0;
}

START_TEST(weighted)
{
    run(weighted_body);
}
END_TEST

/* Sums of weights between any two numbers, and the names of the built-in table. */
static int weights_body(void *ctx)
{
    const struct traced_call trace[] = {{.name = "write", .nr = 7, .count = 5},
                                        {.name = "no such call", .count = 9},
                                        {.nr = 9, .count = 2}};
    const struct weights *w;
    struct cut cuts[2];
    uint64_t allowed;

    (void)ctx;
    graph_init(&graph, &arena);
    cuts[0] = (struct cut){.from = 0, .to = graph_leaf(&graph, SECCOMP_RET_ALLOW)};
    cuts[1] = (struct cut){.from = 1, .to = graph_leaf(&graph, SECCOMP_RET_LOG)};
    w = weights_of(&graph, &arch_table[ARCH_X86_64], cuts, 2);
    allowed = weights_between(w, 0, 1);
    ck_assert_uint_gt(allowed, 0);
    graph.tuning.no_bitmap = true;
    w = weights_of(&graph, &arch_table[ARCH_X86_64], cuts, 2);
    ck_assert_uint_gt(weights_between(w, 0, 1), 1000 * allowed);
    graph.tuning = (struct tuning){.trace = trace, .trace_count = 3};
    w = weights_of(&graph, &arch_table[ARCH_X86_64], cuts, 2);
    ck_assert_uint_eq(weights_between(w, 0, WEIGHTS_END), 7);
    ck_assert_uint_eq(weights_between(w, 1, 2), 5);
    ck_assert_uint_eq(weights_between(w, 2, 9), 0);
    ck_assert_uint_eq(weights_between(w, 9, 10), 2);
    w = weights_of(&graph, &arch_table[ARCH_X86], cuts, 2);
    ck_assert_uint_eq(weights_between(w, 4, 5), 5);
    graph.tuning.level = TUNE_SIZE;
    ck_assert_ptr_null(weights_of(&graph, &arch_table[ARCH_X86], cuts, 2));
    return 0;
}

START_TEST(weights)
{
    run(weights_body);
}
END_TEST

/* A chain of a million tests: nothing here may recurse over it. */
static int deep_body(void *ctx)
{
    enum { N = 1000000 };
    const struct node *leaf, *other, *n, *after, **order;
    size_t count;

    (void)ctx;
    graph_init(&graph, &arena);
    leaf = graph_leaf(&graph, 1);
    other = graph_leaf(&graph, 2);
    n = leaf;
    for (uint32_t i = 0; i < N; i++)
        n = graph_test(&graph, NODE_EQ, WORD_NR, UINT32_MAX, i, other, n);
    count = graph_order(&arena, n, &order);
    ck_assert_uint_eq(count, N + 2);
    ck_assert_ptr_eq(order[0], n);
    for (size_t i = 1; i < count; i++)
        ck_assert_uint_lt(order[i]->id, order[i - 1]->id);
    ck_assert_uint_eq(eval_nr(n, 0), 2);
    ck_assert_uint_eq(eval_nr(n, N), 1);
    after = graph_replace(&graph, n, leaf, graph_leaf(&graph, 3));
    ck_assert_uint_eq(eval_nr(after, N), 3);
    ck_assert_uint_eq(eval_nr(n, N), 1);
    ck_assert_ptr_eq(graph_replace(&graph, n, leaf, other), other);
    return 0;
}

START_TEST(deep)
{
    run(deep_body);
}
END_TEST

static int int_set_body(void *ctx)
{
    static const uint32_t sizes[] = {1, 2, 63, 64, 65, 4096, 4097, 300000};
    struct rng r;

    (void)ctx;
    r.state = rng_seed();
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        uint32_t n = sizes[i];
        bool *plain = ARENA_ARRAY(&arena, bool, n);
        struct int_set s;

        int_set_init(&s, &arena, n);
        for (int step = 0; step < 3000; step++) {
            uint32_t m = rng_below(&r, n), next, found = rng_below(&r, n);

            plain[m] = rng_chance(&r, 55);
            int_set_put(&s, m, plain[m]);
            for (next = found; next < n && !plain[next];)
                next++;
            ck_assert_int_eq(int_set_next(&s, &found), next < n);
            if (next < n)
                ck_assert_uint_eq(found, next);
        }
        ck_assert(!int_set_next(&s, &(uint32_t){n}));
    }
    return 0;
}

START_TEST(int_set)
{
    run(int_set_body);
}
END_TEST

/* Against all values of eight bits. */
static int solve_body(void *ctx)
{
    struct rng r;

    (void)ctx;
    r.state = rng_seed();
    for (int i = 0; i < 20000; i++) {
        struct node nodes[8];
        struct outcome list[8];
        size_t count = rng_below(&r, 9);
        uint32_t least = 0, value = 0;
        uint64_t budget = 1000000;
        enum solution found;

        for (size_t j = 0; j < count; j++) {
            uint32_t mask = rng_chance(&r, 50) ? UINT32_MAX : rng_below(&r, 256);

            nodes[j] = (struct node){.kind = NODE_EQ + rng_below(&r, 4), .mask = mask};
            nodes[j].k = rng_below(&r, 256);
            if (nodes[j].kind == NODE_SET)
                nodes[j].mask = UINT32_MAX;
            list[j] = (struct outcome){&nodes[j], rng_chance(&r, 40)};
        }
        for (; least < 256; least++) {
            size_t j = 0;

            while (j < count &&
                   expected(nodes[j].kind, nodes[j].mask, nodes[j].k, least) == list[j].yes)
                j++;
            if (j == count)
                break;
        }
        found = solve_word(list, count, &value, &budget);
        if (least < 256) {
            ck_assert_int_eq(found, SOLVED);
            ck_assert_uint_eq(value, least);
        } else {
            ck_assert(found == IMPOSSIBLE || (found == SOLVED && value >= 256));
        }
    }
    return 0;
}

START_TEST(solve)
{
    run(solve_body);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("graph nodes");
    TCase *c = tcase_create("graph nodes");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, round_up);
    tcase_add_test(c, normal_form);
    tcase_add_test(c, unique);
    tcase_add_test(c, search);
    tcase_add_test(c, balance);
    tcase_add_test(c, weighted);
    tcase_add_test(c, weights);
    tcase_add_test(c, deep);
    tcase_add_test(c, int_set);
    tcase_add_test(c, solve);
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
