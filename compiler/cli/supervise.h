/* SPDX-License-Identifier: Apache-2.0 */
/* A command whose calls are all notified, seen, and let through: seccomp_unotify(2). */
#ifndef CLI_SUPERVISE_H
#define CLI_SUPERVISE_H

#include "base/error.h"

#include <linux/seccomp.h>

/* Is told of each call of the command, of its threads and of its children, before it is made. */
typedef void see_call(void *ctx, const struct seccomp_data *call);

/*
 * Runs the command and everything that it starts, until the last of it has ended; SIGINT and
 * SIGQUIT are left to the command, SIGTERM is handed on to it. Returns the status a shell would
 * give (126, 127, 128 + signal), or negative with err set.
 *
 * Not seen: calls that a filter of the command's own denies, those of the vDSO, and those of
 * processes that it asks others to start.
 */
int supervise(char **command, see_call *see, void *ctx, struct error *err) MUST_CHECK;

#endif
