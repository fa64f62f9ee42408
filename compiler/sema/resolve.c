/* SPDX-License-Identifier: Apache-2.0 */
/* AST to policy: the targets, and for each of them the rules in order. */
#include "compiler/sema/internal.h"

#include "base/str.h"
#include "compiler/tables/names.h"

#include <stdlib.h>
#include <string.h>

/* --- targets -----------------------------------------------------------------------------------
 */

static bool is_target(const struct resolver *r, const struct arch *arch)
{
    size_t i;

    for (i = 0; i < r->targets.count; i++)
        if (r->targets.at[i] == arch)
            return true;
    return false;
}

static void add_target(struct resolver *r, const struct arch *arch)
{
    if (!is_target(r, arch))
        VEC_PUSH(r->arena, &r->targets, arch);
}

void join_target(struct resolver *r, const struct arch *arch)
{
    /* a kernel of the other byte order makes no calls that this filter sees */
    if (r->targets.count && r->targets.at[0]->big_endian == arch->big_endian)
        add_target(r, arch);
}

/* Declarations that hold for the whole filter cannot depend on the architecture. */
static bool is_unguarded(struct resolver *r, const struct statement *s)
{
    if (!s->guard)
        return true;
    diag_add(r->diags, DIAG_BAD_DIRECTIVE, s->item->span,
             "this declaration holds for the whole filter: it cannot stand under #if ARCH_…");
    return false;
}

/* Records a second declaration of what can be declared once. */
static bool is_first(struct resolver *r, const struct item *first, const struct item *item,
                     const char *what)
{
    struct diag *diag;

    if (!first)
        return true;
    diag = diag_add(r->diags, DIAG_DUPLICATE_DEFAULT, item->span, "a second '%s'", what);
    diag_note(r->diags, diag, first->span, "the first one is here");
    return false;
}

static void declare_targets(struct resolver *r, const struct item *item, bool wanted)
{
    size_t i;

    for (i = 0; i < item->names.count; i++) {
        const struct arch *arch = resolve_arch(r, item->names.at[i]);

        if (arch && wanted)
            add_target(r, arch);
    }
}

static void choose_targets(struct resolver *r)
{
    const struct item *declared = NULL;
    struct span span = {0};
    size_t i;

    for (i = 0; i < r->options->target_count; i++)
        add_target(r, r->options->targets[i]);
    for (i = 0; i < r->statements.count; i++) {
        const struct statement *s = &r->statements.at[i];

        if (s->item->kind != ITEM_ARCH || !is_unguarded(r, s) ||
            !is_first(r, declared, s->item, "arch"))
            continue;
        declared = s->item;
        declare_targets(r, s->item, r->options->target_count == 0);
        span = s->item->span;
    }
    if (!r->targets.count && arch_native())
        add_target(r, arch_native());
    for (i = 1; i < r->targets.count; i++)
        if (r->targets.at[i]->big_endian != r->targets.at[0]->big_endian) {
            diag_add(r->diags, DIAG_MIXED_ENDIAN, span,
                     "%s and %s differ in byte order: no kernel has both, make one filter for each",
                     r->targets.at[0]->name, r->targets.at[i]->name);
            return;
        }
}

/* --- rules of one target -----------------------------------------------------------------------
 */

typedef VEC(const struct rule *) rule_list;

/* The declarations of one target that are rules of their own at the end. */
struct tail {
    const struct item *unknown, *known, *fallback;
    unsigned unknown_number, fallback_number;
};

static const struct cond *always(struct resolver *r, struct span span)
{
    return size_draft(r, draft_constant(r, true, span));
}

static void add_rule(struct resolver *r, rule_list *rules, const struct item *item, unsigned number,
                     const struct cond *cond)
{
    struct rule *rule = ARENA_NEW(r->arena, struct rule);

    rule->cond = cond;
    rule->item = item;
    rule->span = item->span;
    rule->number = number;
    if (item->reason.len)
        rule->reason = arena_strndup(r->arena, item->reason.text, item->reason.len);
    if (resolve_action(r, &item->action, &rule->ret) && cond)
        VEC_PUSH(r->arena, rules, rule);
}

static void add_written_rule(struct resolver *r, rule_list *rules, const struct item *item,
                             unsigned number)
{
    static const struct scope nowhere;
    const struct cond *cond = NULL;
    struct draft *draft;

    if (!item->expr) {
        cond = always(r, item->span);
    } else {
        draft = resolve_condition(r, item->expr, &nowhere);
        if (draft)
            cond = size_draft(r, draft);
    }
    add_rule(r, rules, item, number, cond);
}

/* Numbers without a name, and names that came after `known`. */
static const struct cond *unknown_numbers(struct resolver *r, const struct item *known)
{
    kernel_release release = syscall_table_release;
    VEC(struct range) named = {0};
    struct cond *c;
    size_t i;

    if (known)
        release = (kernel_release)known->expr->number;
    for (i = 0; i < syscall_count; i++) {
        int64_t nr = syscall_number(&syscall_table[i], r->arch);

        if (nr >= 0 && syscall_table[i].since <= release)
            VEC_PUSH(r->arena, &named, ((struct range){(uint64_t)nr, (uint64_t)nr}));
    }
    c = ARENA_NEW(r->arena, struct cond);
    c->kind = COND_ATOM;
    c->atom = (struct atom){.field = FIELD_NR, .width = 32, .op = CMP_IN, .mask = UINT32_MAX};
    c->atom.set =
        ranges_complement(r->arena, ranges_from(r->arena, named.at, named.count), UINT32_MAX);
    return c;
}

static void check_known(struct resolver *r, const struct item *known)
{
    if (known->expr->kind != EXPR_KERNEL)
        diag_add(r->diags, DIAG_WRONG_KIND, known->expr->span, "'known' takes KERNEL(…)");
    else if (known->expr->number > syscall_table_release)
        diag_add(r->diags, DIAG_BAD_VERSION, known->expr->span,
                 "the table of system calls knows kernels up to %u.%u", syscall_table_release >> 16,
                 syscall_table_release >> 8 & 0xff);
}

static void collect_rules(struct resolver *r, rule_list *rules, struct tail *tail)
{
    size_t i;

    for (i = 0; i < r->statements.count; i++) {
        const struct item *item = r->statements.at[i].item;

        if (item->kind > ITEM_KNOWN || item->kind == ITEM_FOREIGN ||
            !statement_holds(r, &r->statements.at[i]))
            continue;
        if (item->kind == ITEM_RULE) {
            add_written_rule(r, rules, item, (unsigned)i);
        } else if (item->kind == ITEM_DEFAULT && is_first(r, tail->fallback, item, "default")) {
            tail->fallback = item;
            tail->fallback_number = (unsigned)i;
        } else if (item->kind == ITEM_UNKNOWN && is_first(r, tail->unknown, item, "unknown")) {
            tail->unknown = item;
            tail->unknown_number = (unsigned)i;
        } else if (item->kind == ITEM_KNOWN && is_first(r, tail->known, item, "known")) {
            tail->known = item;
            check_known(r, item);
        }
    }
}

static struct target resolve_target(struct resolver *r, const struct arch *arch)
{
    struct target t = {.arch = arch};
    rule_list rules = {0};
    struct tail tail = {0};

    r->arch = arch;
    r->expansions = 0;
    collect_definitions(r);
    collect_rules(r, &rules, &tail);
    if (tail.unknown)
        add_rule(r, &rules, tail.unknown, tail.unknown_number, unknown_numbers(r, tail.known));
    if (tail.fallback)
        add_rule(r, &rules, tail.fallback, tail.fallback_number, always(r, tail.fallback->span));
    t.rules = rules.at;
    t.rule_count = rules.count;
    collect_claims(r, &t);
    return t;
}

/* --- definitions that nothing uses --------------------------------------------------------------
 */

/* Faults in what no rule uses are told all the same. */
static void check_definitions(struct resolver *r)
{
    const struct missing *missing = NULL;
    value_t value;
    uint32_t i;

    for (i = 0; i < r->names.room; i++) {
        const struct definition *d = r->names.entries[i].value;

        if (d && d->item->kind == ITEM_CONST)
            (void)!eval_constant_name(r, d->item->name, &value, &missing);
    }
    for (i = 0; i < r->sets.room; i++) {
        const struct definition *d = r->sets.entries[i].value;

        if (d)
            resolve_set(r, d->item->name);
    }
}

/* --- the whole policy --------------------------------------------------------------------------
 */

static void resolve_flags(struct resolver *r, struct policy *p, const struct item *item)
{
    size_t i, j;

    for (i = 0; i < item->names.count; i++) {
        struct name name = item->names.at[i];
        const struct filter_flag *flag = filter_flag_by_name(name.text, name.len);
        struct nearest near;
        struct diag *diag;

        if (flag) {
            p->filter_flags |= flag->bit;
            continue;
        }
        diag = diag_add(r->diags, DIAG_UNKNOWN_FLAG, name.span, "unknown filter flag '%.*s'",
                        (int)name.len, name.text);
        nearest_init(&near, name.text, name.len);
        for (j = 0; j < filter_flag_count; j++)
            nearest_feed(&near, filter_flags[j].name);
        if (near.best)
            diag_note(r->diags, diag, name.span, "did you mean '%s'?", near.best);
    }
}

static void resolve_foreign(struct resolver *r, struct policy *p, const struct item *item)
{
    resolve_action(r, &item->action, &p->foreign);
    p->foreign_span = item->span;
    if (item->reason.len)
        p->foreign_reason = arena_strndup(r->arena, item->reason.text, item->reason.len);
}

static void resolve_global(struct resolver *r, struct policy *p)
{
    const struct item *foreign = NULL;
    size_t i;

    p->foreign = SECCOMP_RET_KILL_PROCESS;
    for (i = 0; i < r->statements.count; i++) {
        const struct statement *s = &r->statements.at[i];

        if (s->item->kind == ITEM_FLAGS && is_unguarded(r, s))
            resolve_flags(r, p, s->item);
        if (s->item->kind == ITEM_TEST)
            VEC_PUSH(r->arena, &p->tests, s->item);
        if (s->item->kind == ITEM_FOREIGN && is_unguarded(r, s) &&
            is_first(r, foreign, s->item, "foreign")) {
            foreign = s->item;
            resolve_foreign(r, p, s->item);
        }
    }
}

static int by_arch(const void *pa, const void *pb)
{
    const struct target *a = pa, *b = pb;

    return a->arch < b->arch ? -1 : a->arch > b->arch;
}

static void find_notify(struct policy *p)
{
    size_t i, j;

    for (i = 0; i < p->target_count; i++)
        for (j = 0; j < p->targets[i].rule_count; j++)
            if (p->targets[i].rules[j]->ret == SECCOMP_RET_USER_NOTIF)
                p->has_notify = true;
    if (p->foreign == SECCOMP_RET_USER_NOTIF)
        p->has_notify = true;
}

static void resolve_targets(struct resolver *r, struct policy *p)
{
    VEC(struct target) targets = {0};
    size_t i;

    for (i = 0; i < r->targets.count; i++) { /* the list may grow on the way */
        VEC_PUSH(r->arena, &targets, resolve_target(r, r->targets.at[i]));
        check_definitions(r);
        if (i == 0)
            resolve_global(r, p);
    }
    if (targets.count)
        qsort(targets.at, targets.count, sizeof(*targets.at), by_arch);
    p->targets = targets.at;
    p->target_count = targets.count;
}

struct policy *resolve_policy(struct arena *a, const struct ast *ast,
                              const struct resolve_options *o, struct syscall_fallback *fallback,
                              struct diags *diags)
{
    struct resolver r = {.arena = a, .diags = diags, .options = o, .fallback = fallback};
    struct policy *p = ARENA_NEW(a, struct policy);

    collect_statements(&r, ast);
    choose_targets(&r);
    if (!r.targets.count)
        diag_add(diags, DIAG_UNKNOWN_ARCH, (struct span){0},
                 "this machine's architecture is not in the table: name one with --arch");
    resolve_targets(&r, p);
    for (size_t i = 0; i < r.statements.count; i++)
        p->declares_archs |= r.statements.at[i].item->kind == ITEM_ARCH;
    if (p->declares_archs)
        collect_foreign(&r, &p->foreign_expectations);
    p->rule_numbers = (unsigned)r.statements.count;
    find_notify(p);
    return diags->errors ? NULL : p;
}
