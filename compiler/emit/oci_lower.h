/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of lowering a policy to OCI JSON: what oci_lower.c does and oci_blame.c explains. */
#ifndef EMIT_OCI_LOWER_H
#define EMIT_OCI_LOWER_H

#include "compiler/emit/oci.h"
#include "compiler/emit/oci_cover.h"

/* A call by its name, on the targets that have it. */
struct named_call {
    const struct syscall_info *syscall;
    diagram f; /* what is decided by its arguments; the same on all of them */
    enum compared compared;
};

/* Calls that need the same entries. */
struct call_group {
    diagram f;
    enum compared compared;
    VEC(const char *) names;
    struct cover cover;
};

struct lowering {
    struct arena *arena;
    const struct policy *policy;
    struct diags *diags;
    struct diagrams d;
    diagram *targets; /* by target: the whole of it */
    diagram rest;     /* leaf: what the default action does */
    VEC(struct named_call) calls;
    VEC(struct call_group) groups;
};

uint32_t oci_last_number(const struct arch *a);

/* --- oci_blame.c: json-cannot-say, with the rule -----------------------------------------------*/

void blame_undecided(struct lowering *l, const struct target *t, const struct seccomp_data *call);
void blame_unnamed(struct lowering *l, const struct target *t, struct seccomp_data call);
void blame_defaults(struct lowering *l, const struct target *t, const struct target *other);
void blame_notify(struct lowering *l);
void blame_foreign(struct lowering *l);
void blame_flags(struct lowering *l, uint32_t flags);
void blame_trap(struct lowering *l, const struct rule *rule);
void blame_pointer(struct lowering *l, const struct target *t, const char *name, uint32_t nr);
void blame_difference(struct lowering *l, const char *name, const struct target *t, diagram f,
                      const struct target *other, diagram g);
void blame_count(struct lowering *l, const struct call_group *group);
void blame_instructions(struct lowering *l, const struct call_group *group, uint64_t size);
void blame_high_half(struct lowering *l, const struct call_group *group);
void blame_carrier(struct lowering *l, const struct target *t, const struct oci_multiplexed *m,
                   const struct product *p);
void blame_size(struct lowering *l);
/* Not an error: on x32 and n32, whose high halves the kernel reads and libseccomp does not. */
void warn_low_half(struct lowering *l, const struct target *t, const char *name, uint32_t nr);

#endif
