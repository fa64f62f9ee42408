/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/chain.h"

#include "compiler/graph/int_set.h"
#include "compiler/graph/widen.h"

#include <stdlib.h>

/* A link without its leaf is tried anew in each piece of the line that the leaf has; more than this
 * many times the links, and trying them one by one makes less code. */
#define MOST_COPIES 2

/* Where masks are widened: a leaf is worth so many ends of stretches, else a mask says it better.
 */
#define MOST_EDGES 6

/* The n-th part of f, which is a leaf itself or an AND; NULL: there are no more. */
static const struct formula *part_of(const struct formula *f, size_t n)
{
    if (f->kind != FORMULA_AND)
        return n ? NULL : f;
    return n < f->kid_count ? f->kids[n] : NULL;
}

/* A part of f that is about these bits, or some of them and can be about all; NULL: none. */
static const struct formula *leaf_of(const struct formula *f, enum field field, uint64_t mask)
{
    const struct formula *part;

    for (size_t i = 0; (part = part_of(f, i)); i++)
        if (part->kind == FORMULA_FIELD && part->field == field && !(part->mask & ~mask) &&
            can_widen(part, mask))
            return part;
    return NULL;
}

/* --- a run's line ----------------------------------------------------------------------------- */

/* From this value on, the link's leaf holds, or does so no more. */
struct edge {
    uint64_t from;
    uint32_t link;
    bool begins;
};

struct sweep {
    struct graph *graph;
    const struct run *run;
    const struct link *links;
    VEC(struct edge) edges;
    struct int_set live;
    VEC(struct link) rest; /* of the piece at hand: live links without their leaves */
};

static int by_place(const void *pa, const void *pb)
{
    const struct edge *a = pa, *b = pb;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->link > b->link) - (a->link < b->link);
}

static void init_sweep(struct sweep *s, struct graph *g, const struct run *run,
                       const struct link *links)
{
    *s = (struct sweep){.graph = g, .run = run, .links = links};
    int_set_init(&s->live, g->arena, (uint32_t)run->count);
    for (uint32_t i = 0; i < run->count; i++) {
        const struct formula *leaf = leaf_of(links[i].formula, run->field, run->mask);
        struct ranges values = widen(g->arena, leaf, run->mask);

        for (size_t j = 0; j < values.count; j++) {
            struct range r = values.at[j];

            VEC_PUSH(g->arena, &s->edges, ((struct edge){r.low, i, true}));
            if (r.high < run->mask)
                VEC_PUSH(g->arena, &s->edges, ((struct edge){r.high + 1, i, false}));
        }
    }
    if (s->edges.count)
        qsort(s->edges.at, s->edges.count, sizeof(*s->edges.at), by_place);
}

/* Takes in the edges at one value, from *i on; returns it. */
static uint64_t pass_edges(struct sweep *s, size_t *i)
{
    uint64_t from = s->edges.at[*i].from;

    for (; *i < s->edges.count && s->edges.at[*i].from == from; ++*i)
        int_set_put(&s->live, s->edges.at[*i].link, s->edges.at[*i].begins);
    return from;
}

/* How many links are tried in all pieces together; SIZE_MAX: more than `most`. */
static size_t count_copies(struct sweep *s, size_t most)
{
    size_t copies = 0;

    for (size_t i = 0; i < s->edges.count && copies <= most;) {
        pass_edges(s, &i);
        for (uint32_t l = 0; copies <= most && int_set_next(&s->live, &l); l++) {
            if (s->links[l].formula->kind == FORMULA_FIELD) /* the last that is tried, as a jump */
                break;
            copies++;
        }
    }
    return copies <= most ? copies : SIZE_MAX;
}

static bool is_worth_it(struct graph *g, const struct run *run, const struct link *links)
{
    struct sweep s;

    init_sweep(&s, g, run, links);
    return count_copies(&s, MOST_COPIES * run->count) != SIZE_MAX &&
           (!run->widened || s.edges.count <= MOST_EDGES * run->count);
}

/* --- which links are a run -------------------------------------------------------------------- */

static bool all_about(const struct link *links, size_t count, enum field field, uint64_t mask)
{
    for (size_t i = 0; i < count; i++)
        if (!leaf_of(links[i].formula, field, mask))
            return false;
    return true;
}

/* The next link is about other bits of the field, but the run can be about these as well. */
static bool widen_run(struct run *run, const struct link *links)
{
    const struct formula *part;

    for (size_t i = 0; (part = part_of(links[run->count].formula, i)); i++) {
        uint64_t mask = run->mask | part->mask;

        if (part->kind != FORMULA_FIELD || part->field != run->field ||
            !all_about(links, run->count + 1, run->field, mask))
            continue;
        run->mask = mask;
        run->widened = true;
        return true;
    }
    return false;
}

/* The longest run that the first of the links begins. */
static struct run longest_run(const struct link *links, size_t count, bool widen)
{
    const struct formula *part;
    struct run best = {.count = 1};

    for (size_t i = 0; (part = part_of(links[0].formula, i)); i++) {
        struct run run = {1, part->field, part->mask, false};

        if (part->kind != FORMULA_FIELD)
            continue;
        while (run.count < count && (leaf_of(links[run.count].formula, run.field, run.mask) ||
                                     (widen && widen_run(&run, links))))
            run.count++;
        if (run.count > best.count)
            best = run;
    }
    return best;
}

void divide_chain(struct graph *g, const struct link *links, size_t count, runs *out)
{
    size_t tried = 0; /* no wide run begins before this one */

    out->count = 0;
    for (size_t i = 0; i < count;) {
        struct run run = {.count = 1};
        size_t end;

        if (g->tuning.level != TUNE_NONE)
            run = longest_run(links + i, count - i, i >= tried);
        end = i + run.count;
        if (run.widened && !is_worth_it(g, &run, links + i)) {
            tried = end;
            continue;
        }
        if (run.count > 1 && !is_worth_it(g, &run, links + i))
            run.count = 1;
        for (; i < end; i += run.count)
            VEC_PUSH(g->arena, out, run);
    }
}

/* --- its decision ----------------------------------------------------------------------------- */

static const struct node *chain_test(struct graph *g, const struct link *links, size_t count,
                                     const struct node *after)
{
    runs list = {0};
    const struct link *l = links + count;

    divide_chain(g, links, count, &list);
    for (size_t i = list.count; i-- > 0;) {
        l -= list.at[i].count;
        after = run_test(g, &list.at[i], l, after);
    }
    return after;
}

/* The live links, as they are when their leaves hold, up to the first that then surely does. */
static const struct node *piece_node(struct sweep *s, const struct node *after)
{
    s->rest.count = 0;
    for (uint32_t i = 0; int_set_next(&s->live, &i); i++) {
        const struct link *l = &s->links[i];
        const struct formula *leaf = leaf_of(l->formula, s->run->field, s->run->mask);

        if (leaf == l->formula) {
            after = graph_leaf(s->graph, l->rule->ret);
            break;
        }
        VEC_PUSH(s->graph->arena, &s->rest,
                 ((struct link){formula_without(s->graph->arena, l->formula, leaf), l->rule}));
    }
    return chain_test(s->graph, s->rest.at, s->rest.count, after);
}

/* The rule that a piece of the line is there for; none is: the one before, which ends there. */
static struct span piece_origin(const struct sweep *s, struct span before)
{
    uint32_t first = 0;

    return int_set_next(&s->live, &first) ? s->links[first].rule->span : before;
}

static const struct node *sorted(struct graph *g, const struct run *run, const struct link *links,
                                 const struct node *after)
{
    struct span origin = links[0].rule->span;
    struct sweep s;
    VEC(struct wide_cut) cuts = {0};

    init_sweep(&s, g, run, links);
    VEC_PUSH(g->arena, &cuts, ((struct wide_cut){0, after, origin}));
    for (size_t i = 0; i < s.edges.count;) {
        uint64_t from = pass_edges(&s, &i);

        origin = piece_origin(&s, origin);
        VEC_PUSH(g->arena, &cuts, ((struct wide_cut){from, piece_node(&s, after), origin}));
    }
    g->origin = origin;
    return field_search(g, run->field, run->mask, cuts.at, cuts.count);
}

const struct node *run_test(struct graph *g, const struct run *run, const struct link *links,
                            const struct node *after)
{
    if (run->count > 1)
        return sorted(g, run, links, after);
    g->origin = links[0].rule->span;
    return formula_test(g, links[0].formula, graph_leaf(g, links[0].rule->ret), after);
}
