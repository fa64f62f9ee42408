/* SPDX-License-Identifier: Apache-2.0 */
/* Calls as they are written for `eval` and in tests, `@socket(AF_NETLINK, SOCK_RAW, 9)`, to what
 * the kernel would show a filter. */
#ifndef SEMA_CALL_H
#define SEMA_CALL_H

#include "compiler/sema/policy.h"

/*
 * e is an EXPR_SYSCALL whose kids are argument values: constants, as in a policy. Arguments that
 * are not given are 0. false: reported (no such call on the architecture, no constant, more than
 * six arguments).
 */
bool resolve_call(struct arena *a, const struct expr *e, const struct arch *arch,
                  struct syscall_fallback *fallback, struct diags *diags,
                  struct seccomp_data *call);

#endif
