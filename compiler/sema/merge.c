/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/merge.h"

uint32_t merge_ret(enum merge how, uint32_t x, uint32_t y)
{
    /* signed: KILL_PROCESS has the highest bit, and is the strictest */
    int32_t first = (int32_t)(x & SECCOMP_RET_ACTION_FULL);
    int32_t second = (int32_t)(y & SECCOMP_RET_ACTION_FULL);

    if (first == second)
        return x;
    return (second < first) == (how == MERGE_INTERSECT) ? y : x;
}

/* --- rules ------------------------------------------------------------------------------------*/

/* The rules of a target, or one of what is answered where there is none. */
struct rule_list {
    const struct rule *const *at;
    size_t count;
};

static struct rule_list rules_for(struct arena *a, const struct policy *p, const struct arch *arch)
{
    static const struct cond always = {.kind = COND_TRUE};
    const struct rule **one = ARENA_NEW(a, const struct rule *);
    struct rule *foreign;

    for (size_t i = 0; i < p->target_count; i++)
        if (p->targets[i].arch == arch)
            return (struct rule_list){p->targets[i].rules, p->targets[i].rule_count};
    foreign = ARENA_NEW(a, struct rule);
    foreign->cond = &always;
    foreign->ret = p->foreign;
    *one = foreign;
    return (struct rule_list){one, 1};
}

/* What must hold of the number for the condition to hold, where that is easily said; NULL: not. */
static const struct atom *number_atom(const struct cond *c)
{
    if (c->kind == COND_AND)
        c = c->kids[0];
    if (c->kind != COND_ATOM || c->atom.field != FIELD_NR || c->atom.shift ||
        (uint32_t)c->atom.mask != UINT32_MAX)
        return NULL;
    return c->atom.op == CMP_EQ || c->atom.op == CMP_IN ? &c->atom : NULL;
}

static struct ranges number_set(struct arena *a, const struct atom *atom)
{
    return atom->op == CMP_IN ? atom->set : ranges_one(a, atom->value, atom->value);
}

/* Do the conditions surely exclude each other? */
static bool exclude(struct arena *a, const struct cond *x, const struct cond *y)
{
    const struct atom *first = number_atom(x), *second = number_atom(y);

    return first && second &&
           ranges_intersect(a, number_set(a, first), number_set(a, second)).count == 0;
}

static const struct cond *both(struct arena *a, const struct cond *x, const struct cond *y)
{
    const struct cond **kids;
    struct cond *c;

    if (x->kind == COND_TRUE || y->kind == COND_TRUE)
        return x->kind == COND_TRUE ? y : x;
    kids = ARENA_ARRAY(a, const struct cond *, 2);
    kids[0] = x;
    kids[1] = y;
    c = ARENA_NEW(a, struct cond);
    *c = (struct cond){.kind = COND_AND, .kids = kids, .kid_count = 2, .span = x->span};
    return c;
}

/* Pairs of rules, in the order of both: the first pair that holds is of the first that hold. */
static void merge_rules(struct arena *a, enum merge how, struct rule_list xs, struct rule_list ys,
                        struct target *t)
{
    VEC(const struct rule *) rules = {0};

    for (size_t i = 0; i < xs.count; i++)
        for (size_t j = 0; j < ys.count; j++) {
            const struct rule *x = xs.at[i], *y = ys.at[j];
            struct rule *rule;

            if (exclude(a, x->cond, y->cond))
                continue;
            rule = ARENA_NEW(a, struct rule);
            rule->cond = both(a, x->cond, y->cond);
            rule->ret = merge_ret(how, x->ret, y->ret);
            rule->number = (unsigned)rules.count;
            VEC_PUSH(a, &rules, rule);
        }
    t->rules = rules.at;
    t->rule_count = rules.count;
}

/* --- policies ---------------------------------------------------------------------------------*/

static bool has_target(const struct policy *p, const struct arch *arch)
{
    for (size_t i = 0; i < p->target_count; i++)
        if (p->targets[i].arch == arch)
            return true;
    return false;
}

struct policy *merge_policies(struct arena *a, enum merge how, const struct policy *x,
                              const struct policy *y)
{
    struct policy *p = ARENA_NEW(a, struct policy);

    p->targets = ARENA_ARRAY(a, struct target, ARCH_COUNT);
    p->foreign = merge_ret(how, x->foreign, y->foreign);
    p->filter_flags = x->filter_flags | y->filter_flags;
    for (const struct arch *arch = arch_table; arch < arch_table + ARCH_COUNT; arch++) {
        struct target *t = &p->targets[p->target_count];

        if (!has_target(x, arch) && !has_target(y, arch))
            continue;
        p->target_count++;
        t->arch = arch;
        merge_rules(a, how, rules_for(a, x, arch), rules_for(a, y, arch), t);
        if (p->rule_numbers < t->rule_count)
            p->rule_numbers = (unsigned)t->rule_count;
        for (size_t i = 0; i < t->rule_count; i++)
            p->has_notify |= (t->rules[i]->ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF;
    }
    return p;
}
