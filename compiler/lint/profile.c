/* SPDX-License-Identifier: Apache-2.0 */
/* What only JSON has; and conditions of JSON, which have no text to show but their entry's. */
#include "compiler/lint/internal.h"

#include <inttypes.h>

/* --- conditions --------------------------------------------------------------------------------
 */

/* The condition as the kernel would compare it, on a machine of 64 bits. */
static struct cond condition_of(const struct oci_arg *arg)
{
    static const enum compare compares[OCI_OP_COUNT] = {
        [OCI_NE] = CMP_NE, [OCI_LT] = CMP_LT, [OCI_LE] = CMP_LE,        [OCI_EQ] = CMP_EQ,
        [OCI_GE] = CMP_GE, [OCI_GT] = CMP_GT, [OCI_MASKED_EQ] = CMP_EQ,
    };
    struct cond c = {.kind = COND_ATOM};

    c.atom = (struct atom){.field = FIELD_ARG0 + (enum field)arg->index,
                           .width = 64,
                           .op = compares[arg->op],
                           .mask = arg->op == OCI_MASKED_EQ ? arg->value : UINT64_MAX,
                           .value = arg->op == OCI_MASKED_EQ ? arg->value_two : arg->value};
    return c;
}

/* The object of the condition. */
static struct span place_of(const struct linter *l, const struct oci_call *call, unsigned at)
{
    const struct json *arg = json_member(call->entry, "args")->first;

    while (at--)
        arg = arg->next;
    return json_span(l->profile->source, arg);
}

static void check_constant(struct linter *l, const struct oci_arg *arg, struct span place)
{
    struct cond c = condition_of(arg);

    if (c.atom.value & ~c.atom.mask) {
        find(l, LINT_OUTSIDE_MASK, place,
             "'valueTwo' has bits that are not in 'value', the mask: libseccomp drops them");
        return;
    }
    switch (formula_of(l->arena, &c)->kind) {
    case FORMULA_TRUE:
        find(l, LINT_TAUTOLOGY, place, "this always holds");
        break;
    case FORMULA_FALSE:
        find(l, LINT_EMPTY_CONDITION, place, "this never holds");
        break;
    case FORMULA_FIELD:
    case FORMULA_AND:
    case FORMULA_OR:
        break;
    }
}

/* The value that the argument is asked to have, and of what width it would have to be. */
static void check_value(struct linter *l, const struct oci_arg *arg, struct span place,
                        const struct syscall_info *s, const struct syscall_arg *known)
{
    uint64_t value = arg->op == OCI_MASKED_EQ ? arg->value_two : arg->value;

    if (known->class == ARG_PTR && value) {
        find(l, LINT_POINTER, place, "'%s' of %s is a pointer: its value says nothing", known->name,
             s->name);
        return;
    }
    /* a negative int as a long is what a program may well pass */
    if (known->bits == 64 || value >> known->bits == 0 ||
        value >> (known->bits - 1) == UINT64_MAX >> (known->bits - 1))
        return;
    find(l, LINT_JSON_VALUE_WIDTH, place,
         "%" PRIu64 " does not fit the %u bits at which the kernel reads '%s' of %s", value,
         known->bits, known->name, s->name);
}

static void check_conditions(struct linter *l, uint32_t number)
{
    const struct statement *s = &l->statements[number];

    for (unsigned i = 0; i < s->entry->arg_count; i++) {
        const struct oci_arg *arg = &s->entry->args[i];
        struct span place = place_of(l, s->entry, i);

        check_constant(l, arg, place);
        for (size_t j = 0; j < s->names.count; j++) {
            const struct syscall_info *call = s->names.at[j].call;

            const struct signature known = syscall_signature(call, l->policy->targets[0].arch);

            if (arg->index < known.count)
                check_value(l, arg, place, call, &known.args[arg->index]);
        }
    }
}

/* --- entries -----------------------------------------------------------------------------------
 */

static void check_entry(struct linter *l, const struct oci_call *entry)
{
    const struct json *action = json_member(entry->entry, "action");
    struct diag *diag;

    if (entry->ret != l->profile->default_ret)
        return;
    diag = find(l, LINT_JSON_DEFAULT_ACTION, json_span(l->profile->source, action),
                "this is the default's action: the runtimes skip the entry");
    find_note(l, diag, l->profile->default_span, "the default");
}

/* "minKernel" in "includes" or "excludes". */
static void check_kernel(struct linter *l, const struct json *entry, const char *key)
{
    const struct json *part = json_member(entry, key);
    const struct json *min = part ? json_member(part, "minKernel") : NULL;

    if (min && min->kind == JSON_STRING && min->len)
        find(l, LINT_JSON_MIN_KERNEL, json_span(l->profile->source, min),
             "podman takes the entry on every kernel: it does not look at 'minKernel'");
}

void lint_profile(struct linter *l)
{
    const struct json *entries = json_member(l->profile->root, "syscalls");

    for (uint32_t i = 0; i < l->profile->calls.count; i++) {
        check_conditions(l, i);
        check_entry(l, &l->profile->calls.at[i]);
    }
    /* all of them, also those that are not for this machine */
    for (const struct json *e = entries ? entries->first : NULL; e; e = e->next) {
        check_kernel(l, e, "includes");
        check_kernel(l, e, "excludes");
    }
}
