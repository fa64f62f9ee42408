/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/ranges.h"

#include "base/sort.h"

#include <string.h>

struct ranges ranges_one(struct arena *a, uint64_t low, uint64_t high)
{
    struct range *r = ARENA_NEW(a, struct range);

    *r = (struct range){low, high};
    return (struct ranges){r, 1};
}

/* Appends r, which does not begin before the last one did; joins it where they touch. */
static void append(struct range *to, size_t *count, struct range r)
{
    struct range *last = *count ? &to[*count - 1] : NULL;

    if (last && (last->high == UINT64_MAX || r.low <= last->high + 1)) {
        if (r.high > last->high)
            last->high = r.high;
    } else {
        to[(*count)++] = r;
    }
}

struct ranges ranges_from(struct arena *a, const struct range *list, size_t count)
{
    struct range *to = arena_copy(a, list, count * sizeof(*list));
    size_t i, used = 0;

    SORT_BY(a, to, count, low);
    for (i = 0; i < count; i++)
        append(to, &used, to[i]);
    return (struct ranges){to, used};
}

struct ranges ranges_union(struct arena *a, struct ranges x, struct ranges y)
{
    struct range *to;
    size_t i = 0, j = 0, used = 0;

    if (!x.count)
        return y;
    if (!y.count)
        return x;
    to = ARENA_ARRAY(a, struct range, x.count + y.count);
    while (i < x.count || j < y.count) {
        if (j == y.count || (i < x.count && x.at[i].low <= y.at[j].low))
            append(to, &used, x.at[i++]);
        else
            append(to, &used, y.at[j++]);
    }
    return (struct ranges){to, used};
}

struct ranges ranges_intersect(struct arena *a, struct ranges x, struct ranges y)
{
    struct range *to = ARENA_ARRAY(a, struct range, x.count + y.count);
    size_t i = 0, j = 0, used = 0;

    while (i < x.count && j < y.count) {
        uint64_t low = x.at[i].low > y.at[j].low ? x.at[i].low : y.at[j].low;
        uint64_t high = x.at[i].high < y.at[j].high ? x.at[i].high : y.at[j].high;

        if (low <= high)
            to[used++] = (struct range){low, high};
        if (x.at[i].high < y.at[j].high)
            i++;
        else
            j++;
    }
    return (struct ranges){to, used};
}

struct ranges ranges_complement(struct arena *a, struct ranges x, uint64_t max)
{
    struct range *to = ARENA_ARRAY(a, struct range, x.count + 1);
    uint64_t next = 0;
    size_t i, used = 0;

    for (i = 0; i < x.count; i++) {
        if (x.at[i].low > next)
            to[used++] = (struct range){next, x.at[i].low - 1};
        if (x.at[i].high >= max)
            return (struct ranges){to, used};
        next = x.at[i].high + 1;
    }
    to[used++] = (struct range){next, max};
    return (struct ranges){to, used};
}

bool ranges_contain(struct ranges x, uint64_t value)
{
    size_t low = 0, high = x.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (x.at[middle].high < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x.count && x.at[low].low <= value;
}

uint64_t ranges_size(struct ranges x)
{
    uint64_t size = 0;
    size_t i;

    for (i = 0; i < x.count; i++) {
        uint64_t more = x.at[i].high - x.at[i].low;

        if (more == UINT64_MAX || size > UINT64_MAX - more - 1)
            return UINT64_MAX;
        size += more + 1;
    }
    return size;
}
