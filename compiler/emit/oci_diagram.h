/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decision diagrams over the bits of a call: what a policy means, in a form in which equal
 * meanings are the same number. (Bryant 1986, with more than two leaves; Minato 1993 for covers.)
 *
 * A diagram is an index. A node asks one bit and goes on to one of two diagrams; bits are asked in
 * one order only: number, instruction pointer, arguments 0 to 5, each from its highest bit. A leaf
 * is false or true in a condition, a return value or "undecided" in a policy.
 */
#ifndef EMIT_OCI_DIAGRAM_H
#define EMIT_OCI_DIAGRAM_H

#include "base/arena.h"
#include "base/vec.h"
#include "compiler/sema/policy.h"

typedef uint32_t diagram;

enum { DIAGRAM_FALSE, DIAGRAM_TRUE, DIAGRAM_UNDECIDED, DIAGRAM_FIRST_RET };

/* The order of the bits. */
enum {
    BIT_NR = 0,
    BIT_IP = BIT_NR + 32,
    BIT_ARGS = BIT_IP + 64,
    BIT_END = BIT_ARGS + 6 * 64,
};

struct diagram_node {
    uint16_t bit;    /* BIT_END for a leaf */
    uint16_t last;   /* the last bit that is asked below or here; 0 for a leaf */
    diagram yes, no; /* a leaf that is a return value: the value is in `yes` */
};

struct diagram_memo {
    diagram a, b, c, result;
};

struct diagrams {
    struct arena *arena;
    VEC(struct diagram_node) nodes;
    diagram *buckets; /* open addressing; 0: empty (node 0 is never looked up) */
    size_t bucket_count;
    struct diagram_memo *memo; /* of diagram_choose(): newer entries overwrite older ones */
    size_t memo_count;
    VEC(diagram) low; /* by node: diagram_low_half() + 1, 0 while not known */
    size_t limit;     /* of nodes */
    bool overflow;    /* grew beyond it: all results since are meaningless */
};

void diagrams_init(struct diagrams *d, struct arena *a);

static inline const struct diagram_node *diagram_at(const struct diagrams *d, diagram f)
{
    return &d->nodes.at[f];
}
static inline bool diagram_is_leaf(const struct diagrams *d, diagram f)
{
    return d->nodes.at[f].bit == BIT_END;
}

diagram diagram_ret(struct diagrams *d, uint32_t ret);
diagram diagram_node(struct diagrams *d, uint32_t bit, diagram yes, diagram no);
/* Where the condition holds `yes`, elsewhere `no`. */
diagram diagram_choose(struct diagrams *d, diagram condition, diagram yes, diagram no);

static inline diagram diagram_not(struct diagrams *d, diagram f)
{
    return diagram_choose(d, f, DIAGRAM_FALSE, DIAGRAM_TRUE);
}
static inline diagram diagram_and(struct diagrams *d, diagram f, diagram g)
{
    return diagram_choose(d, f, g, DIAGRAM_FALSE);
}
static inline diagram diagram_or(struct diagrams *d, diagram f, diagram g)
{
    return diagram_choose(d, f, DIAGRAM_TRUE, g);
}

/* ((field >> shift) & mask) in set */
diagram diagram_in(struct diagrams *d, enum field field, unsigned shift, uint64_t mask,
                   struct ranges set);
diagram diagram_condition(struct diagrams *d, const struct cond *cond);
/* The rules from the top; "undecided" where none holds. */
diagram diagram_target(struct diagrams *d, const struct target *t);

/* f for calls of one number. */
diagram diagram_for_number(const struct diagrams *d, diagram f, uint32_t nr);
/* Where f is the leaf. */
diagram diagram_where(struct diagrams *d, diagram f, diagram leaf);
/* f for calls whose arguments have no bits set in their high halves. */
diagram diagram_low_half(struct diagrams *d, diagram f);
/* The leaves other than false, in order of first meeting. */
size_t diagram_leaves(struct diagrams *d, diagram f, diagram **leaves);

/* One call for which f is not `leaf`, the smallest one; false if there is none. */
bool diagram_find_other(const struct diagrams *d, diagram f, diagram leaf,
                        struct seccomp_data *call, diagram *found);

#endif
