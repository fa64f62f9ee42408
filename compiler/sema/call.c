/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/call.h"

#include "compiler/sema/internal.h"

/* What stands in a register for a value: negative ones are sign-extended to its width. */
static uint64_t in_register(value_t v, const struct arch *arch)
{
    return v < 0 && arch->bits == 32 ? (uint32_t)v : (uint64_t)v;
}

static enum constant_result read_value(struct resolver *r, const struct expr *e, uint64_t *value,
                                       const struct missing **missing)
{
    static const struct scope nowhere;
    value_t v = 0;
    enum constant_result result = eval_constant(r, e, &nowhere, &v, missing);

    *value = in_register(v, r->arch);
    return result;
}

enum constant_result read_call(struct resolver *r, const struct expr *e, struct seccomp_data *call,
                               const struct missing **missing)
{
    enum constant_result worst = CONSTANT_OK;
    int64_t nr;

    *missing = NULL;
    *call = (struct seccomp_data){.arch = r->arch->audit};
    if (e->kind != EXPR_SYSCALL) {
        diag_add(r->diags, DIAG_SYNTAX, e->span, "a call is expected here: 'read(3, 0, 0)'");
        return CONSTANT_ERROR;
    }
    nr = resolve_syscall(r, e);
    if (nr < 0)
        return nr == -1 ? CONSTANT_MISSING : CONSTANT_ERROR;
    call->nr = (int)nr;
    if (e->kids.count > SYSCALL_MAX_ARGS) {
        diag_add(r->diags, DIAG_SYNTAX, e->kids.at[SYSCALL_MAX_ARGS]->span,
                 "a call has at most six arguments");
        return CONSTANT_ERROR;
    }
    for (size_t i = 0; i < e->kids.count; i++) {
        uint64_t value = 0;
        enum constant_result result = read_value(r, e->kids.at[i], &value, missing);

        if (result == CONSTANT_ERROR || worst == CONSTANT_OK)
            worst = result;
        call->args[i] = value;
    }
    return worst;
}

bool resolve_call(struct arena *a, const struct expr *e, const struct arch *arch,
                  struct syscall_fallback *fallback, struct diags *diags, struct seccomp_data *call)
{
    static const struct resolve_options no_options;
    struct resolver r = {
        .arena = a, .diags = diags, .options = &no_options, .fallback = fallback, .arch = arch};
    const struct missing *missing;

    switch (read_call(&r, e, call, &missing)) {
    case CONSTANT_OK:
        return true;
    case CONSTANT_ERROR:
        return false;
    case CONSTANT_MISSING:
        break;
    }
    if (missing)
        report_missing(&r, missing);
    else
        diag_add(diags, DIAG_NO_SUCH_NUMBER, e->span, "'%.*s' has no number on %s",
                 (int)e->name.len, e->name.text, arch->name);
    return false;
}
