/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluates models, and makes calls that matter to them. */
#include "tests/property/model.h"

static unsigned table_bits(const struct arch *arch, uint32_t nr, unsigned arg)
{
    const struct signature s = syscall_signature(syscall_by_number(arch, nr), arch);

    return arg < s.count ? s.args[arg].bits : 64;
}

static bool compare(enum op op, value_t x, value_t y)
{
    switch (op) {
    case M_EQ:
        return x == y;
    case M_NE:
        return x != y;
    case M_LT:
        return x < y;
    case M_LE:
        return x <= y;
    case M_GT:
        return x > y;
    case M_GE:
        return x >= y;
    case M_IN:
    case M_NOT_IN:
    case M_OPS:
        break;
    }
    __builtin_unreachable();
}

static bool eval_arg(const struct cond *c, const struct arch *arch, const struct seccomp_data *call)
{
    unsigned bits = c->known ? table_bits(arch, (uint32_t)call->nr, c->arg) : 64, i;
    uint64_t raw = call->args[c->arg];
    value_t x, top;

    if (bits > arch->bits)
        bits = arch->bits;
    if (c->half == M_FULL)
        bits = 64;
    if (c->half == M_LOW || c->half == M_HIGH)
        bits = 32;
    if (c->half == M_HIGH)
        raw >>= 32;
    top = (value_t)1 << bits;
    x = (value_t)raw & (top - 1);
    if (c->has_mask)
        x &= (value_t)c->mask;
    if (c->is_signed && x >= top / 2)
        x -= top;
    if (c->op == M_IN || c->op == M_NOT_IN) {
        for (i = 0; i < c->list_count; i++)
            if (x >= c->list[i].low && x <= c->list[i].high)
                return c->op == M_IN;
        return c->op == M_NOT_IN;
    }
    return compare(c->op, x, !c->is_signed && c->value < 0 ? c->value + top : c->value);
}

static bool eval(const struct cond *c, const struct arch *arch, const struct seccomp_data *call)
{
    uint32_t nr = (uint32_t)call->nr;
    const struct syscall_info *s;
    unsigned i;

    switch (c->kind) {
    case M_AND:
    case M_OR:
        for (i = 0; i < c->kid_count; i++)
            if (eval(c->kids[i], arch, call) == (c->kind == M_OR))
                return c->kind == M_OR;
        return c->kind == M_AND;
    case M_NOT:
        return !eval(c->kids[0], arch, call);
    case M_NAMES:
        for (i = 0; i < c->name_count; i++)
            if (syscall_number(c->names[i], arch) == (int64_t)nr)
                return true;
        return false;
    case M_NUMBER:
        return compare(c->op, nr, c->number);
    case M_KERNEL:
        s = syscall_by_number(arch, nr);
        return s && s->since <= c->number;
    case M_ARCH:
        return (c->arch == arch) == (c->op == M_EQ);
    case M_ARG:
        return eval_arg(c, arch, call);
    }
    __builtin_unreachable();
}

uint32_t model_eval(const struct model *m, const struct seccomp_data *call)
{
    const struct arch *arch = arch_of_call(call->arch, (uint32_t)call->nr);
    const struct syscall_info *s;
    bool is_target = false;
    size_t i;

    for (i = 0; i < m->target_count; i++)
        is_target = is_target || m->targets[i] == arch;
    if (!is_target)
        return m->foreign;
    s = syscall_by_number(arch, (uint32_t)call->nr);
    for (i = 0; i < m->rule_count; i++) {
        const struct model_rule *rule = &m->rules[i];

        if (rule->only_for && rule->only_for != arch)
            continue;
        if (rule->unknown_only && s && s->since <= rule->known)
            continue;
        if (!rule->cond || eval(rule->cond, arch, call))
            return rule->ret;
    }
    return UINT32_MAX; /* no such return value: a fault of the generator */
}

static uint64_t near_constant(const struct model *m, struct rng *r)
{
    uint64_t v = m->constant_count ? m->constants[rng_below(r, (uint32_t)m->constant_count)]
                                   : rng_below(r, 40);

    v += rng_below(r, 3);
    v -= 1;
    switch (rng_below(r, 6)) {
    case 0: /* garbage above an int */
        return v | rng_next(r) << 32;
    case 1:
        return v ^ UINT64_C(1) << 32;
    case 2: /* the low half in the high one */
        return v << 32 | v >> 32;
    case 3:
        return (uint32_t)v;
    default:
        return v;
    }
}

struct seccomp_data model_call(const struct model *m, struct rng *r, uint32_t audit, uint32_t nr)
{
    struct seccomp_data call = {.nr = (int)nr, .arch = audit};
    unsigned i;

    call.instruction_pointer = rng_next(r);
    for (i = 0; i < SYSCALL_MAX_ARGS; i++)
        call.args[i] = near_constant(m, r);
    return call;
}
