/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors that come from the caller, and sockets and files that he names. */
#include "runtime-loader/cli/container.h"
#include "runtime-loader/proto/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int preserved_descriptors(unsigned asked, unsigned *count, struct error *err)
{
    const char *listen = getenv("LISTEN_FDS");

    *count = asked + (listen ? (unsigned)strtoul(listen, NULL, 10) : 0);
    if (*count > 1 << 20)
        return error_text(err, EINVAL, "--preserve-fds: %u descriptors are too many", *count);
    for (unsigned i = 0; i < *count; i++)
        if (fcntl(3 + (int)i, F_GETFD) < 0)
            return error_set(err, errno, "--preserve-fds: descriptor %u", 3 + i);
    return 0;
}

int connect_unix(const char *path, int *fd, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    CLEANUP_FD
    int link = -1, sock = -1;

    /* A name that is too long for a socket is reached through its descriptor. */
    link = open(path, O_PATH | O_CLOEXEC);
    if (link < 0)
        return error_set(err, errno, "socket '%s'", path);
    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d", link);
    sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (sock < 0 || connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
        return error_set(err, errno, "connect to socket '%s'", path);
    *fd = steal_fd(&sock);
    return 0;
}

int send_pidfd(const char *path, int pidfd, struct error *err)
{
    CLEANUP_FD
    int sock = -1;
    int rc = connect_unix(path, &sock, err);

    if (rc < 0)
        return rc;
    /* receivers expect some data */
    rc = rights_send(sock, "p", 1, &pidfd, 1);
    return rc < 0 ? error_set(err, -rc, "send the pidfd to '%s'", path) : 0;
}

int write_pid_file(const char *path, pid_t pid, struct error *err)
{
    char fresh[4096], text[16];
    int len = snprintf(text, sizeof(text), "%d", pid);
    CLEANUP_FD
    int fd = -1;
    int rc;

    if (snprintf(fresh, sizeof(fresh), "%s.%d", path, (int)getpid()) >= (int)sizeof(fresh))
        return error_set(err, ENAMETOOLONG, "pid file '%s'", path);
    fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_set(err, errno, "write pid file '%s'", path);
    rc = write_all(fd, text, (size_t)len, err);
    if (rc == 0 && rename(fresh, path) < 0)
        rc = error_set(err, errno, "rename pid file '%s'", path);
    if (rc < 0)
        unlink(fresh);
    return rc;
}
