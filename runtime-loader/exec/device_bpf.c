/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for devices on control groups of version 2: an eBPF program of type CGROUP_DEVICE, which
 * the kernel asks at mknod(2) and open(2). Others may have programs on the same cgroup (systemd's
 * DeviceAllow=), so ours is known by its name and shares the place with them; each of them has to
 * allow.
 */
#include "base/io.h"
#include "runtime-loader/exec/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char program_name[] = "easyrun_devices";
_Static_assert(sizeof(program_name) <= BPF_OBJ_NAME_LEN, "a name of a program has 15 letters");

static long bpf(int command, union bpf_attr *attr)
{
    return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int load_program(const device_code *code)
{
    static const char license[] = "Apache-2.0";
    union bpf_attr attr;

    memset(&attr, 0, sizeof(attr));
    attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attr.insns = (uint64_t)(uintptr_t)code->at;
    attr.insn_cnt = (uint32_t)code->count;
    attr.license = (uint64_t)(uintptr_t)license;
    memcpy(attr.prog_name, program_name, sizeof(program_name));
    return (int)bpf(BPF_PROG_LOAD, &attr);
}

/* Before Linux 5.11 programs count as locked memory of the user, all that he has together. */
static int load(const device_code *code, int *program, struct error *err)
{
    struct rlimit old, all = {RLIM_INFINITY, RLIM_INFINITY};

    *program = load_program(code);
    if (*program < 0 && errno == EPERM && getrlimit(RLIMIT_MEMLOCK, &old) == 0 &&
        setrlimit(RLIMIT_MEMLOCK, &all) == 0) {
        *program = load_program(code);
        (void)!setrlimit(RLIMIT_MEMLOCK, &old);
    }
    if (*program < 0)
        return error_set(err, errno, "linux.resources.devices: load the eBPF program");
    return 0;
}

/* Descriptor of a program if it is one of ours, else -1. */
static int open_own(uint32_t id)
{
    struct bpf_prog_info info;
    union bpf_attr attr;
    CLEANUP_FD
    int fd = -1;

    memset(&attr, 0, sizeof(attr));
    attr.prog_id = id;
    fd = (int)bpf(BPF_PROG_GET_FD_BY_ID, &attr);
    if (fd < 0)
        return -1;
    memset(&attr, 0, sizeof(attr));
    memset(&info, 0, sizeof(info));
    attr.info.bpf_fd = (uint32_t)fd;
    attr.info.info_len = sizeof(info);
    attr.info.info = (uint64_t)(uintptr_t)&info;
    if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) < 0 ||
        strncmp(info.name, program_name, sizeof(info.name)) != 0)
        return -1;
    return steal_fd(&fd);
}

/* The program of an earlier call, -1: there is none. */
static int find_own(int cgroup)
{
    uint32_t ids[64];
    union bpf_attr attr;
    int found = -1;

    memset(&attr, 0, sizeof(attr));
    attr.query.target_fd = (uint32_t)cgroup;
    attr.query.attach_type = BPF_CGROUP_DEVICE;
    attr.query.prog_ids = (uint64_t)(uintptr_t)ids;
    attr.query.prog_cnt = ARRAY_SIZE(ids);
    if (bpf(BPF_PROG_QUERY, &attr) < 0)
        return -1;
    for (uint32_t i = 0; found < 0 && i < attr.query.prog_cnt; i++)
        found = open_own(ids[i]);
    return found;
}

static int attach(const char *directory, int program, struct error *err)
{
    CLEANUP_FD
    int cgroup = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CLEANUP_FD
    int old = -1;
    union bpf_attr attr;

    if (cgroup < 0)
        return error_set(err, errno, "open cgroup '%s'", directory);
    old = find_own(cgroup);
    memset(&attr, 0, sizeof(attr));
    attr.target_fd = (uint32_t)cgroup;
    attr.attach_bpf_fd = (uint32_t)program;
    attr.attach_type = BPF_CGROUP_DEVICE;
    attr.attach_flags = BPF_F_ALLOW_MULTI;
    if (old >= 0) {
        attr.attach_flags |= BPF_F_REPLACE;
        attr.replace_bpf_fd = (uint32_t)old;
    }
    if (bpf(BPF_PROG_ATTACH, &attr) < 0)
        return error_set(err, errno, "linux.resources.devices: attach the eBPF program to '%s'",
                         directory);
    return 0;
}

int devices_v2(struct arena *a, const char *directory, const struct spec_resources *r,
               struct error *err)
{
    CLEANUP_FD
    int program = -1;
    device_rules rules = {0};
    device_code code = {0};
    int rc;

    device_rules_list(a, r, &rules);
    device_program(a, &rules, &code);
    rc = load(&code, &program, err);
    return rc < 0 ? rc : attach(directory, program, err);
}
