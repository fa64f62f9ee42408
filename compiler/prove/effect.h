/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel makes of a filter's return value (kernel/seccomp.c, seccomp_run_filters() and
 * __seccomp_filter()), so that values which it does not tell apart are one: actions that it does
 * not know kill the process; only ERRNO, TRAP and TRACE have data, and an errno is at most
 * MAX_ERRNO. This is of the only filter of a process: under several, an unknown action also has a
 * rank of its own among the others'.
 */
#ifndef PROVE_EFFECT_H
#define PROVE_EFFECT_H

#include "compiler/prove/term.h"
#include "compiler/sema/merge.h"

/* No return value, as no rule of a policy decides the call. It is none that effect() gives. */
#define EFFECT_UNDECIDED UINT32_C(0x00010000)

/* The least value with the same effect. */
uint32_t effect_of(uint32_t ret);
struct value effect_value(const struct terms *t, struct value ret);

/* Of two effects, as the kernel or a union of policies chooses; undecided if one is. */
struct value effect_merged(const struct terms *t, enum merge how, struct value x, struct value y);

/* How far a call gets: refused (KILL, TRAP, ERRNO, undecided), another process is asked (NOTIFY,
 * TRACE), or made (LOG, ALLOW). */
enum reach { REACH_NONE, REACH_ASKED, REACH_MADE };

enum reach effect_reach(uint32_t effect);
struct value effect_reach_value(const struct terms *t, struct value effect);

#endif
