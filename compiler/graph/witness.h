/* SPDX-License-Identifier: Apache-2.0 */
/* A call that ends at a given leaf. */
#ifndef GRAPH_WITNESS_H
#define GRAPH_WITNESS_H

#include "compiler/graph/graph.h"

enum witness {
    WITNESS_FOUND,
    WITNESS_NONE,    /* shown: no call gets there */
    WITNESS_UNKNOWN, /* the search was given up */
};

/* Low numbers and short paths first. */
enum witness find_witness(struct arena *a, const struct node *root, const struct node *leaf,
                          struct seccomp_data *call);

/* The same with an end: steps are taken off *budget, and none left is WITNESS_UNKNOWN. For whoever
 * asks very often, and can live with not knowing. */
enum witness seek_witness(struct arena *a, const struct node *root, const struct node *leaf,
                          struct seccomp_data *call, uint64_t *budget);

#endif
