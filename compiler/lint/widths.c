/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts that hang on bits of an argument which the kernel does not read. For a call and an int
 * argument the graph is asked for two calls that differ in the upper half of that argument alone:
 * without it one is refused, with it the other is let through.
 */
#include "compiler/graph/call_text.h"
#include "compiler/lint/internal.h"
#include "compiler/sema/eval.h"

static bool tests_word(struct arena *a, const struct node *root, enum word word)
{
    const struct node **order;
    size_t count = graph_order(a, root, &order);

    for (size_t i = 0; i < count; i++)
        if (order[i]->kind != NODE_LEAF && order[i]->word == word)
            return true;
    return false;
}

/* One question about one argument of the calls of a class. */
struct question {
    struct linter *linter;
    struct decisions *decisions;
    struct number_class *class;
    struct signature signature;
    uint32_t nr;
    unsigned arg;
    bool strict; /* is it the other way round that is asked for? */
};

/* A call that is decided one way, and the other way without the upper half. */
static bool ask(const struct question *q, struct seccomp_data *found)
{
    struct arena *a = q->linter->arena;
    const struct target *t = q->decisions->target;
    struct graph *g = &q->class->graph;
    const struct node *root = class_root(q->decisions, q->class);
    const struct node *high, *low, *hit = graph_leaf(g, 1), *miss = graph_leaf(g, 0);

    high = map_leaves(g, root, leaves_of(a, t, !q->strict));
    low = map_leaves(g, root, leaves_of(a, t, q->strict));
    low = fix_word(g, low, WORD_ARG_HIGH(q->arg), 0);
    if (high == miss || low == miss)
        return false;
    /* first the one, then, where it is so, the other */
    if (seek(q->decisions, graph_replace(g, low, hit, high), hit, found) != WITNESS_FOUND)
        return false;
    found->nr = (int)q->nr;
    found->arch = t->arch->audit;
    return true;
}

/* The 64-bit comparison of the argument in a condition; NULL if there is none. */
static const struct cond *comparison_in(const struct cond *c, enum field field)
{
    const struct cond *found = NULL;

    if (c->kind == COND_ATOM && c->atom.field == field && (c->atom.mask >> 32 || c->atom.shift))
        return c;
    for (size_t i = 0; i < c->kid_count && !found; i++)
        found = comparison_in(c->kids[i], field);
    return found;
}

/* Where to show it: at the comparison, in the rule that decided or the one that should have. */
static struct span place_of(const struct question *q, const struct rule *decided,
                            const struct rule *should)
{
    enum field field = FIELD_ARG0 + (enum field)q->arg;
    const struct cond *comparison = decided ? comparison_in(decided->cond, field) : NULL;
    const struct rule *rule = comparison ? decided : should;
    const struct oci_call *entry;

    if (!rule)
        return decided ? decided->span : (struct span){0};
    if (!comparison)
        comparison = comparison_in(rule->cond, field);
    if (comparison && comparison->span.source)
        return comparison->span;
    entry = q->linter->statements[rule->number].entry;
    return entry && entry->arg_count ? entry->args_span : rule->span;
}

static void tell(const struct question *q, const struct seccomp_data *call)
{
    struct linter *l = q->linter;
    struct seccomp_data low = *call;
    struct verdict decided = eval_policy(l->policy, call), should;
    struct diag *diag;

    low.args[q->arg] &= UINT32_MAX;
    should = eval_policy(l->policy, &low);
    diag = find(l, q->strict ? LINT_INT_WIDTH_STRICT : LINT_INT_WIDTH,
                place_of(q, decided.rule, should.rule),
                "'%s' is %s, but the kernel takes it for '%s', which is %s",
                call_text(l->arena, call), q->strict ? "refused" : "let through",
                call_text(l->arena, &low), q->strict ? "let through" : "refused");
    find_note(l, diag, (struct span){0},
              "64 bits are compared; the kernel reads the lower %u of '%s'",
              q->signature.args[q->arg].bits, q->signature.args[q->arg].name);
    if (should.rule && should.rule->span.source)
        find_note(l, diag, should.rule->span, "this decides without the upper half");
}

static void check_argument(struct question *q)
{
    struct seccomp_data call;

    if (!tests_word(q->linter->arena, class_root(q->decisions, q->class), WORD_ARG_HIGH(q->arg)))
        return;
    for (unsigned strict = 0; strict < 2; strict++) {
        q->strict = strict;
        if (strict && q->linter->options->levels[LINT_INT_WIDTH_STRICT] == LEVEL_OFF)
            continue;
        if (ask(q, &call))
            tell(q, &call);
    }
}

static void check_call(struct linter *l, struct decisions *d, const struct syscall_info *s,
                       uint32_t nr)
{
    struct number_class *c = class_of(d, nr);
    struct question q = {.linter = l,
                         .decisions = d,
                         .class = c,
                         .signature = syscall_signature(s, d->target->arch),
                         .nr = nr};

    if (c->count == 1 && c->is_closed)
        return;
    for (q.arg = 0; q.arg < q.signature.count; q.arg++)
        if (q.signature.args[q.arg].bits < 64)
            check_argument(&q);
}

void lint_widths(struct linter *l)
{
    bool wide = false;

    for (size_t i = 0; i < l->policy->target_count; i++) {
        struct decisions *d = l->decisions[i];

        if (d->target->arch->bits < 64)
            continue; /* there is no upper half */
        wide = true;
        for (size_t j = 0; j < syscall_count; j++) {
            int64_t nr = syscall_number(&syscall_table[j], d->target->arch);

            if (nr >= 0)
                check_call(l, d, &syscall_table[j], (uint32_t)nr);
        }
    }
    l->checked[LINT_INT_WIDTH] = l->checked[LINT_INT_WIDTH_STRICT] = wide;
}
