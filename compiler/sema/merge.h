/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several policies as one. Of what they answer for a call, the intersection takes the strictest,
 * as the kernel does with several filters (seccomp_run_filters() of kernel/seccomp.c), the union
 * the mildest; of answers alike but for their data, the first policy's.
 */
#ifndef SEMA_MERGE_H
#define SEMA_MERGE_H

#include "compiler/sema/policy.h"

enum merge { MERGE_INTERSECT, MERGE_UNION };

/* Of two return values. */
uint32_t merge_ret(enum merge how, uint32_t x, uint32_t y);

/* For the targets of both, where one that does not know a target answers `foreign`. Both have the
 * same byte order. Conditions are shared with x and y. */
struct policy *merge_policies(struct arena *a, enum merge how, const struct policy *x,
                              const struct policy *y);

#endif
