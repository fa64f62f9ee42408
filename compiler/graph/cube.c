/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/cube.h"

#include <string.h>

/* Lines of more pieces are not looked at: the values of flags are few, and the search is quadratic.
 */
#define MAX_PIECES 64

/* The piece of a single value that goes to `to`; count if there is none. */
static size_t find_single(const struct cut *cuts, size_t count, uint32_t value,
                          const struct node *to)
{
    for (size_t i = 0; i < count; i++) {
        bool single =
            i + 1 < count ? cuts[i + 1].from == cuts[i].from + 1 : cuts[i].from == UINT32_MAX;

        if (cuts[i].from == value)
            return single && cuts[i].to == to ? i : count;
    }
    return count;
}

/* Is every value of a cube still one with another bit? Marks those that it adds. */
static bool extend(const struct cut *cuts, size_t count, uint32_t bits, uint32_t bit, bool *in_cube)
{
    uint32_t part = bits;
    size_t added[MAX_PIECES], n = 0;

    for (;; part = (part - 1) & bits) { /* all subsets of the bits, the empty one last */
        size_t i = find_single(cuts, count, part | bit, cuts[0].to);

        if (i == count)
            return false;
        added[n++] = i;
        if (part == 0)
            break;
    }
    while (n > 0)
        in_cube[added[--n]] = true;
    return true;
}

uint32_t find_cube(const struct cut *cuts, size_t count, bool *in_cube)
{
    uint32_t bits = 0;

    memset(in_cube, 0, count * sizeof(*in_cube));
    if (count < 3 || count > MAX_PIECES || find_single(cuts, count, 0, cuts[0].to) != 0)
        return 0;
    in_cube[0] = true;
    for (unsigned shift = 0; shift < 32; shift++) {
        uint32_t bit = UINT32_C(1) << shift;

        if (extend(cuts, count, bits, bit, in_cube))
            bits |= bit;
    }
    return bits;
}
