/* SPDX-License-Identifier: Apache-2.0 */
/* Formulas to nodes: short circuits for AND and OR, and for a leaf a decision over the two words of
 * its field. */
#include "compiler/graph/formula.h"

static enum word high_word(enum field f)
{
    return f == FIELD_IP ? WORD_IP_HIGH : WORD_ARG_HIGH((enum word)(f - FIELD_ARG0));
}

static enum word low_word(enum field f)
{
    if (f == FIELD_NR)
        return WORD_NR;
    return f == FIELD_IP ? WORD_IP_LOW : WORD_ARG_LOW((enum word)(f - FIELD_ARG0));
}

/* A number line under construction. */
struct line {
    struct cut *cuts;
    size_t count;
};

static void cut(struct line *l, uint32_t from, const struct node *to, struct span origin)
{
    if (l->count && l->cuts[l->count - 1].to == to)
        return;
    l->cuts[l->count++] = (struct cut){from, to, origin};
}

/* The high word decides which stretches of the low word count; `low` holds those of the high value
 * at hand. */
struct halves {
    struct graph *graph;
    enum word low_word;
    uint32_t low_mask;
    struct line high, low;
    uint32_t at;
};

static const struct node *low_node(const struct halves *h)
{
    return graph_search(h->graph, h->low_word, h->low_mask, h->low.cuts, h->low.count, NULL);
}

static void close_low(struct halves *h)
{
    cut(&h->high, h->at, low_node(h), h->low.cuts[h->low.count - 1].origin);
}

static void open_low(struct halves *h, uint32_t at)
{
    h->at = at;
    h->low.count = 0;
}

/* The values from c up to `to`; they follow those of the call before. */
static void add_piece(struct halves *h, const struct wide_cut *c, uint64_t to)
{
    uint32_t first = (uint32_t)(c->from >> 32), last = (uint32_t)(to >> 32);

    if (first != h->at) {
        close_low(h);
        open_low(h, first);
    }
    cut(&h->low, (uint32_t)c->from, c->to, c->origin);
    if (first == last)
        return;
    close_low(h);
    if (last - first > 1)
        cut(&h->high, first + 1, c->to, c->origin);
    open_low(h, last);
    cut(&h->low, 0, c->to, c->origin);
}

const struct node *field_search(struct graph *g, enum field field, uint64_t mask,
                                const struct wide_cut *cuts, size_t count)
{
    struct halves h = {.graph = g, .low_word = low_word(field), .low_mask = (uint32_t)mask};

    h.low.cuts = ARENA_ARRAY(g->arena, struct cut, count);
    if (mask >> 32)
        h.high.cuts = ARENA_ARRAY(g->arena, struct cut, 3 * count);
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count)
            add_piece(&h, &cuts[i], mask);
        else if (cuts[i].from < cuts[i + 1].from)
            add_piece(&h, &cuts[i], cuts[i + 1].from - 1);
    if (!(mask >> 32)) /* the high half is masked away: it is 0 */
        return low_node(&h);
    close_low(&h);
    return graph_search(g, high_word(field), (uint32_t)(mask >> 32), h.high.cuts, h.high.count,
                        NULL);
}

/* (field & mask) in values. */
static const struct node *field_test(struct graph *g, const struct formula *f,
                                     const struct node *yes, const struct node *no)
{
    struct wide_cut *cuts = ARENA_ARRAY(g->arena, struct wide_cut, 2 * f->values.count + 1);
    size_t count = 0;

    cuts[count++] = (struct wide_cut){.to = no};
    for (size_t i = 0; i < f->values.count; i++) {
        struct range r = f->values.at[i];

        cuts[count++] = (struct wide_cut){.from = r.low, .to = yes};
        if (r.high < f->mask)
            cuts[count++] = (struct wide_cut){.from = r.high + 1, .to = no};
    }
    return field_search(g, f->field, f->mask, cuts, count);
}

const struct node *formula_test(struct graph *g, const struct formula *f, const struct node *yes,
                                const struct node *no)
{
    switch (f->kind) {
    case FORMULA_FALSE:
        return no;
    case FORMULA_TRUE:
        return yes;
    case FORMULA_FIELD:
        return field_test(g, f, yes, no);
    case FORMULA_AND:
        for (size_t i = f->kid_count; i-- > 0;)
            yes = formula_test(g, f->kids[i], yes, no);
        return yes;
    case FORMULA_OR:
        for (size_t i = f->kid_count; i-- > 0;)
            no = formula_test(g, f->kids[i], yes, no);
        return no;
    }
    return no;
}
