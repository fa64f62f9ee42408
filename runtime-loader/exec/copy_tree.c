/* SPDX-License-Identifier: Apache-2.0 */
/* Copying the contents of a directory into a fresh tmpfs (option tmpcopyup). */
#include "base/io.h"
#include "runtime-loader/exec/mount.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static int copy_directory(int from, int to, int depth, struct error *err);

static int copy_file(int from, int to, const char *name, const struct stat *st, struct error *err)
{
    CLEANUP_FD
    int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    CLEANUP_FD
    int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    ssize_t n;

    if (in < 0 || out < 0)
        return error_set(err, errno, "copy '%s'", name);
    do {
        n = sendfile(out, in, NULL, 1 << 24);
    } while (n > 0);
    if (n < 0 || fchown(out, st->st_uid, st->st_gid) < 0 || fchmod(out, st->st_mode & 07777) < 0)
        return error_set(err, errno, "copy '%s'", name);
    return 0;
}

static int copy_link(int from, int to, const char *name, const struct stat *st, struct error *err)
{
    char target[PATH_MAX];
    ssize_t n = readlinkat(from, name, target, sizeof(target) - 1);

    if (n < 0)
        return error_set(err, errno, "copy '%s'", name);
    target[n] = '\0';
    if (symlinkat(target, to, name) < 0 ||
        fchownat(to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
        return error_set(err, errno, "copy '%s'", name);
    return 0;
}

static int copy_subdirectory(int from, int to, const char *name, const struct stat *st, int depth,
                             struct error *err)
{
    CLEANUP_FD
    int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    CLEANUP_FD
    int out = -1;
    int rc;

    if (in < 0 || mkdirat(to, name, 0700) < 0)
        return error_set(err, errno, "copy '%s'", name);
    out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (out < 0)
        return error_set(err, errno, "copy '%s'", name);
    rc = copy_directory(in, out, depth + 1, err);
    if (rc == 0 &&
        (fchown(out, st->st_uid, st->st_gid) < 0 || fchmod(out, st->st_mode & 07777) < 0))
        rc = error_set(err, errno, "copy '%s'", name);
    return rc;
}

static int copy_entry(int from, int to, const char *name, int depth, struct error *err)
{
    struct stat st;

    if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return error_set(err, errno, "copy '%s'", name);
    if (S_ISREG(st.st_mode))
        return copy_file(from, to, name, &st, err);
    if (S_ISLNK(st.st_mode))
        return copy_link(from, to, name, &st, err);
    if (S_ISDIR(st.st_mode))
        return copy_subdirectory(from, to, name, &st, depth, err);
    if (mknodat(to, name, st.st_mode, st.st_rdev) < 0 ||
        fchownat(to, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW) < 0)
        return error_set(err, errno, "copy '%s'", name);
    return 0;
}

static int copy_directory(int from, int to, int depth, struct error *err)
{
    int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;
    int rc = 0;

    if (!dir) {
        rc = error_set(err, errno, "read a directory");
        if (fd >= 0)
            close(fd);
        return rc;
    }
    if (depth > 256)
        rc = error_set(err, ELOOP, "copy a directory");
    while (rc == 0 && (entry = readdir(dir)))
        if (entry->d_name[0] != '.' ||
            (entry->d_name[1] && (entry->d_name[1] != '.' || entry->d_name[2])))
            rc = copy_entry(from, to, entry->d_name, depth, err);
    closedir(dir);
    return rc;
}

int copy_tree(int from, int to, struct error *err)
{
    return copy_directory(from, to, 0, err);
}
