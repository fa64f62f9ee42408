/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces: joining, making, and the clone that does most of it. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/target.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Remembers the namespace that the runtime is about to leave for the clone. */
static int save_namespace(struct executor *x, enum namespace_kind kind, struct error *err)
{
    char path[64];
    int fd;

    snprintf(path, sizeof(path), "/proc/self/ns/%s", namespace_infos[kind].file);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, errno, "open '%s'", path);
    x->saved_namespaces[kind] = fd;
    return 0;
}

static int restore_namespaces(struct executor *x, struct error *err)
{
    int rc = 0;

    for (int kind = 0; kind < NS_COUNT; kind++) {
        int fd = steal_fd(&x->saved_namespaces[kind]);

        if (fd < 0)
            continue;
        if (setns(fd, (int)namespace_infos[kind].flag) < 0)
            rc = error_set(err, errno, "return to the %s namespace", namespace_infos[kind].name);
        close(fd);
    }
    return rc;
}

static int join_path(enum namespace_kind kind, const char *path, struct error *err)
{
    const struct namespace_info *info = &namespace_infos[kind];
    CLEANUP_FD
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return error_set(err, errno, "open the %s namespace '%s'", info->name, path);
    if (!is_on(fd, NSFS_MAGIC))
        return error_text(err, EINVAL, "'%s' is not a %s namespace", path, info->name);
    if (setns(fd, (int)info->flag) < 0)
        return error_set(err, errno, "join the %s namespace '%s'", info->name, path);
    return 0;
}

int step_join(struct executor *x, const struct step *s, struct error *err)
{
    const struct namespace_info *info = &namespace_infos[s->join.kind];

    if (x->channel.side != SIDE_INIT) {
        int rc = save_namespace(x, s->join.kind, err);

        if (rc < 0)
            return rc;
    }
    if (s->join.path)
        return join_path(s->join.kind, s->join.path, err);
    if (setns(x->container, (int)info->flag) < 0)
        return error_set(err, errno, "join the %s namespace of the container", info->name);
    return 0;
}

int step_time_offsets(struct executor *x, const struct step *s, struct error *err)
{
    int rc = x->channel.side == SIDE_INIT ? 0 : save_namespace(x, NS_TIME, err);

    (void)s;
    if (rc < 0)
        return rc;
    /* Children only: the offsets can be set as long as nobody is inside. */
    if (unshare(CLONE_NEWTIME) < 0)
        return error_set(err, errno, "make a time namespace");
    for (size_t i = 0; i < x->plan->spec->os.time_offsets.count; i++) {
        const struct spec_time_offset *o = &x->plan->spec->os.time_offsets.at[i];
        CLEANUP_FD
        int fd = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
        char line[96];
        int len =
            snprintf(line, sizeof(line), "%s %lld %u\n", o->clock, (long long)o->secs, o->nanosecs);

        if (fd < 0 || write(fd, line, (size_t)len) != len)
            return error_set(err, errno, "set the time offset of clock '%s'", o->clock);
    }
    return 0;
}

int step_unshare(struct executor *x, const struct step *s, struct error *err)
{
    (void)x;
    if (unshare((int)namespace_infos[s->kind].flag) < 0)
        return error_set(err, errno, "make a new %s namespace", namespace_infos[s->kind].name);
    return 0;
}

int step_map_ids(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    return write_id_maps(x->arena, x->pid, &x->plan->spec->os.uid_mappings,
                         &x->plan->spec->os.gid_mappings, err);
}

int step_become_root(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    /* EINVAL: the map has no 0; the ids stay what they are. EPERM: setgroups is denied there. */
    if (!x->options->keep_groups && setgroups(0, NULL) < 0 && errno != EPERM && errno != EINVAL)
        return error_set(err, errno, "setgroups");
    if (setresgid(0, 0, 0) < 0 && errno != EINVAL)
        return error_set(err, errno, "setresgid to 0");
    if (setresuid(0, 0, 0) < 0 && errno != EINVAL)
        return error_set(err, errno, "setresuid to 0");
    /* The change of ids made the process dumpable by its new owner. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return error_set(err, errno, "PR_SET_DUMPABLE");
    return 0;
}

/* cgroup: -1, or where the process is to be born. */
static pid_t clone_process(uint64_t flags, int cgroup, int *pidfd)
{
    struct clone_args args = {.flags = flags | CLONE_PIDFD,
                              .pidfd = (uint64_t)(uintptr_t)pidfd,
                              .exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD};

    if (cgroup >= 0) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = (uint64_t)cgroup;
    }
    return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/*
 * Being born in a cgroup is much cheaper than being moved there, which waits for all others that
 * fork, and leaves no moment outside of it. Where the kernel will not, the attachment that follows
 * does it, or says why not. A process between the runtime and init would count as one more
 * there.
 */
static pid_t clone_first(struct executor *x)
{
    const struct plan *plan = x->plan;
    bool between = plan->phases[PHASE_BETWEEN].count > 0;
    uint64_t flags = between ? 0 : plan->clone_flags;
    CLEANUP_FD
    int cgroup = -1;
    pid_t pid = -1;

    if (plan->cgroup && !plan->scope && !between)
        cgroup = cgroup_open(x->arena, x->cgroups, plan->cgroup);
    if (cgroup >= 0)
        pid = clone_process(flags, cgroup, &x->pidfd);
    if (pid > 0)
        x->born_in_cgroup = true;
    return pid >= 0 ? pid : clone_process(flags, -1, &x->pidfd);
}

/* Init says nothing before the runtime has been told of it. */
static void await_gate(int gate[2])
{
    char byte;

    close(gate[1]);
    if (read(gate[0], &byte, 1) != 1)
        _exit(1);
    close(gate[0]);
}

/* In the process between: joins, makes init as a child of the runtime, sends its pidfd and ends.
 * Init goes on as if the runtime had cloned it. */
NORETURN static void between(struct executor *x)
{
    struct error err = {0};
    int gate[2], pidfd = -1;
    int rc = pipe2(gate, O_CLOEXEC) < 0 ? error_set(&err, errno, "pipe") : 0;
    pid_t pid;

    if (rc == 0)
        rc = run_phase(x, PHASE_BETWEEN, &err);
    if (rc == 0) {
        pid = clone_process(x->plan->clone_flags | CLONE_PARENT, -1, &pidfd);
        if (pid == 0) {
            await_gate(gate);
            init_main(x);
        }
        if (pid < 0)
            error_set(&err, errno, "clone into the user namespace");
        else if (channel_send_fd(&x->channel, MESSAGE_CHILD, pidfd, &err) == 0 &&
                 write(gate[1], "", 1) == 1)
            _exit(0);
    }
    channel_fail(&x->channel, &err);
    _exit(1);
}

/* Takes over the init that the process between made. */
static int adopt(struct executor *x, pid_t helper, struct error *err)
{
    int rc = channel_await_fd(&x->channel, MESSAGE_CHILD, &x->pidfd, err);

    while (waitpid(helper, NULL, 0) < 0 && errno == EINTR)
        ;
    x->pid = rc < 0 ? 0 : process_of(x->pidfd);
    if (rc == 0 && x->pid == 0)
        rc = error_text(err, ESRCH, "the container process is gone");
    return rc;
}

/* The files in /proc/PID of a process that is not dumpable belong to root. A runtime without rights
 * has to let itself into those of init until the ids are mapped: become_root ends that. Only this
 * user gets anything by it, and no container is near. */
static int set_dumpable(const struct executor *x, bool dumpable, struct error *err)
{
    if (x->options->admin || !(x->plan->clone_flags & CLONE_NEWUSER))
        return 0;
    return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0) < 0 ? error_set(err, errno, "PR_SET_DUMPABLE")
                                                         : 0;
}

static const char *why_not_cloned(const struct executor *x, int code)
{
    if (!(x->plan->clone_flags & CLONE_NEWUSER) || x->options->privileged)
        return "";
    return code == ENOSPC || code == EPERM || code == EACCES || code == EUSERS
               ? " (user namespaces may be forbidden or used up here: see easyrun doctor)"
               : "";
}

int clone_init(struct executor *x, struct error *err)
{
    bool by_between = x->plan->phases[PHASE_BETWEEN].count > 0;
    struct channel other;
    struct error later;
    int rc = channel_pair(&x->channel, &other, err);
    pid_t pid;
    int code;

    if (rc == 0)
        rc = set_dumpable(x, true, err);
    if (rc < 0)
        return rc;
    pid = clone_first(x);
    code = errno;
    if (pid == 0) {
        channel_close(&x->channel);
        x->channel = other;
        if (by_between)
            between(x);
        init_main(x);
    }
    rc = set_dumpable(x, false, err);
    if (pid < 0)
        rc = error_set(err, code, "clone the container process%s", why_not_cloned(x, code));
    channel_close(&other);
    if (restore_namespaces(x, &later) < 0 && rc == 0) {
        *err = later;
        rc = -later.code;
    }
    if (pid > 0 && by_between) {
        close(steal_fd(&x->pidfd));
        rc = adopt(x, pid, err);
    } else if (pid > 0) {
        x->pid = pid;
    }
    if (rc < 0)
        executor_abort(x);
    return rc;
}
