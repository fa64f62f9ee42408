/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: evaluates a resolved policy on one call, rule by rule, with no graph and no
 * rewriting. What it says is right by definition. */
#ifndef SEMA_EVAL_H
#define SEMA_EVAL_H

#include "compiler/sema/policy.h"

struct verdict {
    bool decided;                /* false: no rule's condition held */
    uint32_t ret;                /* SECCOMP_RET_* | data */
    const struct target *target; /* NULL: the call is foreign */
    const struct rule *rule;     /* NULL: foreign or undecided */
};

/* What an atom compares: the field of the call, its half, masked. */
uint64_t compared_value(const struct atom *atom, const struct seccomp_data *call);
bool eval_atom(const struct atom *atom, const struct seccomp_data *call);
bool eval_cond(const struct cond *cond, const struct seccomp_data *call);
struct verdict eval_policy(const struct policy *p, const struct seccomp_data *call);

#endif
