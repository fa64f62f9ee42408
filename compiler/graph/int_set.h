/* SPDX-License-Identifier: Apache-2.0 */
/* A set of integers 0 .. n-1 that is walked in order while it changes: a tree of bits, 64 to a
 * word, so that every operation takes a few steps. */
#ifndef GRAPH_INT_SET_H
#define GRAPH_INT_SET_H

#include "base/arena.h"

#include <stdbool.h>

struct int_set {
    struct {
        uint64_t *words;
        size_t count;
    } levels[6]; /* [0]: the members; a bit of [i + 1]: a word of [i] that is not 0 */
    unsigned level_count;
};

void int_set_init(struct int_set *s, struct arena *a, uint32_t n);
void int_set_put(struct int_set *s, uint32_t member, bool present);
/* The least member that is not below *member; false: there is none. */
bool int_set_next(const struct int_set *s, uint32_t *member);

#endif
