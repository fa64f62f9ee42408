/* SPDX-License-Identifier: Apache-2.0 */
/* linux.maskedPaths and linux.readonlyPaths. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/mount.h"
#include "runtime-loader/exec/target.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const struct mount_flags readonly = {.set = MOUNT_ATTR_RDONLY};

static bool is_missing(int rc)
{
    return rc == -ENOENT || rc == -ENOTDIR || rc == -EACCES;
}

int step_readonly(struct executor *x, const struct step *s, struct error *err)
{
    CLEANUP_FD
    int target = -1, copy = -1;
    int rc = target_open(x->root, s->text, O_PATH, 0, &target, err);

    if (is_missing(rc))
        return 0;
    if (rc == 0)
        rc = mount_clone(target, "", true, &copy, err);
    return rc < 0 ? rc : mount_attach(copy, target, &readonly, s->text, err);
}

/* An empty directory, made for the first place and copied from there for each other: Linux before
 * 6.15 copies no mount that is not attached. */
static int empty_directory(struct executor *x, int *mount, struct error *err)
{
    if (x->mask < 0) {
        struct step_mount m = {.type = "tmpfs",
                               .source = "tmpfs",
                               .target = "(mask)",
                               .flags = {.set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
                                                MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC}};
        int rc = mount_new(&m, "mode=0755", &x->mask, err);

        if (rc < 0)
            return rc;
        *mount = fcntl(x->mask, F_DUPFD_CLOEXEC, 0);
        return *mount < 0 ? error_set(err, errno, "duplicate a descriptor") : 0;
    }
    return mount_clone(x->mask, "", false, mount, err);
}

/* The host's /dev/null, opened before anything of the container is in the way, and known by its
 * numbers. */
static int null_file(struct executor *x, int *mount, struct error *err)
{
    struct stat st;
    int rc = mount_clone(AT_FDCWD, "/dev/null", false, mount, err);

    (void)x;
    if (rc < 0)
        return rc;
    if (fstat(*mount, &st) < 0 || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
        return error_text(err, ENODEV, "/dev/null is not the null device");
    return 0;
}

int step_mask(struct executor *x, const struct step *s, struct error *err)
{
    CLEANUP_FD
    int target = -1, cover = -1;
    struct stat st;
    int rc = target_open(x->root, s->text, O_PATH, 0, &target, err);

    if (is_missing(rc))
        return 0;
    if (rc == 0 && fstat(target, &st) < 0)
        rc = error_set(err, errno, "look at '%s'", s->text);
    if (rc == 0)
        rc = S_ISDIR(st.st_mode) ? empty_directory(x, &cover, err) : null_file(x, &cover, err);
    return rc < 0
               ? rc
               : mount_attach(cover, target, S_ISDIR(st.st_mode) ? NULL : &readonly, s->text, err);
}
