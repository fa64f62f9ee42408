/* SPDX-License-Identifier: Apache-2.0 */
/* The socket on which a created container waits for its start. */
#ifndef EXEC_START_H
#define EXEC_START_H

#include "base/error.h"

/* Makes the socket "start" in the state directory. */
int start_listen(int dir, int *listener, struct error *err) MUST_CHECK;
/* Starts the container: returns when its process runs, or with what kept it from running. */
int start_send(int dir, struct error *err) MUST_CHECK;

#endif
