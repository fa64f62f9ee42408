/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/fastest.h"

/* The calls that a test must spare one to be worth its place: one in so many. */
#define WORTH_ITS_PLACE 50

#define MAX_ROW 4

/* The best tree for some pieces in a row. */
struct best {
    uint64_t cost;
    const struct node *rest; /* a row: where values go that it does not have; else NULL */
    size_t split;            /* no row: the piece before which the rest is divided */
};

struct line {
    struct graph *graph;
    enum word word;
    const struct cut *cuts;
    size_t count;
    uint64_t place;    /* the cost of a test in the program */
    uint64_t *up_to;   /* [i]: what the pieces before i weigh */
    struct best *best; /* [i * count + j]: of the pieces i .. j */
};

static struct best *best_of(const struct line *l, size_t first, size_t last)
{
    return &l->best[first * l->count + last];
}

static uint64_t weight(const struct line *l, size_t first, size_t last)
{
    return l->up_to[last + 1] - l->up_to[first];
}

static bool is_single(const struct line *l, size_t i)
{
    if (i + 1 < l->count)
        return l->cuts[i + 1].from == l->cuts[i].from + 1;
    return l->cuts[i].from == UINT32_MAX;
}

/* The pieces of a row that do not go to the rest, the heaviest first. False: it is no row. */
struct row {
    size_t at[MAX_ROW], count;
};

static bool row_of(const struct line *l, size_t first, size_t last, const struct node *rest,
                   struct row *r)
{
    r->count = 0;
    for (size_t i = first; i <= last; i++) {
        size_t j = r->count;

        if (l->cuts[i].to == rest)
            continue;
        if (!is_single(l, i) || r->count == MAX_ROW)
            return false;
        for (; j > 0 && weight(l, r->at[j - 1], r->at[j - 1]) < weight(l, i, i); j--)
            r->at[j] = r->at[j - 1];
        r->at[j] = i;
        r->count++;
    }
    return true;
}

static void try_row(const struct line *l, size_t first, size_t last, const struct node *rest)
{
    struct best *best = best_of(l, first, last);
    uint64_t cost = 0, left = weight(l, first, last);
    struct row r;

    if (!row_of(l, first, last, rest, &r))
        return;
    for (size_t i = 0; i < r.count; i++) {
        cost += left + l->place;
        left -= weight(l, r.at[i], r.at[i]);
    }
    if (cost < best->cost)
        *best = (struct best){cost, rest, 0};
}

static void find_best(const struct line *l, size_t first, size_t last)
{
    struct best *best = best_of(l, first, last);
    uint64_t here = weight(l, first, last) + l->place;

    *best = (struct best){UINT64_MAX, NULL, 0};
    for (size_t i = first + 1; i <= last; i++) {
        uint64_t cost = best_of(l, first, i - 1)->cost + best_of(l, i, last)->cost + here;

        if (cost < best->cost)
            *best = (struct best){cost, NULL, i};
    }
    if (last - first > 2 * MAX_ROW) /* neighbours differ: every other piece is one of the row */
        return;
    try_row(l, first, last, l->cuts[first].to);
    if (first < last)
        try_row(l, first, last, l->cuts[first + 1].to);
}

static const struct node *make(const struct line *l, size_t first, size_t last)
{
    const struct best *best = best_of(l, first, last);
    const struct node *node = best->rest;
    struct row r;

    if (!node) {
        node = make(l, first, best->split - 1);
        return graph_test(l->graph, NODE_GE, l->word, UINT32_MAX, l->cuts[best->split].from,
                          make(l, best->split, last), node);
    }
    row_of(l, first, last, node, &r);
    while (r.count > 0) {
        const struct cut *c = &l->cuts[r.at[--r.count]];

        node = graph_test(l->graph, NODE_EQ, l->word, UINT32_MAX, c->from, c->to, node);
    }
    return node;
}

/* Each piece has a share besides what calls make it weigh: that bounds how deep it may lie. */
static void weigh(struct line *l, const struct weights *w)
{
    uint64_t all = weights_between(w, 0, WEIGHTS_END), share = all / (16 * l->count) + 1;

    for (size_t i = 0; i < l->count; i++) {
        uint64_t end = i + 1 < l->count ? l->cuts[i + 1].from : WEIGHTS_END;

        l->up_to[i + 1] = l->up_to[i] + weights_between(w, l->cuts[i].from, end) + share;
    }
    l->place = l->up_to[l->count] / WORTH_ITS_PLACE + 1;
}

const struct node *fastest_search(struct graph *g, enum word word, const struct cut *cuts,
                                  size_t count, const struct weights *w)
{
    struct line l = {g,
                     word,
                     cuts,
                     count,
                     .up_to = ARENA_ARRAY(g->arena, uint64_t, count + 1),
                     .best = ARENA_ARRAY(g->arena, struct best, count * count)};

    weigh(&l, w);
    for (size_t length = 1; length <= count; length++)
        for (size_t first = 0; first + length <= count; first++)
            find_best(&l, first, first + length - 1);
    return make(&l, 0, count - 1);
}
