/* SPDX-License-Identifier: Apache-2.0 */
/* Values that a mask lets through: those v with (v & ~mask) == 0. */
#ifndef GRAPH_MASK_H
#define GRAPH_MASK_H

#include <stdbool.h>
#include <stdint.h>

/* *k becomes the least value under the mask that is not below it; false: there is none. */
static inline bool mask_round_up(uint32_t mask, uint32_t *k)
{
    uint32_t outside = *k & ~mask, filled;

    if (!outside)
        return true;
    /* all bits up to the highest offending one, and all that are not in the mask, are set: adding
     * one then carries into the next bit of the mask that is clear */
    filled = UINT32_MAX >> __builtin_clz(outside);
    filled |= *k | ~mask;
    if (filled == UINT32_MAX)
        return false;
    *k = (filled + 1) & mask;
    return true;
}

#endif
