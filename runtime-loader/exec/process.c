/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of the process that is to run, other than its credentials. */
#include "runtime-loader/exec/accounts.h"
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int step_new_session(struct executor *x, const struct step *s, struct error *err)
{
    (void)x;
    (void)s;
    return setsid() < 0 ? error_set(err, errno, "setsid") : 0;
}

int step_rlimits(struct executor *x, const struct step *s, struct error *err)
{
    const struct spec_process *p = x->plan->process;

    (void)s;
    for (size_t i = 0; i < p->rlimits.count; i++) {
        struct rlimit limit = {p->rlimits.at[i].soft, p->rlimits.at[i].hard};

        if (setrlimit((__rlimit_resource_t)p->rlimits.at[i].type, &limit) < 0)
            return error_set(err, errno, "process.rlimits[%zu]: setrlimit '%s'", i,
                             name_of(rlimit_names, p->rlimits.at[i].type));
    }
    return 0;
}

/* struct sched_attr of linux/sched/types.h, which cannot be included beside sched.h. */
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

int step_scheduler(struct executor *x, const struct step *s, struct error *err)
{
    const struct spec_scheduler *want = x->plan->process->scheduler;
    struct scheduling attr = {
        .size = sizeof(attr),
        .policy = (uint32_t)want->policy,
        .flags = want->flags,
        .nice = want->nice,
        .priority = (uint32_t)want->priority,
        .runtime = (uint64_t)want->runtime.value,
        .deadline = (uint64_t)want->deadline.value,
        .period = (uint64_t)want->period.value,
    };

    (void)s;
    if (syscall(SYS_sched_setattr, 0, &attr, 0) < 0)
        return error_set(err, errno, "process.scheduler: sched_setattr");
    return 0;
}

int step_io_priority(struct executor *x, const struct step *s, struct error *err)
{
    const struct spec_io_priority *want = x->plan->process->io_priority;

    (void)s;
    if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
                IOPRIO_PRIO_VALUE(want->class, want->priority)) < 0)
        return error_set(err, errno, "process.ioPriority: ioprio_set");
    return 0;
}

/* "0-3,7" as a set. */
static int parse_cpus(const char *list, cpu_set_t *set)
{
    CPU_ZERO(set);
    for (const char *at = list; *at;) {
        char *end;
        unsigned long first = strtoul(at, &end, 10);
        unsigned long last = first;

        if (end == at)
            return -EINVAL;
        if (*end == '-') {
            at = end + 1;
            last = strtoul(at, &end, 10);
            if (end == at)
                return -EINVAL;
        }
        if (last < first || last >= CPU_SETSIZE || (*end && *end != ','))
            return -EINVAL;
        for (; first <= last; first++)
            CPU_SET(first, set);
        at = *end ? end + 1 : end;
    }
    return 0;
}

int step_affinity(struct executor *x, const struct step *s, struct error *err)
{
    cpu_set_t set;

    (void)x;
    if (parse_cpus(s->text, &set) < 0)
        return error_text(err, EINVAL, "process.execCPUAffinity: '%s' is not a list of CPUs",
                          s->text);
    if (sched_setaffinity(0, sizeof(set), &set) < 0)
        return error_set(err, errno, "process.execCPUAffinity: CPUs '%s'", s->text);
    return 0;
}

int step_personality(struct executor *x, const struct step *s, struct error *err)
{
    (void)x;
    if (personality(s->number == PERSONALITY_LINUX32 ? PER_LINUX32 : PER_LINUX) < 0)
        return error_set(err, errno, "linux.personality");
    return 0;
}

/* Without one of its own the container would have the keys of whoever started the runtime. A
 * kernel without keyrings (ENOSYS) or a filter around us (EPERM) has none to take. */
int step_keyring(struct executor *x, const struct step *s, struct error *err)
{
    char name[300];

    (void)s;
    snprintf(name, sizeof(name), "_ses.%s", x->options->id);
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name) < 0 && errno != ENOSYS &&
        errno != EPERM)
        return error_set(err, errno, "join session keyring '%s'", name);
    return 0;
}

int step_umask(struct executor *x, const struct step *s, struct error *err)
{
    (void)x;
    (void)err;
    umask((mode_t)s->number);
    return 0;
}

int step_home(struct executor *x, const struct step *s, struct error *err)
{
    CLEANUP_FD
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *home = NULL;
    char *text = NULL;
    size_t len;

    (void)s;
    if (fd >= 0 && read_all(fd, "/etc/passwd", 1 << 20, &text, &len, err) == 0) {
        home = passwd_field(x->arena, text, x->plan->process->user.uid, PASSWD_HOME);
        cleanup_free(&text);
    }
    executor_set_env(x, arena_printf(x->arena, "HOME=%s", home ? home : "/"));
    return 0;
}

/* The directory has to be one of the container: getcwd(2) of anything else does not begin with
 * a slash, and a leaked descriptor of the host is of no use as a working directory. */
int step_working_directory(struct executor *x, const struct step *s, struct error *err)
{
    char path[PATH_MAX];

    (void)x;
    if (chdir(s->text) < 0)
        return error_set(err, errno, "process.cwd: chdir to '%s'", s->text);
    if (syscall(SYS_getcwd, path, sizeof(path)) < 0 || path[0] != '/')
        return error_text(err, EPERM, "process.cwd: '%s' is outside of the container", s->text);
    return 0;
}

static int check_program(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -EACCES;
    return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* A file that may not be executed is remembered, but a later one that may is better. */
static int search_path(struct executor *x, const char *name, const char *path)
{
    int problem = -ENOENT;

    for (const char *at = path;;) {
        size_t len = strcspn(at, ":");
        const char *candidate =
            arena_printf(x->arena, "%.*s/%s", len ? (int)len : 1, len ? at : ".", name);
        int rc = check_program(candidate);

        if (rc == 0) {
            x->program = candidate;
            return 0;
        }
        if (rc == -EACCES)
            problem = rc;
        if (!at[len])
            return problem;
        at += len + 1;
    }
}

/* docker takes its exit status from these words, and only when they are in lower case. */
static int program_error(struct error *err, int code, const char *name, const char *where)
{
    const char *why = code == ENOENT    ? "no such file or directory"
                      : code == EACCES  ? "permission denied"
                      : code == ENOTDIR ? "not a directory"
                                        : strerrordesc_np(code);

    return error_text(err, code, "executable file '%s'%s: %s", name, where, why);
}

int step_find_program(struct executor *x, const struct step *s, struct error *err)
{
    static const char usual_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const char *name = x->plan->process->args.at[0];
    int rc;

    if (strchr(name, '/')) {
        x->program = name;
        rc = check_program(name);
        return rc < 0 ? program_error(err, -rc, name, "") : 0;
    }
    rc = search_path(x, name, s->text ? s->text : usual_path);
    return rc < 0 ? program_error(err, -rc, name, rc == -ENOENT ? " not found in $PATH" : "") : 0;
}

static int write_label(struct executor *x, const char *file, const char *label, const char *what,
                       struct error *err)
{
    CLEANUP_FD
    int fd = -1;
    int proc;
    int rc = private_proc(x, &proc, err);

    if (rc < 0)
        return rc;
    fd = openat(proc, file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return error_set(err, errno == ENOENT ? ENOTSUP : errno, "%s", what);
    if (!is_on(fd, PROC_SUPER_MAGIC))
        return error_text(err, EINVAL, "%s: '%s' is not in a procfs", what, file);
    if (write(fd, label, strlen(label)) < 0)
        return error_set(err, errno, "%s: set '%s'", what, label);
    return 0;
}

int step_labels(struct executor *x, const struct step *s, struct error *err)
{
    const struct spec_process *p = x->plan->process;
    int rc = 0;

    (void)s;
    if (p->apparmor_profile && p->apparmor_profile[0])
        rc = write_label(x, "thread-self/attr/apparmor/exec",
                         arena_printf(x->arena, "exec %s", p->apparmor_profile),
                         "process.apparmorProfile", err);
    if (rc == 0 && p->selinux_label && p->selinux_label[0])
        rc = write_label(x, "thread-self/attr/exec", p->selinux_label, "process.selinuxLabel", err);
    return rc;
}
