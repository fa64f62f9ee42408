/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Terms of Z3 over the words of a call, with as much of them folded away as bounds can decide: a
 * proof goes from class to class of calls (class.h), and in most of them nothing is left for Z3.
 */
#ifndef PROVE_TERM_H
#define PROVE_TERM_H

#include "compiler/cbpf/program.h"

#include <z3.h>

/* 32 bits, unsigned, between low and high; a constant where these are equal. */
struct value {
    Z3_ast ast; /* NULL: a constant whose term nobody has asked for yet */
    uint32_t low, high;
};

/* Owner of all terms. Not of an arena: Z3 has memory of its own. */
struct terms {
    Z3_context z3;
    Z3_sort word_sort;
    Z3_ast yes, no;
    Z3_ast words[WORD_COUNT]; /* free variables, by meaning */
    Z3_solver solver;
    Z3_symbol timeout;
    unsigned checks;     /* that the solver was asked */
    int64_t deadline_ns; /* CLOCK_MONOTONIC; nothing is asked after it */
};

/* Calls alike in this: words between bounds; a word that is given is the constant. */
struct call_class {
    struct value word[WORD_COUNT];
};

/* seconds: after which every answer is "unknown". An error inside Z3 (no memory, mostly) ends the
 * program with exit status 2. */
void terms_init(struct terms *t, unsigned seconds);
void terms_release(struct terms *t);

/* Brings the end of time nearer, if it is further away than this. */
void terms_hurry(struct terms *t, unsigned seconds);

/* --- conditions -------------------------------------------------------------------------------*/

Z3_ast term_bool(const struct terms *t, bool b);
Z3_ast term_not(const struct terms *t, Z3_ast a);
Z3_ast term_and(const struct terms *t, Z3_ast a, Z3_ast b);
Z3_ast term_or(const struct terms *t, Z3_ast a, Z3_ast b);

/* --- values -----------------------------------------------------------------------------------*/

static inline struct value value_constant(uint32_t k)
{
    return (struct value){.low = k, .high = k};
}

static inline bool is_constant(struct value v)
{
    return v.low == v.high;
}

/* Every value of 32 bits. */
struct value value_any(Z3_ast ast);
Z3_ast value_ast(const struct terms *t, struct value v);
struct value value_ite(const struct terms *t, Z3_ast cond, struct value yes, struct value no);
/* BPF_ADD ... BPF_NEG of linux/filter.h, with the kernel's meaning; a divisor is not 0. */
struct value value_alu(const struct terms *t, uint16_t op, struct value a, struct value b);
/* BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET */
Z3_ast value_test(const struct terms *t, uint16_t op, struct value a, struct value b);

/* --- the solver -------------------------------------------------------------------------------*/

enum answer { UNSATISFIABLE, SATISFIABLE, UNKNOWN };

/* Is there a call of the class of which all of these hold? If so, and call is not NULL, it is
 * one. */
enum answer terms_check(struct terms *t, const struct call_class *class, const Z3_ast *all,
                        unsigned count, struct seccomp_data *call);

/* The same asked many times, of a class and a formula that stay. */
struct inquiry {
    Z3_solver solver;
    const struct call_class *class;
};

void inquiry_begin(struct inquiry *q, struct terms *t, const struct call_class *class,
                   Z3_ast formula);
enum answer inquiry_check(struct inquiry *q, struct terms *t, const Z3_ast *all, unsigned count,
                          struct seccomp_data *call);
void inquiry_end(struct inquiry *q, struct terms *t);

#endif
