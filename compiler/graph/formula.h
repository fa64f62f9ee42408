/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule's condition in the form that code is made of: no negation, and one kind of leaf, "the
 * bits of this field under this mask lie in this set". Operators, widths, shifts and signs are
 * gone. Leaves about the same bits side by side under one AND or OR are one leaf, so a leaf about
 * the number under an AND or OR is the only one there.
 */
#ifndef GRAPH_FORMULA_H
#define GRAPH_FORMULA_H

#include "compiler/graph/graph.h"
#include "compiler/sema/policy.h"

enum formula_kind { FORMULA_FALSE, FORMULA_TRUE, FORMULA_FIELD, FORMULA_AND, FORMULA_OR };

struct formula {
    enum formula_kind kind;
    enum field field; /* FIELD: (field & mask) in values */
    uint64_t mask;
    struct ranges values;              /* neither empty nor all of 0 .. mask */
    const struct formula *const *kids; /* AND, OR: two or more, none of the same kind */
    size_t kid_count;
};

/* What is known of a formula when only the number is. */
enum truth { NEVER_TRUE, MAY_BE_TRUE, ALWAYS_TRUE };

/* Conditions are only as deep as sema lets them be: this recurses. */
const struct formula *formula_of(struct arena *a, const struct cond *c);
/* Is it a leaf that a number decides? (`$syscall & 1` is not: its set of numbers is too ragged.) */
bool formula_is_number(const struct formula *f);
/* Appends the numbers from which on it may behave otherwise: unsorted, some of them twice. */
typedef VEC(uint32_t) number_list;
void formula_cuts(struct arena *a, const struct formula *f, number_list *cuts);
enum truth formula_truth(const struct formula *f, uint32_t nr);
/* What is left of a formula when the number is one that behaves as nr does. */
const struct formula *formula_at(struct arena *a, const struct formula *f, uint32_t nr);
/* An AND without one of its kids. */
const struct formula *formula_without(struct arena *a, const struct formula *f,
                                      const struct formula *kid);
const struct node *formula_test(struct graph *g, const struct formula *f, const struct node *yes,
                                const struct node *no);

/* A cut of the line of a field's masked values. */
struct wide_cut {
    uint64_t from;
    const struct node *to;
    struct span origin;
};

/* The search over a field & mask: cuts sorted by from, none above the mask, the first from 0; of
 * cuts at the same value the last counts. */
const struct node *field_search(struct graph *g, enum field field, uint64_t mask,
                                const struct wide_cut *cuts, size_t count);

#endif
