/* SPDX-License-Identifier: Apache-2.0 */
/* The same names under several architectures, and architectures that are left out. */
#include "compiler/front/condition.h"
#include "compiler/lint/verdicts.h"

#include <string.h>

static struct decisions *decisions_for(const struct linter *l, enum arch_id id)
{
    for (size_t i = 0; i < l->policy->target_count; i++)
        if (l->decisions[i]->target->arch == &arch_table[id])
            return l->decisions[i];
    return NULL;
}

/* --- another way into the same kernel ----------------------------------------------------------
 */

static void compare_ways(struct linter *l, struct decisions *here, struct decisions *there)
{
    for (size_t i = 0; i < syscall_count; i++) {
        const struct syscall_info *s = &syscall_table[i];
        struct verdicts a = verdicts_of(l, here, s), b = verdicts_of(l, there, s);
        struct diag *diag;

        if (!a.exists || !b.exists || !a.may_refuse || !b.may_pass)
            continue;
        if (!a.must_refuse && !(a.on_purpose && b.must_pass))
            continue;
        diag = find(l, LINT_ARCH_BYPASS, place_in_statement(l, b.passing, s),
                    "'%s' is let through on %s, and refused%s on %s", s->name,
                    there->target->arch->name, a.must_refuse ? "" : " by arguments",
                    here->target->arch->name);
        find_note(l, diag, place_in_statement(l, a.refusing, s), "it is refused here");
    }
}

static void check_bypass(struct linter *l)
{
    struct decisions *main = decisions_for(l, ARCH_X86_64);
    struct decisions *ways[] = {decisions_for(l, ARCH_X86), decisions_for(l, ARCH_X32)};

    l->checked[LINT_ARCH_BYPASS] = main && (ways[0] || ways[1]);
    for (size_t i = 0; main && i < ARRAY_SIZE(ways); i++)
        if (ways[i])
            compare_ways(l, main, ways[i]);
}

/* --- socketcall and ipc ------------------------------------------------------------------------
 */

/* Does the carrier let its call with this first argument through? */
static bool carrier_passes(struct linter *l, struct decisions *d, const struct verdicts *carrier,
                           uint8_t call)
{
    struct graph *g = &carrier->class->graph;
    const struct node *root = class_root(d, carrier->class);
    struct seccomp_data found;

    root = map_leaves(g, fix_word(g, root, WORD_ARG_LOW(0), call),
                      leaves_of(l->arena, d->target, true));
    return seek(d, root, graph_leaf(g, 1), &found) == WITNESS_FOUND;
}

static void check_carrier(struct linter *l, struct decisions *d, const char *name)
{
    struct verdicts carrier = verdicts_by_name(l, d, name);
    struct diag *diag;
    struct strbuf calls;

    if (!carrier.exists)
        return;
    l->checked[LINT_MULTIPLEXED_LEAK] = true;
    if (!carrier.may_pass)
        return;
    strbuf_init(&calls, l->arena);
    for (size_t i = 0; i < oci_multiplexed_count; i++) {
        const struct oci_multiplexed *m = &oci_multiplexed[i];
        struct verdicts v;

        if (strcmp(m->carrier, name) != 0)
            continue;
        v = verdicts_by_name(l, d, m->name);
        if (v.exists && v.may_refuse && carrier_passes(l, d, &carrier, m->call))
            strbuf_printf(&calls, "%s'%s'", calls.len ? ", " : "", m->name);
    }
    if (!calls.len)
        return;
    diag = find(l, LINT_MULTIPLEXED_LEAK, l->statements[carrier.passing].span,
                "'%s' lets through on %s what is refused as %s", name, d->target->arch->name,
                strbuf_text(&calls));
    find_note(l, diag, (struct span){0},
              "its arguments are in memory; refused with ENOSYS, C libraries use the calls "
              "themselves");
}

static void check_carriers(struct linter *l)
{
    l->checked[LINT_MULTIPLEXED_LEAK] = false;
    for (size_t i = 0; i < l->policy->target_count; i++) {
        check_carrier(l, l->decisions[i], "socketcall");
        check_carrier(l, l->decisions[i], "ipc");
    }
}

/* --- those that are left out -------------------------------------------------------------------
 */

static void check_foreign(struct linter *l)
{
    if (!l->profile && lets_through(l->policy->foreign))
        find(l, LINT_FOREIGN_ALLOW, l->policy->foreign_span,
             "calls of architectures that the policy is not for are let through");
}

/* Architectures that a condition of #if asks for. */
static void check_condition(struct linter *l, const struct expr *e)
{
    const struct arch *arch = e->kind == EXPR_NAME ? condition_arch(&e->name) : NULL;

    if (e->kind == EXPR_UNARY && e->op == OP_NOT)
        return;
    if (arch && !decisions_for(l, arch_id(arch)))
        find(l, LINT_MISSING_ARCH, e->span, "'%s' is asked for, and is not among the targets",
             arch->name);
    for (size_t i = 0; i < e->kids.count; i++)
        check_condition(l, e->kids.at[i]);
}

static void check_conditions(struct linter *l, const item_list *items)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        if (item->kind == ITEM_IF)
            check_condition(l, item->expr);
        check_conditions(l, &item->items);
        check_conditions(l, &item->else_items);
    }
}

static void check_missing(struct linter *l)
{
    if (l->profile) {
        const struct json *root = l->profile->root;

        if (!l->profile->archs.count)
            find(l, LINT_MISSING_ARCH,
                 (struct span){l->profile->source, root->begin, root->begin + 1},
                 "the profile lists no architectures: it is for the machine's own alone");
        return;
    }
    /* without a declaration the targets are whatever the policy is compiled for */
    l->checked[LINT_MISSING_ARCH] = !l->compile->options.target_count && l->policy->declares_archs;
    if (l->checked[LINT_MISSING_ARCH])
        check_conditions(l, &l->compile->ast->items);
}

void lint_archs(struct linter *l)
{
    if (!l->profile) /* whose entries are for all architectures alike */
        check_bypass(l);
    check_carriers(l);
    check_foreign(l);
    check_missing(l);
}
