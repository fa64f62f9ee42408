/* SPDX-License-Identifier: Apache-2.0 */
/* Device nodes and the links of /dev. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/target.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static mode_t file_type(int type)
{
    return type == 'b' ? S_IFBLK : type == 'p' ? S_IFIFO : S_IFCHR;
}

static int make_node(int dir, const char *name, const struct step_device *d)
{
    mode_t type = file_type(d->type);
    dev_t number = d->type == 'p' ? 0 : makedev(d->major, d->minor);
    struct stat st;

    if (mknodat(dir, name, type | d->mode, number) == 0)
        return 0;
    if (errno != EEXIST)
        return -errno;
    /* What an image has there may be the same. */
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && (st.st_mode & S_IFMT) == type &&
        (d->type == 'p' || st.st_rdev == number))
        return 0;
    if (!d->replaces)
        return -EEXIST;
    if (unlinkat(dir, name, 0) < 0 || mknodat(dir, name, type | d->mode, number) < 0)
        return -errno;
    return 0;
}

int step_device(struct executor *x, const struct step *s, struct error *err)
{
    CLEANUP_FD
    int dir = -1;
    const char *name;
    int rc = target_parent(x->root, s->device.path, &dir, &name, err);

    if (rc < 0)
        return rc;
    rc = make_node(dir, name, &s->device);
    if (rc < 0)
        return error_set(err, -rc, "make device '%s'", s->device.path);
    /* The umask took bits away, and a node that was there may have others. */
    if (fchmodat(dir, name, s->device.mode, 0) < 0 ||
        fchownat(dir, name, s->device.uid, s->device.gid, AT_SYMLINK_NOFOLLOW) < 0)
        return error_set(err, errno, "set mode and owner of device '%s'", s->device.path);
    return 0;
}

int step_link(struct executor *x, const struct step *s, struct error *err)
{
    CLEANUP_FD
    int dir = -1;
    const char *name;
    int rc = target_parent(x->root, s->link.path, &dir, &name, err);

    if (rc < 0)
        return rc;
    /* What is there already was put there by the image, and stays. */
    if (symlinkat(s->link.target, dir, name) < 0 && errno != EEXIST)
        return error_set(err, errno, "make link '%s'", s->link.path);
    return 0;
}
