/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between create and start: init waits on a socket in the state directory. `start` connects, says
 * `start`, and that connection is closed by execve(2) or carries the error of what failed.
 */
#include "runtime-loader/exec/start.h"

#include "runtime-loader/exec/executor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* By the descriptor of the directory, whose own path may be too long for a socket's name. */
static struct sockaddr_un start_address(int dir)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/start", dir);
    return address;
}

int start_listen(int dir, int *listener, struct error *err)
{
    struct sockaddr_un address = start_address(dir);
    CLEANUP_FD
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0)
        return error_set(err, errno, "make the start socket");
    *listener = steal_fd(&fd);
    return 0;
}

int start_send(int dir, struct error *err)
{
    struct sockaddr_un address = start_address(dir);
    CLEANUP_FD
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    struct channel channel;
    int rc;

    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        return error_set(err, errno, "reach the container process");
    /* From here on the container is not "created" any more, whatever becomes of us. */
    if (unlinkat(dir, "start", 0) < 0)
        return error_set(err, errno, "remove the start socket");
    channel_init(&channel, fd, SIDE_RUNTIME);
    rc = channel_send(&channel, MESSAGE_START, err);
    return rc < 0 ? rc : channel_await_end(&channel, err);
}

/* One who connects and goes away without a word was killed on the way; the next may do better. */
static int accept_start(struct executor *x, struct error *err)
{
    for (;;) {
        int fd = accept4(x->listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd < 0 && errno == EINTR)
            continue;
        if (fd < 0)
            return error_set(err, errno, "wait for start");
        channel_close(&x->channel);
        channel_init(&x->channel, fd, SIDE_INIT);
        if (channel_await(&x->channel, MESSAGE_START, err) == 0)
            return 0;
    }
}

int step_await_start(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    if (x->listener >= 0)
        return accept_start(x, err);
    return channel_await(&x->channel, MESSAGE_START, err);
}
