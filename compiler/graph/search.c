/* SPDX-License-Identifier: Apache-2.0 */
/* graph_search(): from a number line cut in pieces to a balanced tree of comparisons. */
#include "compiler/graph/graph.h"

#include "compiler/graph/mask.h"

/* Up to this many pieces, a single value inside a stretch that goes elsewhere is tested on its
 * own; more are first divided in two. One equality saves two order comparisons, but a row of
 * equalities is walked from its head. */
#define PEEL_LIMIT 5

struct search {
    struct graph *graph;
    enum word word;
    uint32_t mask;
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

static bool is_single(const struct search *s, const struct cut *c)
{
    uint32_t next = c[0].from + 1;

    return mask_round_up(s->mask, &next) && next == c[1].from;
}

static const struct node *search(const struct search *s, const struct cut *cuts, size_t count);

/* The first single value with the same on both sides: tested, and the rest searched without it.
 * NULL: there is none. */
static const struct node *peel(const struct search *s, const struct cut *cuts, size_t count)
{
    for (size_t i = 1; i + 1 < count; i++) {
        struct cut rest[PEEL_LIMIT];
        size_t n = 0;

        if (cuts[i - 1].to != cuts[i + 1].to || !is_single(s, &cuts[i]))
            continue;
        for (size_t j = 0; j < count; j++)
            if (j != i && j != i + 1)
                rest[n++] = cuts[j];
        return graph_test(s->graph, NODE_EQ, s->word, s->mask, cuts[i].from, cuts[i].to,
                          search(s, rest, n));
    }
    return NULL;
}

static const struct node *search(const struct search *s, const struct cut *cuts, size_t count)
{
    size_t half = count / 2;
    const struct node *low, *high;

    if (count == 1)
        return cuts[0].to;
    if (count <= PEEL_LIMIT) {
        const struct node *n = peel(s, cuts, count);

        if (n)
            return n;
    }
    low = search(s, cuts, half);
    high = search(s, cuts + half, count - half);
    return graph_test(s->graph, NODE_GE, s->word, s->mask, cuts[half].from, high, low);
}

const struct node *graph_search(struct graph *g, enum word word, uint32_t mask,
                                const struct cut *cuts, size_t count)
{
    struct search s = {g, word, mask};
    struct cut few[3], *pieces = count <= 3 ? few : ARENA_ARRAY(g->arena, struct cut, count);

    return search(&s, pieces, normal_cuts(mask, cuts, count, pieces));
}
