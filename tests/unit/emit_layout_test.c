/* SPDX-License-Identifier: Apache-2.0 */
/* Programs say what their graphs say, whatever the reach of a jump. */
#include "tests/unit/graph_random.h"

#include "compiler/cbpf/check.h"
#include "compiler/cbpf/run.h"
#include "compiler/emit/layout.h"
#include "compiler/graph/build.h"
#include "compiler/graph/formula.h"
#include "tests/lib/unit.h"

static struct arena arena;
static struct graph graph;

static const uint32_t limits[] = {1, 2, 3, 10, 255};

/* Runs the body in a fresh arena, `rounds` times. */
static void run(int (*body)(void *), void *ctx, unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        arena_init(&arena);
        ck_assert_int_eq(arena_run(&arena, body, ctx), 0);
        arena_release(&arena);
    }
}

static struct layout lay_out(const struct node *root, uint32_t limit, bool big_endian)
{
    struct layout_options o = {.jump_limit = limit, .big_endian = big_endian};
    struct layout l;

    layout_graph(&arena, root, &o, &l);
    return l;
}

/* The kernel takes it, no jump goes beyond the limit, and its verdicts are the graph's. */
static void check_layout(struct rng *r, const struct node *root, uint32_t limit, const values *v,
                         unsigned calls)
{
    bool big_endian = rng_chance(r, 30);
    struct layout l = lay_out(root, limit, big_endian);
    struct error err;
    uint32_t at;

    if (l.program.count <= BPF_MAXINSNS)
        ck_assert_msg(check_program(&l.program, &at, &err) == 0, "%s", err.text);
    for (uint32_t i = 0; i < l.program.count; i++) {
        const struct sock_filter *in = &l.program.code[i];

        ck_assert_uint_le(in->jt, limit);
        ck_assert_uint_le(in->jf, limit);
        ck_assert(l.node[i] || in->code == (BPF_JMP | BPF_JA));
        if (BPF_CLASS(in->code) == BPF_RET)
            ck_assert(l.node[i]->kind == NODE_LEAF && l.node[i]->k == in->k);
    }
    for (unsigned i = 0; i < calls; i++) {
        struct seccomp_data call = near_call(
            r, v, rng_chance(r, 90) ? arch_table[ARCH_X86_64].audit : (uint32_t)rng_next(r));

        ck_assert_uint_eq(run_program(&l.program, &call, big_endian).ret, graph_eval(root, &call));
    }
}

static int graphs_body(void *ctx)
{
    struct rng *r = ctx;
    const struct node *root;
    values v = {0};

    graph_init(&graph, &arena);
    root = random_graph(r, &graph, 1 + rng_below(r, rng_chance(r, 80) ? 60 : 600));
    graph_constants(&arena, root, &v);
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
        check_layout(r, root, limits[i], &v, 100);
    return 0;
}

START_TEST(graphs)
{
    struct rng r;

    r.state = rng_seed();
    run(graphs_body, &r, 300);
}
END_TEST

static int policies_body(void *ctx)
{
    struct rng *r = ctx;
    const struct node *root;
    struct diags diags;
    values v = {0};

    graph_init(&graph, &arena);
    diags_init(&diags, &arena);
    root = build_graph(&graph, random_policy(r, &arena, rng_below(r, 30), true), &diags);
    ck_assert_ptr_nonnull(root);
    graph_constants(&arena, root, &v);
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
        check_layout(r, root, limits[i], &v, 200);
    return 0;
}

START_TEST(policies)
{
    struct rng r;

    r.state = rng_seed();
    run(policies_body, &r, 200);
}
END_TEST

/* Far more than the kernel takes: long jumps everywhere. */
static int large_body(void *ctx)
{
    struct rng *r = ctx;
    enum { N = 10000 };
    struct cut *cuts = ARENA_ARRAY(&arena, struct cut, N);
    const struct node *root;
    values v = {0};

    graph_init(&graph, &arena);
    root = random_graph(r, &graph, N);
    for (uint32_t i = 0; i < N; i++)
        cuts[i] = (struct cut){.from = 2 * i,
                               .to = graph_test(&graph, NODE_EQ, WORD_ARG0_LOW, UINT32_MAX, i, root,
                                                graph_leaf(&graph, i % 9))};
    root = graph_search(&graph, WORD_NR, UINT32_MAX, cuts, N, NULL);
    graph_constants(&arena, root, &v);
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
        check_layout(r, root, limits[i], &v, 1000);
    return 0;
}

START_TEST(large)
{
    struct rng r;

    r.state = rng_seed();
    run(large_body, &r, 1);
}
END_TEST

/* --- size ------------------------------------------------------------------------------------- */

static const struct node *arg_test(enum node_kind kind, uint32_t mask, uint32_t k,
                                   const struct node *yes, const struct node *no)
{
    return graph_test(&graph, kind, WORD_ARG0_LOW, mask, k, yes, no);
}

static unsigned count_code(const struct layout *l, uint16_t code)
{
    unsigned n = 0;

    for (uint32_t i = 0; i < l->program.count; i++)
        n += l->program.code[i].code == code;
    return n;
}

/* A word that is there is not loaded again, and neither is a mask applied twice. */
static int loads_body(void *ctx)
{
    const struct node *a, *b, *n;
    struct layout l;

    (void)ctx;
    graph_init(&graph, &arena);
    a = graph_leaf(&graph, SECCOMP_RET_ALLOW);
    b = graph_leaf(&graph, SECCOMP_RET_LOG);
    n = arg_test(NODE_EQ, UINT32_MAX, 5, a,
                 arg_test(NODE_SET, 0, 6, b, arg_test(NODE_EQ, UINT32_MAX, 9, a, b)));
    l = lay_out(n, 255, false);
    ck_assert_uint_eq(l.program.count, 6);
    ck_assert_uint_eq(count_code(&l, BPF_LD | BPF_W | BPF_ABS), 1);

    n = arg_test(
        NODE_EQ, 0xf, 5, a,
        arg_test(NODE_SET, 0, 6, b, arg_test(NODE_EQ, 0xf, 9, a, arg_test(NODE_EQ, 7, 3, a, b))));
    l = lay_out(n, 255, false);
    ck_assert_uint_eq(l.program.count, 9);
    ck_assert_uint_eq(count_code(&l, BPF_LD | BPF_W | BPF_ABS), 1);
    ck_assert_uint_eq(count_code(&l, BPF_ALU | BPF_AND | BPF_K), 2);

    /* 0x18 is not within 0xf: the word is needed anew */
    n = arg_test(NODE_EQ, 0xf, 5, a, arg_test(NODE_EQ, 0x18, 8, a, b));
    l = lay_out(n, 255, false);
    ck_assert_uint_eq(count_code(&l, BPF_LD | BPF_W | BPF_ABS), 2);
    return 0;
}

START_TEST(loads)
{
    run(loads_body, NULL, 1);
}
END_TEST

/* A test that is entered with the whole word by one way, with a part of it by the other: what comes
 * next under that part's mask needs its `and`. */
static int joined_ways_body(void *ctx)
{
    const struct seccomp_data call = {.nr = 1, .args = {0x19}};
    const struct node *a, *b, *joined, *n;
    struct layout l;

    (void)ctx;
    graph_init(&graph, &arena);
    a = graph_leaf(&graph, SECCOMP_RET_ALLOW);
    b = graph_leaf(&graph, SECCOMP_RET_LOG);
    joined = arg_test(NODE_SET, 0, 2, b, arg_test(NODE_EQ, 0xf, 9, a, b));
    n = graph_test(&graph, NODE_EQ, WORD_NR, UINT32_MAX, 1, joined,
                   arg_test(NODE_EQ, 0xf, 5, a, joined));
    l = lay_out(n, 255, false);
    ck_assert_uint_eq(graph_eval(n, &call), SECCOMP_RET_ALLOW);
    ck_assert_uint_eq(run_program(&l.program, &call, false).ret, SECCOMP_RET_ALLOW);
    return 0;
}

START_TEST(joined_ways)
{
    run(joined_ways_body, NULL, 1);
}
END_TEST

/* One return instruction per value while jumps reach, and copies of it rather than jumps to it. */
static int returns_body(void *ctx)
{
    const struct node *leaf, *other, *n;
    struct layout l;

    (void)ctx;
    graph_init(&graph, &arena);
    leaf = graph_leaf(&graph, SECCOMP_RET_ALLOW);
    other = n = graph_leaf(&graph, SECCOMP_RET_LOG);
    for (uint32_t i = 0; i < 300; i++)
        n = graph_test(&graph, NODE_EQ, WORD_NR, UINT32_MAX, i, leaf, n);
    l = lay_out(n, 255, false);
    ck_assert_uint_eq(l.program.count, 1 + 300 + 2 + 1);
    ck_assert_uint_eq(count_code(&l, BPF_JMP | BPF_JA), 0);
    l = lay_out(other, 255, false);
    ck_assert_uint_eq(l.program.count, 1);
    return 0;
}

START_TEST(returns)
{
    run(returns_body, NULL, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("code layout");
    TCase *c = tcase_create("code layout");

    tcase_set_timeout(c, 300);
    tcase_add_test(c, graphs);
    tcase_add_test(c, policies);
    tcase_add_test(c, large);
    tcase_add_test(c, loads);
    tcase_add_test(c, joined_ways);
    tcase_add_test(c, returns);
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
