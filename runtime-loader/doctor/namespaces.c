/* SPDX-License-Identifier: Apache-2.0 */
/* What a container needs, done in a child: namespaces, mounts in them, a procfs. */
#include "runtime-loader/doctor/doctor.h"
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const int container_namespaces =
    CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;

/* The files in /proc of who is not dumpable belong to root. */
static int be_dumpable(struct error *err)
{
    return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 ? error_set(err, errno, "PR_SET_DUMPABLE") : 0;
}

static int write_text(const char *path, const char *text, struct error *err)
{
    CLEANUP_FD
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        return error_set(err, errno, "write '%s'", path);
    return 0;
}

/* A user namespace with one id. */
static int enter_user_namespace(int others, struct error *err)
{
    unsigned uid = geteuid(), gid = getegid();
    char text[64];
    int rc = be_dumpable(err);

    if (rc == 0 && unshare(CLONE_NEWUSER | others) < 0)
        rc = error_set(err, errno, "make a user namespace");
    if (rc == 0)
        rc = write_text("/proc/self/setgroups", "deny", err);
    snprintf(text, sizeof(text), "0 %u 1\n", gid);
    if (rc == 0)
        rc = write_text("/proc/self/gid_map", text, err);
    snprintf(text, sizeof(text), "0 %u 1\n", uid);
    return rc < 0 ? rc : write_text("/proc/self/uid_map", text, err);
}

/* Some hosts let everybody make one, and take away all rights in it. */
static int try_user_namespace(struct doctor *d, struct error *err)
{
    int rc = enter_user_namespace(0, err);

    (void)d;
    if (rc == 0 && unshare(CLONE_NEWUTS) < 0)
        rc = error_set(err, errno, "make a UTS namespace inside of a user namespace");
    return rc;
}

static int new_mount(const char *type, struct error *err)
{
    const struct step_mount m = {.type = type, .source = type, .target = "(nowhere)"};
    CLEANUP_FD
    int fd = -1;

    return mount_new(&m, NULL, &fd, err);
}

static int enter_container(struct doctor *d, struct error *err)
{
    if (!d->privilege.admin)
        return enter_user_namespace(container_namespaces, err);
    return unshare(container_namespaces) < 0 ? error_set(err, errno, "make namespaces") : 0;
}

static int in_container(struct doctor *d, struct error *err)
{
    CLEANUP_FD
    int tree = -1;
    int rc = 0;

    (void)d;
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        rc = error_set(err, errno, "make mounts private");
    if (rc == 0)
        rc = new_mount("tmpfs", err);
    if (rc == 0)
        rc = mount_clone(AT_FDCWD, "/", true, &tree, err);
    if (rc == 0 && sethostname("doctor", strlen("doctor")) < 0)
        rc = error_set(err, errno, "set the host name");
    return rc;
}

static int in_container_proc(struct doctor *d, struct error *err)
{
    (void)d;
    return new_mount("proc", err);
}

/* The pid namespace is for children. */
static int try_container(struct doctor *d, struct error *err)
{
    int rc = enter_container(d, err);

    return rc < 0 ? rc : doctor_try(d, in_container, err);
}

static int try_proc(struct doctor *d, struct error *err)
{
    int rc = enter_container(d, err);

    return rc < 0 ? rc : doctor_try(d, in_container_proc, err);
}

static const char *user_namespace_fix(struct doctor *d)
{
    if (strcmp(doctor_line(d, "/proc/sys/user/max_user_namespaces"), "0") == 0)
        return "sysctl user.max_user_namespaces=15000 (in /etc/sysctl.d to last)";
    if (strcmp(doctor_line(d, "/proc/sys/kernel/unprivileged_userns_clone"), "0") == 0)
        return "sysctl kernel.unprivileged_userns_clone=1 (in /etc/sysctl.d to last)";
    if (strcmp(doctor_line(d, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"), "1") == 0)
        return "an AppArmor profile for easyrun with 'userns,', or sysctl "
               "kernel.apparmor_restrict_unprivileged_userns=0";
    return "a kernel with CONFIG_USER_NS, and no filter around easyrun that forbids it";
}

static void add_proc(struct doctor *d)
{
    struct error err;
    char cover[512];

    if (doctor_try(d, try_proc, &err) == 0) {
        doctor_add(d, "proc", VERDICT_OK, NULL, "a container gets a /proc of its own");
        return;
    }
    proc_cover(cover, sizeof(cover));
    doctor_add(d, "proc", VERDICT_FAILS,
               cover[0] ? "start what is around easyrun with all of /proc (podman --security-opt "
                          "unmask=ALL), or containers without a pid namespace"
                        : NULL,
               "%s%s%s", err.text, cover[0] ? "; covered at " : "", cover);
}

void doctor_namespaces(struct doctor *d)
{
    struct error err;
    bool users = doctor_try(d, try_user_namespace, &err) == 0;

    if (users)
        doctor_add(d, "user-namespaces", VERDICT_OK, NULL, "can be made");
    else
        doctor_add(d, "user-namespaces", d->privilege.admin ? VERDICT_NOTE : VERDICT_FAILS,
                   user_namespace_fix(d), "%s", err.text);
    if (!users && !d->privilege.admin)
        return;
    if (doctor_try(d, try_container, &err) < 0) {
        doctor_add(d, "namespaces", VERDICT_FAILS,
                   "less around easyrun: a filter, an LSM or a container takes these rights", "%s",
                   err.text);
        return;
    }
    doctor_add(d, "namespaces", VERDICT_OK, NULL,
               "mount, pid, network, ipc and uts can be made and mounts changed in them");
    add_proc(d);
}
