/* SPDX-License-Identifier: Apache-2.0 */
/* What is cheap to know of a word when the outcomes of some tests are: an interval, bits, and a few
 * values that it is not. True of the word, but not all that is. */
#ifndef GRAPH_BOUNDS_H
#define GRAPH_BOUNDS_H

#include "compiler/graph/graph.h"
#include "compiler/graph/solve.h"

#define BOUNDS_OTHER 6

struct bounds {
    uint32_t low, high;   /* both inclusive */
    uint32_t zeros, ones; /* bits known to be that */
    uint32_t other[BOUNDS_OTHER];
    unsigned other_count;
};

#define BOUNDS_NONE ((struct bounds){.high = UINT32_MAX})

/* Adds the outcome of a test of the word; false: it cannot be. */
bool bounds_narrow(struct bounds *b, const struct node *n, bool yes);

/* What a test of the word comes to. */
enum certainty bounds_test(const struct bounds *b, const struct node *n);

/* What holds whichever of the two is true. */
void bounds_join(struct bounds *b, const struct bounds * or);

#endif
