/* SPDX-License-Identifier: Apache-2.0 */
/* Tells what a policy denies to a process and its children, by ptrace(2). */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "base/error.h"
#include "compiler/cbpf/program.h"
#include "compiler/sema/policy.h"

#include <sys/types.h>

/*
 * Seizes the stopped child and lets it run until it has ended; each call that the policy does not
 * let through (NULL: that the program does not) is told on standard error, once a rule and call.
 * Returns the status a shell would give (128 + signal), or negative with err set.
 */
int watch(pid_t child, const struct policy *policy, const struct program *program,
          struct error *err) MUST_CHECK;

#endif
