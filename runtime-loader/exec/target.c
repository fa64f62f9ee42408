/* SPDX-License-Identifier: Apache-2.0 */
/* Resolving and making paths below a root descriptor. */
#include "runtime-loader/exec/target.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int target_open(int root, const char *path, uint64_t flags, uint64_t resolve, int *fd,
                struct error *err)
{
    struct open_how how = {.flags = flags | O_CLOEXEC,
                           .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve};

    /* EAGAIN: something was renamed while the kernel looked at "..". */
    for (int tries = 0; tries < 128; tries++) {
        *fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
        if (*fd >= 0)
            return 0;
        if (errno != EAGAIN && errno != EINTR)
            break;
    }
    return error_set(err, errno, "open '%s' in the container", path);
}

/* Makes name in the directory, or finds it there; -EEXIST is for symbolic links that dangle. */
static int make_one(int dir, const char *name, enum target_kind kind)
{
    int fd;

    if (kind == TARGET_DIRECTORY)
        return mkdirat(dir, name, 0755) < 0 ? -errno : 0;
    fd = openat(dir, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    close(fd);
    return 0;
}

/* Replaces path, whose first `end` bytes lead to a dangling link in dir, by where that points. */
static int follow_dangling(int dir, char *path, size_t size, size_t begin, size_t end)
{
    char link[PATH_MAX], rest[PATH_MAX];
    char name[NAME_MAX + 1];
    ssize_t n;
    int len;

    snprintf(name, sizeof(name), "%.*s", (int)(end - begin), path + begin);
    n = readlinkat(dir, name, link, sizeof(link) - 1);
    if (n < 0)
        return errno == EINVAL ? -EEXIST : -errno;
    link[n] = '\0';
    snprintf(rest, sizeof(rest), "%s", path + end);
    len = snprintf(path + (link[0] == '/' ? 0 : begin), size - (link[0] == '/' ? 0 : begin), "%s%s",
                   link, rest);
    return (size_t)len >= size - begin ? -ENAMETOOLONG : 0;
}

struct walk {
    char path[PATH_MAX];
    size_t begin, end; /* of the part that is looked at */
    int links;
};

/* One part of the path: opens the path so far, making the part when it is missing. */
static int walk_part(int root, struct walk *w, enum target_kind kind, uint64_t resolve, int *fd,
                     struct error *err)
{
    char rest = w->path[w->end];
    int made = 0;
    int next;
    int rc;

    w->path[w->end] = '\0';
    rc = target_open(root, w->path, O_PATH, resolve, &next, err);
    if (rc == -ENOENT && strcmp(w->path + w->begin, "..") != 0) {
        int problem = make_one(*fd, w->path + w->begin, kind);

        made = problem == 0;
        rc = target_open(root, w->path, O_PATH, resolve, &next, err);
        if (rc == -ENOENT && problem == -EEXIST && !(resolve & RESOLVE_NO_SYMLINKS)) {
            w->path[w->end] = rest;
            problem = follow_dangling(*fd, w->path, sizeof(w->path), w->begin, w->end);
            if (problem == 0 && ++w->links <= 40)
                return -EAGAIN;
            return error_set(err, problem ? -problem : ELOOP, "make '%s' in the container",
                             w->path);
        }
        if (rc < 0 && problem < 0)
            return error_set(err, -problem, "make '%s' in the container", w->path);
    }
    w->path[w->end] = rest;
    if (rc < 0)
        return rc;
    close(*fd);
    *fd = next;
    return made;
}

int target_make(int root, const char *path, enum target_kind kind, bool plain, int *fd,
                struct error *err)
{
    uint64_t resolve = plain ? RESOLVE_NO_SYMLINKS : 0;
    struct walk w = {0};
    int rc = target_open(root, path, O_PATH, resolve, fd, err);

    if (rc != -ENOENT)
        return rc;
    if ((size_t)snprintf(w.path, sizeof(w.path), "%s", path) >= sizeof(w.path))
        return error_set(err, ENAMETOOLONG, "'%s' in the container", path);
restart:
    rc = target_open(root, "/", O_PATH, 0, fd, err);
    w.end = 0;
    while (rc >= 0) {
        bool last;

        w.begin = w.end + strspn(w.path + w.end, "/");
        if (!w.path[w.begin])
            return rc;
        w.end = w.begin + strcspn(w.path + w.begin, "/");
        last = w.path[w.end + strspn(w.path + w.end, "/")] == '\0';
        rc = walk_part(root, &w, last ? kind : TARGET_DIRECTORY, resolve, fd, err);
    }
    if (*fd >= 0)
        close(steal_fd(fd));
    if (rc == -EAGAIN)
        goto restart;
    return rc;
}

int target_parent(int root, const char *path, int *fd, const char **name, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char parent[PATH_MAX];
    int rc;

    *name = slash ? slash + 1 : path;
    if (!**name || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0)
        return error_text(err, EINVAL, "'%s' does not name a file", path);
    if (snprintf(parent, sizeof(parent), "/%.*s", (int)(*name - path), path) >= (int)sizeof(parent))
        return error_set(err, ENAMETOOLONG, "'%s' in the container", path);
    rc = target_make(root, parent, TARGET_DIRECTORY, false, fd, err);
    return rc < 0 ? rc : 0;
}

bool is_on(int fd, uint64_t magic)
{
    struct statfs fs;

    return fstatfs(fd, &fs) == 0 && (uint64_t)fs.f_type == magic;
}
