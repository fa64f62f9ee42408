/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons of a field with a constant, and `in` with its members. */
#include "compiler/sema/internal.h"

#include "base/str.h"
#include "compiler/tables/names.h"

#include <string.h>

static enum compare compare_of(enum expr_op op, bool mirrored)
{
    switch (op) {
    case OP_EQ:
        return CMP_EQ;
    case OP_NE:
        return CMP_NE;
    case OP_LT:
        return mirrored ? CMP_GT : CMP_LT;
    case OP_LE:
        return mirrored ? CMP_GE : CMP_LE;
    case OP_GT:
        return mirrored ? CMP_LT : CMP_GT;
    case OP_GE:
        return mirrored ? CMP_LE : CMP_GE;
    case OP_NONE:
    case OP_IN:
    case OP_NOT_IN:
    case OP_BIT_OR:
    case OP_BIT_XOR:
    case OP_BIT_AND:
    case OP_SHL:
    case OP_SHR:
    case OP_ADD:
    case OP_SUB:
    case OP_NOT:
    case OP_BIT_NOT:
    case OP_NEGATE:
        break;
    }
    __builtin_unreachable();
}

static bool holds(enum compare op, value_t x, value_t y)
{
    switch (op) {
    case CMP_EQ:
        return x == y;
    case CMP_NE:
        return x != y;
    case CMP_LT:
        return x < y;
    case CMP_LE:
        return x <= y;
    case CMP_GT:
        return x > y;
    case CMP_GE:
        return x >= y;
    case CMP_IN:
        break;
    }
    __builtin_unreachable();
}

/* --- $arch: decided here, since every target knows its architecture ----------------------------
 */

static bool known_audit(value_t audit)
{
    size_t i;

    for (i = 0; i < ARCH_COUNT; i++)
        if (arch_table[i].audit == audit)
            return true;
    return false;
}

static bool arch_is(struct resolver *r, enum compare op, struct operand arch, struct operand with)
{
    value_t mine = r->arch->audit;

    /* x32 and x86_64 differ by name only */
    if (with.arch_name && (op == CMP_EQ || op == CMP_NE) && !arch.on.has_mask)
        return (with.arch_name == r->arch) == (op == CMP_EQ);
    if (arch.on.has_mask)
        mine &= arch.on.mask;
    return holds(op, mine, with.value);
}

static struct draft *compare_arch(struct resolver *r, const struct expr *e, enum compare op,
                                  struct operand arch, struct operand with)
{
    if (op == CMP_EQ && !arch.on.has_mask && !with.arch_name && !known_audit(with.value)) {
        diag_add(r->diags, DIAG_UNKNOWN_ARCH, e->span, "no architecture has the audit value %s",
                 value_text(r, with.value));
        return NULL;
    }
    if (with.arch_name)
        join_target(r, with.arch_name);
    return draft_constant(r, arch_is(r, op, arch, with), e->span);
}

/* --- == != < <= > >= ---------------------------------------------------------------------------
 */

static struct draft *compare_field(struct resolver *r, const struct expr *e, enum compare op,
                                   const struct operand *field, const struct operand *constant,
                                   struct span value_span)
{
    struct draft *d;

    /* a call without a number here differs from every number and is ordered with none */
    if (constant->absent)
        return draft_constant(r, op == CMP_NE, e->span);
    d = ARENA_NEW(r->arena, struct draft);
    d->kind = COND_ATOM;
    d->on = field->on;
    d->op = op;
    d->value = constant->value;
    d->value_span = value_span;
    d->missing = field->missing ? field->missing : constant->missing;
    d->span = e->span;
    return d;
}

struct draft *resolve_comparison(struct resolver *r, const struct expr *e,
                                 const struct scope *scope)
{
    bool arch = mentions_arch(e->kids.at[0]) || mentions_arch(e->kids.at[1]);
    struct operand sides[2];
    bool mirrored;
    enum compare op;

    sides[0] = resolve_operand(r, e->kids.at[0], scope, arch);
    sides[1] = resolve_operand(r, e->kids.at[1], scope, arch);
    if (sides[0].kind == OPERAND_ERROR || sides[1].kind == OPERAND_ERROR)
        return NULL;
    mirrored = sides[0].kind == OPERAND_CONSTANT;
    if (mirrored == (sides[1].kind == OPERAND_CONSTANT)) {
        diag_add(r->diags, DIAG_NOT_CONSTANT, e->span,
                 mirrored ? "both sides are constant: a condition is about the call"
                          : "both sides are variables: a filter compares with constants");
        return NULL;
    }
    op = compare_of(e->op, mirrored);
    if (sides[mirrored].kind == OPERAND_ARCH)
        return compare_arch(r, e, op, sides[mirrored], sides[!mirrored]);
    return compare_field(r, e, op, &sides[mirrored], &sides[!mirrored],
                         e->kids.at[!mirrored]->span);
}

/* --- members -----------------------------------------------------------------------------------
 */

static void add_member(struct resolver *r, struct members *m, value_t low, value_t high,
                       bool is_syscall, struct span span)
{
    m->all_syscalls = m->all_syscalls && is_syscall;
    VEC_PUSH(r->arena, &m->list, ((struct member){low, high, is_syscall, span}));
}

static void add_members(struct resolver *r, struct members *m, const struct members *more)
{
    size_t i;

    for (i = 0; i < more->list.count; i++)
        VEC_PUSH(r->arena, &m->list, more->list.at[i]);
    m->all_syscalls = m->all_syscalls && more->all_syscalls;
    if (!m->missing)
        m->missing = more->missing;
}

static struct members *new_members(struct resolver *r)
{
    struct members *m = ARENA_NEW(r->arena, struct members);

    m->all_syscalls = true;
    return m;
}

static const struct members *builtin_group(struct resolver *r, const struct syscall_group *group,
                                           struct span span)
{
    struct members *m = strmap_get(&r->groups, group->name, (uint32_t)strlen(group->name));
    size_t i;

    if (m)
        return m;
    m = new_members(r);
    strmap_put(r->arena, &r->groups, group->name, (uint32_t)strlen(group->name), m);
    for (i = 0; i < group->count; i++) {
        const char *name = group->members[i];
        size_t len = strlen(name);
        const struct syscall_info *s;
        int64_t nr;

        if (*name == '%') {
            add_members(r, m, builtin_group(r, group_by_name(name + 1, len - 1), span));
            continue;
        }
        s = syscall_by_name(name, len);
        nr = s ? syscall_number(s, r->arch) : syscall_fallback_number(r->fallback, name, r->arch);
        if (nr >= 0)
            add_member(r, m, nr, nr, true, span);
    }
    return m;
}

static void report_unknown_set(struct resolver *r, struct name name)
{
    struct nearest near;
    struct diag *diag;
    size_t i;

    diag = diag_add(r->diags, DIAG_UNKNOWN_SET, name.span, "unknown set '%%%.*s'", (int)name.len,
                    name.text);
    nearest_init(&near, name.text, name.len);
    for (i = 0; i < r->sets.room; i++)
        if (r->sets.entries[i].value)
            nearest_feed(&near,
                         arena_strndup(r->arena, r->sets.entries[i].key, r->sets.entries[i].len));
    for (i = 0; i < group_count; i++)
        nearest_feed(&near, group_table[i].name);
    if (near.best)
        diag_note(r->diags, diag, name.span, "did you mean '%%%s'?", near.best);
    else if (syscall_by_name(name.text, name.len))
        diag_note(r->diags, diag, name.span, "the system call is written '@%.*s'", (int)name.len,
                  name.text);
}

const struct members *resolve_set(struct resolver *r, struct name name)
{
    static const struct scope nowhere;
    struct definition *d = find_set(r, name);
    const struct members *m;

    if (!d) {
        const struct syscall_group *group = group_by_name(name.text, name.len);

        if (group)
            return builtin_group(r, group, name.span);
        report_unknown_set(r, name);
        return NULL;
    }
    if (d->state == DEFINITION_DONE || d->is_error)
        return d->is_error ? NULL : d->members;
    if (d->state == DEFINITION_IN_WORK) {
        diag_add(r->diags, DIAG_CYCLE, d->item->name.span, "'%%%.*s' is defined by itself",
                 (int)name.len, name.text);
        d->is_error = true;
        return NULL;
    }
    d->state = DEFINITION_IN_WORK;
    m = resolve_members(r, d->item->expr, &nowhere);
    d->state = DEFINITION_DONE;
    d->is_error = d->is_error || !m;
    d->members = m;
    return d->is_error ? NULL : m;
}

static bool add_kernel(struct resolver *r, struct members *m, const struct expr *e)
{
    size_t i;

    if (e->number > syscall_table_release || e->number < KERNEL_RELEASE(2, 6, 0)) {
        diag_add(r->diags, DIAG_BAD_VERSION, e->span,
                 "the table of system calls knows kernels 2.6 to %u.%u",
                 syscall_table_release >> 16, syscall_table_release >> 8 & 0xff);
        return false;
    }
    for (i = 0; i < syscall_count; i++) {
        int64_t nr = syscall_number(&syscall_table[i], r->arch);

        if (nr >= 0 && syscall_table[i].since <= e->number)
            add_member(r, m, nr, nr, true, e->span);
    }
    return true;
}

static bool add_range(struct resolver *r, struct members *m, const struct expr *e,
                      const struct scope *scope)
{
    value_t low = 0, high = 0;
    enum constant_result a = eval_constant(r, e->kids.at[0], scope, &low, &m->missing);
    enum constant_result b = eval_constant(r, e->kids.at[1], scope, &high, &m->missing);

    if (a == CONSTANT_ERROR || b == CONSTANT_ERROR)
        return false;
    if (a == CONSTANT_OK && b == CONSTANT_OK && low > high) {
        diag_add(r->diags, DIAG_EMPTY_RANGE, e->span, "the range ends before it begins");
        return false;
    }
    add_member(r, m, low, high, false, e->span);
    return true;
}

static bool add_value(struct resolver *r, struct members *m, const struct expr *e,
                      const struct scope *scope)
{
    struct operand o = resolve_operand(r, e, scope, false);

    if (o.kind == OPERAND_ERROR)
        return false;
    if (o.kind != OPERAND_CONSTANT) {
        diag_add(r->diags, DIAG_NOT_CONSTANT, e->span, "members of a list are constants");
        return false;
    }
    if (o.missing)
        m->missing = o.missing;
    if (!o.absent)
        add_member(r, m, o.value, o.value, o.is_syscall, e->span);
    return true;
}

static bool add_expr(struct resolver *r, struct members *m, const struct expr *e,
                     const struct scope *scope)
{
    const struct members *set;
    bool good = true;
    size_t i;
    int parameter;

    switch (e->kind) {
    case EXPR_LIST:
        for (i = 0; i < e->kids.count; i++)
            good = add_expr(r, m, e->kids.at[i], scope) && good;
        return good;
    case EXPR_SET:
        if (e->has_parens)
            break;
        set = resolve_set(r, e->name);
        if (set)
            add_members(r, m, set);
        return set != NULL;
    case EXPR_KERNEL:
        return add_kernel(r, m, e);
    case EXPR_RANGE:
        return add_range(r, m, e, scope);
    case EXPR_NAME: /* a macro's parameter may stand for a set, list or range */
        parameter = macro_parameter(scope->macro, e->name);
        if (parameter >= 0)
            return add_expr(r, m, scope->macro_call->kids.at[parameter], scope->caller);
        return add_value(r, m, e, scope);
    case EXPR_ERROR:
        return false;
    case EXPR_NUMBER:
    case EXPR_CALL:
    case EXPR_VARIABLE:
    case EXPR_SYSCALL:
    case EXPR_UNARY:
    case EXPR_BINARY:
    case EXPR_AND:
    case EXPR_OR:
        return add_value(r, m, e, scope);
    }
    diag_add(r->diags, DIAG_WRONG_KIND, e->span, "a list holds values and sets, not conditions");
    return false;
}

const struct members *resolve_members(struct resolver *r, const struct expr *e,
                                      const struct scope *scope)
{
    struct members *m = new_members(r);

    return add_expr(r, m, e, scope) ? m : NULL;
}

/* --- in, not in --------------------------------------------------------------------------------
 */

static struct draft *arch_in(struct resolver *r, const struct expr *e, struct operand arch,
                             const struct scope *scope)
{
    const struct expr *list = e->kids.at[1];
    bool found = false;
    size_t i;

    if (list->kind != EXPR_LIST) {
        diag_add(r->diags, DIAG_WRONG_KIND, list->span, "$arch is compared with a list (@…, @…)");
        return NULL;
    }
    for (i = 0; i < list->kids.count; i++) {
        struct operand o = resolve_operand(r, list->kids.at[i], scope, true);

        if (o.arch_name)
            join_target(r, o.arch_name);
        if (o.kind == OPERAND_CONSTANT)
            found = found || arch_is(r, CMP_EQ, arch, o);
        else if (o.kind != OPERAND_ERROR)
            diag_add(r->diags, DIAG_NOT_CONSTANT, list->kids.at[i]->span,
                     "members of a list are constants");
        if (o.kind != OPERAND_CONSTANT)
            return NULL;
    }
    return draft_constant(r, found == (e->op == OP_IN), e->span);
}

struct draft *resolve_in(struct resolver *r, const struct expr *e, const struct scope *scope)
{
    struct operand field = resolve_operand(r, e->kids.at[0], scope, false);
    const struct members *set;
    struct draft *in, *not ;

    if (field.kind == OPERAND_ARCH)
        return arch_in(r, e, field, scope);
    set = resolve_members(r, e->kids.at[1], scope);
    if (field.kind == OPERAND_ERROR || !set)
        return NULL;
    if (field.kind == OPERAND_CONSTANT) {
        diag_add(r->diags, DIAG_NOT_CONSTANT, e->kids.at[0]->span,
                 "a variable or an argument is needed before 'in'");
        return NULL;
    }
    in = ARENA_NEW(r->arena, struct draft);
    in->kind = COND_ATOM;
    in->on = field.on;
    in->op = CMP_IN;
    in->set = set;
    in->value_span = e->kids.at[1]->span;
    in->missing = field.missing ? field.missing : set->missing;
    in->span = e->span;
    if (e->op == OP_IN)
        return in;
    not = ARENA_NEW(r->arena, struct draft);
    not ->kind = COND_NOT;
    not ->span = e->span;
    VEC_PUSH(r->arena, &not ->kids, in);
    return not ;
}
