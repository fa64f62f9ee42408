/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/differential/oci_calls.h"
#include "tests/lib/rng.h"

#include "compiler/cbpf/run.h"
#include "compiler/front/oci_terms.h"
#include "compiler/sema/eval.h"

#include <errno.h>
#include <inttypes.h>
#include <seccomp.h>
#include <stdlib.h>

/* Samples for a call whose arguments the policy looks at. */
#define SAMPLES 300

typedef VEC(uint64_t) values;

struct checking {
    struct arena *arena;
    const struct policy *policy;
    const struct calls_filter *filter;
    values at[6]; /* by argument */
    struct rng rng;
    struct strbuf *report;
};

/* --- boundaries --------------------------------------------------------------------------------*/

static void add_value(struct checking *c, values *list, uint64_t value)
{
    VEC_PUSH(c->arena, list, value);
    VEC_PUSH(c->arena, list, value - 1);
    VEC_PUSH(c->arena, list, value + 1);
}

static void add_atom(struct checking *c, const struct atom *atom)
{
    values *list;
    uint64_t other = ~(atom->mask << atom->shift);

    if (atom->field < FIELD_ARG0)
        return;
    list = &c->at[atom->field - FIELD_ARG0];
    if (atom->op != CMP_IN) {
        add_value(c, list, atom->value << atom->shift);
        VEC_PUSH(c->arena, list, (atom->value << atom->shift) | other);
        VEC_PUSH(c->arena, list, (atom->value << atom->shift) | (other & rng_next(&c->rng)));
    }
    for (size_t i = 0; atom->op == CMP_IN && i < atom->set.count; i++) {
        add_value(c, list, atom->set.at[i].low << atom->shift);
        add_value(c, list, atom->set.at[i].high << atom->shift);
        VEC_PUSH(c->arena, list, (atom->set.at[i].low << atom->shift) | other);
    }
}

static void add_condition(struct checking *c, const struct cond *cond)
{
    if (cond->kind == COND_ATOM)
        add_atom(c, &cond->atom);
    for (size_t i = 0; i < cond->kid_count; i++)
        add_condition(c, cond->kids[i]);
}

static uint64_t sample(struct checking *c, unsigned arg, bool low)
{
    uint64_t value = c->at[arg].at[rng_next(&c->rng) % c->at[arg].count];

    switch (rng_next(&c->rng) % 8) {
    case 0:
        value ^= UINT64_C(1) << rng_next(&c->rng) % 64;
        break;
    case 1:
        value |= rng_next(&c->rng) << 32;
        break;
    case 2:
        value = rng_next(&c->rng) >> rng_next(&c->rng) % 64;
        break;
    }
    return low ? (uint32_t)value : value;
}

/* --- comparison --------------------------------------------------------------------------------*/

static uint32_t run_filter(const struct checking *c, const struct target *t,
                           const struct seccomp_data *call)
{
    uint32_t above = c->filter->enosys_above[t - c->policy->targets];

    if (above && (uint32_t)call->nr > above)
        return SECCOMP_RET_ERRNO | ENOSYS;
    return run_program(&c->filter->program, call, false).ret;
}

static bool same(struct checking *c, const struct target *t, const struct seccomp_data *call)
{
    struct verdict v = eval_policy(c->policy, call);
    uint32_t ret = run_filter(c, t, call);

    if (v.decided && v.ret == ret)
        return true;
    strbuf_printf(c->report, "%s number %d (", t->arch->name, call->nr);
    for (unsigned i = 0; i < 6; i++)
        strbuf_printf(c->report, "%s0x%" PRIx64, i ? ", " : "", (uint64_t)call->args[i]);
    strbuf_printf(c->report, "): policy 0x%x, filter 0x%x\n", v.ret, ret);
    return false;
}

enum truth { NO, YES, PERHAPS };

/* The condition for one number and arguments that are not known. */
static enum truth truth_of(const struct cond *cond, const struct seccomp_data *call)
{
    enum truth result = cond->kind == COND_AND ? YES : NO;

    switch (cond->kind) {
    case COND_FALSE:
        return NO;
    case COND_TRUE:
        return YES;
    case COND_ATOM:
        if (cond->atom.field != FIELD_NR)
            return PERHAPS;
        return eval_atom(&cond->atom, call) ? YES : NO;
    case COND_NOT:
        result = truth_of(cond->kids[0], call);
        return result == PERHAPS ? PERHAPS : result == YES ? NO : YES;
    case COND_AND:
    case COND_OR:
        for (size_t i = 0; i < cond->kid_count; i++) {
            enum truth kid = truth_of(cond->kids[i], call);

            if (kid == (cond->kind == COND_AND ? NO : YES))
                return kid;
            if (kid == PERHAPS)
                result = PERHAPS;
        }
        return result;
    }
    __builtin_unreachable();
}

static bool looks_at_arguments(const struct target *t, const struct seccomp_data *call)
{
    enum truth truth = NO;

    for (size_t i = 0; i < t->rule_count && truth == NO; i++)
        truth = truth_of(t->rules[i]->cond, call);
    return truth == PERHAPS;
}

static bool same_for_number(struct checking *c, const struct target *t, uint32_t nr)
{
    struct seccomp_data call = {.nr = (int)nr, .arch = t->arch->audit};
    unsigned samples = looks_at_arguments(t, &call) ? SAMPLES : 2;

    while (samples--) {
        for (unsigned i = 0; i < 6; i++)
            call.args[i] = sample(c, i, oci_compares_low_half(t->arch));
        if (!same(c, t, &call))
            return false;
    }
    return true;
}

/* Does libseccomp's table have the call here? Multiplexed ones have pseudo numbers there. */
static bool libseccomp_knows(const struct arch *a, const char *name, uint32_t nr)
{
    int known = seccomp_syscall_resolve_name_arch(seccomp_arch_resolve_name(a->name), name);

    return known == (int)nr || (known <= -100 && known >= -224);
}

static bool same_for_target(struct checking *c, const struct target *t)
{
    uint32_t base = t->arch->nr_base;

    for (uint32_t nr = base; nr < base + 600; nr++) {
        const struct syscall_info *s = syscall_by_number(t->arch, nr);

        if (!s && c->filter->enosys_above[t - c->policy->targets])
            continue; /* runc's stub goes by the number */
        if (s && !libseccomp_knows(t->arch, s->name, nr))
            continue; /* the runtimes ignore the name */
        if (!same_for_number(c, t, nr))
            return false;
    }
    return true;
}

bool calls_same(struct arena *a, const struct policy *p, const struct calls_filter *filter,
                uint64_t seed, struct strbuf *report)
{
    struct checking c = {
        .arena = a, .policy = p, .filter = filter, .rng = {seed}, .report = report};

    for (unsigned i = 0; i < 6; i++) {
        add_value(&c, &c.at[i], 0);
        add_value(&c, &c.at[i], UINT64_C(1) << 31);
        add_value(&c, &c.at[i], UINT64_C(1) << 32);
    }
    for (size_t t = 0; t < p->target_count; t++)
        for (size_t i = 0; i < p->targets[t].rule_count; i++)
            add_condition(&c, p->targets[t].rules[i]->cond);
    for (size_t t = 0; t < p->target_count; t++)
        if (!same_for_target(&c, &p->targets[t]))
            return false;
    return true;
}
