/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters that stack: what the kernel makes of several, and one program that does the same. It is
 * for filters that cannot be loaded one after the other, and for complain mode.
 *
 *     latest ── its result ──▶ the one before ── the stricter ──▶ … ── the strictest ──▶ return
 */
#ifndef EXEC_COMBINE_H
#define EXEC_COMBINE_H

#include "runtime-loader/exec/seccomp.h"

struct seccomp_data;

/* In the order in which they are loaded. */
typedef LIST(const struct seccomp_filter *) filter_stack;

/* What the kernel answers (kernel/seccomp.c, seccomp_run_filters()): the filter that was loaded
 * last is asked first, and one before it decides only if its action is smaller as a signed number.
 * *decided: whose result it is; NULL: all allow. */
uint32_t stack_result(const filter_stack *stack, const struct seccomp_data *call,
                      const struct seccomp_filter **decided);

/*
 * One filter that returns what stack_result() does, and that the kernel accepts if it accepts each
 * of them. -ENOTSUP if it were more than 4,096 instructions, and for what no compiler writes: two
 * that use all of a program's memory, and one that divides by X. Its flags are those that any asks
 * for; SPEC_ALLOW, which loosens, is one that all do.
 */
int stack_combine(struct arena *a, const filter_stack *stack, struct seccomp_filter *out,
                  struct error *err) MUST_CHECK;
/* Does it return USER_NOTIF anywhere? */
bool filter_notifies(const struct seccomp_filter *f);
/* Is there a division by X, which may return KILL_THREAD without a return? */
bool filter_divides(const struct seccomp_filter *f);

#endif
