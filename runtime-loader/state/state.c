/* SPDX-License-Identifier: Apache-2.0 */
/* The directories of containers, their locks and files. */
#include "runtime-loader/state/state.h"

#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t file_limit = 64 << 20;

int state_check_id(const char *id, struct error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_+-.";
    size_t len = strlen(id);

    if (len == 0 || len > 255 || strspn(id, allowed) != len || strcmp(id, ".") == 0 ||
        strcmp(id, "..") == 0)
        return error_text(err, EINVAL, "'%s' is not a name of a container", id);
    return 0;
}

static const char *root_hint(int code)
{
    return code == EACCES ? " (set XDG_RUNTIME_DIR or --root)" : "";
}

/* Makes the state root with its parents. */
static int make_root(const char *root, struct error *err)
{
    char path[4096];
    size_t len = strlen(root);

    if (len == 0 || len >= sizeof(path))
        return error_text(err, ENAMETOOLONG, "state root '%s'", root);
    memcpy(path, root, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        path[i] = '\0';
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
            return error_set(err, errno, "make state root '%s'%s", path, root_hint(errno));
        path[i] = root[i];
    }
    return 0;
}

static int open_root(const char *root, struct error *err)
{
    int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd < 0 ? error_set(err, errno, "open state root '%s'%s", root, root_hint(errno)) : fd;
}

int state_make(const char *root, const char *id, int *dir, struct error *err)
{
    CLEANUP_FD
    int base = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CLEANUP_FD
    int fd = -1;

    if (base < 0) {
        int rc = make_root(root, err);

        if (rc < 0)
            return rc;
        base = open_root(root, err);
        if (base < 0)
            return base;
    }
    if (mkdirat(base, id, 0700) < 0) {
        if (errno == EEXIST)
            return error_text(err, EEXIST, "container '%s' already exists", id);
        return error_set(err, errno, "make the state directory of container '%s'", id);
    }
    fd = openat(base, id, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || flock(fd, LOCK_EX) < 0)
        return error_set(err, errno, "lock the state directory of container '%s'", id);
    *dir = steal_fd(&fd);
    return 0;
}

int state_open(const char *root, const char *id, bool lock, int *dir, struct error *err)
{
    CLEANUP_FD
    int base = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CLEANUP_FD
    int fd = -1;
    struct stat st;

    if (base >= 0)
        fd = openat(base, id, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno != ENOENT)
        return error_set(err, errno, "open the state directory of container '%s'", id);
    if (fd >= 0 && lock && flock(fd, LOCK_EX) < 0)
        return error_set(err, errno, "lock the state directory of container '%s'", id);
    /* Who waited for the lock may have waited for the end. */
    if (fd < 0 || (lock && fstat(fd, &st) == 0 && st.st_nlink == 0))
        return error_text(err, ENOENT, "container '%s' does not exist", id);
    *dir = steal_fd(&fd);
    return 0;
}

/* All that is in the directory but the state: that goes last, so that what is killed on the way
 * can be done again. */
static int remove_files(const char *id, int dir, struct error *err)
{
    int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *files = copy < 0 ? NULL : fdopendir(copy);
    struct dirent *entry;
    int rc = files ? 0 : error_set(err, errno, "open the state directory of container '%s'", id);

    while (rc == 0 && (entry = readdir(files))) {
        const char *name = entry->d_name;

        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, "state") != 0 &&
            unlinkat(dir, name, 0) < 0 && errno != ENOENT)
            rc = error_set(err, errno, "remove '%s' of container '%s'", name, id);
    }
    if (files)
        closedir(files);
    else
        cleanup_fd(&copy);
    return rc;
}

int state_remove(const char *root, const char *id, int dir, struct error *err)
{
    CLEANUP_FD
    int base = open_root(root, err);
    int rc = base < 0 ? base : remove_files(id, dir, err);

    if (rc < 0)
        return rc;
    if (unlinkat(dir, "state", 0) < 0 && errno != ENOENT)
        return error_set(err, errno, "remove 'state' of container '%s'", id);
    if (unlinkat(base, id, AT_REMOVEDIR) < 0 && errno != ENOENT)
        return error_set(err, errno, "remove the state directory of container '%s'", id);
    return 0;
}

int state_list(struct arena *a, const char *root, string_list *ids, struct error *err)
{
    DIR *dir = opendir(root);
    VEC(const char *) found = {0};
    struct dirent *entry;

    *ids = (string_list){0};
    if (!dir)
        return errno == ENOENT ? 0 : error_set(err, errno, "open state root '%s'", root);
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            VEC_PUSH(a, &found, arena_strdup(a, entry->d_name));
    closedir(dir);
    ids->at = found.at;
    ids->count = found.count;
    return 0;
}

int state_write_file(int dir, const char *name, const void *bytes, size_t len, struct error *err)
{
    char fresh[64];
    CLEANUP_FD
    int fd = -1;
    int rc;

    snprintf(fresh, sizeof(fresh), "%s.new", name);
    fd = openat(dir, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return error_set(err, errno, "write '%s' of the state", name);
    rc = write_all(fd, bytes, len, err);
    if (rc < 0)
        return rc;
    if (renameat(dir, fresh, dir, name) < 0)
        return error_set(err, errno, "rename '%s' of the state", name);
    return 0;
}

int state_read_file(struct arena *a, int dir, const char *name, const char **text, size_t *len,
                    struct error *err)
{
    CLEANUP_FD
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char *bytes = NULL;
    int rc;

    if (fd < 0)
        return error_set(err, errno == ENOENT ? ENODATA : errno, "open '%s' of the state", name);
    rc = read_all(fd, name, file_limit, &bytes, len, err);
    if (rc < 0)
        return rc;
    *text = arena_strndup(a, bytes, *len);
    cleanup_free(&bytes);
    return 0;
}
