/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/policy.h"

const struct target *policy_target(const struct policy *p, uint32_t audit, uint32_t nr)
{
    const struct arch *arch = arch_of_call(audit, nr);
    size_t i;

    for (i = 0; i < p->target_count; i++)
        if (p->targets[i].arch == arch)
            return &p->targets[i];
    return NULL;
}

const struct rule *rule_with(struct arena *a, const struct rule *like, const struct cond *cond,
                             uint32_t ret)
{
    struct rule *rule = ARENA_NEW(a, struct rule);

    *rule = *like;
    rule->cond = cond;
    rule->ret = ret;
    return rule;
}
