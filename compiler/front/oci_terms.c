/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/oci_terms.h"

#include "base/compiler.h"

const char *const oci_op_names[OCI_OP_COUNT] = {
#define OCI_OP(id, relation) [OCI_##id] = "SCMP_CMP_" #id,
#include "compiler/front/oci_ops.def"
#undef OCI_OP
};

const struct oci_multiplexed oci_multiplexed[] = {
#define MULTIPLEXED(carrier, call, name) {#name, #carrier, call},
#include "compiler/front/oci_multiplexed.def"
#undef MULTIPLEXED
};
const size_t oci_multiplexed_count = ARRAY_SIZE(oci_multiplexed);

bool oci_compares_low_half(const struct arch *a)
{
    enum arch_id id = arch_id(a);

    return a->bits == 32 || id == ARCH_X32 || id == ARCH_MIPS64N32 || id == ARCH_MIPSEL64N32;
}

bool oci_multiplexes(const struct arch *a)
{
    static const arch_set with_carriers =
        ARCH_BIT(ARCH_X86) | ARCH_BIT(ARCH_M68K) | ARCH_BIT(ARCH_MIPS) | ARCH_BIT(ARCH_MIPSEL) |
        ARCH_BIT(ARCH_PPC) | ARCH_BIT(ARCH_PPC64) | ARCH_BIT(ARCH_PPC64LE) | ARCH_BIT(ARCH_S390) |
        ARCH_BIT(ARCH_S390X) | ARCH_BIT(ARCH_SH) | ARCH_BIT(ARCH_SHEB);

    return with_carriers & ARCH_BIT(arch_id(a));
}
