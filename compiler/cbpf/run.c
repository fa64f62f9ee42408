/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator, made of isa.def, and with it the kernel's own emulation of constant answers. */
#include "compiler/cbpf/run.h"

#include "base/compiler.h"
#include "compiler/cbpf/isa.h"

#include <elf.h>
#include <linux/audit.h>
#include <stddef.h>

typedef void step_fn(void *ctx, uint32_t at);

/* Inlined into each caller, so that what a caller leaves out costs it nothing. A program that is
 * not checked and runs off its end, or past an opcode unknown, is answered with 0: kill. */
static inline __attribute__((always_inline)) struct run
execute(const struct program *p, const struct seccomp_data *call, bool big_endian,
        bool (*can_follow)(const struct sock_filter *in), step_fn *step, void *ctx)
{
    uint32_t a = 0, x = 0, m[BPF_MEMWORDS] = {0};
    struct run run = {0};

    for (uint32_t at = 0; at < p->count; at++) {
        const struct sock_filter *in = &p->code[at];
        const uint32_t k = in->k;

        if (can_follow && !can_follow(in))
            return run;
        if (step)
            step(ctx, at);
        run.executed++;
        switch (in->code) {
#define WORD(offset)       word_value(call, word_at((offset), big_endian))
#define SKIP(instructions) at += (instructions)
#define BRANCH(condition)  at += (condition) ? in->jt : in->jf
#define RETURN(value)      return (run.ret = (value), run)
#define ISA(id, opcode, mnemonic, operand, emulated, ...)                                          \
    case opcode:                                                                                   \
        __VA_ARGS__;                                                                               \
        break;
#include "compiler/cbpf/isa.def"
#undef ISA
#undef RETURN
#undef BRANCH
#undef SKIP
#undef WORD
        default:
            return run;
        }
    }
    return run;
}

struct run run_program(const struct program *p, const struct seccomp_data *call, bool big_endian)
{
    return execute(p, call, big_endian, NULL, NULL, NULL);
}

struct run trace_program(const struct program *p, const struct seccomp_data *call, bool big_endian,
                         step_fn *step, void *ctx)
{
    return execute(p, call, big_endian, NULL, step, ctx);
}

uint32_t alu_result(uint16_t op, uint32_t a, uint32_t operand)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_IMM, a),
        BPF_STMT(BPF_LDX | BPF_IMM, operand),
        BPF_STMT(BPF_ALU | op | (op == BPF_NEG ? 0 : BPF_X), 0),
        BPF_STMT(BPF_RET | BPF_A, 0),
    };
    const struct program p = {code, ARRAY_SIZE(code)};

    return run_program(&p, &(struct seccomp_data){0}, HOST_BIG_ENDIAN).ret;
}

/* Of the words, the kernel's emulation knows the first two. */
static bool emulated(const struct sock_filter *in)
{
    const struct isa *op = isa_of(in->code);

    return op && op->emulated &&
           (isa_id(op) != ISA_LD_WORD || in->k <= offsetof(struct seccomp_data, arch));
}

/* The bitmap has a bit for each number below NR_syscalls, some hundreds; x32's numbers and ARM's
 * private ones are beyond it. MIPS kernels have no bitmap (arch/mips/include/asm/seccomp.h defines
 * no SECCOMP_ARCH_NATIVE). */
static bool in_bitmap(uint32_t audit, uint32_t nr)
{
    const uint32_t machine = audit & 0xffff;

    return nr < 0x10000 && machine != EM_MIPS;
}

bool const_allow(const struct program *p, uint32_t audit, uint32_t nr)
{
    const struct seccomp_data call = {.nr = (int)nr, .arch = audit};

    return in_bitmap(audit, nr) &&
           execute(p, &call, HOST_BIG_ENDIAN, emulated, NULL, NULL).ret == SECCOMP_RET_ALLOW;
}
