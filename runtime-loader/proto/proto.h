/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runtime and init say to each other: typed records over a SOCK_SEQPACKET pair.
 *
 *     runtime                              init
 *        │◀─────────── child ───────────────│  its pidfd, where a process in between made it
 *        │──────────── mapped ─────────────▶│  the user namespace has its ids
 *        │──────────── attached ───────────▶│  it is in its cgroups
 *        │◀────────── namespaces ───────────│  they are entered: prestart, createRuntime may run
 *        │──────────── hooked ─────────────▶│
 *        │◀─────────── console ─────────────│  master of the terminal, where no socket was named
 *        │◀──────────── ready ──────────────│  all is set up
 *        │─────────── committed ───────────▶│  the state is on record: init may outlive the runtime
 *        │──────────── start ──────────────▶│  from `run`; `start` sends it over init's own socket
 *        │◀─────────── (end) ───────────────│  closed by execve(2): the process runs
 *
 * A message is legal when its sender may send it and it comes after all that he sent before; both
 * ends check both ways. Instead of any message either may send `error`, the error record itself,
 * and is then done. The end of the stream in place of a message is an error too: so init goes
 * away when the runtime dies before it has committed, and nobody waits for the dead.
 */
#ifndef PROTO_PROTO_H
#define PROTO_PROTO_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum side { SIDE_RUNTIME = 1, SIDE_INIT = 2, SIDE_BOTH = 3 };

enum message {
#define MESSAGE(name, word, side, size, fds) MESSAGE_##name,
#include "runtime-loader/proto/messages.def"
#undef MESSAGE
    MESSAGE_COUNT
};

struct channel {
    int fd;
    enum side side;
    int sent, received; /* number of the last message, -1: none */
};

extern const char *const message_names[MESSAGE_COUNT];

/* Makes both ends, close-on-exec. */
int channel_pair(struct channel *runtime, struct channel *init, struct error *err) MUST_CHECK;
/* An end on a socket that is already connected. */
void channel_init(struct channel *c, int fd, enum side side);
/* Closes it; harmless when closed. */
void channel_close(struct channel *c);

int channel_send(struct channel *c, enum message m, struct error *err) MUST_CHECK;
int channel_send_fd(struct channel *c, enum message m, int fd, struct error *err) MUST_CHECK;
/* Tells the other side of a failure; nothing can be done when that fails. */
void channel_fail(struct channel *c, const struct error *failure);

/* Waits for m. An error record of the other side becomes *err and its code is returned. */
int channel_await(struct channel *c, enum message m, struct error *err) MUST_CHECK;
int channel_await_fd(struct channel *c, enum message m, int *fd, struct error *err) MUST_CHECK;
/* Waits for the end of the stream (0) or an error record. */
int channel_await_end(struct channel *c, struct error *err) MUST_CHECK;

#endif
