/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of system calls as they are stored; of no concern outside this room. */
#ifndef TABLES_NUMBERS_H
#define TABLES_NUMBERS_H

#include <stdint.h>

/* The columns of syscalls.tsv; the generated table is indexed with these names. */
enum syscall_column {
    COLUMN_x86,
    COLUMN_x86_64,
    COLUMN_x32,
    COLUMN_arm,
    COLUMN_aarch64,
    COLUMN_loongarch64,
    COLUMN_m68k,
    COLUMN_mips,
    COLUMN_mips64,
    COLUMN_mips64n32,
    COLUMN_parisc,
    COLUMN_parisc64,
    COLUMN_ppc,
    COLUMN_ppc64,
    COLUMN_riscv64,
    COLUMN_s390,
    COLUMN_s390x,
    COLUMN_sh,
    COLUMN_COUNT
};

/*
 * Table numbers are small but for arm's own calls, which count from ARM_PRIVATE
 * (__ARM_NR_BASE of arch/arm/include/uapi/asm/unistd.h). "Folded", these stand right behind the
 * small ones, so that both directions are plain arrays of 16-bit entries.
 */
#define ARM_PRIVATE   UINT32_C(0x0f0000)
#define NUMBER_FOLD   640 /* small numbers lie below */
#define NUMBER_FOLDED (NUMBER_FOLD + 16)
#define NUMBER_NONE   UINT16_MAX /* no such call, in either direction */

static inline uint32_t number_unfold(uint16_t folded)
{
    return folded < NUMBER_FOLD ? folded : ARM_PRIVATE + (folded - NUMBER_FOLD);
}

/* Folded form of a table number; NUMBER_FOLDED or more where no call can have it. */
static inline uint32_t number_fold(uint32_t number)
{
    if (number < NUMBER_FOLD)
        return number;
    return number >= ARM_PRIVATE && number - ARM_PRIVATE < NUMBER_FOLDED - NUMBER_FOLD
               ? number - ARM_PRIVATE + NUMBER_FOLD
               : NUMBER_FOLDED;
}

#endif
