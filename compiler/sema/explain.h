/* SPDX-License-Identifier: Apache-2.0 */
/* Why a rule did not decide a call that it is about. */
#ifndef SEMA_EXPLAIN_H
#define SEMA_EXPLAIN_H

#include "compiler/sema/policy.h"

/* The comparison (a COND_ATOM) that kept a condition from holding for the call; NULL if the
 * condition holds, or is not about calls of this number at all. */
const struct cond *explain_miss(const struct cond *cond, const struct seccomp_data *call);

#endif
