/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include <assert.h>
#include <string.h>

/* Up to here it is faster to put each where it belongs. */
#define FEW       16
#define DIGIT     8
#define DIGITS(n) ((n) & ((1u << DIGIT) - 1))

struct layout {
    size_t size, offset, width;
};

static inline uint64_t number_of(const char *element, struct layout l)
{
    uint64_t wide;
    uint32_t narrow;

    if (l.width == sizeof(wide)) {
        memcpy(&wide, element + l.offset, sizeof(wide));
        return wide;
    }
    memcpy(&narrow, element + l.offset, sizeof(narrow));
    return narrow;
}

static inline void insert(char *at, size_t count, struct layout l, char *kept)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t number = number_of(at + i * l.size, l);
        size_t to = i;

        while (to > 0 && number_of(at + (to - 1) * l.size, l) > number)
            to--;
        if (to == i)
            continue;
        memcpy(kept, at + i * l.size, l.size);
        memmove(at + (to + 1) * l.size, at + to * l.size, (i - to) * l.size);
        memcpy(at + to * l.size, kept, l.size);
    }
}

/* From one array to another, by one digit. */
static inline void distribute(char *to, const char *from, size_t count, struct layout l,
                              unsigned shift)
{
    size_t place[1u << DIGIT] = {0}, sum = 0;

    for (size_t i = 0; i < count; i++)
        place[DIGITS(number_of(from + i * l.size, l) >> shift)]++;
    for (size_t i = 0; i < 1u << DIGIT; i++) {
        size_t here = place[i];

        place[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++) {
        const char *element = from + i * l.size;

        memcpy(to + place[DIGITS(number_of(element, l) >> shift)]++ * l.size, element, l.size);
    }
}

static inline void sort(struct arena *a, char *at, size_t count, struct layout l)
{
    char *from = at, *to;
    uint64_t first, differ = 0;

    if (count <= FEW) {
        if (count > 1)
            insert(at, count, l, arena_alloc(a, l.size));
        return;
    }
    first = number_of(at, l);
    for (size_t i = 1; i < count; i++)
        differ |= number_of(at + i * l.size, l) ^ first;
    to = arena_array(a, count, l.size);
    for (unsigned shift = 0; shift < 8 * l.width; shift += DIGIT) {
        char *swap = from;

        if (!DIGITS(differ >> shift)) /* the same in all */
            continue;
        distribute(to, from, count, l, shift);
        from = to;
        to = swap;
    }
    if (from != at)
        memcpy(at, from, count * l.size);
}

void sort_by_number(struct arena *a, void *at, size_t count, size_t size, size_t offset,
                    size_t width)
{
    assert(width == sizeof(uint32_t) || width == sizeof(uint64_t));
    /* Copies of a size that is known are a few instructions; these are what compiles sort. */
    if (size == 16 && offset == 0 && width == 8)
        sort(a, at, count, (struct layout){16, 0, 8});
    else if (size == 12 && offset == 0 && width == 4)
        sort(a, at, count, (struct layout){12, 0, 4});
    else if (size == 4)
        sort(a, at, count, (struct layout){4, 0, 4});
    else
        sort(a, at, count, (struct layout){size, offset, width});
}
