/* SPDX-License-Identifier: Apache-2.0 */
/* Architectures, from arch.def. An index into the table is the identity of an architecture. */
#ifndef TABLES_ARCH_H
#define TABLES_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum arch_id {
#define ARCH(id, ...) ARCH_##id,
#include "compiler/tables/arch.def"
#undef ARCH
    ARCH_COUNT
};

/* Bit i is architecture i. */
typedef uint32_t arch_set;
#define ARCH_BIT(id) ((arch_set)1 << (id))

struct arch {
    const char *name;   /* "x86_64", the language's and libseccomp's name */
    const char *oci;    /* "SCMP_ARCH_X86_64" */
    const char *docker; /* Go's GOARCH, "amd64"; NULL if Go has none */
    const char *macro;  /* "ARCH_X86_64", true in #if on that architecture */
    uint32_t audit;     /* AUDIT_ARCH_* of linux/audit.h: seccomp_data.arch */
    uint8_t bits;       /* of its registers as its kernel reads system call arguments: 32 or 64.
                         * x32 and mips64n32 are 64: their kernel entry takes whole registers. */
    bool big_endian;
    /* Numbers in seccomp_data are table number + nr_base: 0x40000000 for x32, 4000 for mips ... */
    uint32_t nr_base;
    uint8_t column; /* of the number table; shared by byte-order twins */
};

extern const struct arch arch_table[ARCH_COUNT];

/* x32 shares its audit value with x86_64 and is told from it by this bit of the number
 * (arch/x86/include/uapi/asm/unistd.h, __X32_SYSCALL_BIT). */
#define X32_BIT UINT32_C(0x40000000)

/* Any of the spellings in struct arch; NULL if unknown. */
const struct arch *arch_by_name(const char *name, size_t len);
/* The architecture of a call: audit value, and for x86_64 the number's x32 bit. NULL: unknown. */
const struct arch *arch_of_call(uint32_t audit, uint32_t nr);
/* The architecture that this code was compiled for; NULL if the table lacks it. */
const struct arch *arch_native(void);

static inline enum arch_id arch_id(const struct arch *a)
{
    return (enum arch_id)(a - arch_table);
}

#endif
