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

#include "base/sort.h"
#include "compiler/graph/chain.h"
#include "compiler/graph/formula.h"
#include "compiler/graph/int_set.h"
#include "compiler/graph/weights.h"

#include <string.h>

/* A rule, or one alternative of a rule whose condition is an OR: as good as a rule of its own. */
struct clause {
    const struct formula *formula;
    const struct rule *rule;
    /* at the number of the sweep: */
    enum truth truth;
    uint32_t phase;             /* changes when the behaviour does */
    const struct formula *rest; /* what is left of it; NULL: not asked for in this phase */
    /* the run that it last began, and what came of it */
    struct link *links;
    size_t link_count;
    const struct node *after, *node;
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
    number_list places;  /* of the clause at hand */
    struct int_set live; /* clauses that can hold */
    VEC(uint32_t) chain; /* of the stretch at hand */
    VEC(struct link) links;
    runs runs;
    VEC(struct cut) cuts;
    struct memo *memo; /* open addressing */
    size_t memo_count, memo_room;
};

/* --- what changes where ----------------------------------------------------------------------- */

static void add_events(struct sweep *s, uint32_t clause)
{
    const struct formula *f = s->clauses.at[clause].formula;
    enum truth before = NEVER_TRUE;

    s->places.count = 0;
    VEC_PUSH(s->graph->arena, &s->places, 0);
    formula_cuts(s->graph->arena, f, &s->places);
    SORT_NUMBERS(s->graph->arena, s->places.at, s->places.count);
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

static const struct node *clause_test(struct sweep *s, uint32_t clause, const struct link *link,
                                      const struct node *after)
{
    struct memo wanted = {.clause = clause, .phase = s->clauses.at[clause].phase}, *m;

    wanted.after = after->id;
    if (s->memo_count >= s->memo_room / 2)
        memo_grow(s);
    m = memo_find(s, &wanted);
    if (!m->node) {
        wanted.node = run_test(s->graph, &(struct run){.count = 1}, link, after);
        *m = wanted;
        s->memo_count++;
    }
    return m->node;
}

/* A run is mostly the same from stretch to stretch. */
static const struct node *sorted_test(struct sweep *s, uint32_t clause, const struct run *run,
                                      const struct link *links, const struct node *after)
{
    struct clause *c = &s->clauses.at[clause];
    size_t size = run->count * sizeof(*links);

    if (c->node && c->after == after && c->link_count == run->count &&
        !memcmp(c->links, links, size))
        return c->node;
    if (c->link_count < run->count)
        c->links = ARENA_ARRAY(s->graph->arena, struct link, run->count);
    memcpy(c->links, links, size);
    c->link_count = run->count;
    c->after = after;
    c->node = run_test(s->graph, run, links, after);
    return c->node;
}

static void collect_chain(struct sweep *s, uint32_t nr)
{
    struct arena *a = s->graph->arena;

    s->chain.count = s->links.count = 0;
    for (uint32_t i = 0; int_set_next(&s->live, &i); i++) {
        struct clause *c = &s->clauses.at[i];

        if (!c->rest)
            c->rest = formula_at(a, c->formula, nr);
        VEC_PUSH(a, &s->chain, i);
        VEC_PUSH(a, &s->links, ((struct link){c->rest, c->rule}));
        if (c->truth == ALWAYS_TRUE)
            break;
    }
}

static const struct node *stretch(struct sweep *s, uint32_t nr)
{
    const struct node *node = s->undecided;
    size_t at;

    collect_chain(s, nr);
    divide_chain(s->graph, s->links.at, s->links.count, &s->runs);
    at = s->links.count;
    for (size_t i = s->runs.count; i-- > 0 && s->graph->node_count <= MAX_NODES;) {
        const struct run *run = &s->runs.at[i];

        at -= run->count;
        node = run->count > 1 ? sorted_test(s, s->chain.at[at], run, s->links.at + at, node)
                              : clause_test(s, s->chain.at[at], s->links.at + at, node);
    }
    return node;
}

static void apply(struct sweep *s, const struct event *e)
{
    struct clause *c = &s->clauses.at[e->clause];

    c->truth = e->truth;
    c->rest = NULL;
    c->phase++;
    int_set_put(&s->live, e->clause, e->truth != NEVER_TRUE);
}

/* Does the end of the line go where another part of it goes, with single numbers between? Then one
 * search finds both, and the end is not changed without making the program larger. */
static bool is_joined(const struct cut *cuts, size_t count)
{
    for (size_t i = count - 1; i > 1 && cuts[i].from - cuts[i - 1].from == 1; i--)
        if (cuts[i - 2].to == cuts[count - 1].to)
            return true;
    return false;
}

/* Marked numbers are above all that a policy names: where all of them end alike, they can be told
 * from the others at the end of the line, and other calls are not tested for the mark. */
static bool marked_last(const struct sweep *s, const struct node *marked)
{
    const struct tuning *t = &s->graph->tuning;

    if (!marked || marked->kind != NODE_LEAF || t->level == TUNE_NONE ||
        s->cuts.at[s->cuts.count - 1].from > X32_BIT)
        return false;
    return (t->level == TUNE_DEFAULT && t->trace) || !is_joined(s->cuts.at, s->cuts.count);
}

static const struct node *search_line(struct sweep *s, const struct target *t,
                                      const struct node *marked)
{
    struct graph *g = s->graph;
    const struct weights *w = weights_of(g, t->arch, s->cuts.at, s->cuts.count);
    struct cut *last = &s->cuts.at[s->cuts.count - 1];
    bool at_the_end = marked_last(s, marked);
    const struct node *root;

    if (at_the_end)
        last->to = graph_test(g, NODE_SET, WORD_NR, UINT32_MAX, X32_BIT, marked, last->to);
    root = graph_search(g, WORD_NR, UINT32_MAX, s->cuts.at, s->cuts.count, w);
    if (!marked || at_the_end)
        return root;
    return graph_test(g, NODE_SET, WORD_NR, UINT32_MAX, X32_BIT, marked, root);
}

const struct node *numbers_graph(struct graph *g, const struct target *t,
                                 const struct node *undecided, const struct node *marked)
{
    struct sweep s = {.graph = g, .undecided = undecided};
    const struct node *root = NULL;

    for (size_t i = 0; i < t->rule_count; i++)
        add_rule(&s, t->rules[i]);
    SORT_BY(g->arena, s.events.at, s.events.count, from); /* clauses stay in their order */
    int_set_init(&s.live, g->arena, (uint32_t)s.clauses.count);
    if (!s.events.count || s.events.at[0].from > 0)
        VEC_PUSH(g->arena, &s.cuts, ((struct cut){.to = undecided}));
    for (size_t i = 0; i < s.events.count && g->node_count <= MAX_NODES;) {
        uint32_t from = s.events.at[i].from;

        while (i < s.events.count && s.events.at[i].from == from)
            apply(&s, &s.events.at[i++]);
        VEC_PUSH(g->arena, &s.cuts, ((struct cut){.from = from, .to = stretch(&s, from)}));
    }
    g->origin = (struct span){0};
    if (g->node_count <= MAX_NODES)
        root = search_line(&s, t, marked);
    return g->node_count <= MAX_NODES ? root : NULL;
}
