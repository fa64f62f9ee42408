/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules in a row that look at the same bits of one field: sorted by its value, as numbers.c sorts
 * all rules by the number, instead of tried one by one.
 */
#ifndef GRAPH_CHAIN_H
#define GRAPH_CHAIN_H

#include "compiler/graph/formula.h"

/* A rule to be tried where those before it do not hold. */
struct link {
    const struct formula *formula; /* nothing in it is about the number */
    const struct rule *rule;
};

/* What the links of a run share: a leaf about these bits, alone or under an AND. */
struct run {
    size_t count; /* of links; 1: nothing is shared */
    enum field field;
    uint64_t mask;
    bool widened; /* some of the leaves are about fewer bits than mask has (widen.h) */
};

typedef VEC(struct run) runs;

/* The links, one run after the other. Work is n log n. */
void divide_chain(struct graph *g, const struct link *links, size_t count, runs *out);

/* The run's decision; what none of its links is about goes to `after`. */
const struct node *run_test(struct graph *g, const struct run *run, const struct link *links,
                            const struct node *after);

#endif
