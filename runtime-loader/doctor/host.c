/* SPDX-License-Identifier: Apache-2.0 */
/* What else is around: security modules, systemd, places for states, the program itself. */
#include "base/io.h"
#include "runtime-loader/doctor/doctor.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void add_lsm(struct doctor *d)
{
    const char *list = doctor_line(d, "/sys/kernel/security/lsm");
    bool selinux = access("/sys/fs/selinux/enforce", F_OK) == 0;
    bool apparmor = access("/sys/kernel/security/apparmor/profiles", F_OK) == 0;

    if (selinux)
        doctor_add(d, "lsm", VERDICT_OK, NULL, "SELinux: labels are set (%s)", list);
    else if (apparmor)
        doctor_add(d, "lsm", VERDICT_OK, NULL, "AppArmor: profiles are set (%s)", list);
    else
        doctor_add(
            d, "lsm", VERDICT_OK, NULL,
            "neither SELinux nor AppArmor: a container that asks for either does not start%s%s",
            list[0] ? "; there are " : "", list);
}

static bool can_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    CLEANUP_FD
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
        return false;
    memcpy(address.sun_path, path, strlen(path) + 1);
    return connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

/* The manager of the system for root, for others that of the user. */
static void add_systemd(struct doctor *d)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    const char *bus = d->privilege.host ? "/run/dbus/system_bus_socket"
                                        : arena_printf(d->arena, "%s/bus", runtime ? runtime : "");

    if (access("/run/systemd/system", F_OK) < 0)
        doctor_add(d, "systemd", VERDICT_NOTE, NULL,
                   "is not the manager here: no --systemd-cgroup");
    else if (can_connect(bus))
        doctor_add(d, "systemd", VERDICT_OK, NULL, "its bus answers at '%s'", bus);
    else
        doctor_add(d, "systemd", VERDICT_NOTE,
                   d->privilege.host ? "apt-get install dbus; systemctl start dbus"
                                     : "apt-get install dbus-user-session; loginctl enable-linger; "
                                       "XDG_RUNTIME_DIR set as by a login",
                   "no bus at '%s': no --systemd-cgroup", bus);
}

/* The nearest directory above that is there: what is missing is made. */
static void add_state_root(struct doctor *d)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s", d->state_root);
    for (char *slash; access(path, F_OK) < 0 && (slash = strrchr(path, '/')) && slash > path;)
        *slash = '\0';
    if (eaccess(path, W_OK | X_OK) == 0)
        doctor_add(d, "state-root", VERDICT_OK, NULL, "'%s'", d->state_root);
    else
        doctor_add(d, "state-root", VERDICT_FAILS,
                   "set XDG_RUNTIME_DIR to a directory of this user's own, or use --root",
                   "'%s' cannot be written to: %s", d->state_root, strerrordesc_np(errno));
}

static void add_self(struct doctor *d)
{
    struct statvfs fs;
    char exe[256] = "";
    ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

    if (n > 0 && strncmp(exe, "/memfd:", 7) == 0)
        doctor_add(d, "self", VERDICT_OK, NULL, "the program runs from a sealed copy");
    else if (statvfs("/proc/self/exe", &fs) == 0 && fs.f_flag & ST_RDONLY)
        doctor_add(d, "self", VERDICT_OK, NULL, "the program runs from a read-only mount");
    else
        doctor_add(d, "self", VERDICT_OK, NULL, "the program cannot be written to by this user");
}

static int try_keyring(struct doctor *d, struct error *err)
{
    (void)d;
    return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "easyrun-doctor") < 0
               ? error_set(err, errno, "join a session keyring")
               : 0;
}

static void add_keyring(struct doctor *d)
{
    struct error err;

    if (doctor_try(d, try_keyring, &err) == 0)
        doctor_add(d, "keyring", VERDICT_OK, NULL, "each container gets one of its own");
    else if (err.code == ENOSYS || err.code == EPERM)
        doctor_add(d, "keyring", VERDICT_NOTE, NULL, "%s: containers have none", err.text);
    else
        doctor_add(d, "keyring", VERDICT_FAILS,
                   "sysctl kernel.keys.maxkeys=2000, or --no-new-keyring", "%s", err.text);
}

void doctor_host(struct doctor *d)
{
    add_lsm(d);
    add_systemd(d);
    add_keyring(d);
    add_state_root(d);
    add_self(d);
}
