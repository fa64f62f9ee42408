/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/import/behaviour.h"

#include "compiler/sema/eval.h"

#include <string.h>

static const struct cond always = {.kind = COND_TRUE}, never = {.kind = COND_FALSE};

/* --- without the number ------------------------------------------------------------------------*/

typedef VEC(const struct cond *) conds;

/* Adds a kid of an AND or OR; nested ones of the same kind are its own. */
static void add_kid(struct arena *a, conds *kids, enum cond_kind kind, const struct cond *kid)
{
    if (kid->kind != kind) {
        VEC_PUSH(a, kids, kid);
        return;
    }
    for (size_t i = 0; i < kid->kid_count; i++)
        VEC_PUSH(a, kids, kid->kids[i]);
}

static const struct cond *join(struct arena *a, enum cond_kind kind, const conds *kids)
{
    struct cond *cond;

    if (kids->count == 0)
        return kind == COND_AND ? &always : &never;
    if (kids->count == 1)
        return kids->at[0];
    cond = ARENA_NEW(a, struct cond);
    cond->kind = kind;
    cond->kids = kids->at;
    cond->kid_count = kids->count;
    return cond;
}

static const struct cond *negate(struct arena *a, const struct cond *kid)
{
    const struct cond **kids;
    struct cond *cond;

    switch (kid->kind) {
    case COND_TRUE:
        return &never;
    case COND_FALSE:
        return &always;
    case COND_NOT:
        return kid->kids[0];
    case COND_ATOM:
    case COND_AND:
    case COND_OR:
        break;
    }
    cond = ARENA_NEW(a, struct cond);
    kids = ARENA_ARRAY(a, const struct cond *, 1);
    kids[0] = kid;
    cond->kind = COND_NOT;
    cond->kids = kids;
    cond->kid_count = 1;
    return cond;
}

static const struct cond *without_number(struct arena *a, const struct cond *cond,
                                         const struct seccomp_data *call)
{
    conds kids = {0};

    switch (cond->kind) {
    case COND_TRUE:
    case COND_FALSE:
        return cond;
    case COND_ATOM:
        if (cond->atom.field != FIELD_NR)
            return cond;
        return eval_atom(&cond->atom, call) ? &always : &never;
    case COND_NOT:
        return negate(a, without_number(a, cond->kids[0], call));
    case COND_AND:
    case COND_OR:
        for (size_t i = 0; i < cond->kid_count; i++) {
            const struct cond *kid = without_number(a, cond->kids[i], call);

            if (kid->kind == (cond->kind == COND_AND ? COND_FALSE : COND_TRUE))
                return kid;
            if (kid->kind != COND_TRUE && kid->kind != COND_FALSE)
                add_kid(a, &kids, cond->kind, kid);
        }
        return join(a, cond->kind, &kids);
    }
    __builtin_unreachable();
}

/* --- sets of values ----------------------------------------------------------------------------*/

static uint64_t most(const struct atom *a)
{
    return a->width == 64 ? UINT64_MAX : (UINT64_C(1) << a->width) - 1;
}

/* The values that a comparison allows; false if it is not one of plain values. */
static bool values_of(struct arena *arena, const struct cond *cond, struct ranges *out)
{
    const struct atom *a = &cond->atom;
    uint64_t max;

    if (cond->kind != COND_ATOM || a->is_signed || a->mask != most(a))
        return false;
    max = most(a);
    switch (a->op) {
    case CMP_IN:
        *out = a->set;
        return true;
    case CMP_EQ:
        *out = ranges_one(arena, a->value, a->value);
        return true;
    case CMP_NE:
        *out = ranges_complement(arena, ranges_one(arena, a->value, a->value), max);
        return true;
    case CMP_LE:
        *out = ranges_one(arena, 0, a->value);
        return true;
    case CMP_GE:
        *out = ranges_one(arena, a->value, max);
        return true;
    case CMP_LT:
        *out = a->value ? ranges_one(arena, 0, a->value - 1) : (struct ranges){0};
        return true;
    case CMP_GT:
        *out = a->value < max ? ranges_one(arena, a->value + 1, max) : (struct ranges){0};
        return true;
    }
    __builtin_unreachable();
}

static bool same_operand(const struct atom *a, const struct atom *b)
{
    return a->field == b->field && a->shift == b->shift && a->width == b->width &&
           a->is_signed == b->is_signed && a->mask == b->mask;
}

static bool same_ranges(struct ranges a, struct ranges b)
{
    return a.count == b.count && (!a.count || !memcmp(a.at, b.at, a.count * sizeof(*a.at)));
}

static bool same_cond(const struct cond *a, const struct cond *b)
{
    if (a->kind != b->kind || a->kid_count != b->kid_count)
        return false;
    if (a->kind == COND_ATOM && (!same_operand(&a->atom, &b->atom) || a->atom.op != b->atom.op ||
                                 (a->atom.op == CMP_IN ? !same_ranges(a->atom.set, b->atom.set)
                                                       : a->atom.value != b->atom.value)))
        return false;
    for (size_t i = 0; i < a->kid_count; i++)
        if (!same_cond(a->kids[i], b->kids[i]))
            return false;
    return true;
}

/* Two comparisons of one operand as one for either; NULL if they are not such. */
static const struct cond *either(struct arena *arena, const struct cond *x, const struct cond *y)
{
    struct ranges a, b;
    struct cond *cond;

    if (x->kind != COND_ATOM || y->kind != COND_ATOM || !same_operand(&x->atom, &y->atom) ||
        !values_of(arena, x, &a) || !values_of(arena, y, &b))
        return NULL;
    cond = ARENA_NEW(arena, struct cond);
    *cond = *x;
    cond->atom.op = CMP_IN;
    cond->atom.set = ranges_union(arena, a, b);
    return cond;
}

static void kids_of(const struct cond **cond, const struct cond *const **kids, size_t *count)
{
    bool is_and = (*cond)->kind == COND_AND;

    *kids = is_and ? (*cond)->kids : cond;
    *count = is_and ? (*cond)->kid_count : 1;
}

/* The conditions as one, where they differ in one comparison; NULL otherwise. */
static const struct cond *merge(struct arena *a, const struct cond *x, const struct cond *y)
{
    const struct cond *const *xs, *const *ys, *one = NULL;
    size_t xn, yn;
    conds kids = {0};

    kids_of(&x, &xs, &xn);
    kids_of(&y, &ys, &yn);
    if (xn != yn)
        return NULL;
    for (size_t i = 0; i < xn; i++) {
        if (same_cond(xs[i], ys[i])) {
            VEC_PUSH(a, &kids, xs[i]);
            continue;
        }
        if (one || !(one = either(a, xs[i], ys[i])))
            return NULL;
        VEC_PUSH(a, &kids, one);
    }
    return join(a, COND_AND, &kids);
}

/* Can both conditions hold? Only what is plain is seen. */
static bool may_meet(struct arena *a, const struct cond *x, const struct cond *y)
{
    const struct cond *const *xs, *const *ys;
    struct ranges u, v;
    size_t xn, yn;

    kids_of(&x, &xs, &xn);
    kids_of(&y, &ys, &yn);
    for (size_t i = 0; i < xn; i++)
        for (size_t j = 0; j < yn; j++)
            if (xs[i]->kind == COND_ATOM && ys[j]->kind == COND_ATOM &&
                same_operand(&xs[i]->atom, &ys[j]->atom) && values_of(a, xs[i], &u) &&
                values_of(a, ys[j], &v) && ranges_intersect(a, u, v).count == 0)
                return false;
    return true;
}

/* Merges rule i into an earlier one of its action, over others that it does not meet. */
static bool merge_up(struct arena *a, struct residual *r, size_t i)
{
    for (size_t j = i; j-- > 0;) {
        const struct cond *one = NULL;

        if (r->at[j].ret == r->at[i].ret)
            one = merge(a, r->at[j].cond, r->at[i].cond);
        if (one) {
            r->at[j].cond = one;
            return true;
        }
        if (r->at[j].ret != r->at[i].ret && may_meet(a, r->at[j].cond, r->at[i].cond))
            return false;
    }
    return false;
}

void residual_tidy(struct arena *a, struct residual *r)
{
    size_t kept = 0;

    for (size_t i = 0; i + 1 < r->count; i++) {
        r->at[kept] = r->at[i];
        if (!merge_up(a, r, kept))
            kept++;
    }
    if (r->count)
        r->at[kept++] = r->at[r->count - 1];
    r->count = kept;
    while (r->count > 1 && r->at[r->count - 2].ret == r->at[r->count - 1].ret)
        r->at[--r->count - 1].cond = &always;
}

/* --- 32-bit architectures ----------------------------------------------------------------------*/

/* There the kernel's high halves are zero, so that a comparison of the low one is one of the whole,
 * and reads as it does on 64-bit ones. */
static const struct cond *widen(struct arena *a, const struct cond *cond)
{
    struct cond *wide = ARENA_NEW(a, struct cond);
    const struct cond **kids = ARENA_ARRAY(a, const struct cond *, cond->kid_count);
    struct range *list;

    *wide = *cond;
    for (size_t i = 0; i < cond->kid_count; i++)
        kids[i] = widen(a, cond->kids[i]);
    wide->kids = kids;
    if (cond->kind != COND_ATOM || cond->atom.width != 32 || cond->atom.shift ||
        cond->atom.is_signed || cond->atom.field < FIELD_ARG0)
        return wide;
    wide->atom.width = 64;
    if (cond->atom.mask == UINT32_MAX)
        wide->atom.mask = UINT64_MAX;
    if (cond->atom.op == CMP_IN && cond->atom.set.count) {
        list = ARENA_ARRAY(a, struct range, cond->atom.set.count);
        memcpy(list, cond->atom.set.at, cond->atom.set.count * sizeof(*list));
        if (list[cond->atom.set.count - 1].high == UINT32_MAX)
            list[cond->atom.set.count - 1].high = UINT64_MAX;
        wide->atom.set.at = list;
    }
    return wide;
}

struct residual residual_of(struct arena *a, const struct target *t, uint32_t nr)
{
    const struct seccomp_data call = {.nr = (int)nr, .arch = t->arch->audit};
    struct residual r = {ARENA_ARRAY(a, struct residual_rule, t->rule_count + 1), 0};

    for (size_t i = 0; i < t->rule_count; i++) {
        const struct cond *cond = without_number(a, t->rules[i]->cond, &call);

        if (cond->kind == COND_FALSE)
            continue;
        if (t->arch->bits == 32)
            cond = widen(a, cond);
        r.at[r.count++] = (struct residual_rule){cond, t->rules[i]->ret};
        if (cond->kind == COND_TRUE)
            break;
    }
    residual_tidy(a, &r);
    return r;
}
