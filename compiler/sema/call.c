/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/call.h"

#include "compiler/sema/internal.h"

/* What stands in a register for a value: negative ones are sign-extended to its width. */
static uint64_t in_register(value_t v, const struct arch *arch)
{
    return v < 0 && arch->bits == 32 ? (uint32_t)v : (uint64_t)v;
}

static bool resolve_value(struct resolver *r, const struct expr *e, uint64_t *value)
{
    static const struct scope nowhere;
    const struct missing *missing = NULL;
    value_t v = 0;

    switch (eval_constant(r, e, &nowhere, &v, &missing)) {
    case CONSTANT_OK:
        *value = in_register(v, r->arch);
        return true;
    case CONSTANT_ERROR:
        return false;
    case CONSTANT_MISSING:
        report_missing(r, missing);
        return false;
    }
    __builtin_unreachable();
}

bool resolve_call(struct arena *a, const struct expr *e, const struct arch *arch,
                  struct syscall_fallback *fallback, struct diags *diags, struct seccomp_data *call)
{
    static const struct resolve_options no_options;
    struct resolver r = {
        .arena = a, .diags = diags, .options = &no_options, .fallback = fallback, .arch = arch};
    bool good = true;
    int64_t nr;
    size_t i;

    *call = (struct seccomp_data){.arch = arch->audit};
    if (e->kind != EXPR_SYSCALL) {
        diag_add(diags, DIAG_SYNTAX, e->span, "a call is expected here: 'read(3, 0, 0)'");
        return false;
    }
    nr = resolve_syscall(&r, e);
    if (nr == -1)
        diag_add(diags, DIAG_NO_SUCH_NUMBER, e->span, "'%.*s' has no number on %s",
                 (int)e->name.len, e->name.text, arch->name);
    if (nr < 0)
        return false;
    call->nr = (int)nr;
    if (e->kids.count > SYSCALL_MAX_ARGS) {
        diag_add(diags, DIAG_SYNTAX, e->kids.at[SYSCALL_MAX_ARGS]->span,
                 "a call has at most six arguments");
        return false;
    }
    for (i = 0; i < e->kids.count; i++) {
        uint64_t value = 0;

        good = resolve_value(&r, e->kids.at[i], &value) && good;
        call->args[i] = value;
    }
    return good;
}
