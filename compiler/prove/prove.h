/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proof that two subjects answer every call alike, or calls that they do not.
 *
 * All calls are cut into classes by architecture and number, where either subject compares these
 * with something (subject_cuts()); each class is a question of its own, small enough for Z3, and
 * most need no Z3. As the classes are all calls, cuts have no part in what is proved.
 *
 *     subject A ─outcomes─▶ conditions by effect ┐
 *                                                ├─▶ can A's be v while B's is w? ─▶ differences
 *     subject B ─outcomes─▶ conditions by effect ┘        └─ no, for all v, w: same
 */
#ifndef PROVE_PROVE_H
#define PROVE_PROVE_H

#include "compiler/prove/subject.h"

enum relation {
    RELATION_SAME,   /* the kernel does the same (effect.h) */
    RELATION_SUBSET, /* A lets no call get further than B does */
};

/* Numbers of an architecture, as in seccomp_data. */
struct numbers {
    const struct arch *arch;
    uint32_t low, high;
};

/* Calls that a proof is about; zeroed: all, and as many differences as are worth showing. */
struct domain {
    const struct numbers *except; /* are left out */
    size_t except_count;
    bool only_except; /* or all others are */
    arch_set only;    /* these architectures; 0: all there can be */
    arch_set no_high; /* on these, the high halves of arguments and of the place are 0 */
    bool first_only;  /* one difference is enough */
    bool no_negative; /* numbers with bit 31, which no kernel has, are left out */
};

/* What a field of a call may be: all from low to high. */
struct extent {
    uint64_t low, high;
    bool half; /* of its low 32 bits; the high ones are any */
};

/* Architecture, number, place, arguments. */
enum { EXTENT_ARCH, EXTENT_NR, EXTENT_IP, EXTENT_ARG0, EXTENT_COUNT = EXTENT_ARG0 + 6 };

/* Calls that differ alike, whatever they are within the extents. */
struct difference {
    struct extent extents[EXTENT_COUNT];
    uint32_t a, b; /* effects */
};

enum verdict_of_proof { PROOF_HOLDS, PROOF_FAILS, PROOF_UNKNOWN, PROOF_FAULT };

struct proof {
    enum verdict_of_proof verdict;
    VEC(struct difference) differences; /* as many as are worth showing */
    bool more;                          /* there may be others for the same calls */
    const char *reason;                 /* UNKNOWN: at which calls it was given up; FAULT: likewise,
                                         * the proof is at odds with the simulator */
    unsigned classes, checks;           /* how much was asked, in all and of Z3 */
};

/* The subjects were initialised. Memory of Z3 is that of t. */
void prove(struct arena *a, struct terms *t, const struct subject *x, const struct subject *y,
           enum relation relation, const struct domain *domain, struct proof *proof);

#endif
