/* SPDX-License-Identifier: Apache-2.0 */
/* One target's rules to a decision over the number, then the rest. */
#ifndef GRAPH_NUMBERS_H
#define GRAPH_NUMBERS_H

#include "compiler/graph/graph.h"
#include "compiler/sema/policy.h"

/* More nodes than this are no filter any more: the kernel takes 4,096 instructions. */
#define MAX_NODES ((size_t)1 << 20)

/* Calls that no rule decides go to `undecided`. NULL: over MAX_NODES. */
const struct node *numbers_graph(struct graph *g, const struct target *t,
                                 const struct node *undecided);

#endif
