/* SPDX-License-Identifier: Apache-2.0 */
/* The container's root: entering it, and making it the root of the process. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Nothing that is mounted or unmounted from here on may be seen by the host. */
int step_private_tree(struct executor *x, const struct step *s, struct error *err)
{
    (void)x;
    (void)s;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return error_set(err, errno, "make the mounts of the new namespace private");
    return 0;
}

/* The tree goes over "/", which every user may reach, whatever the way to its source. */
int step_enter_root(struct executor *x, const struct step *s, struct error *err)
{
    struct tree *source = &x->sources[s->attach.source];

    if (!source->is_directory)
        return error_set(err, ENOTDIR, "root.path '%s'", s->attach.target);
    if (move_mount(source->fd, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return error_set(err, errno, "attach the container's root '%s'", s->attach.target);
    x->root = steal_fd(&source->fd);
    return source->later ? mount_change_attached(x->root, source->later, s->attach.target, err) : 0;
}

static int leave_for_root(struct executor *x, struct error *err)
{
    if (chdir("/") < 0)
        return error_set(err, errno, "chdir to the container's root");
    if (x->mask >= 0) /* all places are hidden; by its number a working directory could be there */
        close(steal_fd(&x->mask));
    x->entered = true;
    if (x->mask >= 0)
        close(steal_fd(&x->mask));
    return 0;
}

/* pivot_root(".", ".") puts the old root below the new one at the same place, from where it is
 * unmounted at once. */
int step_pivot(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    if (fchdir(x->root) < 0)
        return error_set(err, errno, "chdir to the container's root");
    if (syscall(SYS_pivot_root, ".", ".") < 0)
        return error_set(err, errno, "pivot_root");
    if (umount2(".", MNT_DETACH) < 0)
        return error_set(err, errno, "unmount the old root");
    return leave_for_root(x, err);
}

/* Without pivot_root (a root in a ramfs): the tree is over "/" already, so chroot is all it takes;
 * the old root stays below it. */
int step_switch_root(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    if (fchdir(x->root) < 0 || chroot(".") < 0)
        return error_set(err, errno, "chroot to the container's root");
    return leave_for_root(x, err);
}

int step_root_readonly(struct executor *x, const struct step *s, struct error *err)
{
    static const struct mount_flags readonly = {.set = MOUNT_ATTR_RDONLY};

    (void)s;
    return mount_change_attached(x->root, &readonly, "/", err);
}

int step_root_propagation(struct executor *x, const struct step *s, struct error *err)
{
    struct mount_flags flags = {.propagation = (uint64_t)s->number, .propagation_recursive = true};

    return mount_change_attached(x->root, &flags, "/", err);
}
