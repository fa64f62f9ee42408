/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions that are conditions: names become numbers, macros are expanded. */
#include "compiler/sema/internal.h"

#include "base/str.h"

/* More drafts for one target than policies of 100,000 rules need; a few macros that call each other
 * twice reach it. */
#define MAX_DRAFTS 1000000

struct draft *draft_constant(struct resolver *r, bool value, struct span span)
{
    struct draft *d = ARENA_NEW(r->arena, struct draft);

    d->kind = value ? COND_TRUE : COND_FALSE;
    d->span = span;
    return d;
}

/* A comparison of the number with one value. */
static struct draft *draft_number(struct resolver *r, value_t nr, struct span span)
{
    struct draft *d = ARENA_NEW(r->arena, struct draft);

    d->kind = COND_ATOM;
    d->on.field = FIELD_NR;
    d->op = CMP_EQ;
    d->value = nr;
    d->span = d->value_span = span;
    return d;
}

static struct draft *draft_both(struct resolver *r, struct draft *x, struct draft *y,
                                struct span span)
{
    struct draft *d = ARENA_NEW(r->arena, struct draft);

    d->kind = COND_AND;
    d->span = span;
    VEC_PUSH(r->arena, &d->kids, x);
    VEC_PUSH(r->arena, &d->kids, y);
    return d;
}

static struct draft *resolve_kids(struct resolver *r, const struct expr *e, enum cond_kind kind,
                                  const struct scope *scope)
{
    struct draft *d = ARENA_NEW(r->arena, struct draft);
    bool good = true;
    size_t i;

    d->kind = kind;
    d->span = e->span;
    for (i = 0; i < e->kids.count; i++) {
        struct draft *kid = resolve_condition(r, e->kids.at[i], scope);

        if (kid)
            VEC_PUSH(r->arena, &d->kids, kid);
        good = good && kid;
    }
    return good ? d : NULL;
}

/* --- @name and %name ---------------------------------------------------------------------------
 */

/* A call that libseccomp alone knows: it has a number and no signature. */
static const struct syscall_info unknown_call = {
    .name = "the call", .nargs = SYSCALL_ARGS_UNKNOWN, .first_variant = SYSCALL_NO_VARIANT};

/* The condition between the parentheses of @name( ) or %name( ). */
static struct draft *resolve_arguments(struct resolver *r, const struct expr *e,
                                       const struct syscall_info *call, const struct scope *scope)
{
    struct scope inside = *scope;
    struct diag *diag;

    if (e->kids.count > 1) {
        diag = diag_add(r->diags, DIAG_SYNTAX, e->kids.at[1]->span,
                        "one condition is expected between the parentheses");
        diag_note(r->diags, diag, e->kids.at[1]->span, "join conditions with '&&'");
        return NULL;
    }
    inside.call = call;
    return resolve_condition(r, e->kids.at[0], &inside);
}

static struct draft *syscall_condition(struct resolver *r, const struct expr *e,
                                       const struct scope *scope)
{
    const struct syscall_info *call = syscall_by_name(e->name.text, e->name.len);
    int64_t nr = resolve_syscall(r, e);
    struct draft *number, *arguments;

    if (nr == -2)
        return NULL;
    number = nr < 0 ? draft_constant(r, false, e->span) : draft_number(r, nr, e->span);
    if (!e->kids.count)
        return number;
    arguments = resolve_arguments(r, e, call ? call : &unknown_call, scope);
    return arguments ? draft_both(r, number, arguments, e->span) : NULL;
}

static struct draft *set_condition(struct resolver *r, const struct expr *e,
                                   const struct scope *scope)
{
    const struct members *set = resolve_set(r, e->name);
    struct draft *d;
    bool good = true;
    size_t i;

    if (!set)
        return NULL;
    if (!set->all_syscalls) {
        struct diag *diag =
            diag_add(r->diags, DIAG_WRONG_KIND, e->span, "'%%%.*s' holds values, not system calls",
                     (int)e->name.len, e->name.text);
        diag_note(r->diags, diag, e->span, "compare a variable with it: '$arg0 in %%%.*s'",
                  (int)e->name.len, e->name.text);
        return NULL;
    }
    d = ARENA_NEW(r->arena, struct draft);
    d->span = e->span;
    if (!e->kids.count) {
        d->kind = COND_ATOM;
        d->on.field = FIELD_NR;
        d->op = CMP_IN;
        d->set = set;
        d->value_span = e->span;
        return d;
    }
    /* the arguments have other names and widths in each call */
    d->kind = COND_OR;
    for (i = 0; i < set->list.count; i++) {
        value_t nr = set->list.at[i].low;
        const struct syscall_info *call = syscall_by_number(r->arch, (uint32_t)nr);
        struct draft *arguments = resolve_arguments(r, e, call ? call : &unknown_call, scope);

        good = good && arguments;
        if (arguments)
            VEC_PUSH(r->arena, &d->kids,
                     draft_both(r, draft_number(r, nr, e->span), arguments, e->span));
    }
    return good ? d : NULL;
}

/* --- macros ------------------------------------------------------------------------------------
 */

static void report_unknown_macro(struct resolver *r, const struct expr *e)
{
    struct nearest near;
    struct diag *diag;
    uint32_t i;

    diag = diag_add(r->diags, DIAG_UNKNOWN_NAME, e->name.span, "unknown macro '%.*s'",
                    (int)e->name.len, e->name.text);
    if (diag->repeated)
        return;
    if (syscall_by_name(e->name.text, e->name.len)) {
        diag_note(r->diags, diag, e->name.span, "the system call is written '@%.*s'",
                  (int)e->name.len, e->name.text);
        return;
    }
    nearest_init(&near, e->name.text, e->name.len);
    for (i = 0; i < r->names.room; i++) {
        const struct definition *d = r->names.entries[i].value;

        if (d && d->item->kind == ITEM_MACRO)
            nearest_feed(&near, arena_strndup(r->arena, d->item->name.text, d->item->name.len));
    }
    if (near.best)
        diag_note(r->diags, diag, e->name.span, "did you mean '%s'?", near.best);
}

/* In the body of the macro itself; not so in the arguments of m(m(x)), which are the caller's. */
static bool is_being_expanded(const struct scope *scope, const struct item *macro)
{
    for (; scope; scope = scope->caller)
        if (scope->macro == macro)
            return true;
    return false;
}

static struct draft *macro_condition(struct resolver *r, const struct expr *e,
                                     const struct scope *scope)
{
    struct definition *d = find_name(r, e->name);
    struct scope inside = {NULL, NULL, e, scope, scope->depth + 1};
    struct diag *diag;

    if (!d || d->item->kind != ITEM_MACRO) {
        report_unknown_macro(r, e);
        return NULL;
    }
    if (d->item->names.count != e->kids.count) {
        diag = diag_add(r->diags, DIAG_MACRO_ARITY, e->span, "'%.*s' takes %zu arguments, not %zu",
                        (int)e->name.len, e->name.text, d->item->names.count, e->kids.count);
        diag_note(r->diags, diag, d->item->name.span, "it is defined here");
        return NULL;
    }
    if (is_being_expanded(scope, d->item)) {
        diag_add(r->diags, DIAG_CYCLE, d->item->name.span, "'%.*s' is defined by itself",
                 (int)e->name.len, e->name.text);
        return NULL;
    }
    if (inside.depth > MAX_MACRO_DEPTH) {
        diag_add(r->diags, DIAG_TOO_DEEP, e->span, "macros nested more than %d deep",
                 MAX_MACRO_DEPTH);
        return NULL;
    }
    inside.macro = d->item;
    return resolve_condition(r, d->item->expr, &inside);
}

/* A name alone is a condition only where a macro's parameter stands for one. */
static struct draft *name_condition(struct resolver *r, const struct expr *e,
                                    const struct scope *scope)
{
    int parameter = macro_parameter(scope->macro, e->name);
    struct definition *d = find_name(r, e->name);
    struct diag *diag;

    if (parameter >= 0)
        return resolve_condition(r, scope->macro_call->kids.at[parameter], scope->caller);
    diag =
        diag_add(r->diags, DIAG_WRONG_KIND, e->span,
                 "a condition is needed here: '%.*s' is a value", (int)e->name.len, e->name.text);
    if (d && d->item->kind == ITEM_MACRO)
        diag_note(r->diags, diag, e->span, "a macro is called with parentheses");
    else if (syscall_by_name(e->name.text, e->name.len))
        diag_note(r->diags, diag, e->span, "the system call is written '@%.*s'", (int)e->name.len,
                  e->name.text);
    return NULL;
}

/* -----------------------------------------------------------------------------------------------
 */

static bool within_bounds(struct resolver *r, const struct expr *e)
{
    if (++r->expansions <= MAX_DRAFTS)
        return true;
    if (r->expansions == MAX_DRAFTS + 1)
        diag_add(r->diags, DIAG_TOO_COMPLEX, e->span,
                 "the policy's macros and sets expand to more than %d conditions", MAX_DRAFTS);
    return false;
}

struct draft *resolve_condition(struct resolver *r, const struct expr *e, const struct scope *scope)
{
    if (!within_bounds(r, e))
        return NULL;
    switch (e->kind) {
    case EXPR_AND:
        return resolve_kids(r, e, COND_AND, scope);
    case EXPR_OR:
        return resolve_kids(r, e, COND_OR, scope);
    case EXPR_UNARY:
        if (e->op == OP_NOT)
            return resolve_kids(r, e, COND_NOT, scope);
        break;
    case EXPR_BINARY:
        if (e->op >= OP_EQ && e->op <= OP_GE)
            return resolve_comparison(r, e, scope);
        if (e->op == OP_IN || e->op == OP_NOT_IN)
            return resolve_in(r, e, scope);
        break;
    case EXPR_SYSCALL:
        return syscall_condition(r, e, scope);
    case EXPR_SET:
        return set_condition(r, e, scope);
    case EXPR_CALL:
        return macro_condition(r, e, scope);
    case EXPR_NAME:
        return name_condition(r, e, scope);
    case EXPR_ERROR:
        return NULL;
    case EXPR_NUMBER:
    case EXPR_VARIABLE:
    case EXPR_KERNEL:
    case EXPR_RANGE:
    case EXPR_LIST:
        break;
    }
    diag_add(r->diags, DIAG_WRONG_KIND, e->span, "a condition is needed here, not a value");
    return NULL;
}
