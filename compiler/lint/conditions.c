/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions, and parts of them, that do not depend on the call; and comparisons of pointers.
 *
 * A policy is resolved for each target, and a macro's body wherever it is used: a part is told of
 * if it is constant each time.
 */
#include "compiler/graph/witness.h"
#include "compiler/lint/internal.h"

#include <string.h>

/* Parts of conditions that are looked at: a bound for macros that expand to very much. */
#define MOST_PARTS 200000
/* Steps of the search for a call that fulfils one of them, or does not. */
#define PART_BUDGET (UINT64_C(1) << 14)

/* What was found of the text at one place. */
struct part {
    struct span span;
    unsigned times, always, never, outside_mask;
    /* calls for which it compares a pointer, and others; the first pointer */
    unsigned pointers, others;
    const struct syscall_info *call;
    const struct syscall_arg *arg;
};

struct parts {
    struct linter *linter;
    struct strmap by_place;
    VEC(struct part *) list;
};

static struct part *part_at(struct parts *p, struct span span)
{
    struct arena *a = p->linter->arena;
    struct part *part = strmap_get(&p->by_place, (const char *)&span, sizeof(span));

    if (part)
        return part;
    part = ARENA_NEW(a, struct part);
    part->span = span;
    strmap_put(a, &p->by_place, (const char *)&part->span, sizeof(part->span), part);
    VEC_PUSH(a, &p->list, part);
    return part;
}

/* --- is it constant? ---------------------------------------------------------------------------
 */

enum constancy { VARIES, ALWAYS, NEVER };

static enum constancy constancy_of(struct arena *a, const struct cond *c)
{
    const struct formula *f = formula_of(a, c);
    const struct node *n, *yes, *no;
    uint64_t budget = PART_BUDGET;
    struct seccomp_data call;
    struct graph g;

    if (f->kind == FORMULA_TRUE)
        return ALWAYS;
    if (f->kind == FORMULA_FALSE)
        return NEVER;
    if (f->kind == FORMULA_FIELD && f->field == FIELD_NR)
        return VARIES;
    graph_init(&g, a);
    yes = graph_leaf(&g, 1);
    no = graph_leaf(&g, 0);
    n = formula_test(&g, f, yes, no);
    if (n == yes || (n != no && seek_witness(a, n, no, &call, &budget) == WITNESS_NONE))
        return ALWAYS;
    if (n == no || seek_witness(a, n, yes, &call, &budget) == WITNESS_NONE)
        return NEVER;
    return VARIES;
}

/* `x & mask == value` with bits in value that the mask has not. */
static bool is_outside_mask(const struct atom *a)
{
    if (a->op == CMP_EQ || a->op == CMP_NE)
        return a->value & ~a->mask;
    if (a->op != CMP_IN)
        return false;
    for (size_t i = 0; i < a->set.count; i++)
        if (a->set.at[i].low == a->set.at[i].high && a->set.at[i].low & ~a->mask)
            return true;
    return false;
}

/* Counts the part; says whether it, or a part of it, is constant, so that the whole is no news. */
static bool count_part(struct parts *p, const struct cond *c)
{
    struct part *part;
    bool inner = false;

    for (size_t i = 0; i < c->kid_count; i++)
        inner |= count_part(p, c->kids[i]);
    if (!c->span.source || c->kind == COND_NOT || p->list.count > MOST_PARTS)
        return inner;
    part = part_at(p, c->span);
    part->times++;
    if (inner)
        return true;
    if (c->kind == COND_ATOM && is_outside_mask(&c->atom)) {
        part->outside_mask++;
        return true;
    }
    switch (constancy_of(p->linter->arena, c)) {
    case VARIES:
        return false;
    case ALWAYS:
        part->always++;
        break;
    case NEVER:
        part->never++;
        break;
    }
    return true;
}

static void report_parts(struct parts *p)
{
    for (size_t i = 0; i < p->list.count; i++) {
        const struct part *part = p->list.at[i];

        if (part->pointers && !part->others)
            find(p->linter, LINT_POINTER, part->span,
                 "'%s' of %s is a pointer: its value says nothing", part->arg->name,
                 part->call->name);
        if (!part->times)
            continue;
        if (part->outside_mask == part->times)
            find(p->linter, LINT_OUTSIDE_MASK, part->span,
                 "the value has bits that the mask takes away");
        else if (part->always == part->times)
            find(p->linter, LINT_TAUTOLOGY, part->span, "this always holds");
        else if (part->never == part->times)
            find(p->linter, LINT_EMPTY_CONDITION, part->span, "this never holds");
    }
}

/* --- pointers ----------------------------------------------------------------------------------
 */

/* Is there something to learn from the comparison of an address? Whether it is 0 is. */
static bool compares_with_null(const struct atom *a)
{
    if (a->op == CMP_IN)
        return a->set.count == 1 && a->set.at[0].low == 0 && a->set.at[0].high == 0;
    return (a->op == CMP_EQ || a->op == CMP_NE || a->op == CMP_GT) && a->value == 0;
}

static enum truth truth_at(const struct linter *l, const struct cond *c, uint32_t nr)
{
    return formula_truth(formula_of(l->arena, c), nr);
}

static void count_comparison(struct parts *p, const struct cond *c, const struct syscall_info *s,
                             const struct signature *signature)
{
    unsigned arg = c->atom.field - FIELD_ARG0;
    struct part *part;

    if (c->atom.field < FIELD_ARG0 || !c->span.source)
        return;
    part = part_at(p, c->span);
    if (arg >= signature->count || signature->args[arg].class != ARG_PTR ||
        compares_with_null(&c->atom)) {
        part->others++;
    } else if (!part->pointers++) {
        part->call = s;
        part->arg = &signature->args[arg];
    }
}

/* Counts the comparisons of this call's arguments in a condition; what the number settles is left
 * out. */
static void count_pointers(struct parts *p, const struct cond *c, const struct syscall_info *s,
                           const struct signature *signature, uint32_t nr)
{
    if (c->kind == COND_ATOM) {
        count_comparison(p, c, s, signature);
        return;
    }
    for (size_t i = 0; c->kind == COND_AND && i < c->kid_count; i++)
        if (truth_at(p->linter, c->kids[i], nr) == NEVER_TRUE)
            return;
    for (size_t i = 0; i < c->kid_count; i++)
        count_pointers(p, c->kids[i], s, signature, nr);
}

static void check_pointers(struct parts *p, struct decisions *d)
{
    for (size_t i = 0; i < syscall_count; i++) {
        const struct syscall_info *s = &syscall_table[i];
        int64_t nr = syscall_number(s, d->target->arch);
        const struct number_class *c = nr < 0 ? NULL : class_of(d, (uint32_t)nr);
        const struct signature signature = syscall_signature(s, d->target->arch);

        /* what surely holds looks at no argument */
        for (size_t j = 0; c && j < c->count - c->is_closed; j++)
            count_pointers(p, d->target->rules[c->rules.at[j]]->cond, s, &signature, (uint32_t)nr);
    }
}

/* --- all ---------------------------------------------------------------------------------------
 */

void lint_conditions(struct linter *l)
{
    struct parts parts = {.linter = l};

    if (l->profile)
        return; /* of which profile.c looks at the conditions as they stand */
    for (size_t i = 0; i < l->policy->target_count; i++) {
        const struct target *t = &l->policy->targets[i];

        for (size_t j = 0; j < t->rule_count; j++)
            if (t->rules[j]->item && t->rules[j]->item->kind == ITEM_RULE)
                count_part(&parts, t->rules[j]->cond);
        check_pointers(&parts, l->decisions[i]);
    }
    report_parts(&parts);
}
