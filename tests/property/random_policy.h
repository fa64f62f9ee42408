/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policies with a meaning of their own: text for the compiler, and beside it a model that
 * says what the text means without parsing or resolving anything. The model knows only the tables
 * and what easyseccomp-policy(5) says.
 */
#ifndef TESTS_PROPERTY_RANDOM_POLICY_H
#define TESTS_PROPERTY_RANDOM_POLICY_H

#include "base/str.h"
#include "compiler/tables/names.h"
#include "compiler/tables/syscalls.h"
#include "tests/lib/rng.h"

#include <linux/seccomp.h>

struct model {
    const char *text; /* the policy */
    const struct arch *targets[3];
    size_t target_count;
    const uint64_t *constants; /* what arguments are compared with */
    size_t constant_count;
    uint32_t foreign;
    struct model_rule *rules;
    size_t rule_count;
};

/* max_rules: upper bound of rules; the same seed gives the same policy. */
struct model *model_new(struct arena *a, uint64_t seed, unsigned max_rules);
uint32_t model_eval(const struct model *m, const struct seccomp_data *call);

/* A call of the number whose arguments are near the model's constants, or their halves. */
struct seccomp_data model_call(const struct model *m, struct rng *r, uint32_t audit, uint32_t nr);

#endif
