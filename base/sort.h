/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorting by a number that is in each element: digit by digit from the last one (radix sort; D. E.
 * Knuth, "The Art of Computer Programming", volume 3, 5.2.5), in a time that goes with the count.
 * Elements of the same number keep their order.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include "base/arena.h"

/* count elements of `size` bytes; the number is `width` bytes, 4 or 8, at `offset` in each. */
void sort_by_number(struct arena *a, void *at, size_t count, size_t size, size_t offset,
                    size_t width);

/* An array of structures by an unsigned member. */
#define SORT_BY(arena, at, count, member)                                                          \
    sort_by_number((arena), (at), (count), sizeof(*(at)), offsetof(typeof(*(at)), member),         \
                   sizeof((at)->member))
/* An array of unsigned numbers. */
#define SORT_NUMBERS(arena, at, count)                                                             \
    sort_by_number((arena), (at), (count), sizeof(*(at)), 0, sizeof(*(at)))

#endif
