/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts of type cgroup: what a container sees of its control groups. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/mount.h"
#include "runtime-loader/exec/target.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* With a cgroup namespace of its own the container gets the file system, whose root is then its
 * cgroup; without one it gets its cgroup by a bind of the host's. */
static int attach_hierarchy(struct executor *x, const struct hierarchy *h,
                            const struct step_mount *m, int target, struct error *err)
{
    CLEANUP_FD
    int mount = -1;
    bool own = spec_namespace(x->plan->spec, NS_CGROUP);
    struct step_mount fresh = {.type = h->v2 ? "cgroup2" : "cgroup",
                               .source = "cgroup",
                               .target = m->target,
                               .flags = m->flags};
    struct mount_flags later;
    const char *parameters[2] = {NULL, NULL};
    int rc;

    if (own) {
        if (!h->v2) {
            fresh.data.at = parameters;
            fresh.data.count = 1;
            parameters[0] = h->controllers;
        }
        rc = mount_new(&fresh, NULL, &mount, err);
        if (rc < 0 && mount_instead(x->plan->spec, &fresh, &mount, &later, err) == 0)
            return mount_attach(mount, target, &later, m->target, err);
        return rc < 0 ? rc : mount_attach(mount, target, NULL, m->target, err);
    }
    rc =
        mount_clone(AT_FDCWD, cgroup_directory(x->arena, h, x->plan->cgroup ? x->plan->cgroup : ""),
                    false, &mount, err);
    return rc < 0 ? rc : mount_attach(mount, target, &m->flags, m->target, err);
}

/* One directory a hierarchy, in a tmpfs that becomes read-only at the end. */
static int mount_hierarchies(struct executor *x, const struct step_mount *m, int base,
                             struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < x->cgroups->hierarchies.count; i++) {
        const struct hierarchy *h = &x->cgroups->hierarchies.at[i];
        CLEANUP_FD
        int target = -1;

        rc = target_make(base, arena_printf(x->arena, "/%s", h->directory), TARGET_DIRECTORY, true,
                         &target, err);
        if (rc >= 0)
            rc = attach_hierarchy(x, h, m, target, err);
    }
    return rc;
}

int step_mount_cgroup(struct executor *x, const struct step *s, struct error *err)
{
    const struct step_mount *m = &s->mount;
    CLEANUP_FD
    int target = -1, mount = -1;
    struct step_mount base = {.type = "tmpfs", .source = "cgroup", .target = m->target};
    struct mount_flags readonly = {.set = m->flags.set & MOUNT_ATTR_RDONLY};
    int rc = target_make(x->root, m->target, TARGET_DIRECTORY, false, &target, err);

    if (rc < 0)
        return rc;
    if (x->cgroups->mode == CGROUP_V2 || x->cgroups->hierarchies.count == 0) {
        struct hierarchy v2 = {.controllers = "", .mount = "/sys/fs/cgroup", .v2 = true};

        return attach_hierarchy(x, &v2, m, target, err);
    }
    base.flags.set = m->flags.set & ~(uint64_t)MOUNT_ATTR_RDONLY;
    rc = mount_new(&base, "mode=0755", &mount, err);
    if (rc == 0)
        rc = mount_attach(mount, target, NULL, m->target, err);
    if (rc == 0)
        rc = mount_hierarchies(x, m, mount, err);
    return rc < 0 ? rc : mount_change_attached(mount, &readonly, m->target, err);
}
