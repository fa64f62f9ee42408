/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes and graphs for people. */
#ifndef GRAPH_DUMP_H
#define GRAPH_DUMP_H

#include "base/str.h"
#include "compiler/graph/graph.h"
#include "compiler/tables/arch.h"

/* "nr == read", "arg0 low & 0xf >= 3", "ERRNO(EPERM)": numbers and errnos by the names that these
 * architectures agree on. */
void node_text(const struct node *n, arch_set archs, struct strbuf *out);

/* For each node of graph_order(): the architectures whose calls may come there. */
const arch_set *graph_archs(struct arena *a, const struct node *const *order, size_t count);

/* One line a node, parents first, counted from 0:
 *
 *     0: arch == x86_64 ? 1 : 4
 *     4: KILL_PROCESS
 */
void graph_dump(struct arena *a, const struct node *root, struct strbuf *out);

/* Place of each node in graph_order(), by id. */
const uint32_t *graph_places(struct arena *a, const struct node *const *order, size_t count);

#endif
