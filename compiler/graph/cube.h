/* SPDX-License-Identifier: Apache-2.0 */
/* Values that differ in a few bits only, told from all others by one test. */
#ifndef GRAPH_CUBE_H
#define GRAPH_CUBE_H

#include "compiler/graph/graph.h"

/*
 * Needs: a line as graph_search() divides it, its first piece from 0, without mask. Finds bits such
 * that every value made of some of them, from none to all, is a piece of a single value with one
 * and the same target. Then `(word & ~bits) != 0` alone tells these values from all others.
 *
 * Returns the bits, 0 if there are none worth it, and marks the pieces; lowers the number of tests
 * by at least one.
 */
uint32_t find_cube(const struct cut *cuts, size_t count, bool *in_cube);

#endif
