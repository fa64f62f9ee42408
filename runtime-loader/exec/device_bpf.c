/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for devices on control groups of version 2: an eBPF program of type CGROUP_DEVICE, which
 * the kernel asks at mknod(2) and open(2). It sees struct bpf_cgroup_dev_ctx: access_type (low half
 * the type of device, high half the access), major, minor; it returns 1 to allow.
 *
 * The last rule that matches decides, so the program tries them from the last to the first. A rule
 * allows or denies some kinds of access; what it says nothing of goes on to the rules before it.
 */
#include "base/io.h"
#include "runtime-loader/exec/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

const struct spec_device_rule default_device_rules[] = {
    {.allow = true, .type = 'c', .access = "m"},
    {.allow = true, .type = 'b', .access = "m"},
    {.allow = true, .type = 'c', .major = {true, 1}, .minor = {true, 3}},
    {.allow = true, .type = 'c', .major = {true, 1}, .minor = {true, 5}},
    {.allow = true, .type = 'c', .major = {true, 1}, .minor = {true, 7}},
    {.allow = true, .type = 'c', .major = {true, 1}, .minor = {true, 8}},
    {.allow = true, .type = 'c', .major = {true, 1}, .minor = {true, 9}},
    {.allow = true, .type = 'c', .major = {true, 5}, .minor = {true, 0}},
    {.allow = true, .type = 'c', .major = {true, 5}, .minor = {true, 1}},
    {.allow = true, .type = 'c', .major = {true, 5}, .minor = {true, 2}},
    {.allow = true, .type = 'c', .major = {true, 136}},
};
const size_t default_device_rule_count = ARRAY_SIZE(default_device_rules);

typedef VEC(struct bpf_insn) code_list;

enum { R_RESULT, R_CONTEXT, R_TYPE, R_ACCESS, R_MAJOR, R_MINOR, R_SCRATCH };

#define INSN(op, d, s, o, i)                                                                       \
    ((struct bpf_insn){.code = (op), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i)})

static void emit(struct arena *a, code_list *code, struct bpf_insn insn)
{
    VEC_PUSH(a, code, insn);
}

static void emit_load(struct arena *a, code_list *code, int reg, size_t offset)
{
    emit(a, code,
         INSN(BPF_LDX | BPF_MEM | BPF_W, (unsigned)reg & 15, R_CONTEXT, (int16_t)offset, 0));
}

static void emit_prologue(struct arena *a, code_list *code)
{
    emit_load(a, code, R_TYPE, offsetof(struct bpf_cgroup_dev_ctx, access_type));
    emit_load(a, code, R_MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major));
    emit_load(a, code, R_MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor));
    emit(a, code, INSN(BPF_ALU | BPF_MOV | BPF_X, R_ACCESS, R_TYPE, 0, 0));
    emit(a, code, INSN(BPF_ALU | BPF_RSH | BPF_K, R_ACCESS, 0, 0, 16));
    emit(a, code, INSN(BPF_ALU | BPF_AND | BPF_K, R_TYPE, 0, 0, 0xffff));
}

static int access_bits(const char *access)
{
    int bits = 0;

    if (!access || !access[0])
        access = "rwm";
    bits |= strchr(access, 'm') ? BPF_DEVCG_ACC_MKNOD : 0;
    bits |= strchr(access, 'r') ? BPF_DEVCG_ACC_READ : 0;
    bits |= strchr(access, 'w') ? BPF_DEVCG_ACC_WRITE : 0;
    return bits;
}

/*
 * Allowing covers an access when the rule has all of its bits; denying catches it when it has any.
 * Jumps to the next rule are filled in at its end.
 */
static void emit_rule(struct arena *a, code_list *code, const struct spec_device_rule *r)
{
    size_t first = code->count;
    int bits = access_bits(r->access);
    int all = BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE;

    if (r->type == 'b' || r->type == 'c')
        emit(a, code,
             INSN(BPF_JMP | BPF_JNE | BPF_K, R_TYPE, 0, 0,
                  r->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR));
    if (bits != all) {
        emit(a, code, INSN(BPF_ALU | BPF_MOV | BPF_X, R_SCRATCH, R_ACCESS, 0, 0));
        emit(a, code,
             INSN(BPF_ALU | BPF_AND | BPF_K, R_SCRATCH, 0, 0, r->allow ? all & ~bits : bits));
        emit(a, code, INSN(BPF_JMP | (r->allow ? BPF_JNE : BPF_JEQ) | BPF_K, R_SCRATCH, 0, 0, 0));
    }
    if (r->major.set && r->major.value >= 0)
        emit(a, code, INSN(BPF_JMP | BPF_JNE | BPF_K, R_MAJOR, 0, 0, (int32_t)r->major.value));
    if (r->minor.set && r->minor.value >= 0)
        emit(a, code, INSN(BPF_JMP | BPF_JNE | BPF_K, R_MINOR, 0, 0, (int32_t)r->minor.value));
    emit(a, code, INSN(BPF_ALU64 | BPF_MOV | BPF_K, R_RESULT, 0, 0, r->allow));
    emit(a, code, INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
    for (size_t i = first; i < code->count; i++)
        if (BPF_CLASS(code->at[i].code) == BPF_JMP && BPF_OP(code->at[i].code) != BPF_EXIT)
            code->at[i].off = (int16_t)(code->count - i - 1);
}

static int load(const code_list *code, int *program, struct error *err)
{
    static const char license[] = "Apache-2.0";
    union bpf_attr attr;

    memset(&attr, 0, sizeof(attr));
    attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attr.insns = (uint64_t)(uintptr_t)code->at;
    attr.insn_cnt = (uint32_t)code->count;
    attr.license = (uint64_t)(uintptr_t)license;
    *program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
    if (*program < 0)
        return error_set(err, errno, "linux.resources.devices: load the eBPF program");
    return 0;
}

/* Without the flag for many, attaching replaces the one that is there. */
static int attach(const char *directory, int program, struct error *err)
{
    CLEANUP_FD
    int cgroup = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    union bpf_attr attr;

    if (cgroup < 0)
        return error_set(err, errno, "open cgroup '%s'", directory);
    memset(&attr, 0, sizeof(attr));
    attr.target_fd = (uint32_t)cgroup;
    attr.attach_bpf_fd = (uint32_t)program;
    attr.attach_type = BPF_CGROUP_DEVICE;
    if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attr, sizeof(attr)) < 0)
        return error_set(err, errno, "linux.resources.devices: attach the eBPF program to '%s'",
                         directory);
    return 0;
}

int cgroup_devices_v2(struct arena *a, const char *directory, const struct spec_resources *r,
                      struct error *err)
{
    CLEANUP_FD
    int program = -1;
    code_list code = {0};
    int rc;

    emit_prologue(a, &code);
    for (size_t i = default_device_rule_count; i-- > 0;)
        emit_rule(a, &code, &default_device_rules[i]);
    for (size_t i = r->devices.count; i-- > 0;)
        emit_rule(a, &code, &r->devices.at[i]);
    /* Nothing said: as on version 1, where all is allowed until a rule denies. */
    emit(a, &code, INSN(BPF_ALU64 | BPF_MOV | BPF_K, R_RESULT, 0, 0, 1));
    emit(a, &code, INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
    rc = load(&code, &program, err);
    return rc < 0 ? rc : attach(directory, program, err);
}
