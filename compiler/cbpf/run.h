/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator: runs a checked program on one call as the kernel does. */
#ifndef CBPF_RUN_H
#define CBPF_RUN_H

#include "compiler/cbpf/program.h"

struct run {
    uint32_t ret;
    uint32_t executed; /* instructions, the return counted */
};

/* big_endian: the program's target; the call is laid out for this host. */
struct run run_program(const struct program *p, const struct seccomp_data *call, bool big_endian);
/* The same, and calls step(ctx, index of instruction) before each one executed. */
struct run trace_program(const struct program *p, const struct seccomp_data *call, bool big_endian,
                         void (*step)(void *ctx, uint32_t at), void *ctx);

/* What an instruction of class BPF_ALU makes of A and its operand: op is BPF_ADD ... BPF_NEG. A
 * division by 0 has no value: it ends the program, which then returns 0. */
uint32_t alu_result(uint16_t op, uint32_t a, uint32_t operand);

/*
 * Does the kernel (5.11+) answer this number of this architecture from its bitmap, without
 * running the filter? seccomp_is_const_allow() of kernel/seccomp.c. The architecture is an
 * AUDIT_ARCH_* value, the number as in seccomp_data.
 *
 * Newer kernels (6.14+) also put uretprobe(2) and uprobe(2) of x86_64 into the bitmap, whatever the
 * filter says of them. That is the kernel's doing, not the program's, and not told here.
 */
bool const_allow(const struct program *p, uint32_t audit, uint32_t nr);

#endif
