/* SPDX-License-Identifier: Apache-2.0 */
/* System calls, asked for by calls that cannot do anything: only one that is missing, or kept from
 * us by a filter, answers with ENOSYS or EPERM. */
#include "runtime-loader/doctor/doctor.h"
#include "runtime-loader/exec/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

/* There: it finds fault with the arguments. */
static bool is_there(long result)
{
    return result >= 0 || (errno != ENOSYS && errno != EPERM);
}

struct probe {
    const char *id;
    bool there, needed;
    const char *without; /* what does not work then */
    const char *since;   /* the kernel that has it */
};

static void add_probe(struct doctor *d, const struct probe *p)
{
    if (p->there)
        doctor_add(d, p->id, VERDICT_OK, NULL, "there");
    else
        doctor_add(d, p->id, p->needed ? VERDICT_FAILS : VERDICT_NOTE,
                   arena_printf(d->arena,
                                "Linux %s or later; or a filter around easyrun that allows it",
                                p->since),
                   "missing or forbidden: %s", p->without);
}

static bool has_openat2(void)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
    long fd = syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how));

    if (fd >= 0)
        close((int)fd);
    return fd >= 0;
}

static bool has_pidfd(void)
{
    long fd = syscall(SYS_pidfd_open, getpid(), 0);
    bool works = fd >= 0 && is_there(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));

    if (fd >= 0)
        close((int)fd);
    return works;
}

/* For a user without rights fsopen(2) says EPERM before it looks at anything. */
static bool has_mount_descriptors(void)
{
    return syscall(SYS_move_mount, -1, NULL, -1, NULL, ~0U) >= 0 || errno != ENOSYS;
}

static void add_idmap(struct doctor *d)
{
    static struct spec_id_mapping one[] = {{.container_id = 0, .host_id = 100000, .size = 65536}};
    const id_mappings map = {one, 1};
    const struct step_source source = {.path = "/", .uids = &map, .gids = &map};
    struct error err;
    int mount = -1;
    int rc;

    if (!d->privilege.host) {
        doctor_add(d, "idmapped-mounts", VERDICT_NOTE, NULL,
                   "not for a user without rights on the host");
        return;
    }
    rc = mount_clone(AT_FDCWD, source.path, false, &mount, &err);
    if (rc == 0)
        rc = mount_map_ids(d->arena, mount, &source, &err);
    if (mount >= 0)
        close(mount);
    if (rc == 0)
        doctor_add(d, "idmapped-mounts", VERDICT_OK, NULL, "work on the file system of /");
    else
        doctor_add(d, "idmapped-mounts", VERDICT_NOTE,
                   "a file system and a kernel (5.12 or later) that can map ids", "%s", err.text);
}

void doctor_kernel(struct doctor *d)
{
    struct utsname name = {0};
    const struct probe probes[] = {
        {"clone3", is_there(syscall(SYS_clone3, NULL, 0)), true, "namespaces are made by it",
         "5.3"},
        {"openat2", has_openat2(), true, "paths in containers are resolved by it", "5.6"},
        {"mount-descriptors", has_mount_descriptors(), true, "all mounts are made by them", "5.2"},
        {"pidfd", has_pidfd(), true, "processes are known by them", "5.3"},
        {"mount_setattr", is_there(syscall(SYS_mount_setattr, -1, NULL, 0, NULL, 0)), false,
         "options for all mounts below one (rro) and mapped ids are refused", "5.12"},
        {"close_range", is_there(syscall(SYS_close_range, ~0U, ~0U, CLOSE_RANGE_CLOEXEC)), false,
         "descriptors are closed one by one", "5.11"},
        {"time-namespaces", access("/proc/self/ns/time", F_OK) == 0, false,
         "containers cannot have a clock of their own", "5.6"},
    };

    (void)!uname(&name);
    doctor_add(d, "kernel", doctor_since(5, 10) ? VERDICT_OK : VERDICT_FAILS, "Linux 5.10 or later",
               "%s %s", name.sysname, name.release);
    for (size_t i = 0; i < ARRAY_SIZE(probes); i++)
        add_probe(d, &probes[i]);
    add_idmap(d);
}
