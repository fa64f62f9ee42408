/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pass: tests whose outcome is known.
 *
 * Needs: any graph. Keeps: its meaning. Lowers: the number of tests on a path, and never raises the
 * number of nodes: of a node it is known what holds on every path to it (bounds.h, for each word),
 * and a branch to a test that is certain there goes on to where that test goes. Nodes are not
 * copied for the sake of one path among several.
 */
#ifndef GRAPH_KNOWN_H
#define GRAPH_KNOWN_H

#include "compiler/graph/graph.h"

const struct node *drop_known_tests(struct graph *g, const struct node *root);

#endif
