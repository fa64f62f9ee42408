/* SPDX-License-Identifier: Apache-2.0 */
/* Decision graph to a linear program: order of blocks, which loads are needed, and long jumps
 * where a conditional jump does not reach. */
#ifndef EMIT_LAYOUT_H
#define EMIT_LAYOUT_H

#include "base/diag.h"
#include "compiler/cbpf/program.h"
#include "compiler/graph/graph.h"

struct layout_options {
    bool big_endian;
    uint32_t jump_limit; /* how many instructions a conditional jump skips at most: 255, the
                          * width of its fields; tests use as little as 1 */
};

struct layout {
    struct program program;   /* may be over BPF_MAXINSNS: the caller decides */
    const struct node **node; /* per instruction: the node it belongs to; NULL for `ja` */
};

void layout_graph(struct arena *a, const struct node *root, const struct layout_options *o,
                  struct layout *out);

#endif
