/* SPDX-License-Identifier: Apache-2.0 */
/* Idmapped mounts: a user namespace is made only to carry the mapping. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Opens the user namespace of a child that does nothing but wait. */
static int open_user_namespace(struct arena *a, pid_t child, const struct step_source *source,
                               int *fd, struct error *err)
{
    char path[64];
    int rc = write_id_maps(a, child, source->uids, source->gids, err);

    if (rc < 0)
        return rc;
    snprintf(path, sizeof(path), "/proc/%d/ns/user", child);
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    return *fd < 0 ? error_set(err, errno, "open '%s'", path) : 0;
}

static int mapping_namespace(struct arena *a, const struct step_source *source, int *fd,
                             struct error *err)
{
    struct clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    pid_t child = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
    int rc;

    if (child < 0)
        return error_set(err, errno, "make a user namespace for an idmapped mount");
    if (child == 0) {
        pause();
        _exit(0);
    }
    rc = open_user_namespace(a, child, source, fd, err);
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return rc;
}

int mount_map_ids(struct arena *a, int mount, const struct step_source *source, struct error *err)
{
    CLEANUP_FD
    int user = -1;
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP};
    unsigned flags = AT_EMPTY_PATH | (source->map_recursive ? AT_RECURSIVE : 0);
    int rc = mapping_namespace(a, source, &user, err);

    if (rc < 0)
        return rc;
    attr.userns_fd = (uint64_t)user;
    if (mount_setattr(mount, "", flags, &attr, sizeof(attr)) == 0)
        return 0;
    if (errno == ENOSYS)
        return error_text(
            err, ENOSYS, "mount '%s': mapped ids need mount_setattr(2), which came with Linux 5.12",
            source->path);
    if (errno == EINVAL)
        return error_text(err, EINVAL,
                          "mount '%s': this kernel cannot map the ids of its file system",
                          source->path);
    return error_set(err, errno, "map the ids of mount '%s'%s", source->path,
                     errno == EPERM ? " (it takes CAP_SYS_ADMIN over its file system)" : "");
}
