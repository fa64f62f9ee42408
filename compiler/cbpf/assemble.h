/* SPDX-License-Identifier: Apache-2.0 */
/* Text to program: the inverse of disassemble(). */
#ifndef CBPF_ASSEMBLE_H
#define CBPF_ASSEMBLE_H

#include "base/error.h"
#include "compiler/cbpf/program.h"

/*
 * One instruction a line: `[INDEX:] MNEMONIC OPERAND`, as disassemble() writes it; numbers are
 * decimal or 0x; jumps name the index of the instruction they go to. `;` begins a comment; empty
 * lines do not count. An index, where there is one, must be the instruction's own. Says nothing of
 * whether the kernel accepts the program. -EINVAL, with the line in err, if it cannot be read.
 */
int assemble(struct arena *a, const char *text, struct program *p, struct error *err) MUST_CHECK;

#endif
