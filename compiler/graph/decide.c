/* SPDX-License-Identifier: Apache-2.0 */
/* Formulas to nodes: short circuits for AND and OR, and a decision over the two words of a field
 * for a leaf. */
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

static void cut(struct line *l, uint64_t from, const struct node *to)
{
    if (from > UINT32_MAX)
        return;
    if (l->count && l->cuts[l->count - 1].from == from)
        l->count--;
    l->cuts[l->count++] = (struct cut){(uint32_t)from, to};
}

/* The high word decides which ranges of the low word count; `low` holds those of the high value
 * at hand. */
struct halves {
    struct graph *graph;
    enum word low_word;
    uint32_t low_mask;
    const struct node *yes, *no;
    struct line high, low;
    uint32_t at;
};

static void low_range(struct halves *h, uint32_t low, uint32_t high)
{
    cut(&h->low, low, h->yes);
    cut(&h->low, (uint64_t)high + 1, h->no);
}

static void close_low(struct halves *h)
{
    if (h->low.count == 1 && h->low.cuts[0].to == h->no) /* nothing of this high word */
        return;
    cut(&h->high, h->at,
        graph_search(h->graph, h->low_word, h->low_mask, h->low.cuts, h->low.count));
    cut(&h->high, (uint64_t)h->at + 1, h->no);
}

static void open_low(struct halves *h, uint32_t at)
{
    h->at = at;
    h->low.count = 0;
    cut(&h->low, 0, h->no);
}

static void add_range(struct halves *h, struct range r)
{
    uint32_t first = (uint32_t)(r.low >> 32), last = (uint32_t)(r.high >> 32);

    if (first != h->at) {
        close_low(h);
        open_low(h, first);
    }
    if (first == last) {
        low_range(h, (uint32_t)r.low, (uint32_t)r.high);
        return;
    }
    low_range(h, (uint32_t)r.low, UINT32_MAX);
    close_low(h);
    cut(&h->high, (uint64_t)first + 1, h->yes);
    cut(&h->high, last, h->no);
    open_low(h, last);
    low_range(h, 0, (uint32_t)r.high);
}

/* (field & mask) in values. */
static const struct node *field_test(struct graph *g, enum field field, uint64_t mask,
                                     struct ranges values, const struct node *yes,
                                     const struct node *no)
{
    size_t most = 2 * values.count + 2;
    struct halves h = {
        .graph = g, .low_word = low_word(field), .low_mask = (uint32_t)mask, .yes = yes, .no = no};

    h.low.cuts = ARENA_ARRAY(g->arena, struct cut, most);
    if (mask >> 32)
        h.high.cuts = ARENA_ARRAY(g->arena, struct cut, 2 * most);
    else
        h.high.cuts = ARENA_ARRAY(g->arena, struct cut, 4);
    cut(&h.high, 0, no);
    open_low(&h, 0);
    for (size_t i = 0; i < values.count; i++)
        add_range(&h, values.at[i]);
    close_low(&h);
    if (!(mask >> 32)) /* the high half is masked away: it is 0 */
        return h.high.cuts[0].to;
    return graph_search(g, high_word(field), (uint32_t)(mask >> 32), h.high.cuts, h.high.count);
}

const struct node *formula_test(struct graph *g, const struct formula *f, uint32_t nr,
                                const struct node *yes, const struct node *no)
{
    switch (f->kind) {
    case FORMULA_FALSE:
        return no;
    case FORMULA_TRUE:
        return yes;
    case FORMULA_FIELD:
        if (formula_is_number(f))
            return ranges_contain(f->values, nr) ? yes : no;
        return field_test(g, f->field, f->mask, f->values, yes, no);
    case FORMULA_AND:
        for (size_t i = f->kid_count; i-- > 0;)
            yes = formula_test(g, f->kids[i], nr, yes, no);
        return yes;
    case FORMULA_OR:
        for (size_t i = f->kid_count; i-- > 0;)
            no = formula_test(g, f->kids[i], nr, yes, no);
        return no;
    }
    return no;
}
