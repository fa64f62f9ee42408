/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy as a profile of docker's and podman's, its capabilities left open: the parts of it.
 *
 *     text ─docker_caps.c─▶ capabilities it asks for, and which of them matter to which call
 *          └ for each set of those that matter: policy ─oci_lower─▶ fates of calls (docker.c)
 *                                                    └─▶ entries with includes and excludes
 *                                                        └ held against the sets (docker_verify.c)
 *
 * Capabilities whose conditions stand together (in one condition, the parts of one #if, or nested)
 * are taken together; so a statement is there or not by capabilities of one such cluster. A call
 * goes by a cluster if the statements that may be about it are not the same ones for all sets of
 * the cluster. Clusters that guard anything but rules, such as definitions, matter to all calls.
 */
#ifndef EMIT_DOCKER_H
#define EMIT_DOCKER_H

#include "base/strmap.h"
#include "compiler/emit/formats.h"
#include "compiler/emit/oci.h"

#define DOCKER_MAX_CAPS     64
#define DOCKER_MAX_TOGETHER 6   /* capabilities that one call goes by */
#define DOCKER_MAX_POLICIES 600 /* sets of capabilities that the policy is looked at with */

/* Bit i is caps[i]. */
typedef uint64_t cap_set;

/* The policy for one set of capabilities. */
struct cap_variant {
    cap_set caps;
    const struct ast *ast;
    const struct policy *policy;
    uint64_t other;  /* what tells its statements that are not rules */
    uint64_t *rules; /* by call: what tells the rules that may be about it; [syscall_count]: about
                      * numbers without a name */
};

struct cap_variants {
    struct arena *arena;
    const struct emit_input *in;
    const char *caps[DOCKER_MAX_CAPS];
    size_t cap_count;
    cap_set together[DOCKER_MAX_CAPS]; /* by capability: its cluster */
    cap_set all_calls;                 /* those that matter to all calls */
    cap_set *matters;                  /* by call, and [syscall_count] */
    unsigned news;                     /* how often one of the above changed */
    bool overflow;                     /* more capabilities than DOCKER_MAX_CAPS */
    VEC(struct cap_variant *) list;
};

/* Finds all of it; -EINVAL if reported. */
int cap_variants_find(struct cap_variants *v, struct arena *a, const struct emit_input *in);
/* NULL if reported. */
const struct cap_variant *cap_variant_get(struct cap_variants *v, cap_set caps);

/* The next of the subsets of `of`, from 0 on; false after the last. */
static inline bool next_subset(cap_set *subset, cap_set of)
{
    *subset = (*subset - of) & of;
    return *subset != 0;
}

/* "CAP_A, CAP_B"; "no capability" */
const char *caps_text(const struct cap_variants *v, cap_set caps);
/* Those of `from`, with a note for which set they are. */
void docker_take_diags(const struct cap_variants *v, cap_set caps, const struct diags *from);
void docker_refuse(const struct cap_variants *v, const char *fmt, ...) PRINTF(2, 3);

/* May the rule be about the number (UINT64_MAX: one that has no name)? */
enum answer { ANSWER_NO, ANSWER_MAYBE, ANSWER_YES };
enum answer cond_about(const struct cond *c, const struct arch *arch, uint64_t nr);

/* --- what is written ---------------------------------------------------------------------------*/

/* A machine: the architecture of its kernel, and those whose programs it runs too. */
struct machine {
    const struct arch *arch;
    VEC(const struct arch *) others;
};
typedef uint32_t machine_set; /* bit i is machines[i] */

/* What a call gets: entries without their names, as text. Equal ones are one. */
struct fate {
    const char *key;
    VEC(const char *) entries;
    bool is_plain;   /* no entry has arguments */
    bool is_default; /* the default action, by name */
};

/* A machine's policy lowered for one set of capabilities. */
struct lowered {
    cap_set caps;
    size_t machine;
    const struct fate **fates; /* by call; NULL: the default action */
};

/* Entries of the same calls, with what selects them. */
struct selection {
    machine_set machines;
    cap_set with, without;
    const struct fate *fate;
    VEC(const char *) names;
};

struct docker {
    struct arena *arena;
    const struct emit_input *in;
    struct cap_variants variants;
    VEC(struct machine) machines;
    struct strmap fates;
    VEC(struct lowered *) lowered;
    uint32_t default_ret, filter_flags;
    bool *high;                      /* by call: to be named, whatever it gets (oci_lower.c) */
    const struct fate *default_fate; /* of these */
    VEC(struct selection *) selections;
};

bool machine_has(const struct machine *m, const struct syscall_info *s);

/* For all that was lowered: do the entries that docker selects give each call its fate? Reported if
 * not. */
bool docker_verify(const struct docker *d);

#endif
