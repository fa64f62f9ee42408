/* SPDX-License-Identifier: Apache-2.0 */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void cleanup_fd(const int *fd)
{
    int saved = errno;

    if (*fd >= 0)
        close(*fd);
    errno = saved;
}

void cleanup_free(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}

int steal_fd(int *fd)
{
    int stolen = *fd;

    *fd = -1;
    return stolen;
}

int write_all(int fd, const void *bytes, size_t len, struct error *err)
{
    const char *p = bytes;

    while (len) {
        ssize_t n = write(fd, p, len);

        if (n < 0) {
            if (errno == EINTR)
                continue;
            return error_set(err, errno, "cannot write");
        }
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

int read_all(int fd, const char *name, size_t limit, char **bytes, size_t *len, struct error *err)
{
    size_t room = 16384, used = 0;
    CLEANUP_FREE char *buf = malloc(room + 1);

    if (!buf)
        return error_set(err, ENOMEM, "cannot read '%s'", name);
    for (;;) {
        ssize_t n = read(fd, buf + used, room - used);

        if (n < 0) {
            if (errno == EINTR)
                continue;
            return error_set(err, errno, "cannot read '%s'", name);
        }
        if (n == 0)
            break;
        used += (size_t)n;
        if (used > limit)
            return error_text(err, EFBIG, "cannot read '%s': larger than %zu bytes", name, limit);
        if (used == room) {
            char *more = realloc(buf, room * 2 + 1);

            if (!more)
                return error_set(err, ENOMEM, "cannot read '%s'", name);
            buf = more;
            room *= 2;
        }
    }
    buf[used] = '\0';
    *bytes = buf;
    *len = used;
    buf = NULL;
    return 0;
}

int read_file(const char *path, size_t limit, char **bytes, size_t *len, struct error *err)
{
    /* non-blocking, so that a FIFO without a writer ends at once */
    CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;

    if (fd < 0)
        return error_set(err, errno, "cannot read '%s'", path);
    if (fstat(fd, &st) < 0)
        return error_set(err, errno, "cannot read '%s'", path);
    if (S_ISDIR(st.st_mode))
        return error_set(err, EISDIR, "cannot read '%s'", path);
    if (S_ISFIFO(st.st_mode) && fcntl(fd, F_SETFL, 0) < 0) /* <(process substitution) */
        return error_set(err, errno, "cannot read '%s'", path);
    return read_all(fd, path, limit, bytes, len, err);
}

static int write_straight(const char *path, const void *bytes, size_t len, struct error *err)
{
    CLEANUP_FD int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return error_set(err, errno, "cannot write '%s'", path);
    return write_all(fd, bytes, len, err);
}

static mode_t new_file_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static int fill(int fd, mode_t mode, const void *bytes, size_t len, struct error *err)
{
    int ret = write_all(fd, bytes, len, err);

    if (ret < 0)
        return ret;
    if (fchmod(fd, mode) < 0 || fsync(fd) < 0)
        return error_set(err, errno, "cannot write");
    return 0;
}

static int replace(const char *path, mode_t mode, const void *bytes, size_t len, struct error *err)
{
    char temporary[PATH_MAX];
    CLEANUP_FD int fd = -1;
    int ret, n;

    n = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
    if (n < 0 || (size_t)n >= sizeof(temporary))
        return error_set(err, ENAMETOOLONG, "cannot write '%s'", path);
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return error_set(err, errno, "cannot write '%s'", path);
    ret = fill(fd, mode, bytes, len, err);
    if (ret == 0 && rename(temporary, path) < 0)
        ret = error_set(err, errno, "cannot write '%s'", path);
    if (ret < 0)
        unlink(temporary);
    return ret;
}

int write_file(const char *path, const void *bytes, size_t len, struct error *err)
{
    char real[PATH_MAX];
    struct stat st;
    bool there = stat(path, &st) == 0;

    if (!there)
        return replace(path, new_file_mode(), bytes, len, err);
    if (!S_ISREG(st.st_mode))
        return write_straight(path, bytes, len, err);
    if (!realpath(path, real))
        return error_set(err, errno, "cannot write '%s'", path);
    return replace(real, st.st_mode & 07777, bytes, len, err);
}
