/* SPDX-License-Identifier: Apache-2.0 */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
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

/* <(process substitution): waits for a writer that is there, but not for one to come. */
static int read_fifo(int fd, const char *path, size_t limit, char **bytes, size_t *len,
                     struct error *err)
{
    int ret;

    if (fcntl(fd, F_SETFL, 0) < 0)
        return error_set(err, errno, "cannot read '%s'", path);
    ret = read_all(fd, path, limit, bytes, len, err);
    if (ret == 0 && *len == 0) {
        free(*bytes);
        return error_text(err, EAGAIN, "cannot read '%s': nobody has written to this FIFO", path);
    }
    return ret;
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
    if (S_ISFIFO(st.st_mode))
        return read_fifo(fd, path, limit, bytes, len, err);
    return read_all(fd, path, limit, bytes, len, err);
}

static int write_straight(const char *path, const void *bytes, size_t len, struct error *err)
{
    CLEANUP_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
    int ret = fd < 0 ? -errno : write_all(fd, bytes, len, err);

    return ret < 0 ? error_set(err, -ret, "cannot write '%s'", path) : 0;
}

/* Opens a new file in the directory of path; its name is put into temporary. */
static int open_beside(const char *path, char temporary[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int directory = slash ? (int)(slash - path) + 1 : 0;
    unsigned long long random;
    int fd, n;

    do {
        if (getrandom(&random, sizeof(random), 0) != sizeof(random))
            return -EIO;
        n = snprintf(temporary, PATH_MAX, "%.*s.easyseccomp-%016llx", directory, path, random);
        if (n < 0 || n >= PATH_MAX)
            return -ENAMETOOLONG;
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (fd < 0 && errno == EEXIST);
    return fd < 0 ? -errno : fd;
}

/* old: the file that will be replaced, NULL if there is none. */
static int fill(int fd, const struct stat *old, const void *bytes, size_t len, struct error *err)
{
    int ret = write_all(fd, bytes, len, err);

    if (ret < 0)
        return ret;
    if (old && fchown(fd, old->st_uid, old->st_gid) < 0 && errno != EPERM)
        return -errno; /* EPERM: it becomes ours, as any file that we replace */
    if (old && fchmod(fd, old->st_mode & 0777) < 0)
        return -errno;
    return fsync(fd) < 0 ? -errno : 0;
}

static int replace(const char *path, const struct stat *old, const void *bytes, size_t len,
                   struct error *err)
{
    char temporary[PATH_MAX];
    CLEANUP_FD int fd = open_beside(path, temporary);
    int ret;

    if (fd < 0)
        return error_set(err, -fd, "cannot write '%s'", path);
    ret = fill(fd, old, bytes, len, err);
    if (ret == 0 && rename(temporary, path) < 0)
        ret = -errno;
    if (ret < 0) {
        unlink(temporary);
        return error_set(err, -ret, "cannot write '%s'", path);
    }
    return 0;
}

int write_file(const char *path, const void *bytes, size_t len, struct error *err)
{
    char real[PATH_MAX];
    struct stat st;

    if (stat(path, &st) < 0) {
        if (lstat(path, &st) == 0)
            return error_text(err, ENOENT, "cannot write '%s': a symbolic link to nothing", path);
        return replace(path, NULL, bytes, len, err);
    }
    if (!S_ISREG(st.st_mode))
        return write_straight(path, bytes, len, err);
    if (!realpath(path, real))
        return error_set(err, errno, "cannot write '%s'", path);
    return replace(real, &st, bytes, len, err);
}
