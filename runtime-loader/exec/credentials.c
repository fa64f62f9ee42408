/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the runtime's credentials to those of the process, and the execve(2) at the end.
 *
 * The order makes "filter last" possible: seccomp(2) without no_new_privs needs CAP_SYS_ADMIN, so
 * that one capability stays in the permitted and effective sets until execve(2) takes it away:
 * it is neither in the bounding set nor inheritable nor ambient any more, so it cannot come along.
 */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/target.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int get_capabilities(struct spec_capabilities *out, struct error *err)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];

    if (syscall(SYS_capget, &header, data) < 0)
        return error_set(err, errno, "capget");
    out->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    out->effective = data[0].effective | (uint64_t)data[1].effective << 32;
    out->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
    return 0;
}

static int set_capabilities(const struct spec_capabilities *c, struct error *err)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {(uint32_t)c->effective, (uint32_t)c->permitted, (uint32_t)c->inheritable},
        {(uint32_t)(c->effective >> 32), (uint32_t)(c->permitted >> 32),
         (uint32_t)(c->inheritable >> 32)},
    };

    if (syscall(SYS_capset, &header, data) < 0)
        return error_set(err, errno, "process.capabilities: capset");
    return 0;
}

static int drop_bounding(uint64_t keep, struct error *err)
{
    for (int cap = 0; cap < 64; cap++) {
        if (keep >> cap & 1)
            continue;
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0) {
            if (errno == EINVAL) /* past the last that the kernel knows */
                return 0;
            return error_set(err, errno, "process.capabilities.bounding: drop capability %d", cap);
        }
    }
    return 0;
}

static int raise_ambient(uint64_t caps, struct error *err)
{
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL)
        return error_set(err, errno, "process.capabilities.ambient: clear");
    for (int cap = 0; cap < 64; cap++)
        if (caps >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
            return error_set(err, errno, "process.capabilities.ambient: raise capability %d", cap);
    return 0;
}

/* Pipes and terminals that the process gets are opened again by name (/dev/stdout), so they have
 * to be its own. What cannot be given away stays: /dev/null, files of others, read-only ones. */
static void give_streams(uint32_t uid)
{
    for (int fd = 0; fd <= 2; fd++) {
        struct stat st;

        if (fstat(fd, &st) < 0 || st.st_uid == uid ||
            (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3)))
            continue;
        (void)!fchown(fd, uid, (gid_t)-1);
    }
}

int step_give_streams(struct executor *x, const struct step *s, struct error *err)
{
    (void)x;
    (void)err;
    give_streams((uint32_t)s->number);
    return 0;
}

/* A user namespace may deny setgroups. That is no fault where no groups are asked for, nor, as for
 * other runtimes, where that was so before the container: engines ask for the groups of an image.
 */
static int set_groups(const struct executor *x, const struct spec_user *user, struct error *err)
{
    size_t count = user->additional_gids.count;
    int code;

    if (x->options->keep_groups || setgroups(count, user->additional_gids.at) == 0)
        return 0;
    code = errno;
    if (code == EPERM && (!count || (x->options->admin && !x->options->privileged)))
        return 0;
    return error_set(err, code, "process.user.additionalGids: setgroups%s",
                     code == EPERM ? " (more than one's own group takes newgidmap)" : "");
}

static int set_ids(const struct executor *x, const struct spec_user *user, struct error *err)
{
    int rc = set_groups(x, user, err);

    if (rc < 0)
        return rc;
    if (setresgid(user->gid, user->gid, user->gid) < 0)
        return error_set(err, errno, "process.user.gid: setresgid to %u", user->gid);
    if (setresuid(user->uid, user->uid, user->uid) < 0)
        return error_set(err, errno, "process.user.uid: setresuid to %u", user->uid);
    return 0;
}

/* The specification lets a container start without what cannot be granted. admin: keep
 * CAP_SYS_ADMIN up to execve(2). */
static int choose_capabilities(const struct spec_capabilities *asked, bool admin,
                               struct spec_capabilities *want, struct error *err)
{
    struct spec_capabilities own = {0};
    uint64_t extra;
    int rc = get_capabilities(&own, err);

    if (rc < 0)
        return rc;
    extra = admin ? own.permitted & (uint64_t)1 << CAP_SYS_ADMIN : 0;
    want->bounding = asked->bounding;
    want->inheritable = asked->inheritable & own.permitted;
    want->ambient = asked->ambient & asked->permitted & want->inheritable;
    want->permitted = (asked->permitted & own.permitted) | extra;
    want->effective = (asked->effective & want->permitted) | extra;
    return 0;
}

static int change_capabilities(const struct executor *x, const struct spec_capabilities *want,
                               const struct spec_user *user, struct error *err)
{
    int rc = drop_bounding(want->bounding, err);

    if (rc == 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        rc = error_set(err, errno, "PR_SET_KEEPCAPS");
    if (rc == 0)
        rc = set_ids(x, user, err);
    if (rc == 0)
        rc = set_capabilities(want, err);
    return rc < 0 ? rc : raise_ambient(want->ambient, err);
}

/* As set_ids() without capabilities of config.json: an id other than 0 has none. */
static int set_ids_of_admin(const struct executor *x, const struct spec_user *user,
                            struct error *err)
{
    struct spec_capabilities own;
    int rc = prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 ? error_set(err, errno, "PR_SET_KEEPCAPS")
                                                    : set_ids(x, user, err);

    if (rc == 0)
        rc = get_capabilities(&own, err);
    if (rc < 0)
        return rc;
    own.permitted &= (uint64_t)1 << CAP_SYS_ADMIN;
    own.effective = own.permitted;
    return set_capabilities(&own, err);
}

int step_credentials(struct executor *x, const struct step *s, struct error *err)
{
    const struct spec_process *p = x->plan->process;
    bool admin = x->options->filters && !p->no_new_privileges;
    struct spec_capabilities want = {0};
    int rc;

    (void)s;
    give_streams(p->user.uid);
    if (p->capabilities) {
        rc = choose_capabilities(p->capabilities, admin, &want, err);
        if (rc == 0)
            rc = change_capabilities(x, &want, &p->user, err);
    } else {
        rc = admin && p->user.uid ? set_ids_of_admin(x, &p->user, err) : set_ids(x, &p->user, err);
    }
    if (rc == 0 && p->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        rc = error_set(err, errno, "process.noNewPrivileges");
    return rc;
}

/* Socket activation: the process finds its descriptors by these. */
static void announce_descriptors(struct executor *x)
{
    const char *count = getenv("LISTEN_FDS");

    if (!count)
        return;
    executor_set_env(x, arena_printf(x->arena, "LISTEN_FDS=%s", count));
    executor_set_env(x, arena_printf(x->arena, "LISTEN_PID=%d", getpid()));
}

/* Without CLOSE_RANGE_CLOEXEC (Linux 5.11): one by one, as a procfs lists them. */
static int mark_descriptors(struct executor *x, int first, struct error *err)
{
    int proc, fd;
    int rc = private_proc(x, &proc, err);
    struct dirent *entry;
    DIR *dir;

    if (rc == 0)
        rc =
            target_open(proc, "/thread-self/fd", O_RDONLY | O_DIRECTORY, RESOLVE_NO_XDEV, &fd, err);
    if (rc < 0)
        return error_text(err, -rc,
                          "closing descriptors takes close_range(2) of Linux 5.11 or a procfs");
    dir = fdopendir(fd);
    if (!dir)
        return error_set(err, errno, "list the descriptors");
    while ((entry = readdir(dir))) {
        int number = atoi(entry->d_name);

        if (number >= first)
            (void)!fcntl(number, F_SETFD, FD_CLOEXEC);
    }
    closedir(dir);
    return 0;
}

/* The last before the filter: nothing of the runtime goes along. */
int step_close_descriptors(struct executor *x, const struct step *s, struct error *err)
{
    unsigned first = 3 + x->options->preserve_fds;

    (void)s;
    announce_descriptors(x);
    if (syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) < 0) {
        int rc = mark_descriptors(x, (int)first, err);

        if (rc < 0)
            return rc;
    }
    return restore_signals(x, err);
}

int step_execute(struct executor *x, const struct step *s, struct error *err)
{
    static const char *const empty[] = {NULL};
    const char *const *environment = x->environment.count ? x->environment.at : empty;

    (void)s;
    execve(x->program, (char *const *)(uintptr_t)x->plan->process->args.at,
           (char *const *)(uintptr_t)environment);
    return error_set(err, errno, "execute '%s'", x->program);
}
