/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Terms of OCI JSON (runtime-spec, config-linux.md, "Seccomp"), and what libseccomp, through
 * which the runtimes load it, makes of them on each architecture: what the reader and the writer
 * must agree on.
 */
#ifndef FRONT_OCI_TERMS_H
#define FRONT_OCI_TERMS_H

#include "compiler/tables/arch.h"

/* Where runtimes differ. The specification alone means what its words say: several conditions of
 * one entry all have to hold. */
enum oci_runtime { OCI_AS_CRUN, OCI_AS_RUNC, OCI_AS_SPEC };

enum oci_op {
#define OCI_OP(id, relation) OCI_##id,
#include "compiler/front/oci_ops.def"
#undef OCI_OP
    OCI_OP_COUNT
};

/* "SCMP_CMP_EQ" ... */
extern const char *const oci_op_names[OCI_OP_COUNT];

/* x != k, <, <=, >=, > */
static inline bool oci_is_order(enum oci_op op)
{
    return op != OCI_EQ && op != OCI_MASKED_EQ;
}

/* One of an entry's "args": unsigned, 64 bits. */
struct oci_arg {
    uint8_t index;
    enum oci_op op;
    uint64_t value, value_two; /* MASKED_EQ: the mask, and what is to be under it */
};

/* Does libseccomp (2.5.4 to 2.6) compare only the low half of arguments? So it does wherever
 * pointers have 32 bits, even where the kernel reads whole registers. */
bool oci_compares_low_half(const struct arch *a);

/* Does libseccomp go on from args[at] by more than one way? x != k at the end is one question with
 * two answers, as equality is. */
static inline bool oci_branches(const struct oci_arg *args, unsigned arg_count, unsigned at)
{
    return oci_is_order(args[at].op) && (args[at].op != OCI_NE || at + 1 < arg_count);
}

/*
 * A call that libseccomp takes for one of a carrier's (socketcall, ipc) too: an entry for `name`
 * is also one for `carrier`, with the first argument compared to `call` and nothing else, and the
 * further arguments compared as if they were the call's own.
 */
struct oci_multiplexed {
    const char *name, *carrier;
    uint8_t call;
};
extern const struct oci_multiplexed oci_multiplexed[];
extern const size_t oci_multiplexed_count;

/* Does libseccomp do so on this architecture? */
bool oci_multiplexes(const struct arch *a);

#endif
