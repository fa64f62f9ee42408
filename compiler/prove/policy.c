/* SPDX-License-Identifier: Apache-2.0 */
/* Policies as terms, rule by rule: what sema/eval.c does with a call, done with all of a class. */
#include "compiler/prove/subject.h"

#include "compiler/sema/eval.h"

/* --- atoms about the number or with constants: decided where the class does
 * ---------------------*/

static Z3_ast evaluated(const struct terms *t, const struct atom *atom, uint32_t nr)
{
    const struct seccomp_data call = {.nr = (int)nr};

    return term_bool(t, eval_atom(atom, &call));
}

/* Is it about the whole number, so that order in it is order of the number? */
static bool is_plain_number(const struct atom *atom)
{
    return atom->field == FIELD_NR && atom->shift == 0 && (uint32_t)atom->mask == UINT32_MAX;
}

static bool ranges_touch(struct ranges set, uint64_t low, uint64_t high)
{
    for (size_t i = 0; i < set.count; i++)
        if (set.at[i].low <= high && set.at[i].high >= low)
            return true;
    return false;
}

static bool ranges_cover(struct ranges set, uint64_t low, uint64_t high)
{
    for (size_t i = 0; i < set.count; i++)
        if (set.at[i].low <= low && set.at[i].high >= high)
            return true;
    return false;
}

/* Where a class does not cross 0x80000000, comparisons by order change at most once
 * between its bounds, signed or not. NULL: the class does not decide. */
static Z3_ast decided_by_number(const struct terms *t, const struct atom *atom, struct value nr)
{
    bool unlike;

    if (is_constant(nr))
        return evaluated(t, atom, nr.low);
    if (!is_plain_number(atom) || (nr.low ^ nr.high) >> 31)
        return NULL;
    switch (atom->op) {
    case CMP_EQ:
    case CMP_NE:
        unlike = atom->value < nr.low || atom->value > nr.high;
        return unlike ? term_bool(t, atom->op == CMP_NE) : NULL;
    case CMP_IN:
        if (ranges_cover(atom->set, nr.low, nr.high))
            return t->yes;
        return ranges_touch(atom->set, nr.low, nr.high) ? NULL : t->no;
    case CMP_LT:
    case CMP_LE:
    case CMP_GT:
    case CMP_GE:
        if (evaluated(t, atom, nr.low) == evaluated(t, atom, nr.high))
            return evaluated(t, atom, nr.low);
        return NULL;
    }
    __builtin_unreachable();
}

/* --- atoms as terms ---------------------------------------------------------------------------*/

static Z3_ast number_ast(const struct terms *t, uint64_t k, unsigned width)
{
    return Z3_mk_unsigned_int64(t->z3, k, Z3_mk_bv_sort(t->z3, width));
}

/* All 64 bits of a field. */
static Z3_ast field_ast(const struct terms *t, enum field field, const struct call_class *class)
{
    enum word low;

    if (field == FIELD_NR)
        return Z3_mk_zero_ext(t->z3, 32, value_ast(t, class->word[WORD_NR]));
    low = field == FIELD_IP ? WORD_IP_LOW : WORD_ARG_LOW(field - FIELD_ARG0);
    return Z3_mk_concat(t->z3, value_ast(t, class->word[low + 1]), value_ast(t, class->word[low]));
}

/* (field >> shift) & mask, at the atom's width. */
static Z3_ast compared_ast(const struct terms *t, const struct atom *atom,
                           const struct call_class *class)
{
    const uint64_t whole = UINT64_MAX >> (64 - atom->width);
    unsigned top = atom->shift + atom->width - 1u;
    Z3_ast ast = field_ast(t, atom->field, class);

    if (top > 63) /* shifted in: zeros */
        ast = Z3_mk_zero_ext(t->z3, top - 63, ast);
    ast = Z3_mk_extract(t->z3, top, atom->shift, ast);
    if ((atom->mask & whole) != whole)
        ast = Z3_mk_bvand(t->z3, ast, number_ast(t, atom->mask, atom->width));
    return ast;
}

static Z3_ast in_set(const struct terms *t, const struct atom *atom, Z3_ast x)
{
    Z3_ast any = t->no;

    for (size_t i = 0; i < atom->set.count; i++) {
        struct range r = atom->set.at[i];
        Z3_ast low = number_ast(t, r.low, atom->width), high = number_ast(t, r.high, atom->width);
        Z3_ast in = r.low == r.high
                        ? Z3_mk_eq(t->z3, x, low)
                        : term_and(t, Z3_mk_bvuge(t->z3, x, low), Z3_mk_bvule(t->z3, x, high));

        any = term_or(t, any, in);
    }
    return any;
}

static Z3_ast atom_ast(const struct terms *t, const struct atom *atom,
                       const struct call_class *class)
{
    Z3_ast ast, x, y;

    if (atom->field == FIELD_NR) {
        ast = decided_by_number(t, atom, class->word[WORD_NR]);
        if (ast)
            return ast;
    }
    x = compared_ast(t, atom, class);
    if (atom->op == CMP_IN)
        return in_set(t, atom, x);
    y = number_ast(t, atom->value, atom->width);
    switch (atom->op) {
    case CMP_EQ:
        return Z3_mk_eq(t->z3, x, y);
    case CMP_NE:
        return term_not(t, Z3_mk_eq(t->z3, x, y));
    case CMP_LT:
        return (atom->is_signed ? Z3_mk_bvslt : Z3_mk_bvult)(t->z3, x, y);
    case CMP_LE:
        return (atom->is_signed ? Z3_mk_bvsle : Z3_mk_bvule)(t->z3, x, y);
    case CMP_GT:
        return (atom->is_signed ? Z3_mk_bvsgt : Z3_mk_bvugt)(t->z3, x, y);
    case CMP_GE:
        return (atom->is_signed ? Z3_mk_bvsge : Z3_mk_bvuge)(t->z3, x, y);
    case CMP_IN:
        break;
    }
    __builtin_unreachable();
}

static Z3_ast cond_ast(const struct terms *t, const struct cond *c, const struct call_class *class)
{
    Z3_ast ast;

    switch (c->kind) {
    case COND_FALSE:
        return t->no;
    case COND_TRUE:
        return t->yes;
    case COND_ATOM:
        return atom_ast(t, &c->atom, class);
    case COND_NOT:
        return term_not(t, cond_ast(t, c->kids[0], class));
    case COND_AND:
        ast = t->yes;
        for (size_t i = 0; i < c->kid_count && ast != t->no; i++)
            ast = term_and(t, ast, cond_ast(t, c->kids[i], class));
        return ast;
    case COND_OR:
        ast = t->no;
        for (size_t i = 0; i < c->kid_count && ast != t->yes; i++)
            ast = term_or(t, ast, cond_ast(t, c->kids[i], class));
        return ast;
    }
    __builtin_unreachable();
}

/* --- rules ------------------------------------------------------------------------------------*/

static void target_outcomes(struct arena *a, const struct terms *t, const struct target *target,
                            const struct call_class *class, Z3_ast here, struct outcomes *out)
{
    Z3_ast left = here; /* no rule so far */

    for (size_t i = 0; i < target->rule_count && left != t->no; i++) {
        Z3_ast holds = cond_ast(t, target->rules[i]->cond, class);

        add_outcome(a, t, out, term_and(t, left, holds),
                    value_constant(effect_of(target->rules[i]->ret)));
        left = term_and(t, left, term_not(t, holds));
    }
    add_outcome(a, t, out, left, value_constant(EFFECT_UNDECIDED));
}

/* Holds for calls of the target. */
static Z3_ast is_of(const struct terms *t, const struct arch *arch, const struct call_class *class)
{
    const struct value *word = class->word;
    struct value bit = value_constant(X32_BIT);
    Z3_ast is = value_test(t, BPF_JEQ, word[WORD_ARCH], value_constant(arch->audit)), marked;

    if (is == t->no || arch_of_call(arch->audit, 0) == arch_of_call(arch->audit, X32_BIT))
        return is;
    marked = value_test(t, BPF_JSET, word[WORD_NR], bit);
    return term_and(t, is, arch->nr_base & X32_BIT ? marked : term_not(t, marked));
}

void policy_outcomes(struct arena *a, const struct terms *t, const struct policy *p,
                     const struct call_class *class, struct outcomes *out)
{
    Z3_ast foreign = t->yes;

    for (size_t i = 0; i < p->target_count; i++) {
        Z3_ast here = is_of(t, p->targets[i].arch, class);

        foreign = term_and(t, foreign, term_not(t, here));
        if (here != t->no)
            target_outcomes(a, t, &p->targets[i], class, here, out);
    }
    add_outcome(a, t, out, foreign, value_constant(effect_of(p->foreign)));
}

/* --- cuts -------------------------------------------------------------------------------------*/

static void cond_cuts(const struct cond *c, struct cuts *cuts)
{
    for (size_t i = 0; i < c->kid_count; i++)
        cond_cuts(c->kids[i], cuts);
    if (c->kind != COND_ATOM || c->atom.field != FIELD_NR)
        return;
    if (c->atom.op != CMP_IN)
        add_cut(cuts, WORD_NR, c->atom.value, c->atom.value);
    else
        for (size_t i = 0; i < c->atom.set.count; i++)
            add_cut(cuts, WORD_NR, c->atom.set.at[i].low, c->atom.set.at[i].high);
}

void policy_cuts(const struct policy *p, struct cuts *cuts)
{
    for (size_t i = 0; i < p->target_count; i++) {
        add_cut(cuts, WORD_ARCH, p->targets[i].arch->audit, p->targets[i].arch->audit);
        for (size_t j = 0; j < p->targets[i].rule_count; j++)
            cond_cuts(p->targets[i].rules[j]->cond, cuts);
    }
}
