/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction set of seccomp's classic BPF as a table, from isa.def. */
#ifndef CBPF_ISA_H
#define CBPF_ISA_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

/* What an instruction takes, and what the kernel asks of it. */
enum operand {
    OPERAND_NONE,
    OPERAND_WORD,     /* k is the offset of a word of struct seccomp_data */
    OPERAND_LEN,      /* the size of struct seccomp_data */
    OPERAND_IMM,      /* k */
    OPERAND_DIVISOR,  /* k, not 0 */
    OPERAND_SHIFT,    /* k, below 32 */
    OPERAND_MEM,      /* k is a slot of scratch memory, written before it is read */
    OPERAND_X,        /* the register */
    OPERAND_A,        /* the register */
    OPERAND_SKIP,     /* k instructions are skipped */
    OPERAND_IMM_JUMP, /* compares with k; jt instructions are skipped if it holds, else jf */
    OPERAND_X_JUMP,   /* compares with X; the same */
};

enum isa_id {
#define ISA(id, ...) ISA_##id,
#include "compiler/cbpf/isa.def"
#undef ISA
    ISA_COUNT
};

struct isa {
    const char *mnemonic;
    /* How the operand is written. Slots: %k k; %s index of the instruction that k skips to, %t and
     * %f those of jt and jf; %c opcode, %T jt and %F jf as they are. The rest stands for itself. */
    const char *pattern;
    uint16_t code;
    enum operand operand;
    bool emulated; /* when the kernel fills its bitmap of calls that are always allowed */
};

extern const struct isa isa_table[ISA_COUNT];

/* How an instruction is written whose opcode is none of these. */
extern const struct isa isa_raw;

/* NULL: seccomp does not accept the opcode. */
const struct isa *isa_of(uint16_t code);

static inline enum isa_id isa_id(const struct isa *op)
{
    return (enum isa_id)(op - isa_table);
}

#endif
