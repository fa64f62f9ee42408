/* SPDX-License-Identifier: Apache-2.0 */
/* Running hooks, one after the other, each with the state on its standard input. */
#ifndef EXEC_HOOKS_H
#define EXEC_HOOKS_H

#include "runtime-loader/spec/spec.h"

/* Stops at the first that fails, does not end in its time, or cannot be started. */
int hooks_run(const hook_list *list, const char *name, const char *state_json,
              struct error *err) MUST_CHECK;

#endif
