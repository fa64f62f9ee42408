/* SPDX-License-Identifier: Apache-2.0 */
/* Resolved policy to decision graph. Architecture first, then the x32 bit, then the number by
 * balanced search over merged ranges, then arguments. */
#ifndef GRAPH_BUILD_H
#define GRAPH_BUILD_H

#include "base/diag.h"
#include "compiler/graph/graph.h"
#include "compiler/sema/policy.h"

/* NULL if a call is left undecided (recorded, with one such call) or the graph grows beyond all
 * use (too-complex). */
const struct node *build_graph(struct graph *g, const struct policy *p, struct diags *diags);

#endif
