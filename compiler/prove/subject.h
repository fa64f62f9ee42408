/* SPDX-License-Identifier: Apache-2.0 */
/* What a proof is about, and what it answers for a class of calls. */
#ifndef PROVE_SUBJECT_H
#define PROVE_SUBJECT_H

#include "base/vec.h"
#include "compiler/prove/effect.h"
#include "compiler/prove/term.h"
#include "compiler/sema/policy.h"

struct program_state;

/* A policy, by its rules in their order and not by any graph; a program; or what several together
 * answer. */
struct subject {
    const struct subject *const *parts; /* NULL: it is one of the others */
    size_t part_count;
    enum merge how;
    const struct policy *policy; /* NULL: the program */
    struct program program;      /* one that the kernel accepts, but that it may be too long */
    bool big_endian;             /* of the target */
    /* scratch of program_outcomes(), made by subject_init() */
    struct program_state *states, **at;
};

/* What it answers where `when` holds. The outcomes of a class exclude each other, and one of them
 * always holds. */
struct outcome {
    Z3_ast when;
    struct value effect; /* effect.h, or EFFECT_UNDECIDED */
};

struct outcomes {
    VEC(struct outcome) list;
};

/* Words at which an answer may change, to cut classes at: between two cuts, whatever is compared
 * with the word alone comes out the same. Of the architecture and of the number. */
struct cuts {
    struct arena *arena;
    VEC(uint32_t) archs, numbers; /* the first of each class but 0; any order */
};

void subject_init(struct arena *a, struct subject *s);
void subject_cuts(struct arena *a, const struct subject *s, struct cuts *cuts);
void subject_outcomes(struct arena *a, const struct terms *t, const struct subject *s,
                      const struct call_class *class, struct outcomes *out);
/* By the simulator or the reference evaluator, without Z3. */
uint32_t subject_effect(const struct subject *s, const struct seccomp_data *call);

/* --- of the two kinds -------------------------------------------------------------------------*/

void policy_outcomes(struct arena *a, const struct terms *t, const struct policy *p,
                     const struct call_class *class, struct outcomes *out);
void policy_cuts(const struct policy *p, struct cuts *cuts);

/* All instructions in one pass: jumps only go forward, so that when it comes to an instruction all
 * ways there have been merged. */
void program_outcomes(struct arena *a, const struct terms *t, const struct subject *s,
                      const struct call_class *class, struct outcomes *out);
void program_cuts(struct arena *a, const struct subject *s, struct cuts *cuts);
/* Memory for the pass. */
void program_init(struct arena *a, struct subject *s);

/* --- helpers ----------------------------------------------------------------------------------*/

/* The values from low to high are a class of their own. */
void add_cut(struct cuts *cuts, enum word word, uint64_t low, uint64_t high);
/* One more way to an effect. */
void add_outcome(struct arena *a, const struct terms *t, struct outcomes *out, Z3_ast when,
                 struct value effect);

#endif
