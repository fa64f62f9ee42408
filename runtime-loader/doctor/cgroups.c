/* SPDX-License-Identifier: Apache-2.0 */
/* Control groups: which there are, and which of them this user may use. */
#include "base/io.h"
#include "runtime-loader/doctor/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char delegate_fix[] =
    "as root: '[Service]' and '" CGROUP_DELEGATE "' in " CGROUP_DROP_IN
    ", systemctl daemon-reload, log in anew; then easyrun --systemd-cgroup …, or systemd-run "
    "--user "
    "--scope -p Delegate=yes easyrun …";

static void add_mode(struct doctor *d)
{
    static const char *const texts[] = {
        [CGROUP_NONE] = "no cgroups are mounted: no limits, no pause, no kill of all",
        [CGROUP_V1] = "version 1: what its controllers cannot do is refused",
        [CGROUP_HYBRID] = "both versions: limits by the controllers of version 1",
        [CGROUP_V2] = "version 2",
    };
    struct error err;

    if (cgroup_detect(d->arena, &d->cgroups, &err) < 0) {
        doctor_add(d, "cgroups", VERDICT_NOTE, NULL, "%s", err.text);
        return;
    }
    doctor_add(d, "cgroups", d->cgroups.mode == CGROUP_V2 ? VERDICT_OK : VERDICT_NOTE,
               "boot with systemd.unified_cgroup_hierarchy=1 cgroup_no_v1=all", "%s",
               texts[d->cgroups.mode]);
}

static bool has_v1(const struct doctor *d, const char *controller)
{
    for (size_t i = 0; i < d->cgroups.hierarchies.count; i++)
        if (hierarchy_has(&d->cgroups.hierarchies.at[i], controller))
            return true;
    return false;
}

/* Where the controllers of a container come from. */
static void add_controllers(struct doctor *d, const char *directory)
{
    static const char *const wanted[] = {"cpu", "cpuset", "io", "memory", "pids"};
    struct strbuf missing;

    strbuf_init(&missing, d->arena);
    for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
        controller_list one = {0};
        bool there;

        VEC_PUSH(d->arena, &one, wanted[i]);
        there = d->cgroups.mode == CGROUP_V2
                    ? !cgroup_missing(directory, &one)
                    : has_v1(d, strcmp(wanted[i], "io") == 0 ? "blkio" : wanted[i]);
        if (!there)
            strbuf_printf(&missing, " %s", wanted[i]);
    }
    if (missing.len)
        doctor_add(d, "cgroup-controllers", VERDICT_NOTE,
                   d->privilege.host
                       ? "a kernel that has them, not hidden by cgroup_disable=; what "
                         "is above hands them down"
                       : delegate_fix,
                   "limits by these are refused:%s", strbuf_text(&missing));
    else
        doctor_add(d, "cgroup-controllers", VERDICT_OK, NULL, "cpu cpuset io memory pids");
}

/* A cgroup of one's own, made and removed. */
static const char *usable_cgroup(struct doctor *d)
{
    const struct spec_resources nothing = {0};
    const char *id = arena_printf(d->arena, "easyrun-doctor-%d", getpid());
    struct cgroup_choice choice = {0};
    struct error ignored;
    const char *directory;

    if (cgroup_choose(d->arena, &d->cgroups, NULL, id, &nothing, &choice, &ignored) < 0 ||
        !choice.path)
        return NULL;
    directory = cgroup_directory(d->arena, &d->cgroups.hierarchies.at[0], choice.path);
    if (mkdir(directory, 0755) < 0)
        return NULL;
    rmdir(directory);
    return arena_strndup(d->arena, directory, strlen(directory) - strlen(id) - 1);
}

static void add_delegation(struct doctor *d)
{
    const char *directory = d->cgroups.mode == CGROUP_V2 ? usable_cgroup(d) : NULL;
    const char *own = cgroup_own(d->arena);

    if (directory) {
        doctor_add(d, "cgroup-delegation", VERDICT_OK, NULL, "'%s' is this user's", directory);
        add_controllers(d, directory);
    } else if (d->cgroups.mode == CGROUP_V2) {
        doctor_add(d, "cgroup-delegation", VERDICT_NOTE, delegate_fix,
                   "'%s' is not this user's: containers run in it, without limits",
                   own ? own : "(a cgroup that is not seen here)");
    } else {
        doctor_add(
            d, "cgroup-delegation", VERDICT_NOTE,
            "boot with systemd.unified_cgroup_hierarchy=1 cgroup_no_v1=all",
            "only cgroups of version 2 are delegated to users: containers run without limits");
    }
}

static bool can_clone_into(const char *directory)
{
    CLEANUP_FD
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct clone_args args = {
        .flags = CLONE_INTO_CGROUP, .cgroup = (uint64_t)fd, .exit_signal = SIGCHLD};
    pid_t child = fd < 0 ? -1 : (pid_t)syscall(SYS_clone3, &args, sizeof(args));

    if (child == 0)
        _exit(0);
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return child > 0;
}

/* In a cgroup that is made for it. */
static void add_features(struct doctor *d)
{
    const struct hierarchy *v2 = NULL;
    const char *path = arena_printf(d->arena, "/easyrun-doctor-%d", getpid());
    const char *directory;

    for (size_t i = 0; i < d->cgroups.hierarchies.count; i++)
        if (d->cgroups.hierarchies.at[i].v2)
            v2 = &d->cgroups.hierarchies.at[i];
    if (!v2 || !d->privilege.host)
        return;
    directory = cgroup_directory(d->arena, v2, path);
    if (mkdir(directory, 0755) < 0) {
        doctor_add(d, "cgroup-make", VERDICT_FAILS,
                   "a writable /sys/fs/cgroup, or --cgroup-manager=disabled", "make '%s': %s",
                   directory, strerrordesc_np(errno));
        return;
    }
    if (can_clone_into(directory))
        doctor_add(d, "clone-into-cgroup", VERDICT_OK, NULL, "processes are born in their cgroup");
    else
        doctor_add(d, "clone-into-cgroup", VERDICT_NOTE, "Linux 5.7 or later",
                   "processes are moved into their cgroup, which takes longer");
    if (access(arena_printf(d->arena, "%s/cgroup.kill", directory), W_OK) == 0)
        doctor_add(d, "cgroup-kill", VERDICT_OK, NULL, "all processes are killed at once");
    else
        doctor_add(d, "cgroup-kill", VERDICT_NOTE, "Linux 5.14 or later",
                   "processes are killed one after the other");
    rmdir(directory);
}

static void add_devices(struct doctor *d)
{
    static const struct bpf_insn allow[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1},
        {.code = BPF_JMP | BPF_EXIT},
    };
    union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
                           .insns = (uint64_t)(uintptr_t)allow,
                           .insn_cnt = ARRAY_SIZE(allow),
                           .license = (uint64_t)(uintptr_t) "Apache-2.0"};
    int fd;

    if (!d->privilege.host || d->cgroups.mode != CGROUP_V2)
        return;
    fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
    if (fd >= 0) {
        close(fd);
        doctor_add(d, "cgroup-devices", VERDICT_OK, NULL, "rules for devices can be loaded");
    } else {
        doctor_add(d, "cgroup-devices", VERDICT_NOTE,
                   "a kernel with CONFIG_CGROUP_BPF, and no filter or LSM that forbids bpf(2)",
                   "containers with rules for devices do not start: %s", strerrordesc_np(errno));
    }
}

void doctor_cgroups(struct doctor *d)
{
    add_mode(d);
    if (d->cgroups.mode == CGROUP_NONE)
        return;
    if (d->privilege.host)
        add_controllers(d, "/sys/fs/cgroup");
    else
        add_delegation(d);
    add_features(d);
    add_devices(d);
}
