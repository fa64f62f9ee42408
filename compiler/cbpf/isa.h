/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction set of seccomp's classic BPF as a table, from isa.def. */
#ifndef CBPF_ISA_H
#define CBPF_ISA_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

/* What an instruction takes, as it is written, and what the kernel asks of it. */
enum operand {
    OPERAND_NONE,
    OPERAND_WORD,     /* [k]: offset of a word of struct seccomp_data: below 64, multiple of 4 */
    OPERAND_LEN,      /* len: the size of struct seccomp_data */
    OPERAND_IMM,      /* #k */
    OPERAND_DIVISOR,  /* #k, not 0 */
    OPERAND_SHIFT,    /* #k, below 32 */
    OPERAND_MEM,      /* M[k]: a slot of scratch memory, below 16, written before it is read */
    OPERAND_X,        /* x */
    OPERAND_A,        /* a */
    OPERAND_SKIP,     /* k instructions are skipped */
    OPERAND_IMM_JUMP, /* #k; jt instructions are skipped if the comparison holds, else jf */
    OPERAND_X_JUMP,   /* x; the same */
};

enum isa_id {
#define ISA(id, ...) ISA_##id,
#include "compiler/cbpf/isa.def"
#undef ISA
    ISA_COUNT
};

struct isa {
    const char *mnemonic;
    uint16_t code;
    enum operand operand;
    bool emulated; /* when the kernel fills its bitmap of calls that are always allowed */
};

extern const struct isa isa_table[ISA_COUNT];

/* NULL: seccomp does not accept the opcode. */
const struct isa *isa_of(uint16_t code);

static inline enum isa_id isa_id(const struct isa *op)
{
    return (enum isa_id)(op - isa_table);
}

#endif
