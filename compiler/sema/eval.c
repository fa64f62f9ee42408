/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/eval.h"

static uint64_t field_value(enum field field, const struct seccomp_data *call)
{
    switch (field) {
    case FIELD_NR:
        return (uint32_t)call->nr;
    case FIELD_IP:
        return call->instruction_pointer;
    case FIELD_ARG0 ... FIELD_ARG5:
        return call->args[field - FIELD_ARG0];
    case FIELD_COUNT:
        break;
    }
    __builtin_unreachable();
}

/* Two's complement at `width` bits, widened to 64. */
static int64_t as_signed(uint64_t value, unsigned width)
{
    unsigned unused = 64 - width;

    return (int64_t)(value << unused) >> unused;
}

static int order(const struct atom *atom, uint64_t value)
{
    if (atom->is_signed) {
        int64_t x = as_signed(value, atom->width), y = as_signed(atom->value, atom->width);

        return x < y ? -1 : x > y;
    }
    return value < atom->value ? -1 : value > atom->value;
}

uint64_t compared_value(const struct atom *atom, const struct seccomp_data *call)
{
    return (field_value(atom->field, call) >> atom->shift) & atom->mask;
}

bool eval_atom(const struct atom *atom, const struct seccomp_data *call)
{
    uint64_t value = compared_value(atom, call);

    switch (atom->op) {
    case CMP_EQ:
        return value == atom->value;
    case CMP_NE:
        return value != atom->value;
    case CMP_LT:
        return order(atom, value) < 0;
    case CMP_LE:
        return order(atom, value) <= 0;
    case CMP_GT:
        return order(atom, value) > 0;
    case CMP_GE:
        return order(atom, value) >= 0;
    case CMP_IN:
        return ranges_contain(atom->set, value);
    }
    __builtin_unreachable();
}

bool eval_cond(const struct cond *cond, const struct seccomp_data *call)
{
    size_t i;

    switch (cond->kind) {
    case COND_FALSE:
        return false;
    case COND_TRUE:
        return true;
    case COND_ATOM:
        return eval_atom(&cond->atom, call);
    case COND_NOT:
        return !eval_cond(cond->kids[0], call);
    case COND_AND:
        for (i = 0; i < cond->kid_count; i++)
            if (!eval_cond(cond->kids[i], call))
                return false;
        return true;
    case COND_OR:
        for (i = 0; i < cond->kid_count; i++)
            if (eval_cond(cond->kids[i], call))
                return true;
        return false;
    }
    __builtin_unreachable();
}

struct verdict eval_policy(const struct policy *p, const struct seccomp_data *call)
{
    const struct target *t = policy_target(p, call->arch, (uint32_t)call->nr);
    size_t i;

    if (!t)
        return (struct verdict){.decided = true, .ret = p->foreign};
    for (i = 0; i < t->rule_count; i++)
        if (eval_cond(t->rules[i]->cond, call))
            return (struct verdict){true, t->rules[i]->ret, t, t->rules[i]};
    return (struct verdict){.target = t};
}
