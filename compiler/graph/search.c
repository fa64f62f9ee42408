/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_search(): from a number line cut in pieces to a tree of comparisons, as small as can be,
 * with what weighs most near its root.
 *
 * A piece of a single value between two that go the same way can be peeled: an equality for it, and
 * its neighbours become one. That saves two order comparisons for one. Which pieces are peeled is
 * decided for the whole line at once (choose_peeled()), since of two neighbours only one can go and
 * a row of them is worth peeling together. What is left is divided by order comparisons. A peeled
 * value may be tested anywhere above the piece in which it lies; its weight says where.
 */
#include "compiler/graph/graph.h"

#include "compiler/graph/cube.h"
#include "compiler/graph/fastest.h"
#include "compiler/graph/mask.h"
#include "compiler/graph/weights.h"

/* So many neighbouring pieces may be peeled together. */
#define MAX_PEELED 8

/* A piece with more peeled values than this is divided in two: equalities are walked in a row. */
#define MAX_ROW 4

/* No part of the tree is farther from the root than in a balanced one and so many more. Only a
 * piece is not divided, so that its row may come one later, with its own MAX_ROW tests. */
#define MORE_DEPTH 2

/* A piece that is kept; neighbours differ. */
struct piece {
    uint32_t from;
    const struct node *to;
    uint64_t weight;     /* without its peeled values */
    size_t first_peeled; /* those that lie in it, up to the first of the next piece */
    struct span origin;
};

struct peeled {
    uint32_t value;
    const struct node *to;
    uint64_t weight;
    bool tested; /* above the part of the tree at hand */
    struct span origin;
};

struct search {
    struct graph *graph;
    enum word word;
    uint32_t mask;
    struct piece *pieces; /* one more at the end, for its first_peeled */
    size_t piece_count;
    struct peeled *peeled;
    size_t peeled_count;
    struct span origin; /* of tests that have none of their own */
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

/* Some pieces in a row, and peeled values in them: all, unless it is one piece divided. */
struct part {
    size_t begin, end, first, last;
};

struct load {
    size_t items;
    uint64_t weight;
    struct peeled *heaviest; /* NULL: no peeled value is left */
};

static void add_peeled(const struct search *s, size_t first, size_t last, struct load *l)
{
    for (size_t i = first; i < last; i++) {
        struct peeled *p = &s->peeled[i];

        if (p->tested)
            continue;
        l->items++;
        l->weight += p->weight;
        if (!l->heaviest || p->weight > l->heaviest->weight)
            l->heaviest = p;
    }
}

static void add_piece(const struct search *s, size_t i, struct load *l)
{
    l->items++;
    l->weight += s->pieces[i].weight;
    add_peeled(s, s->pieces[i].first_peeled, s->pieces[i + 1].first_peeled, l);
}

static struct load load_of(const struct search *s, const struct part *p)
{
    struct load l = {0};

    for (size_t i = p->begin; i < p->end; i++) {
        l.items++;
        l.weight += s->pieces[i].weight;
    }
    add_peeled(s, p->first, p->last, &l);
    return l;
}

/* How unequal a division is: first what exceeds the depth, then by weight. */
struct balance {
    size_t excess;
    uint64_t difference;
};

static struct balance balance_of(const struct load *all, size_t items, uint64_t weight,
                                 unsigned depth)
{
    size_t larger = items > all->items - items ? items : all->items - items;
    size_t most = depth < 63 ? ((size_t)1 << depth) / 2 : SIZE_MAX;
    uint64_t rest = all->weight - weight;

    return (struct balance){larger > most ? larger - most : 0,
                            weight > rest ? weight - rest : rest - weight};
}

static bool is_better(struct balance a, struct balance b)
{
    return a.excess != b.excess ? a.excess < b.excess : a.difference < b.difference;
}

/* The piece before which a part is best divided in two. */
static size_t best_split(const struct search *s, const struct part *p, const struct load *all,
                         unsigned depth, struct balance *best)
{
    struct load low = {0};
    size_t split = p->begin;

    for (size_t i = p->begin + 1; i < p->end; i++) {
        struct balance b;

        add_piece(s, i - 1, &low);
        b = balance_of(all, low.items, low.weight, depth);
        if (split == p->begin || is_better(b, *best)) {
            split = i;
            *best = b;
        }
    }
    return split;
}

static const struct node *tree(const struct search *s, struct part part, unsigned depth);

static const struct node *test(const struct search *s, enum node_kind kind, uint32_t k,
                               struct span origin, const struct node *yes, const struct node *no)
{
    s->graph->origin = origin.source ? origin : s->origin;
    return graph_test(s->graph, kind, s->word, s->mask, k, yes, no);
}

static const struct node *divide(const struct search *s, const struct cut *at, struct part low,
                                 struct part high, unsigned depth)
{
    unsigned left = depth ? depth - 1 : 0;
    const struct node *no = tree(s, low, left);

    return test(s, NODE_GE, at->from, at->origin, tree(s, high, left), no);
}

/* One piece with a long row of values in it. */
static const struct node *divide_row(const struct search *s, struct part p, unsigned depth)
{
    size_t half = p.first + (p.last - p.first) / 2;
    const struct cut at = {.from = s->peeled[half].value, .origin = s->peeled[half].origin};

    return divide(s, &at, (struct part){p.begin, p.end, p.first, half},
                  (struct part){p.begin, p.end, half, p.last}, depth);
}

static const struct node *tree(const struct search *s, struct part p, unsigned depth)
{
    struct load all = load_of(s, &p);
    struct balance best = {0}, peel;
    const struct node *rest;
    size_t split;

    if (all.items == 1)
        return s->pieces[p.begin].to;
    if (p.end - p.begin == 1 && all.items > MAX_ROW + 1)
        return divide_row(s, p, depth);
    split = best_split(s, &p, &all, depth, &best);
    if (all.heaviest)
        peel = balance_of(&all, 1, all.heaviest->weight, depth);
    if (split != p.begin && (!all.heaviest || !is_better(peel, best))) {
        const struct piece *next = &s->pieces[split];
        const struct cut cut = {.from = next->from, .origin = next->origin};
        size_t at = next->first_peeled;

        return divide(s, &cut, (struct part){p.begin, split, p.first, at},
                      (struct part){split, p.end, at, p.last}, depth);
    }
    all.heaviest->tested = true;
    rest = tree(s, p, depth ? depth - 1 : 0);
    return test(s, NODE_EQ, all.heaviest->value, all.heaviest->origin, all.heaviest->to, rest);
}

/* --- from the line to the tree ---------------------------------------------------------------- */

/* The weights of the numbers; each piece and value has some share besides. Without such weights,
 * all are the same. */
static void weigh(struct search *s, const struct weights *w)
{
    uint64_t all = w ? weights_between(w, 0, WEIGHTS_END) : 0;
    uint64_t share = all / (16 * (s->piece_count + s->peeled_count)) + 1;

    for (size_t i = 0; i < s->piece_count; i++)
        s->pieces[i].weight = share;
    for (size_t i = 0; i < s->peeled_count; i++)
        s->peeled[i].weight = share;
    if (!w)
        return;
    for (size_t i = 0; i < s->piece_count; i++) {
        struct piece *p = &s->pieces[i];
        uint64_t end = i + 1 < s->piece_count ? p[1].from : WEIGHTS_END;

        p->weight += weights_between(w, p->from, end);
        for (size_t j = p[0].first_peeled; j < p[1].first_peeled; j++) {
            uint32_t value = s->peeled[j].value;
            uint64_t weight = weights_between(w, value, (uint64_t)value + 1);

            s->peeled[j].weight += weight;
            p->weight -= weight;
        }
    }
}

static unsigned ceil_log2(size_t n)
{
    unsigned log = 0;

    while (log < 63 && (size_t)1 << log < n)
        log++;
    return log;
}

static const struct node *search(struct graph *g, enum word word, uint32_t mask,
                                 const struct cut *cuts, size_t count, const struct weights *w)
{
    struct arena *a = g->arena;
    bool *peel = ARENA_ARRAY(a, bool, count);
    struct search s = {g,
                       word,
                       mask,
                       .pieces = ARENA_ARRAY(a, struct piece, count + 1),
                       .peeled = ARENA_ARRAY(a, struct peeled, count),
                       .origin = g->origin};

    if (g->tuning.level != TUNE_NONE)
        choose_peeled(mask, cuts, count,
                      arena_array(a, count + 1, sizeof(struct plan[MAX_PEELED + 1])), peel);
    for (size_t i = 0; i < count; i++) {
        const struct cut *c = &cuts[i];

        if (peel[i])
            s.peeled[s.peeled_count++] =
                (struct peeled){.value = c->from, .to = c->to, .origin = c->origin};
        else if (!s.piece_count || s.pieces[s.piece_count - 1].to != c->to)
            s.pieces[s.piece_count++] = (struct piece){
                .from = c->from, .to = c->to, .first_peeled = s.peeled_count, .origin = c->origin};
    }
    s.pieces[s.piece_count].first_peeled = s.peeled_count;
    weigh(&s, w);
    return tree(&s, (struct part){0, s.piece_count, 0, s.peeled_count},
                ceil_log2(s.piece_count + s.peeled_count) + MORE_DEPTH);
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

static const struct node *divide_line(struct graph *g, enum word word, uint32_t mask,
                                      const struct cut *cuts, size_t count, const struct weights *w)
{
    if (w && g->tuning.trace && mask == UINT32_MAX && count <= FASTEST_MAX)
        return fastest_search(g, word, cuts, count, w);
    return search(g, word, mask, cuts, count, w);
}

const struct node *graph_search(struct graph *g, enum word word, uint32_t mask,
                                const struct cut *cuts, size_t count, const struct weights *w)
{
    struct cut few[3], *pieces = count <= 3 ? few : ARENA_ARRAY(g->arena, struct cut, count);
    const struct node *to, *others;
    uint32_t bits = 0;
    bool *in_cube;

    count = normal_cuts(mask, cuts, count, pieces);
    if (count == 1)
        return pieces[0].to;
    in_cube = ARENA_ARRAY(g->arena, bool, count);
    if (mask == UINT32_MAX && (g->tuning.level == TUNE_DEFAULT || g->tuning.level == TUNE_SIZE))
        bits = find_cube(pieces, count, in_cube);
    if (!bits)
        return divide_line(g, word, mask, pieces, count, w);
    to = pieces[0].to;
    count = drop_cube(pieces, count, in_cube);
    others = count == 1 ? pieces[0].to : divide_line(g, word, mask, pieces, count, w);
    return graph_test(g, NODE_SET, word, UINT32_MAX, ~bits, others, to);
}
