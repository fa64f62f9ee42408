/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors as control messages. */
#include "runtime-loader/proto/rights.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Aligned as control messages have to be. */
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int) * RIGHTS_MAX)];
};

int rights_send(int socket, const void *data, size_t len, const int *fds, size_t count)
{
    struct iovec bytes = {(void *)(uintptr_t)data, len};
    union control control = {0};
    struct msghdr msg = {.msg_iov = &bytes, .msg_iovlen = 1};

    if (count > RIGHTS_MAX)
        return -E2BIG;
    if (count) {
        msg.msg_control = control.bytes;
        msg.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(&control.header), fds, sizeof(int) * count);
    }
    while (sendmsg(socket, &msg, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            return -errno;
    return 0;
}

/* Keeps the first descriptor. */
static int take_first(const struct cmsghdr *header)
{
    size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    int fds[RIGHTS_MAX];

    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS || count == 0)
        return -1;
    memcpy(fds, CMSG_DATA(header), count * sizeof(int));
    for (size_t i = 1; i < count; i++)
        close(fds[i]);
    return fds[0];
}

ssize_t rights_receive(int socket, void *data, size_t size, int *fd)
{
    struct iovec bytes = {data, size};
    union control control;
    struct msghdr msg = {.msg_iov = &bytes,
                         .msg_iovlen = 1,
                         .msg_control = control.bytes,
                         .msg_controllen = sizeof(control.bytes)};
    ssize_t n;

    *fd = -1;
    do {
        n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    if (CMSG_FIRSTHDR(&msg))
        *fd = take_first(CMSG_FIRSTHDR(&msg));
    return n;
}
