/* SPDX-License-Identifier: Apache-2.0 */
/* What else is around: security modules, systemd, places for states, the program itself. */
#include "runtime-loader/doctor/doctor.h"
#include "runtime-loader/systemd/manager.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
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

/* The manager of the system for root, for others that of the user. */
static void add_systemd(struct doctor *d)
{
    struct manager manager = {0};
    bool user = !d->privilege.host;
    struct error err;
    int rc;

    if (access("/run/systemd/system", F_OK) < 0) {
        doctor_add(d, "systemd", VERDICT_NOTE, NULL,
                   "is not the manager here: no --systemd-cgroup");
        return;
    }
    rc = manager_connect(d->arena, user, &manager, &err);
    if (rc == 0)
        doctor_add(d, "systemd", VERDICT_OK, NULL, "the %s manager answers, in cgroup '%s'",
                   user ? "user's" : "system's", manager.cgroup[0] ? manager.cgroup : "/");
    else
        doctor_add(d, "systemd", VERDICT_NOTE,
                   user ? "apt-get install dbus-user-session; loginctl enable-linger; "
                          "XDG_RUNTIME_DIR set as by a login"
                        : "apt-get install dbus; systemctl start dbus",
                   "no --systemd-cgroup: %s", err.text);
    if (rc == 0)
        manager_release(&manager);
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
