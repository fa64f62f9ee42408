/* SPDX-License-Identifier: Apache-2.0 */
/* The search for a word: bit by bit from the top, 0 before 1, giving up a prefix as soon as an
 * outcome is impossible with it, and looking no more at outcomes that are certain with it. */
#include "compiler/graph/solve.h"

static enum certainty both(bool sure, bool impossible)
{
    return sure ? CERTAIN : impossible ? EXCLUDED : UNKNOWN;
}

enum certainty test_bits(const struct node *n, uint32_t ones, uint32_t free)
{
    uint32_t least = ones & n->mask, most = (ones | free) & n->mask;

    switch (n->kind) {
    case NODE_EQ:
        return both(least == n->k && most == n->k, ((least ^ n->k) & ~(free & n->mask)) != 0);
    case NODE_GT:
        return both(least > n->k, most <= n->k);
    case NODE_GE:
        return both(least >= n->k, most < n->k);
    case NODE_SET:
        return both((ones & n->k) != 0, ((ones | free) & n->k) == 0);
    case NODE_LEAF:
        break;
    }
    return UNKNOWN;
}

struct solver {
    struct outcome *list;
    uint64_t *budget;
};

/* Moves the outcomes that are still open to the front; false: one is impossible. The list keeps
 * its members, so a caller's front part stays what it was but for its order. */
static bool keep_open(const struct solver *s, size_t *count, uint32_t prefix, uint32_t free)
{
    size_t open = 0;

    for (size_t i = 0; i < *count; i++) {
        struct outcome o = s->list[i];
        enum certainty c = test_bits(o.node, prefix, free);

        if (c == (o.yes ? EXCLUDED : CERTAIN))
            return false;
        if (c == UNKNOWN) {
            s->list[i] = s->list[open];
            s->list[open++] = o;
        }
    }
    *count = open;
    return true;
}

static enum solution search(const struct solver *s, size_t count, uint32_t prefix, uint32_t free,
                            uint32_t *value)
{
    uint32_t bit = free - free / 2; /* the highest of free, which is 2^n - 1 */
    uint32_t matters = 0;
    enum solution zero;

    if (*s->budget < count + 1) {
        *s->budget = 0;
        return GAVE_UP;
    }
    *s->budget -= count + 1;
    if (!keep_open(s, &count, prefix, free))
        return IMPOSSIBLE;
    if (count == 0) {
        *value = prefix;
        return SOLVED;
    }
    for (size_t i = 0; i < count; i++)
        matters |= s->list[i].node->kind == NODE_SET ? s->list[i].node->k : s->list[i].node->mask;
    zero = search(s, count, prefix, free / 2, value);
    if (zero != IMPOSSIBLE || !(matters & bit))
        return zero;
    return search(s, count, prefix | bit, free / 2, value);
}

enum solution solve_word(struct outcome *list, size_t count, uint32_t *value, uint64_t *budget)
{
    struct solver s = {list, budget};

    return search(&s, count, 0, UINT32_MAX, value);
}
