/* SPDX-License-Identifier: Apache-2.0 */
/* The instruction set as a table, and the way from an opcode to its row. */
#include "compiler/cbpf/isa.h"

#include "base/compiler.h"

#include <stddef.h>

const struct isa isa_table[ISA_COUNT] = {
#define ISA(id, opcode, text, form, in_bitmap, ...)                                                \
    [ISA_##id] = {                                                                                 \
        .mnemonic = (text), .code = (opcode), .operand = OPERAND_##form, .emulated = (in_bitmap)},
#include "compiler/cbpf/isa.def"
#undef ISA
};

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
