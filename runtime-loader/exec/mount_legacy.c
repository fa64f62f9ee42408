/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mount(2), where the descriptor API falls short: mount_setattr(2) came with Linux 5.12, and
 * fsconfig(2) takes no value of more than 255 bytes, which the layers of an overlay easily have.
 * All of this happens in the mount namespace of the container while the host's /proc and /dev are
 * still seen and nobody but the runtime is there.
 */
#include "base/io.h"
#include "runtime-loader/exec/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

/* One thing by its three names. */
static const struct {
    uint64_t attribute;    /* MOUNT_ATTR_* */
    unsigned long flag;    /* MS_* */
    unsigned long current; /* ST_* of statvfs(3), 0: not told */
} attributes[] = {
    {MOUNT_ATTR_RDONLY, MS_RDONLY, ST_RDONLY},
    {MOUNT_ATTR_NOSUID, MS_NOSUID, ST_NOSUID},
    {MOUNT_ATTR_NODEV, MS_NODEV, ST_NODEV},
    {MOUNT_ATTR_NOEXEC, MS_NOEXEC, ST_NOEXEC},
    {MOUNT_ATTR_NOATIME, MS_NOATIME, ST_NOATIME},
    {MOUNT_ATTR_STRICTATIME, MS_STRICTATIME, 0},
    {MOUNT_ATTR_NODIRATIME, MS_NODIRATIME, ST_NODIRATIME},
    {MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW, 0},
};

static unsigned long flags_of(uint64_t set)
{
    unsigned long flags = 0;

    for (size_t i = 0; i < ARRAY_SIZE(attributes); i++)
        if (set & attributes[i].attribute)
            flags |= attributes[i].flag;
    return flags;
}

static uint64_t current_attributes(const struct statvfs *fs)
{
    uint64_t set = 0;

    for (size_t i = 0; i < ARRAY_SIZE(attributes); i++)
        if (fs->f_flag & attributes[i].current)
            set |= attributes[i].attribute;
    return set;
}

/* A remount gives all flags anew, so what is not to change has to be said too. */
static int remount(int mount_fd, const char *path, const struct mount_flags *f, const char *name,
                   struct error *err)
{
    uint64_t clear = f->set & MOUNT_ATTR__ATIME ? f->clear | MOUNT_ATTR__ATIME : f->clear;
    struct statvfs fs;
    uint64_t set;

    if (!f->set && !f->clear)
        return 0;
    if (fstatvfs(mount_fd, &fs) < 0)
        return error_set(err, errno, "look at mount '%s'", name);
    set = (current_attributes(&fs) & ~clear) | f->set;
    if (mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | flags_of(set), NULL) < 0)
        return error_set(err, errno, "change the attributes of mount '%s'", name);
    return 0;
}

int mount_change_legacy(int mount_fd, const struct mount_flags *f, const char *name,
                        struct error *err)
{
    unsigned long recursive = f->propagation_recursive ? MS_REC : 0;
    char path[64];

    if (f->recursive_set || f->recursive_clear)
        return error_text(err, ENOSYS,
                          "mount '%s': options for all mounts below need mount_setattr(2), "
                          "which came with Linux 5.12",
                          name);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", mount_fd);
    if (f->propagation && mount(NULL, path, NULL, f->propagation | recursive, NULL) < 0)
        return error_set(err, errno, "change the propagation of mount '%s'", name);
    return remount(mount_fd, path, f, name, err);
}

/* "a,b=c" of the words. */
static int join_options(const struct step_mount *m, const char *extra, char *out, size_t size)
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < m->data.count + (extra != NULL); i++) {
        const char *word = i < m->data.count ? m->data.at[i] : extra;
        int n = snprintf(out + len, size - len, "%s%s", len ? "," : "", word);

        if (n < 0 || (size_t)n >= size - len)
            return -E2BIG;
        len += (size_t)n;
    }
    return 0;
}

int mount_new_legacy(const struct step_mount *m, const char *extra, int *mount_fd,
                     struct error *err)
{
    /* Covered for a moment only, and in a mount namespace that has nobody else in it. */
    static const char place[] = "/dev";
    char options[4096]; /* a page, the most that mount(2) takes */
    int rc = join_options(m, extra, options, sizeof(options));

    if (rc == 0 && mount(m->source, place, m->type, flags_of(m->flags.set), options) < 0)
        rc = -errno;
    if (rc < 0)
        return error_set(err, -rc, "mount '%s' on '%s'", m->type, m->target);
    rc = mount_clone(AT_FDCWD, place, false, mount_fd, err);
    if (umount2(place, MNT_DETACH) < 0 && rc == 0)
        rc = error_set(err, errno, "detach mount '%s'", m->target);
    return rc;
}
