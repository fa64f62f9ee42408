/* SPDX-License-Identifier: Apache-2.0 */
/* What a user namespace may not mount, and what it gets in place of that. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

/* The host's, where the container has no such namespace of its own: it shows the same there. */
static const struct {
    const char *type, *path;
    enum namespace_kind kind;
    bool always; /* with a namespace of its own it shows the host's, which is better than nothing */
} stand_ins[] = {
    {"proc", "/proc", NS_PID, false},
    {"sysfs", "/sys", NS_NETWORK, true},
    {"mqueue", "/dev/mqueue", NS_IPC, false},
    {"cgroup", "/sys/fs/cgroup", NS_CGROUP, true},
    {"cgroup2", "/sys/fs/cgroup", NS_CGROUP, true},
};

void proc_cover(char *path, size_t size)
{
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    char line[1024];

    path[0] = '\0';
    while (mounts && !path[0] && fgets(line, sizeof(line), mounts)) {
        char place[512];

        if (sscanf(line, "%*s %*s %*s %*s %511s", place) == 1 && strncmp(place, "/proc/", 6) == 0 &&
            strcmp(place, "/proc/sys/fs/binfmt_misc") != 0)
            snprintf(path, size, "%s", place);
    }
    if (mounts)
        fclose(mounts);
}

static int explain_proc(const struct step_mount *m, struct error *err)
{
    char cover[512];

    proc_cover(cover, sizeof(cover));
    if (!cover[0])
        return -err->code;
    return error_text(
        err, EPERM,
        "mount 'proc' on '%s': the kernel refuses it to a user namespace while '%.200s' "
        "covers a part of the caller's /proc; show all of that (podman --security-opt "
        "unmask=ALL), or share the pid namespace",
        m->target, cover);
}

/* The group of terminals (gid=5) may have no number in the container: then they get the group of
 * who opens them. */
static int without_group(const struct step_mount *m, int *mount, struct error *err)
{
    struct step_mount fewer = *m;
    const char *words[16];
    int rc;

    if (m->data.count > ARRAY_SIZE(words))
        return -err->code;
    fewer.data = (string_list){words, 0};
    for (size_t i = 0; i < m->data.count; i++)
        if (strncmp(m->data.at[i], "gid=", 4) != 0)
            words[fewer.data.count++] = m->data.at[i];
    if (fewer.data.count == m->data.count)
        return -err->code;
    rc = mount_new(&fewer, NULL, mount, err);
    return rc;
}

int mount_instead(const struct spec *spec, const struct step_mount *m, int *mount,
                  struct mount_flags *later, struct error *err)
{
    struct error ignored;

    if (err->code == EINVAL && strcmp(m->type, "devpts") == 0)
        return without_group(m, mount, err);
    for (size_t i = 0; err->code == EPERM && i < ARRAY_SIZE(stand_ins); i++) {
        if (strcmp(stand_ins[i].type, m->type) != 0)
            continue;
        if (!stand_ins[i].always && spec_namespace(spec, stand_ins[i].kind))
            return strcmp(m->type, "proc") == 0 ? explain_proc(m, err) : -err->code;
        if (mount_clone(AT_FDCWD, stand_ins[i].path, true, mount, &ignored) < 0)
            return -err->code;
        *later = m->flags;
        later->recursive_set |= m->flags.set & MOUNT_ATTR_RDONLY;
        return 0;
    }
    return -err->code;
}
