/* SPDX-License-Identifier: Apache-2.0 */
/* Constant expressions, and names that stand for numbers. */
#include "compiler/sema/internal.h"

#include "base/str.h"
#include "compiler/front/condition.h"
#include "compiler/tables/names.h"

#include <inttypes.h>
#include <string.h>

const char *value_text(struct resolver *r, value_t v)
{
    if (v < 0)
        return arena_printf(r->arena, "-%" PRIu64, (uint64_t)-v);
    if (v < 4096)
        return arena_printf(r->arena, "%" PRIu64, (uint64_t)v);
    return arena_printf(r->arena, "0x%" PRIx64, (uint64_t)v);
}

enum constant_result apply_operator(struct resolver *r, const struct expr *e, value_t x, value_t y,
                                    value_t *value)
{
    const char *fault;

    if (is_condition_operator(e->op)) {
        diag_add(r->diags, DIAG_WRONG_KIND, e->span, "a value is needed here, not a condition");
        return CONSTANT_ERROR;
    }
    fault = arithmetic(e->op, x, y, value);
    if (!fault)
        return CONSTANT_OK;
    diag_add(r->diags, DIAG_ARITHMETIC, e->span, "%s", fault);
    return CONSTANT_ERROR;
}

static void suggest_constant(struct resolver *r, struct name name)
{
    struct nearest near;
    struct diag *diag;
    uint32_t i;

    diag = diag_add(r->diags, DIAG_UNKNOWN_NAME, name.span, "unknown name '%.*s'", (int)name.len,
                    name.text);
    if (diag->repeated)
        return;
    if (syscall_by_name(name.text, name.len)) {
        diag_note(r->diags, diag, name.span, "the system call is written '@%.*s'", (int)name.len,
                  name.text);
        return;
    }
    nearest_init(&near, name.text, name.len);
    for (i = 0; i < r->names.room; i++)
        if (r->names.entries[i].value)
            nearest_feed(&near,
                         arena_strndup(r->arena, r->names.entries[i].key, r->names.entries[i].len));
    for (i = 0; i < constant_count; i++)
        nearest_feed(&near, constant_table[i].name);
    if (near.best)
        diag_note(r->diags, diag, name.span, "did you mean '%s'?", near.best);
}

static enum constant_result eval_const(struct resolver *r, struct definition *d, struct name name,
                                       value_t *value, const struct missing **missing)
{
    static const struct scope nowhere;
    enum constant_result result;

    if (d->item->kind == ITEM_MACRO) {
        diag_add(r->diags, DIAG_WRONG_KIND, name.span, "'%.*s' is a macro: it needs '(…)'",
                 (int)name.len, name.text);
        return CONSTANT_ERROR;
    }
    if (d->is_error)
        return CONSTANT_ERROR;
    if (d->state == DEFINITION_DONE) {
        *value = d->value;
        return CONSTANT_OK;
    }
    if (d->state == DEFINITION_IN_WORK) {
        diag_add(r->diags, DIAG_CYCLE, d->item->name.span, "'%.*s' is defined by itself",
                 (int)name.len, name.text);
        d->is_error = true;
        return CONSTANT_ERROR;
    }
    d->state = DEFINITION_IN_WORK;
    result = eval_constant(r, d->item->expr, &nowhere, &d->value, missing);
    d->state = DEFINITION_NEW; /* a missing one is looked for anew: its place is the use's */
    if (result == CONSTANT_ERROR || d->is_error) {
        d->is_error = true;
        return CONSTANT_ERROR;
    }
    if (result == CONSTANT_OK) {
        d->state = DEFINITION_DONE;
        *value = d->value;
    }
    return result;
}

enum constant_result eval_constant_name(struct resolver *r, struct name name, value_t *value,
                                        const struct missing **missing)
{
    struct definition *d = find_name(r, name);
    const struct constant *c;
    struct missing *m;
    uint64_t bits;

    if (d)
        return eval_const(r, d, name, value, missing);
    c = constant_by_name(name.text, name.len);
    if (!c) {
        suggest_constant(r, name);
        return CONSTANT_ERROR;
    }
    if (!constant_value(c, r->arch, &bits)) {
        m = ARENA_NEW(r->arena, struct missing);
        *m = (struct missing){c->name, name.span, NULL};
        *missing = m;
        return CONSTANT_MISSING;
    }
    *value = c->negative ? (value_t)(int64_t)bits : (value_t)bits;
    return CONSTANT_OK;
}

void report_missing(struct resolver *r, const struct missing *missing)
{
    if (missing->call) {
        report_missing_argument(r, missing);
        return;
    }
    diag_add(r->diags, DIAG_UNKNOWN_NAME, missing->span, "'%s' does not exist on %s", missing->name,
             r->arch->name);
}

/* Macro parameters mean what the argument means where the macro was called. */
static enum constant_result eval_name(struct resolver *r, struct name name,
                                      const struct scope *scope, value_t *value,
                                      const struct missing **missing)
{
    int parameter = macro_parameter(scope->macro, name);

    if (parameter >= 0)
        return eval_constant(r, scope->macro_call->kids.at[parameter], scope->caller, value,
                             missing);
    if (call_argument(r, scope->call, name) != ARGUMENT_NONE) {
        diag_add(r->diags, DIAG_NOT_CONSTANT, name.span,
                 "'%.*s' is an argument of the call: a constant is needed here", (int)name.len,
                 name.text);
        return CONSTANT_ERROR;
    }
    return eval_constant_name(r, name, value, missing);
}

static enum constant_result eval_operator(struct resolver *r, const struct expr *e,
                                          const struct scope *scope, value_t *value,
                                          const struct missing **missing)
{
    value_t sides[2] = {0, 0};
    enum constant_result worst = CONSTANT_OK;
    size_t i;

    for (i = 0; i < e->kids.count; i++) {
        enum constant_result result = eval_constant(r, e->kids.at[i], scope, &sides[i], missing);

        if (result == CONSTANT_ERROR || worst == CONSTANT_OK)
            worst = result;
    }
    if (worst != CONSTANT_OK)
        return worst;
    return apply_operator(r, e, sides[0], sides[1], value);
}

enum constant_result eval_constant(struct resolver *r, const struct expr *e,
                                   const struct scope *scope, value_t *value,
                                   const struct missing **missing)
{
    int64_t nr;

    switch (e->kind) {
    case EXPR_NUMBER:
        *value = (value_t)e->number;
        return CONSTANT_OK;
    case EXPR_NAME:
        return eval_name(r, e->name, scope, value, missing);
    case EXPR_UNARY:
    case EXPR_BINARY:
        return eval_operator(r, e, scope, value, missing);
    case EXPR_SYSCALL:
        nr = resolve_syscall(r, e);
        *value = nr;
        if (nr == -1)
            diag_add(r->diags, DIAG_NO_SUCH_NUMBER, e->span, "'@%.*s' has no number on %s",
                     (int)e->name.len, e->name.text, r->arch->name);
        return nr < 0 ? CONSTANT_ERROR : CONSTANT_OK;
    case EXPR_ERROR:
        return CONSTANT_ERROR;
    case EXPR_VARIABLE:
        diag_add(r->diags, DIAG_NOT_CONSTANT, e->span, "'$%.*s' is not constant", (int)e->name.len,
                 e->name.text);
        return CONSTANT_ERROR;
    case EXPR_CALL:
    case EXPR_SET:
    case EXPR_KERNEL:
    case EXPR_RANGE:
    case EXPR_LIST:
    case EXPR_AND:
    case EXPR_OR:
        break;
    }
    diag_add(r->diags, DIAG_WRONG_KIND, e->span, "a constant value is needed here");
    return CONSTANT_ERROR;
}

/* --- system calls ------------------------------------------------------------------------------
 */

static int64_t number_on(struct resolver *r, struct name name, const struct arch *arch)
{
    const struct syscall_info *s = syscall_by_name(name.text, name.len);

    if (s)
        return syscall_number(s, arch);
    return syscall_fallback_number(r->fallback, arena_strndup(r->arena, name.text, name.len), arch);
}

static void report_unknown_syscall(struct resolver *r, struct name name)
{
    struct nearest near;
    struct diag *diag;
    size_t i;

    diag = diag_add(r->diags, DIAG_UNKNOWN_SYSCALL, name.span, "unknown system call '%.*s'",
                    (int)name.len, name.text);
    if (diag->repeated)
        return;
    nearest_init(&near, name.text, name.len);
    for (i = 0; i < syscall_count; i++)
        nearest_feed(&near, syscall_table[i].name);
    if (near.best)
        diag_note(r->diags, diag, name.span, "did you mean '@%s'?", near.best);
    else if (arch_by_name(name.text, name.len))
        diag_note(r->diags, diag, name.span, "architectures are compared with $arch");
    else if (group_by_name(name.text, name.len) || find_set(r, name))
        diag_note(r->diags, diag, name.span, "sets are written '%%%.*s'", (int)name.len, name.text);
}

const struct arch *resolve_arch(struct resolver *r, struct name name)
{
    const struct arch *arch = arch_by_name(name.text, name.len);
    struct nearest near;
    struct diag *diag;
    size_t i;

    if (arch)
        return arch;
    diag = diag_add(r->diags, DIAG_UNKNOWN_ARCH, name.span, "unknown architecture '%.*s'",
                    (int)name.len, name.text);
    nearest_init(&near, name.text, name.len);
    for (i = 0; i < ARCH_COUNT; i++)
        nearest_feed(&near, arch_table[i].name);
    if (near.best)
        diag_note(r->diags, diag, name.span, "did you mean '%s'?", near.best);
    return NULL;
}

int64_t resolve_syscall(struct resolver *r, const struct expr *e)
{
    const struct arch *arch = r->arch;
    int64_t nr;

    if (!syscall_by_name(e->name.text, e->name.len) &&
        !syscall_fallback_knows(r->fallback, arena_strndup(r->arena, e->name.text, e->name.len))) {
        report_unknown_syscall(r, e->name);
        return -2;
    }
    if (!e->arch.len)
        return number_on(r, e->name, arch);

    arch = resolve_arch(r, e->arch);
    if (!arch)
        return -2;
    nr = number_on(r, e->name, arch);
    if (nr == -1) {
        diag_add(r->diags, DIAG_NO_SUCH_NUMBER, e->span, "'%.*s' has no number on %s",
                 (int)e->name.len, e->name.text, arch->name);
        return -2;
    }
    return nr;
}
