/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions to formulas: negations pushed down to the leaves, leaves to sets, and leaves about
 * the same bits merged. */
#include "compiler/graph/formula.h"

#include <stdlib.h>

static const struct formula always = {.kind = FORMULA_TRUE};
static const struct formula never = {.kind = FORMULA_FALSE};

/* --- one comparison to a set of values -------------------------------------------------------- */

static uint64_t ones(unsigned bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

/* Values v of `max` = 2^n - 1 with v < value or, if equal too, v <= value. */
static struct ranges below(struct arena *a, uint64_t value, bool equal)
{
    if (!equal && value == 0)
        return (struct ranges){NULL, 0};
    return ranges_one(a, 0, equal ? value : value - 1);
}

/* The same in signed order: the negative ones are the upper half, and begin the order. */
static struct ranges below_signed(struct arena *a, uint64_t value, bool equal, uint64_t max)
{
    uint64_t least = max / 2 + 1;

    if (!equal && value == least)
        return (struct ranges){NULL, 0};
    if (!equal)
        value = (value - 1) & max;
    if (value >= least)
        return ranges_one(a, least, value);
    return ranges_union(a, ranges_one(a, 0, value), ranges_one(a, least, max));
}

/* Of the field's shifted and masked value. */
static struct ranges atom_values(struct arena *a, const struct atom *atom)
{
    uint64_t max = ones(atom->width);
    bool equal = atom->op == CMP_LE || atom->op == CMP_GT;
    struct ranges r = {NULL, 0};

    switch (atom->op) {
    case CMP_IN:
        return atom->set;
    case CMP_EQ:
    case CMP_NE:
        r = ranges_one(a, atom->value, atom->value);
        break;
    case CMP_LT:
    case CMP_LE:
    case CMP_GT:
    case CMP_GE:
        r = atom->is_signed ? below_signed(a, atom->value, equal, max)
                            : below(a, atom->value, equal);
        break;
    }
    if (atom->op == CMP_NE || atom->op == CMP_GT || atom->op == CMP_GE)
        r = ranges_complement(a, r, max);
    return r;
}

/* A value that was shifted down is the same set shifted up, under the mask shifted up. */
static struct ranges shift_up(struct arena *a, struct ranges r, unsigned shift)
{
    struct range *out = ARENA_ARRAY(a, struct range, r.count);

    for (size_t i = 0; i < r.count; i++)
        out[i] = (struct range){r.at[i].low << shift, r.at[i].high << shift};
    return (struct ranges){out, r.count};
}

/* --- leaves ----------------------------------------------------------------------------------- */

#define NUMBER_MASK UINT64_C(0xffffffff)

/* ~0 << n of the 32 bits of a number, but not all of them. */
static bool is_number_prefix(uint64_t mask)
{
    uint64_t rest = ~mask & NUMBER_MASK;

    return mask && rest && (rest & (rest + 1)) == 0;
}

/* A number under a prefix is the whole number in wider ranges, and then sorts calls. */
static void widen_prefix(struct arena *a, struct formula *f)
{
    uint64_t rest = ~f->mask & NUMBER_MASK;
    struct range *out = ARENA_ARRAY(a, struct range, f->values.count);
    size_t n = 0;

    for (size_t i = 0; i < f->values.count; i++) {
        uint64_t low = (f->values.at[i].low + rest) & ~rest, high = f->values.at[i].high | rest;

        if (low <= (high & ~rest) && (f->values.at[i].high & ~rest) >= low)
            out[n++] = (struct range){low, high};
    }
    f->values = ranges_from(a, out, n);
    f->mask = NUMBER_MASK;
}

static const struct formula *leaf(struct arena *a, enum field field, uint64_t mask,
                                  struct ranges values)
{
    struct formula *f = ARENA_NEW(a, struct formula);

    *f = (struct formula){.kind = FORMULA_FIELD, .field = field, .mask = mask};
    f->values = values;
    if (values.count && values.at[values.count - 1].high > mask)
        f->values = ranges_intersect(a, values, ranges_one(a, 0, mask));
    if (field == FIELD_NR && is_number_prefix(mask))
        widen_prefix(a, f);
    if (!f->values.count)
        return &never;
    if (f->values.at[0].low == 0 && f->values.at[0].high >= f->mask)
        return &always;
    return f;
}

static const struct formula *atom_formula(struct arena *a, const struct atom *atom, bool negate)
{
    uint64_t mask = atom->mask & ones(atom->width);
    struct ranges values = atom_values(a, atom);

    if (negate)
        values = ranges_complement(a, values, ones(atom->width));
    if (atom->shift) {
        mask <<= atom->shift;
        values = shift_up(a, values, atom->shift);
    }
    if (atom->field == FIELD_NR)
        mask &= NUMBER_MASK;
    return leaf(a, atom->field, mask, values);
}

bool formula_is_number(const struct formula *f)
{
    return f->kind == FORMULA_FIELD && f->field == FIELD_NR && f->mask == NUMBER_MASK;
}

/* --- AND and OR ------------------------------------------------------------------------------- */

struct part {
    const struct formula *formula;
    size_t order;
};
typedef VEC(struct part) parts;

static int by_bits(const void *pa, const void *pb)
{
    const struct part *a = pa, *b = pb;
    const struct formula *f = a->formula, *g = b->formula;

    if (f->kind != g->kind)
        return f->kind < g->kind ? -1 : 1;
    if (f->field != g->field)
        return f->field < g->field ? -1 : 1;
    if (f->mask != g->mask)
        return f->mask < g->mask ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* As written, but the number first: what it decides need not be looked into further. */
static int by_order(const void *pa, const void *pb)
{
    const struct part *a = pa, *b = pb;
    bool number = formula_is_number(a->formula);

    if (number != formula_is_number(b->formula))
        return number ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* Leaves about the same bits: the union for OR; for AND the complement of the complements'
 * union, which stays linear however many they are. */
static const struct formula *merge(struct arena *a, enum formula_kind kind, const struct part *p,
                                   size_t count)
{
    const struct formula *f = p[0].formula;
    VEC(struct range) list = {0};
    struct ranges all;

    for (size_t i = 0; i < count; i++) {
        struct ranges r = p[i].formula->values;

        if (kind == FORMULA_AND)
            r = ranges_complement(a, r, f->mask);
        for (size_t j = 0; j < r.count; j++)
            VEC_PUSH(a, &list, r.at[j]);
    }
    all = ranges_from(a, list.at, list.count);
    if (kind == FORMULA_AND)
        all = ranges_complement(a, all, f->mask);
    return leaf(a, f->field, f->mask, all);
}

static bool same_bits(const struct formula *f, const struct formula *g)
{
    return f->kind == FORMULA_FIELD && g->kind == FORMULA_FIELD && f->field == g->field &&
           f->mask == g->mask;
}

/* Merges where there is something to merge; false: a merged leaf decides the whole. */
static bool merge_parts(struct arena *a, enum formula_kind kind, const struct formula *deciding,
                        parts *list)
{
    size_t n = 0;

    qsort(list->at, list->count, sizeof(*list->at), by_bits);
    for (size_t i = 0, end; i < list->count; i = end) {
        struct part p = list->at[i];

        for (end = i + 1; end < list->count && same_bits(p.formula, list->at[end].formula);)
            end++;
        if (end > i + 1)
            p.formula = merge(a, kind, list->at + i, end - i);
        if (p.formula == deciding)
            return false;
        if (p.formula->kind != FORMULA_TRUE && p.formula->kind != FORMULA_FALSE)
            list->at[n++] = p;
    }
    list->count = n;
    qsort(list->at, list->count, sizeof(*list->at), by_order);
    return true;
}

static const struct formula *of_kids(struct arena *a, enum formula_kind kind,
                                     const struct formula *const *kids, size_t count)
{
    struct formula *f;

    if (count <= 1)
        return count ? kids[0] : kind == FORMULA_AND ? &always : &never;
    f = ARENA_NEW(a, struct formula);
    *f = (struct formula){.kind = kind, .kids = kids, .kid_count = count};
    return f;
}

static const struct formula *convert(struct arena *a, const struct cond *c, bool negate);

static const struct formula *junction(struct arena *a, const struct cond *c, enum formula_kind kind,
                                      bool negate)
{
    const struct formula *deciding = kind == FORMULA_AND ? &never : &always;
    const struct formula *neutral = kind == FORMULA_AND ? &always : &never;
    const struct formula **kids;
    parts list = {0};

    for (size_t i = 0; i < c->kid_count; i++) {
        const struct formula *kid = convert(a, c->kids[i], negate);

        if (kid == deciding)
            return deciding;
        if (kid->kind == kind)
            for (size_t j = 0; j < kid->kid_count; j++)
                VEC_PUSH(a, &list, ((struct part){kid->kids[j], list.count}));
        else if (kid != neutral)
            VEC_PUSH(a, &list, ((struct part){kid, list.count}));
    }
    if (list.count > 1 && !merge_parts(a, kind, deciding, &list))
        return deciding;
    kids = ARENA_ARRAY(a, const struct formula *, list.count);
    for (size_t i = 0; i < list.count; i++)
        kids[i] = list.at[i].formula;
    return of_kids(a, kind, kids, list.count);
}

static const struct formula *convert(struct arena *a, const struct cond *c, bool negate)
{
    switch (c->kind) {
    case COND_FALSE:
        return negate ? &always : &never;
    case COND_TRUE:
        return negate ? &never : &always;
    case COND_ATOM:
        return atom_formula(a, &c->atom, negate);
    case COND_NOT:
        return convert(a, c->kids[0], !negate);
    case COND_AND:
        return junction(a, c, negate ? FORMULA_OR : FORMULA_AND, negate);
    case COND_OR:
        return junction(a, c, negate ? FORMULA_AND : FORMULA_OR, negate);
    }
    return &never;
}

const struct formula *formula_of(struct arena *a, const struct cond *c)
{
    return convert(a, c, false);
}

void formula_cuts(struct arena *a, const struct formula *f, number_list *cuts)
{
    for (size_t i = 0; i < f->kid_count; i++)
        formula_cuts(a, f->kids[i], cuts);
    if (!formula_is_number(f))
        return;
    for (size_t i = 0; i < f->values.count; i++) {
        VEC_PUSH(a, cuts, (uint32_t)f->values.at[i].low);
        if (f->values.at[i].high < UINT32_MAX)
            VEC_PUSH(a, cuts, (uint32_t)f->values.at[i].high + 1);
    }
}

enum truth formula_truth(const struct formula *f, uint32_t nr)
{
    enum truth all = ALWAYS_TRUE, any = NEVER_TRUE;

    switch (f->kind) {
    case FORMULA_FALSE:
        return NEVER_TRUE;
    case FORMULA_TRUE:
        return ALWAYS_TRUE;
    case FORMULA_FIELD:
        if (!formula_is_number(f))
            return MAY_BE_TRUE;
        return ranges_contain(f->values, nr) ? ALWAYS_TRUE : NEVER_TRUE;
    case FORMULA_AND:
        for (size_t i = 0; i < f->kid_count && all != NEVER_TRUE; i++) {
            enum truth kid = formula_truth(f->kids[i], nr);

            if (kid < all)
                all = kid;
        }
        return all;
    case FORMULA_OR:
        for (size_t i = 0; i < f->kid_count && any != ALWAYS_TRUE; i++) {
            enum truth kid = formula_truth(f->kids[i], nr);

            if (kid > any)
                any = kid;
        }
        return any;
    }
    return NEVER_TRUE;
}

/* --- parts of one ----------------------------------------------------------------------------- */

const struct formula *formula_at(struct arena *a, const struct formula *f, uint32_t nr)
{
    const struct formula **kids;
    size_t count = 0;
    bool same = true;

    switch (formula_truth(f, nr)) {
    case NEVER_TRUE:
        return &never;
    case ALWAYS_TRUE:
        return &always;
    case MAY_BE_TRUE:
        break;
    }
    if (f->kind == FORMULA_FIELD)
        return f;
    kids = ARENA_ARRAY(a, const struct formula *, f->kid_count);
    for (size_t i = 0; i < f->kid_count; i++) {
        const struct formula *kid = formula_at(a, f->kids[i], nr);

        same &= kid == f->kids[i];
        if (kid->kind != FORMULA_TRUE && kid->kind != FORMULA_FALSE) /* what decides is no more */
            kids[count++] = kid;
    }
    return same ? f : of_kids(a, f->kind, kids, count);
}

const struct formula *formula_without(struct arena *a, const struct formula *f,
                                      const struct formula *kid)
{
    const struct formula **kids = ARENA_ARRAY(a, const struct formula *, f->kid_count);
    size_t count = 0;

    for (size_t i = 0; i < f->kid_count; i++)
        if (f->kids[i] != kid)
            kids[count++] = f->kids[i];
    return of_kids(a, FORMULA_AND, kids, count);
}
