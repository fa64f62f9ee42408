/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/bounds.h"

static bool excludes(const struct bounds *b, uint32_t value)
{
    if (value < b->low || value > b->high || value & b->zeros || b->ones & ~value)
        return true;
    for (unsigned i = 0; i < b->other_count; i++)
        if (b->other[i] == value)
            return true;
    return false;
}

/* Where there is no room left, the first values stay: they are those of the common calls. */
static void exclude(struct bounds *b, uint32_t value)
{
    b->low += b->low == value && value < UINT32_MAX;
    b->high -= b->high == value && value > 0;
    if (!excludes(b, value) && b->other_count < BOUNDS_OTHER)
        b->other[b->other_count++] = value;
}

/* Bits from the interval and the interval from bits; false: no value is left. */
static bool tighten(struct bounds *b)
{
    uint32_t differ = b->low ^ b->high, common;

    if (b->low > b->high)
        return false;
    common = differ ? ~(UINT32_MAX >> __builtin_clz(differ)) : UINT32_MAX;
    b->ones |= b->low & common;
    b->zeros |= ~b->low & common;
    if (b->zeros & b->ones)
        return false;
    if (b->low < b->ones)
        b->low = b->ones;
    if (b->high > ~b->zeros)
        b->high = ~b->zeros;
    return b->low <= b->high;
}

/* The value that the word surely has, in *value. */
static bool is_single(const struct bounds *b, uint32_t *value)
{
    *value = b->low;
    return b->low == b->high;
}

static void learn(struct bounds *b, const struct node *n, bool yes)
{
    bool whole = n->mask == UINT32_MAX;
    uint32_t least = n->kind == NODE_GT ? n->k + 1 : n->k; /* of an order comparison */

    switch (n->kind) {
    case NODE_SET:
        if (!yes)
            b->zeros |= n->k;
        else if (!(n->k & (n->k - 1)))
            b->ones |= n->k;
        break;
    case NODE_EQ:
        if (yes) {
            b->ones |= n->k;
            b->zeros |= n->mask & ~n->k;
        } else if (whole) {
            exclude(b, n->k);
        }
        break;
    case NODE_GT:
    case NODE_GE:
        if (yes && b->low < least) /* a masked value is no larger than the word */
            b->low = least;
        else if (!yes && whole && b->high >= least)
            b->high = least - 1;
        break;
    case NODE_LEAF:
        break;
    }
}

bool bounds_narrow(struct bounds *b, const struct node *n, bool yes)
{
    if (bounds_test(b, n) == (yes ? EXCLUDED : CERTAIN))
        return false;
    learn(b, n, yes);
    return tighten(b) && tighten(b);
}

/* By the interval: nothing that a mask hides. */
static enum certainty interval_test(const struct bounds *b, const struct node *n)
{
    uint32_t value;

    switch (n->kind) {
    case NODE_EQ:
        if (excludes(b, n->k))
            return EXCLUDED;
        return is_single(b, &value) ? CERTAIN : UNKNOWN;
    case NODE_GT:
        return b->low > n->k ? CERTAIN : b->high <= n->k ? EXCLUDED : UNKNOWN;
    case NODE_GE:
        return b->low >= n->k ? CERTAIN : b->high < n->k ? EXCLUDED : UNKNOWN;
    case NODE_SET:
    case NODE_LEAF:
        break;
    }
    return UNKNOWN;
}

enum certainty bounds_test(const struct bounds *b, const struct node *n)
{
    enum certainty c = test_bits(n, b->ones, ~(b->zeros | b->ones));

    if (c == UNKNOWN && n->mask == UINT32_MAX)
        c = interval_test(b, n);
    return c;
}

void bounds_join(struct bounds *b, const struct bounds * or)
{
    struct bounds before = *b;

    b->low = before.low < or->low ? before.low : or->low;
    b->high = before.high > or->high ? before.high : or->high;
    b->zeros &= or->zeros;
    b->ones &= or->ones;
    b->other_count = 0;
    for (unsigned i = 0; i < before.other_count; i++)
        if (excludes(or, before.other[i]))
            b->other[b->other_count++] = before.other[i];
    for (unsigned i = 0; i < or->other_count; i++)
        if (excludes(&before, or->other[i]) && !excludes(b, or->other[i]) &&
            b->other_count < BOUNDS_OTHER)
            b->other[b->other_count++] = or->other[i];
}
