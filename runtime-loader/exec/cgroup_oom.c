/* SPDX-License-Identifier: Apache-2.0 */
/* Being told of processes that were killed for want of memory: version 2 counts them in
 * memory.events and wakes who polls the file; version 1 adds to an event descriptor. */
#include "runtime-loader/exec/cgroup.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static uint64_t read_killed(int fd)
{
    char text[512];
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
    const char *at;

    text[n > 0 ? n : 0] = '\0';
    at = strstr(text, "oom_kill ");
    return at ? strtoull(at + strlen("oom_kill "), NULL, 10) : 0;
}

static int open_v1(struct arena *a, const char *directory, struct cgroup_oom *out,
                   struct error *err)
{
    out->file = open(arena_printf(a, "%s/memory.oom_control", directory), O_RDONLY | O_CLOEXEC);
    if (out->file < 0)
        return error_set(err, errno, "open memory.oom_control of '%s'", directory);
    out->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (out->fd < 0)
        return error_set(err, errno, "eventfd");
    out->events = POLLIN;
    return cgroup_write(directory, "cgroup.event_control",
                        arena_printf(a, "%d %d", out->fd, out->file), err);
}

int cgroup_oom_open(struct arena *a, const struct cgroup_host *host, const char *path,
                    struct cgroup_oom *out, struct error *err)
{
    const struct hierarchy *h = cgroup_v1(host, "memory");

    *out = (struct cgroup_oom){.fd = -1, .file = -1};
    if (h) {
        int rc = open_v1(a, cgroup_directory(a, h, path), out, err);

        if (rc < 0)
            cgroup_oom_close(out);
        return rc;
    }
    h = cgroup_v2(host);
    if (!h)
        return 0;
    out->fd = open(arena_printf(a, "%s/memory.events", cgroup_directory(a, h, path)),
                   O_RDONLY | O_CLOEXEC);
    /* Without the controller nothing is limited, and nothing killed. */
    if (out->fd < 0 && errno != ENOENT)
        return error_set(err, errno, "open memory.events of '%s'", path);
    out->events = POLLPRI;
    out->killed = out->fd < 0 ? 0 : read_killed(out->fd);
    return 0;
}

uint64_t cgroup_oom_read(struct cgroup_oom *oom)
{
    uint64_t count = 0;

    if (oom->file >= 0)
        return read(oom->fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
    count = read_killed(oom->fd);
    if (count <= oom->killed)
        return 0;
    count -= oom->killed;
    oom->killed += count;
    return count;
}

void cgroup_oom_close(struct cgroup_oom *oom)
{
    cleanup_fd(&oom->fd);
    cleanup_fd(&oom->file);
    *oom = (struct cgroup_oom){.fd = -1, .file = -1};
}
