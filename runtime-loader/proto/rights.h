/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors over a Unix socket (SCM_RIGHTS), each with the data of one message (unix(7)). */
#ifndef PROTO_RIGHTS_H
#define PROTO_RIGHTS_H

#include "base/compiler.h"

#include <stddef.h>
#include <sys/types.h>

enum { RIGHTS_MAX = 4 };

/* One message: len > 0 bytes of data with up to RIGHTS_MAX descriptors, which stay open here.
 * Returns 0 or -errno; SIGPIPE is not raised. */
int rights_send(int socket, const void *data, size_t len, const int *fds, size_t count) MUST_CHECK;

/* Receives one message of up to size bytes; *fd is the descriptor that came with it,
 * close-on-exec and the caller's, or -1. More than one are closed. Returns the number of bytes, 0
 * at the end of the stream, or -errno. */
ssize_t rights_receive(int socket, void *data, size_t size, int *fd) MUST_CHECK;

#endif
