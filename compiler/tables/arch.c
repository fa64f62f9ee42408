/* SPDX-License-Identifier: Apache-2.0 */
/* The architectures and their names. */
#include "compiler/tables/arch.h"

#include "base/compiler.h"
#include "compiler/tables/numbers.h"

#include <string.h>

/* Parts of AUDIT_ARCH_* (linux/audit.h). */
#define AUDIT_64BIT UINT32_C(0x80000000)
#define AUDIT_LE    UINT32_C(0x40000000)
#define AUDIT_N32   UINT32_C(0x20000000)

const struct arch arch_table[ARCH_COUNT] = {
#define ARCH(id, ...) [ARCH_##id] = {.oci = "SCMP_ARCH_" #id, .macro = "ARCH_" #id, __VA_ARGS__},
#include "compiler/tables/arch.def"
#undef ARCH
};

_Static_assert(ARCH_COUNT <= 8 * sizeof(arch_set), "an arch_set holds every architecture");

static const struct {
    const char *name;
    enum arch_id id;
} aliases[] = {
#define ARCH_ALIAS(id, alias) {alias, ARCH_##id},
#include "compiler/tables/arch-aliases.def"
#undef ARCH_ALIAS
};

static bool same(const char *known, const char *name, size_t len)
{
    return known != NULL && strlen(known) == len && memcmp(known, name, len) == 0;
}

const struct arch *arch_by_name(const char *name, size_t len)
{
    for (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++)
        if (same(a->name, name, len) || same(a->oci, name, len) || same(a->docker, name, len))
            return a;
    for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
        if (same(aliases[i].name, name, len))
            return &arch_table[aliases[i].id];
    return NULL;
}

const struct arch *arch_of_call(uint32_t audit, uint32_t nr)
{
    for (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++) {
        if (a->audit != audit)
            continue;
        return arch_id(a) == ARCH_X86_64 && (nr & X32_BIT) != 0 ? &arch_table[ARCH_X32] : a;
    }
    return NULL;
}

const struct arch *arch_native(void)
{
#if defined(__x86_64__) && defined(__ILP32__)
    return &arch_table[ARCH_X32];
#elif defined(__x86_64__)
    return &arch_table[ARCH_X86_64];
#elif defined(__i386__)
    return &arch_table[ARCH_X86];
#elif defined(__aarch64__) && defined(__AARCH64EL__)
    return &arch_table[ARCH_AARCH64];
#elif defined(__arm__) && defined(__ARMEL__)
    return &arch_table[ARCH_ARM];
#elif defined(__loongarch64) || (defined(__loongarch__) && __loongarch_grlen == 64)
    return &arch_table[ARCH_LOONGARCH64];
#elif defined(__m68k__)
    return &arch_table[ARCH_M68K];
#elif defined(__mips__) && _MIPS_SIM == _ABIO32
    return &arch_table[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_MIPS : ARCH_MIPSEL];
#elif defined(__mips__) && _MIPS_SIM == _ABIN32
    return &arch_table[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_MIPS64N32 : ARCH_MIPSEL64N32];
#elif defined(__mips__) && _MIPS_SIM == _ABI64
    return &arch_table[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_MIPS64 : ARCH_MIPSEL64];
#elif defined(__hppa64__)
    return &arch_table[ARCH_PARISC64];
#elif defined(__hppa__)
    return &arch_table[ARCH_PARISC];
#elif defined(__powerpc64__)
    return &arch_table[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_PPC64 : ARCH_PPC64LE];
#elif defined(__powerpc__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return &arch_table[ARCH_PPC];
#elif defined(__riscv) && __riscv_xlen == 64
    return &arch_table[ARCH_RISCV64];
#elif defined(__s390x__)
    return &arch_table[ARCH_S390X];
#elif defined(__s390__)
    return &arch_table[ARCH_S390];
#elif defined(__sh__)
    return &arch_table[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_SHEB : ARCH_SH];
#else
    return NULL;
#endif
}
