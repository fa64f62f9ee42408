/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for devices: which there are, and the program that holds them. */
#include "runtime-loader/exec/devices.h"

#include <string.h>

/* NULL and -1 as in config.json: all of them. */
static const struct spec_device_rule every_container[] = {
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

void device_rules_list(struct arena *a, const struct spec_resources *r, device_rules *out)
{
    VEC_PUSH(a, out, ((struct spec_device_rule){.allow = false}));
    for (size_t i = 0; i < r->devices.count; i++)
        VEC_PUSH(a, out, r->devices.at[i]);
    for (size_t i = 0; i < ARRAY_SIZE(every_container); i++)
        VEC_PUSH(a, out, every_container[i]);
}

int device_rule_access(const struct spec_device_rule *r)
{
    const char *access = r->access && r->access[0] ? r->access : "rwm";
    int bits = 0;

    bits |= strchr(access, 'm') ? BPF_DEVCG_ACC_MKNOD : 0;
    bits |= strchr(access, 'r') ? BPF_DEVCG_ACC_READ : 0;
    bits |= strchr(access, 'w') ? BPF_DEVCG_ACC_WRITE : 0;
    return bits;
}

static bool is_number(const struct opt_int *number)
{
    return number->set && number->value >= 0;
}

bool device_rule_any(const struct spec_device_rule *r)
{
    return r->type != 'b' && r->type != 'c' && !is_number(&r->major) && !is_number(&r->minor);
}

/*
 * The program sees struct bpf_cgroup_dev_ctx: access_type (low half the type of device, high half
 * the access), major, minor; it returns 1 to allow. The rules come from the last to the first: one
 * that allows takes its parts out of what is still to be decided, and nothing left is a yes; one
 * that denies any part left is a no.
 */
enum { R_RESULT, R_CONTEXT, R_TYPE, R_ACCESS, R_MAJOR, R_MINOR };

#define INSN(op, d, s, o, i)                                                                       \
    ((struct bpf_insn){.code = (op), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i)})

static void emit(struct arena *a, device_code *code, struct bpf_insn insn)
{
    VEC_PUSH(a, code, insn);
}

static void emit_load(struct arena *a, device_code *code, int reg, size_t offset)
{
    emit(a, code,
         INSN(BPF_LDX | BPF_MEM | BPF_W, (unsigned)reg & 15, R_CONTEXT, (int16_t)offset, 0));
}

static void emit_prologue(struct arena *a, device_code *code)
{
    emit_load(a, code, R_TYPE, offsetof(struct bpf_cgroup_dev_ctx, access_type));
    emit_load(a, code, R_MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major));
    emit_load(a, code, R_MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor));
    emit(a, code, INSN(BPF_ALU | BPF_MOV | BPF_X, R_ACCESS, R_TYPE, 0, 0));
    emit(a, code, INSN(BPF_ALU | BPF_RSH | BPF_K, R_ACCESS, 0, 0, 16));
    emit(a, code, INSN(BPF_ALU | BPF_AND | BPF_K, R_TYPE, 0, 0, 0xffff));
}

static void emit_return(struct arena *a, device_code *code, bool allow)
{
    emit(a, code, INSN(BPF_ALU64 | BPF_MOV | BPF_K, R_RESULT, 0, 0, allow));
    emit(a, code, INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
}

static void emit_unless(struct arena *a, device_code *code, int reg, int64_t value)
{
    emit(a, code, INSN(BPF_JMP32 | BPF_JNE | BPF_K, (unsigned)reg & 15, 0, 0, (int32_t)value));
}

/* Jumps that are still to nowhere go to the end of the rule. */
static void emit_rule(struct arena *a, device_code *code, const struct spec_device_rule *r)
{
    size_t first = code->count;
    int bits = device_rule_access(r);

    if (r->type == 'b' || r->type == 'c')
        emit_unless(a, code, R_TYPE, r->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
    if (is_number(&r->major))
        emit_unless(a, code, R_MAJOR, r->major.value);
    if (is_number(&r->minor))
        emit_unless(a, code, R_MINOR, r->minor.value);
    if (bits != DEVICE_ALL_ACCESS && r->allow) {
        emit(a, code, INSN(BPF_ALU | BPF_AND | BPF_K, R_ACCESS, 0, 0, DEVICE_ALL_ACCESS & ~bits));
        emit_unless(a, code, R_ACCESS, 0);
    } else if (bits != DEVICE_ALL_ACCESS) {
        emit(a, code, INSN(BPF_JMP32 | BPF_JSET | BPF_K, R_ACCESS, 0, 1, bits));
        emit(a, code, INSN(BPF_JMP | BPF_JA, 0, 0, 0, 0));
    }
    emit_return(a, code, r->allow);
    for (size_t i = first; i < code->count; i++) {
        struct bpf_insn *insn = &code->at[i];
        unsigned class = BPF_CLASS(insn->code);

        if ((class == BPF_JMP || class == BPF_JMP32) && BPF_OP(insn->code) != BPF_EXIT &&
            insn->off == 0)
            insn->off = (int16_t)(code->count - i - 1);
    }
}

void device_program(struct arena *a, const device_rules *rules, device_code *out)
{
    bool decided = false;

    emit_prologue(a, out);
    /* What is behind a rule about everything would never be reached, and the kernel refuses that.
     */
    for (size_t i = rules->count; i-- > 0 && !decided;) {
        const struct spec_device_rule *r = &rules->at[i];

        emit_rule(a, out, r);
        decided = device_rule_any(r) && device_rule_access(r) == DEVICE_ALL_ACCESS;
    }
    if (!decided)
        emit_return(a, out, false);
}
