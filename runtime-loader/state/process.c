/* SPDX-License-Identifier: Apache-2.0 */
/* Which process is which. */
#include "runtime-loader/state/state.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Reads a small file of procfs; "" when it is not there. */
static void read_small(const char *path, char *text, size_t size)
{
    CLEANUP_FD
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, size - 1);

    text[n > 0 ? n : 0] = '\0';
}

uint64_t process_start_time(pid_t pid)
{
    char path[64], text[1024];
    const char *at;

    if (pid <= 0)
        return 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    read_small(path, text, sizeof(text));
    /* The name may hold anything; the third field follows its last parenthesis. */
    at = strrchr(text, ')');
    if (!at || at[1] != ' ' || strchr("ZXx", at[2]))
        return 0;
    at += 2;
    for (int field = 3; field < 22; field++) {
        at = strchr(at, ' ');
        if (!at)
            return 0;
        at++;
    }
    return strtoull(at, NULL, 10);
}

int process_open(pid_t pid, uint64_t start_time, int *pidfd, struct error *err)
{
    CLEANUP_FD
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);

    if (fd < 0 && errno != ESRCH)
        return error_set(err, errno, "pidfd_open of process %d", pid);
    /* Compared after opening: the descriptor cannot change its process any more. */
    if (fd < 0 || process_start_time(pid) != start_time)
        return error_set(err, ESRCH, "process %d", pid);
    *pidfd = steal_fd(&fd);
    return 0;
}

pid_t process_of(int pidfd)
{
    char path[64], text[1024];
    const char *at;

    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
    read_small(path, text, sizeof(text));
    at = strstr(text, "\nPid:");
    if (!at)
        return 0;
    at = strpbrk(at, "-0123456789");
    return at && *at != '-' ? (pid_t)strtol(at, NULL, 10) : 0;
}
