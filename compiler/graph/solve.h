/* SPDX-License-Identifier: Apache-2.0 */
/* Is there a word for which given tests come out as given? */
#ifndef GRAPH_SOLVE_H
#define GRAPH_SOLVE_H

#include "compiler/graph/graph.h"

enum certainty { CERTAIN, EXCLUDED, UNKNOWN };

/* What a node's test comes to for a word with these ones, any of the bits in `free`, and else
 * zeros. */
enum certainty test_bits(const struct node *n, uint32_t ones, uint32_t free);

/* The outcome of one node's test; the node's word is that of all of them. */
struct outcome {
    const struct node *node;
    bool yes;
};

enum solution { SOLVED, IMPOSSIBLE, GAVE_UP };

/* The least such value. Reorders the list. Work is taken off *budget; none left: GAVE_UP. */
enum solution solve_word(struct outcome *list, size_t count, uint32_t *value, uint64_t *budget);

#endif
