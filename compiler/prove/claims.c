/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A claim is a question of two policies: both let through what the claim does not speak of and go
 * on with the rules, one of them with another action wherever the claim's stands. They are the same
 * exactly if no call that it speaks of comes to that action.
 */
#include "compiler/prove/claims.h"

#include "compiler/prove/effect.h"

static const struct cond *not_so(struct arena *a, const struct cond *cond)
{
    const struct cond **kids = ARENA_ARRAY(a, const struct cond *, 1);
    struct cond *c = ARENA_NEW(a, struct cond);

    kids[0] = cond;
    *c = (struct cond){.kind = COND_NOT, .kids = kids, .kid_count = 1, .span = cond->span};
    return c;
}

/* The target's rules behind one for all other calls, the claim's action replaced by `instead`. */
static struct policy *question(struct arena *a, const struct policy *p, const struct target *t,
                               const struct claim *claim, uint32_t instead)
{
    const struct rule **rules = ARENA_ARRAY(a, const struct rule *, t->rule_count + 1);
    struct policy *q = ARENA_NEW(a, struct policy);
    struct target *target = ARENA_NEW(a, struct target);

    rules[0] = rule_with(a, &(struct rule){.span = claim->span}, not_so(a, claim->cond),
                         SECCOMP_RET_ALLOW);
    for (size_t i = 0; i < t->rule_count; i++) {
        const struct rule *r = t->rules[i];
        bool is_claimed = effect_of(r->ret) == effect_of(claim->ret);

        rules[i + 1] = is_claimed ? rule_with(a, r, r->cond, instead) : r;
    }
    *target = (struct target){.arch = t->arch, .rules = rules, .rule_count = t->rule_count + 1};
    *q = *p;
    q->targets = target;
    q->target_count = 1;
    return q;
}

void prove_claim(struct arena *a, struct terms *t, const struct policy *p,
                 const struct target *target, const struct claim *claim, struct proof *proof)
{
    uint32_t other = effect_of(claim->ret) == SECCOMP_RET_KILL_PROCESS ? SECCOMP_RET_KILL_THREAD
                                                                       : SECCOMP_RET_KILL_PROCESS;
    struct subject x = {.policy = question(a, p, target, claim, claim->ret)};
    struct subject y = {.policy = question(a, p, target, claim, other)};
    struct domain domain = {.only = ARCH_BIT(arch_id(target->arch))};

    if (target->arch->bits == 32)
        domain.no_high = domain.only;
    subject_init(a, &x);
    subject_init(a, &y);
    prove(a, t, &x, &y, RELATION_SAME, &domain, proof);
}
