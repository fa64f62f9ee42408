/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of 64-bit numbers as sorted, disjoint, non-touching inclusive ranges. Sets are immutable;
 * operations make new ones in the arena, in linear time. */
#ifndef SEMA_RANGES_H
#define SEMA_RANGES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inclusive. */
struct range {
    uint64_t low, high;
};

struct ranges {
    const struct range *at;
    size_t count;
};

/* All numbers from low to high. */
struct ranges ranges_one(struct arena *a, uint64_t low, uint64_t high);
/* From ranges in any order, overlapping or not (low <= high each); n log n. */
struct ranges ranges_from(struct arena *a, const struct range *list, size_t count);

struct ranges ranges_union(struct arena *a, struct ranges x, struct ranges y);
struct ranges ranges_intersect(struct arena *a, struct ranges x, struct ranges y);
/* What of 0..max is not in x; x is within 0..max. */
struct ranges ranges_complement(struct arena *a, struct ranges x, uint64_t max);

bool ranges_contain(struct ranges x, uint64_t value);
/* Number of members, UINT64_MAX if that many or more. */
uint64_t ranges_size(struct ranges x);

#endif
