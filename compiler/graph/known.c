/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/known.h"

#include "compiler/graph/bounds.h"

/* No program is made of more: the kernel takes 4,096 instructions. */
#define MOST_NODES 16384
/* Branches that go elsewhere leave fewer paths to a node, so more is known there. */
#define MOST_ROUNDS 4

struct facts {
    bool reached;
    struct bounds of[WORD_COUNT];
};

struct pass {
    struct graph *graph;
    const struct node **order; /* parents first */
    size_t count;
    struct facts *facts;           /* by place in order */
    uint32_t *place;               /* by id */
    const struct node **yes, **no; /* where the branches of order[i] go */
    bool changed;
};

static void arrive(struct pass *p, const struct node *n, const struct facts *facts)
{
    struct facts *at = &p->facts[p->place[n->id]];

    if (!at->reached) {
        *at = *facts;
        return;
    }
    for (unsigned w = 0; w < WORD_COUNT; w++)
        bounds_join(&at->of[w], &facts->of[w]);
}

/* Where the branch from n goes, given what holds at n. */
static const struct node *follow(struct pass *p, const struct node *n, bool yes,
                                 const struct facts *facts)
{
    const struct node *branch = yes ? n->yes : n->no, *to = branch;
    struct facts beyond = *facts;

    /* an outcome that cannot be: the other branch is the only one, and will be found to be */
    if (!bounds_narrow(&beyond.of[n->word], n, yes)) {
        p->changed = true;
        return NULL;
    }
    while (to->kind != NODE_LEAF) {
        enum certainty c = bounds_test(&beyond.of[to->word], to);

        if (c == UNKNOWN)
            break;
        to = c == CERTAIN ? to->yes : to->no;
    }
    p->changed |= to != branch;
    arrive(p, to, &beyond);
    return to;
}

static void walk(struct pass *p)
{
    p->facts[0].reached = true;
    for (unsigned w = 0; w < WORD_COUNT; w++)
        p->facts[0].of[w] = BOUNDS_NONE;
    for (size_t i = 0; i < p->count; i++) {
        const struct node *n = p->order[i];

        if (n->kind == NODE_LEAF || !p->facts[i].reached)
            continue;
        p->yes[i] = follow(p, n, true, &p->facts[i]);
        p->no[i] = follow(p, n, false, &p->facts[i]);
    }
}

static const struct node *rebuild(struct pass *p)
{
    const struct node **now = ARENA_ARRAY(p->graph->arena, const struct node *, p->count);

    for (size_t i = p->count; i-- > 0;) {
        const struct node *n = p->order[i], *yes, *no;

        now[i] = n;
        if (n->kind == NODE_LEAF || !p->facts[i].reached)
            continue;
        yes = p->yes[i] ? now[p->place[p->yes[i]->id]] : NULL;
        no = p->no[i] ? now[p->place[p->no[i]->id]] : NULL;
        p->graph->origin = n->origin;
        now[i] = !yes  ? no
                 : !no ? yes
                       : graph_test(p->graph, n->kind, n->word, n->mask, n->k, yes, no);
    }
    return now[0];
}

static const struct node *one_round(struct graph *g, const struct node *root, bool *changed)
{
    struct pass p = {.graph = g};

    p.count = graph_order(g->arena, root, &p.order);
    if (p.count > MOST_NODES)
        return root;
    p.facts = ARENA_ARRAY(g->arena, struct facts, p.count);
    p.place = ARENA_ARRAY(g->arena, uint32_t, (size_t)root->id + 1);
    p.yes = ARENA_ARRAY(g->arena, const struct node *, p.count);
    p.no = ARENA_ARRAY(g->arena, const struct node *, p.count);
    for (size_t i = 0; i < p.count; i++)
        p.place[p.order[i]->id] = (uint32_t)i;
    walk(&p);
    *changed = p.changed;
    return p.changed ? rebuild(&p) : root;
}

const struct node *drop_known_tests(struct graph *g, const struct node *root)
{
    bool changed = true;

    for (unsigned i = 0; i < MOST_ROUNDS && changed; i++) {
        changed = false;
        root = one_round(g, root, &changed);
    }
    return root;
}
