/* SPDX-License-Identifier: Apache-2.0 */
/* A leaf about some bits of a field, as one about more of them: `x & ~2 == 36` says that x is 36 or
 * 38. So rules that mask a field differently, which is how JSON without OR has a set of values
 * written, are seen to be about one line. */
#ifndef GRAPH_WIDEN_H
#define GRAPH_WIDEN_H

#include "compiler/graph/formula.h"

/* Neither more bits than this are added to a mask, nor are more values spread over them. */
#define WIDEN_BITS   4
#define WIDEN_VALUES 64

/* Is a leaf's set under the mask, which has all bits of the leaf's own, still a small one? */
bool can_widen(const struct formula *leaf, uint64_t mask);
/* The values under the mask for which the leaf holds; only if can_widen(). */
struct ranges widen(struct arena *a, const struct formula *leaf, uint64_t mask);

#endif
