/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growable arrays in an arena: `VEC(struct rule) rules;` is empty when zeroed.
 *
 *     VEC_PUSH(arena, &rules, rule);      appends a copy, amortised O(1)
 *     rules.at[i], rules.count            read like an array
 *
 * Growing moves the elements (the old array stays in the arena unused), so pointers to elements
 * do not survive a push.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t count, room;                                                                        \
    }

#define VEC_PUSH(arena, vec, value)                                                                \
    do {                                                                                           \
        if ((vec)->count == (vec)->room)                                                           \
            (vec)->at = vec_grow((arena), (vec)->at, &(vec)->room, sizeof(*(vec)->at));            \
        (vec)->at[(vec)->count] = (value); /* which may read the vector */                         \
        (vec)->count++;                                                                            \
    } while (0)

/* Returns an array of a larger *room holding the elements of old, which was full. */
void *vec_grow(struct arena *a, void *old, size_t *room, size_t size);

#endif
