/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction set as a table, and the way from an opcode to its row. */
#include "compiler/cbpf/isa.h"

#include "base/compiler.h"

#include <stddef.h>

#define PATTERN_NONE     ""
#define PATTERN_WORD     "[%k]"
#define PATTERN_LEN      "len"
#define PATTERN_IMM      "#%k"
#define PATTERN_DIVISOR  "#%k"
#define PATTERN_SHIFT    "#%k"
#define PATTERN_MEM      "M[%k]"
#define PATTERN_X        "x"
#define PATTERN_A        "a"
#define PATTERN_SKIP     "%s"
#define PATTERN_IMM_JUMP "#%k, %t, %f"
#define PATTERN_X_JUMP   "x, %t, %f"

const struct isa isa_table[ISA_COUNT] = {
#define ISA(id, opcode, text, form, in_bitmap, ...)                                                \
    [ISA_##id] = {.mnemonic = (text),                                                              \
                  .pattern = PATTERN_##form,                                                       \
                  .code = (opcode),                                                                \
                  .operand = OPERAND_##form,                                                       \
                  .emulated = (in_bitmap)},
#include "compiler/cbpf/isa.def"
#undef ISA
};

const struct isa isa_raw = {.mnemonic = ".raw", .pattern = "%c, %T, %F, %k"};

const struct isa *isa_of(uint16_t code)
{
    /* Row of the table, from 1; 0 is none. */
    static const uint8_t rows[] = {
#define ISA(id, opcode, ...) [opcode] = ISA_##id + 1,
#include "compiler/cbpf/isa.def"
#undef ISA
    };

    if (code >= ARRAY_SIZE(rows) || rows[code] == 0)
        return NULL;
    return &isa_table[rows[code] - 1];
}
