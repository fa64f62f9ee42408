/* SPDX-License-Identifier: Apache-2.0 */
/* Actions: names and data to return values. */
#include "compiler/sema/internal.h"

#include "base/str.h"
#include "compiler/tables/names.h"

#define MAX_DATA 0xffff /* SECCOMP_RET_DATA of linux/seccomp.h */

static void report_unknown_action(struct resolver *r, struct name name)
{
    struct nearest near;
    struct diag *diag;
    size_t i;

    diag = diag_add(r->diags, DIAG_UNKNOWN_ACTION, name.span, "unknown action '%.*s'",
                    (int)name.len, name.text);
    nearest_init(&near, name.text, name.len);
    for (i = 0; i < ACTION_COUNT; i++)
        nearest_feed(&near, action_table[i].name);
    if (near.best)
        diag_note(r->diags, diag, name.span, "did you mean '%s'?", near.best);
}

static void report_unknown_errno(struct resolver *r, struct name name)
{
    struct nearest near;
    struct diag *diag;
    const char *known;
    size_t i;

    diag = diag_add(r->diags, DIAG_UNKNOWN_ERRNO, name.span, "unknown errno '%.*s'", (int)name.len,
                    name.text);
    nearest_init(&near, name.text, name.len);
    for (i = 0; (known = errno_at(i)); i++)
        nearest_feed(&near, known);
    if (near.best)
        diag_note(r->diags, diag, name.span, "did you mean '%s'?", near.best);
}

/* The number in the parentheses; errno names come before constants of the same name. */
static bool resolve_data(struct resolver *r, const struct action_info *info,
                         const struct expr *data, value_t *value)
{
    static const struct scope nowhere;
    const struct missing *missing = NULL;
    uint16_t number;

    if (info->data == DATA_ERRNO && data->kind == EXPR_NAME) {
        if (errno_value(data->name.text, data->name.len, r->arch, &number)) {
            *value = number;
            return true;
        }
        if (!find_name(r, data->name) && !constant_by_name(data->name.text, data->name.len)) {
            report_unknown_errno(r, data->name);
            return false;
        }
    }
    switch (eval_constant(r, data, &nowhere, value, &missing)) {
    case CONSTANT_OK:
        return true;
    case CONSTANT_ERROR:
        return false;
    case CONSTANT_MISSING:
        report_missing(r, missing);
        return false;
    }
    __builtin_unreachable();
}

bool resolve_action(struct resolver *r, const struct action_expr *action, uint32_t *ret)
{
    const struct action_info *info = action_by_name(action->name.text, action->name.len);
    value_t value = 0, max;

    if (!info) {
        report_unknown_action(r, action->name);
        return false;
    }
    *ret = info->ret;
    if (info->data == DATA_NONE) {
        if (action->data)
            diag_add(r->diags, DIAG_ACTION_DATA, action->data->span, "'%s' takes no data",
                     info->name);
        return !action->data;
    }
    if (!action->data) {
        if (!info->data_optional)
            diag_add(r->diags, DIAG_ACTION_DATA, action->span, "'%s' needs %s", info->name,
                     info->data == DATA_ERRNO ? "an errno: ERRNO(EPERM)" : "a number");
        return info->data_optional;
    }
    if (!resolve_data(r, info, action->data, &value))
        return false;
    max = info->data == DATA_ERRNO ? MAX_ERRNO : MAX_DATA;
    if (value < 0 || value > max) {
        diag_add(r->diags, DIAG_ACTION_DATA, action->data->span,
                 "%s is out of range: the data of '%s' is 0 to %d", value_text(r, value),
                 info->name, (int)max);
        return false;
    }
    *ret |= (uint32_t)value;
    return true;
}
