/* SPDX-License-Identifier: Apache-2.0 */
/* Program to text, for people: what assemble() reads, with comments that say what it means. */
#ifndef CBPF_DISASSEMBLE_H
#define CBPF_DISASSEMBLE_H

#include "base/str.h"
#include "compiler/cbpf/program.h"
#include "compiler/tables/arch.h"

struct disassembly {
    bool big_endian; /* of the program's target */
    /* Names are of this architecture where the program has not asked for one; may be NULL. */
    const struct arch *arch;
    /* Adds to the comment of an instruction: text without line ends, or NULL for nothing. May be
     * NULL itself. */
    const char *(*comment)(void *ctx, uint32_t at);
    void *ctx;
};

/*
 * One instruction a line, with its index; jumps name the index of their target:
 *
 *        0: ld   [4]                        ; arch
 *        1: jeq  #0xc000003e, 2, 5          ; arch == x86_64
 *
 * Comments name words, architectures, calls (by the architectures that the path left possible),
 * constants and actions, and say what is unreachable. Any program, accepted or not.
 */
void disassemble(const struct program *p, const struct disassembly *how, struct strbuf *out);

/* The one instruction without index and comment, as `jeq #0, 2, 5`. */
void disassemble_instruction(const struct program *p, uint32_t at, struct strbuf *out);

/* `nr`, `arch`, `ip low`, `arg0 high` ... */
void word_text(enum word w, struct strbuf *out);

/* The meaning of a return value: `ERRNO(EPERM)`, `TRACE(3)`, `KILL_PROCESS`. Errnos have the names
 * that these architectures agree on. */
void action_text(uint32_t ret, arch_set archs, struct strbuf *out);

#endif
