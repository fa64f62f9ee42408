/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/widen.h"

bool can_widen(const struct formula *leaf, uint64_t mask)
{
    uint64_t more = mask & ~leaf->mask;

    return !more ||
           (__builtin_popcountll(more) <= WIDEN_BITS && ranges_size(leaf->values) <= WIDEN_VALUES);
}

struct ranges widen(struct arena *a, const struct formula *leaf, uint64_t mask)
{
    uint64_t more = mask & ~leaf->mask, size = ranges_size(leaf->values);
    struct range *values;
    size_t count = 0;

    if (!more)
        return leaf->values;
    values = ARENA_ARRAY(a, struct range, size << WIDEN_BITS);
    for (size_t i = 0; i < leaf->values.count; i++) {
        struct range r = leaf->values.at[i];

        for (uint64_t n = 0; n <= r.high - r.low; n++) {
            uint64_t v = r.low + n, part = more;

            if (v & ~leaf->mask) /* never occurs */
                continue;
            for (;; part = (part - 1) & more) { /* all subsets of the bits */
                values[count++] = (struct range){v | part, v | part};
                if (!part)
                    break;
            }
        }
    }
    return ranges_from(a, values, count);
}
