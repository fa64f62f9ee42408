/* SPDX-License-Identifier: Apache-2.0 */
/* The search that is fastest for a trace. */
#ifndef GRAPH_FASTEST_H
#define GRAPH_FASTEST_H

#include "compiler/graph/weights.h"

/* Work grows with the cube of the number of pieces. */
#define FASTEST_MAX 128

/*
 * Needs: a line as graph_search() divides it, not masked. Of all trees of order comparisons that
 * end in a piece or in a short row of equalities, the one with the least sum of the tests made,
 * weighted, and of those in the program: one more in the program is worth it if it spares a call
 * in fifty a test. May have more tests than graph_search() makes without weights.
 */
const struct node *fastest_search(struct graph *g, enum word word, const struct cut *cuts,
                                  size_t count, const struct weights *w);

#endif
