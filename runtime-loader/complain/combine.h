/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Complain mode: what the filters of a container would deny is told and made all the same. This is
 * a way to find out what a program needs, and no boundary at all.
 *
 *     filters ─combine─▶ one that notifies what any of them denies ─kernel─▶ supervisor ─▶ records
 */
#ifndef COMPLAIN_COMBINE_H
#define COMPLAIN_COMBINE_H

#include "runtime-loader/exec/combine.h"

/*
 * One filter of several that the kernel accepts: USER_NOTIF where any of them returns something
 * that does not let the call through, else LOG where any does. -ENOTSUP if one of them computes
 * what it returns, or if stack_combine() says so.
 */
int complain_combine(struct arena *a, const filter_stack *stack, struct seccomp_filter *out,
                     struct error *err) MUST_CHECK;

#endif
