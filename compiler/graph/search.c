/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_search(): from a number line cut in pieces to a tree of comparisons, as small as can be and
 * then as balanced.
 *
 * A piece of a single value between two that go the same way can be peeled: an equality for it, and
 * its neighbours become one. That saves two order comparisons for one. Which pieces are peeled is
 * decided for the whole line at once (choose_peeled()), since of two neighbours only one can go and
 * a row of them is worth peeling together. What is left is divided by order comparisons; the peeled
 * values are tested at the end, in the piece in which they lie.
 */
#include "compiler/graph/graph.h"

#include "compiler/graph/cube.h"
#include "compiler/graph/mask.h"

/* So many neighbouring pieces may be peeled together. */
#define MAX_PEELED 8

/* A piece with more peeled values than this is divided in two: equalities are walked in a row. */
#define MAX_ROW 4

struct search {
    struct graph *graph;
    enum word word;
    uint32_t mask;
    const struct cut *cuts; /* the line: the pieces that are kept, neighbours differ */
    const struct cut *peeled;
    const size_t *first_peeled; /* per piece of the line; one more at the end */
};

/* Only values under the mask occur: moves the cuts up to such values, drops those that decide
 * nothing. Returns how many are left. */
static size_t normal_cuts(uint32_t mask, const struct cut *cuts, size_t count, struct cut *out)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        struct cut c = cuts[i];

        if (!mask_round_up(mask, &c.from))
            break;
        if (n && out[n - 1].from == c.from)
            n--; /* nothing lies between the two */
        if (!n || out[n - 1].to != c.to)
            out[n++] = c;
    }
    return n;
}

static bool is_single(uint32_t mask, const struct cut *c)
{
    uint32_t next = c[0].from + 1;

    return mask_round_up(mask, &next) && next == c[1].from;
}

/* --- what is peeled --------------------------------------------------------------------------- */

/* The least number of tests for the pieces before one, if the last `peeled` of these are peeled. */
struct plan {
    uint32_t tests;
    uint8_t peeled_before; /* at the last piece that is kept */
};

static void consider(struct plan *p, uint32_t tests, unsigned peeled_before)
{
    if (tests < p->tests)
        *p = (struct plan){tests, (uint8_t)peeled_before};
}

/* Marks the pieces to peel; the first and the last are kept. plans: room for count + 1 rows. */
static void choose_peeled(uint32_t mask, const struct cut *cuts, size_t count,
                          struct plan (*plans)[MAX_PEELED + 1], bool *peel)
{
    for (size_t i = 0; i <= count; i++)
        for (unsigned p = 0; p <= MAX_PEELED; p++)
            plans[i][p] = (struct plan){UINT32_MAX, 0};
    plans[1][0] = (struct plan){0, 0};
    for (size_t i = 1; i < count; i++) {
        bool may_peel = i + 1 < count && is_single(mask, &cuts[i]);

        for (unsigned p = 0; p <= MAX_PEELED && p < i; p++) {
            uint32_t tests = plans[i][p].tests;

            if (tests == UINT32_MAX)
                continue;
            consider(&plans[i + 1][0], tests + (cuts[i].to != cuts[i - p - 1].to), p);
            if (may_peel && p < MAX_PEELED)
                plans[i + 1][p + 1] = (struct plan){tests + 1, 0};
        }
    }
    for (size_t i = count; i > 1;) {
        unsigned p = plans[i][0].peeled_before;

        peel[i - 1] = false;
        for (unsigned k = 1; k <= p; k++)
            peel[i - 1 - k] = true;
        i -= p + 1;
    }
    peel[0] = false;
}

/* --- the tree --------------------------------------------------------------------------------- */

static const struct node *row(const struct search *s, size_t begin, size_t end,
                              const struct node *rest)
{
    while (end > begin) {
        const struct cut *c = &s->peeled[--end];

        rest = graph_test(s->graph, NODE_EQ, s->word, s->mask, c->from, c->to, rest);
    }
    return rest;
}

/* Peeled values begin..end-1 inside one piece. */
static const struct node *inside(const struct search *s, size_t begin, size_t end,
                                 const struct node *rest)
{
    size_t half = begin + (end - begin) / 2;

    if (end - begin <= MAX_ROW)
        return row(s, begin, end, rest);
    return graph_test(s->graph, NODE_GE, s->word, s->mask, s->peeled[half].from,
                      inside(s, half, end, rest), inside(s, begin, half, rest));
}

/* What a piece weighs: its place in the tree, and those of its peeled values. */
static size_t weight(const struct search *s, size_t begin, size_t end)
{
    return end - begin + (s->first_peeled[end] - s->first_peeled[begin]);
}

/* Pieces begin..end-1. */
static const struct node *tree(const struct search *s, size_t begin, size_t end)
{
    size_t split = begin + 1, all = weight(s, begin, end);
    const struct node *low, *high;

    if (end - begin == 1)
        return inside(s, s->first_peeled[begin], s->first_peeled[end], s->cuts[begin].to);
    while (split + 1 < end && weight(s, begin, split + 1) * 2 <= all + 1)
        split++;
    low = tree(s, begin, split);
    high = tree(s, split, end);
    return graph_test(s->graph, NODE_GE, s->word, s->mask, s->cuts[split].from, high, low);
}

static const struct node *search(struct graph *g, enum word word, uint32_t mask,
                                 const struct cut *cuts, size_t count)
{
    struct arena *a = g->arena;
    bool *peel = ARENA_ARRAY(a, bool, count);
    struct cut *kept = ARENA_ARRAY(a, struct cut, count),
               *peeled = ARENA_ARRAY(a, struct cut, count);
    size_t *first_peeled = ARENA_ARRAY(a, size_t, count + 1), k = 0, p = 0;
    struct search s = {g, word, mask, kept, peeled, first_peeled};

    choose_peeled(mask, cuts, count, arena_array(a, count + 1, sizeof(struct plan[MAX_PEELED + 1])),
                  peel);
    for (size_t i = 0; i < count; i++) {
        if (peel[i]) {
            peeled[p++] = cuts[i];
        } else if (!k || kept[k - 1].to != cuts[i].to) {
            first_peeled[k] = p;
            kept[k++] = cuts[i];
        }
    }
    first_peeled[k] = p;
    return tree(&s, 0, k);
}

/* The line without the pieces of a cube, which go with what lies before them. */
static size_t drop_cube(struct cut *cuts, size_t count, const bool *in_cube)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        struct cut c = cuts[i];

        if (in_cube[i])
            continue;
        if (!n)
            c.from = 0;
        if (!n || cuts[n - 1].to != c.to)
            cuts[n++] = c;
    }
    return n;
}

const struct node *graph_search(struct graph *g, enum word word, uint32_t mask,
                                const struct cut *cuts, size_t count)
{
    struct cut few[3], *pieces = count <= 3 ? few : ARENA_ARRAY(g->arena, struct cut, count);
    const struct node *to, *others;
    uint32_t bits = 0;
    bool *in_cube;

    count = normal_cuts(mask, cuts, count, pieces);
    if (count == 1)
        return pieces[0].to;
    in_cube = ARENA_ARRAY(g->arena, bool, count);
    if (mask == UINT32_MAX)
        bits = find_cube(pieces, count, in_cube);
    if (!bits)
        return search(g, word, mask, pieces, count);
    to = pieces[0].to;
    count = drop_cube(pieces, count, in_cube);
    others = count == 1 ? pieces[0].to : search(g, word, mask, pieces, count);
    return graph_test(g, NODE_SET, word, UINT32_MAX, ~bits, others, to);
}
