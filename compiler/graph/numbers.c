/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where on the number line which rules matter.
 *
 * Each rule says at which numbers its behaviour changes and what it is from there on: cannot hold,
 * may hold, surely holds. A sweep over all these places keeps the set of rules that can hold;
 * between two places every rule behaves the same, and the rules up to the first that surely
 * holds are the code of that stretch, built from the last one backwards. Work is n log n in
 * places, and what the stretches share is made once.
 */
#include "compiler/graph/numbers.h"

#include "compiler/graph/formula.h"
#include "compiler/graph/int_set.h"

#include <stdlib.h>

/* A rule, or one alternative of a rule whose condition is an OR: as good as a rule of its own. */
struct clause {
    const struct formula *formula;
    const struct rule *rule;
    enum truth truth; /* at the number of the sweep */
    uint32_t phase;   /* changes when the behaviour does */
};

struct event {
    uint32_t from, clause;
    enum truth truth;
};

/* (clause, phase, what comes after it) has been built: here it is. */
struct memo {
    uint32_t clause, phase, after;
    const struct node *node;
};

struct sweep {
    struct graph *graph;
    const struct node *undecided;
    VEC(struct clause) clauses;
    VEC(struct event) events;
    VEC(uint32_t) places; /* of the clause at hand */
    struct int_set live;  /* clauses that can hold */
    VEC(uint32_t) chain;  /* of the stretch at hand */
    VEC(struct cut) cuts;
    struct memo *memo; /* open addressing */
    size_t memo_count, memo_room;
};

/* --- what changes where ----------------------------------------------------------------------- */

static void collect_places(struct sweep *s, const struct formula *f)
{
    struct arena *a = s->graph->arena;

    for (size_t i = 0; i < f->kid_count; i++)
        collect_places(s, f->kids[i]);
    if (!formula_is_number(f))
        return;
    for (size_t i = 0; i < f->values.count; i++) {
        VEC_PUSH(a, &s->places, (uint32_t)f->values.at[i].low);
        if (f->values.at[i].high < UINT32_MAX)
            VEC_PUSH(a, &s->places, (uint32_t)f->values.at[i].high + 1);
    }
}

static int by_value(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

    return (a > b) - (a < b);
}

static void add_events(struct sweep *s, uint32_t clause)
{
    const struct formula *f = s->clauses.at[clause].formula;
    enum truth before = NEVER_TRUE;

    s->places.count = 0;
    VEC_PUSH(s->graph->arena, &s->places, 0);
    collect_places(s, f);
    if (s->places.count > 1)
        qsort(s->places.at, s->places.count, sizeof(*s->places.at), by_value);
    for (size_t i = 0; i < s->places.count; i++) {
        uint32_t from = s->places.at[i];
        enum truth now;

        if (i && from == s->places.at[i - 1])
            continue;
        now = formula_truth(f, from);
        /* two stretches where it may hold are not the same: other parts of it may be open */
        if (now != before || now == MAY_BE_TRUE)
            VEC_PUSH(s->graph->arena, &s->events, ((struct event){from, clause, now}));
        before = now;
    }
}

static void add_clause(struct sweep *s, const struct formula *f, const struct rule *rule)
{
    struct clause c = {.formula = f, .rule = rule};

    if (f->kind == FORMULA_FALSE)
        return;
    VEC_PUSH(s->graph->arena, &s->clauses, c);
    add_events(s, (uint32_t)s->clauses.count - 1);
}

static void add_rule(struct sweep *s, const struct rule *rule)
{
    const struct formula *f = formula_of(s->graph->arena, rule->cond);

    if (f->kind != FORMULA_OR) {
        add_clause(s, f, rule);
        return;
    }
    for (size_t i = 0; i < f->kid_count; i++)
        add_clause(s, f->kids[i], rule);
}

static int by_place(const void *pa, const void *pb)
{
    const struct event *a = pa, *b = pb;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->clause > b->clause) - (a->clause < b->clause);
}

/* --- the code of one stretch ------------------------------------------------------------------ */

static struct memo *memo_find(struct sweep *s, const struct memo *m)
{
    uint64_t h = ((uint64_t)m->clause << 32 | m->after) * UINT64_C(0x9e3779b97f4a7c15) ^ m->phase;
    size_t i = (h * UINT64_C(0xbf58476d1ce4e5b9) >> 32) & (s->memo_room - 1);

    while (s->memo[i].node && (s->memo[i].clause != m->clause || s->memo[i].phase != m->phase ||
                               s->memo[i].after != m->after))
        i = (i + 1) & (s->memo_room - 1);
    return &s->memo[i];
}

static void memo_grow(struct sweep *s)
{
    struct memo *old = s->memo;
    size_t room = s->memo_room;

    s->memo_room = room ? 2 * room : 256;
    s->memo = ARENA_ARRAY(s->graph->arena, struct memo, s->memo_room);
    for (size_t i = 0; i < room; i++)
        if (old[i].node)
            *memo_find(s, &old[i]) = old[i];
}

static const struct node *clause_test(struct sweep *s, uint32_t clause, uint32_t nr,
                                      const struct node *after)
{
    const struct clause *c = &s->clauses.at[clause];
    struct memo wanted = {.clause = clause, .phase = c->phase, .after = after->id}, *m;

    if (s->memo_count >= s->memo_room / 2)
        memo_grow(s);
    m = memo_find(s, &wanted);
    if (!m->node) {
        s->graph->origin = c->rule->span;
        wanted.node =
            formula_test(s->graph, c->formula, nr, graph_leaf(s->graph, c->rule->ret), after);
        *m = wanted;
        s->memo_count++;
    }
    return m->node;
}

static const struct node *stretch(struct sweep *s, uint32_t nr)
{
    const struct node *node = s->undecided;

    s->chain.count = 0;
    for (uint32_t i = 0; int_set_next(&s->live, &i); i++) {
        VEC_PUSH(s->graph->arena, &s->chain, i);
        if (s->clauses.at[i].truth == ALWAYS_TRUE)
            break;
    }
    for (size_t i = s->chain.count; i-- > 0 && s->graph->node_count <= MAX_NODES;)
        node = clause_test(s, s->chain.at[i], nr, node);
    return node;
}

static void apply(struct sweep *s, const struct event *e)
{
    struct clause *c = &s->clauses.at[e->clause];

    c->truth = e->truth;
    c->phase++;
    int_set_put(&s->live, e->clause, e->truth != NEVER_TRUE);
}

const struct node *numbers_graph(struct graph *g, const struct target *t,
                                 const struct node *undecided)
{
    struct sweep s = {.graph = g, .undecided = undecided};
    const struct node *root = undecided;

    for (size_t i = 0; i < t->rule_count; i++)
        add_rule(&s, t->rules[i]);
    if (!s.events.count)
        return undecided;
    qsort(s.events.at, s.events.count, sizeof(*s.events.at), by_place);
    int_set_init(&s.live, g->arena, (uint32_t)s.clauses.count);
    if (s.events.at[0].from > 0)
        VEC_PUSH(g->arena, &s.cuts, ((struct cut){0, undecided}));
    for (size_t i = 0; i < s.events.count && g->node_count <= MAX_NODES;) {
        uint32_t from = s.events.at[i].from;

        while (i < s.events.count && s.events.at[i].from == from)
            apply(&s, &s.events.at[i++]);
        VEC_PUSH(g->arena, &s.cuts, ((struct cut){from, stretch(&s, from)}));
    }
    g->origin = (struct span){0};
    if (g->node_count <= MAX_NODES)
        root = graph_search(g, WORD_NR, UINT32_MAX, s.cuts.at, s.cuts.count);
    return g->node_count <= MAX_NODES ? root : NULL;
}
