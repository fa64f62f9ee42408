/* SPDX-License-Identifier: Apache-2.0 */
/* Making nodes: normal form and hash-consing; and walks over finished graphs. */
#include "compiler/graph/graph.h"

#include "compiler/graph/mask.h"

#include <stdbool.h>
#include <string.h>

#define FIRST_BUCKETS 1024 /* a power of two */

void graph_init(struct graph *g, struct arena *a)
{
    memset(g, 0, sizeof(*g));
    g->arena = a;
    g->bucket_count = FIRST_BUCKETS;
    g->buckets = ARENA_ARRAY(a, const struct node *, g->bucket_count);
}

/* --- hash-consing ----------------------------------------------------------------------------- */

/* By ids, not addresses, so that nothing depends on where memory happens to lie. */
static size_t hash(const struct node *n)
{
    uint64_t h = (uint64_t)n->kind << 8 | n->word;

    h = (h ^ n->mask) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ h >> 29 ^ n->k) * UINT64_C(0xbf58476d1ce4e5b9);
    if (n->kind != NODE_LEAF) {
        h = (h ^ h >> 32 ^ n->yes->id) * UINT64_C(0x94d049bb133111eb);
        h = (h ^ h >> 29 ^ n->no->id) * UINT64_C(0x9e3779b97f4a7c15);
    }
    return (size_t)(h ^ h >> 32);
}

static bool same(const struct node *a, const struct node *b)
{
    return a->kind == b->kind && a->word == b->word && a->mask == b->mask && a->k == b->k &&
           a->yes == b->yes && a->no == b->no;
}

/* The bucket that holds a node equal to n, or the empty one where it would go. */
static const struct node **find(const struct graph *g, const struct node *n)
{
    size_t i = hash(n) & (g->bucket_count - 1);

    while (g->buckets[i] && !same(g->buckets[i], n))
        i = (i + 1) & (g->bucket_count - 1);
    return &g->buckets[i];
}

static void grow(struct graph *g)
{
    const struct node **old = g->buckets;
    size_t old_count = g->bucket_count;

    g->bucket_count *= 2;
    g->buckets = ARENA_ARRAY(g->arena, const struct node *, g->bucket_count);
    for (size_t i = 0; i < old_count; i++)
        if (old[i])
            *find(g, old[i]) = old[i];
}

static const struct node *intern(struct graph *g, const struct node *wanted)
{
    const struct node **bucket = find(g, wanted);
    struct node *n;

    if (*bucket)
        return *bucket;
    if (g->node_count >= g->bucket_count / 2) {
        grow(g);
        bucket = find(g, wanted);
    }
    n = arena_copy(g->arena, wanted, sizeof(*wanted));
    n->id = (uint32_t)g->node_count++;
    n->origin = g->origin;
    *bucket = n;
    return n;
}

const struct node *graph_leaf(struct graph *g, uint32_t ret)
{
    return intern(g, &(struct node){.kind = NODE_LEAF, .k = ret});
}

/* --- normal form ------------------------------------------------------------------------------ */

/* A test in the making; `swap` exchanges its branches. */
struct test {
    enum node_kind kind;
    uint32_t mask, k;
    bool swap;
};

enum fate { OPEN, ALWAYS, NEVER };

/* ~0 << n: such a mask does not matter to an order comparison with a value inside it. */
static bool is_prefix(uint32_t mask)
{
    return (~mask & (~mask + 1)) == 0;
}

static enum fate normal_ge(struct test *t)
{
    if (!mask_round_up(t->mask, &t->k))
        return NEVER;
    if (t->k == 0)
        return ALWAYS;
    t->mask &= -(t->k & -t->k); /* bits below those of k do not matter to the order */
    if (is_prefix(t->mask))
        t->mask = UINT32_MAX;
    if (t->k == t->mask) {
        t->kind = NODE_EQ;
    } else if (t->k == (t->mask & -t->mask)) { /* the least value that is not 0 */
        t->kind = NODE_EQ;
        t->k = 0;
        t->swap = !t->swap;
    }
    return OPEN;
}

/* Equality with the least or the greatest value of a mask needs no `and` before it. */
static void cheapen_eq(struct test *t)
{
    uint32_t lowest = t->mask & -t->mask;

    if (t->mask == UINT32_MAX || (t->k != 0 && t->k != t->mask))
        return;
    if (is_prefix(t->mask)) {
        t->kind = NODE_GE;
        t->swap ^= t->k == 0;
        t->k = t->k == 0 ? lowest : t->mask;
        t->mask = UINT32_MAX;
    } else if (t->k == 0 || t->mask == lowest) {
        t->kind = NODE_SET;
        t->swap ^= t->k == 0;
        t->k = t->mask;
        t->mask = UINT32_MAX;
    }
}

static enum fate normalise(struct test *t)
{
    if (t->kind == NODE_SET) { /* (word & k) >= 1 */
        t->mask = t->k;
        t->k = 0;
        t->kind = NODE_GT;
    }
    if (t->kind == NODE_GT) {
        if (t->k >= t->mask)
            return NEVER;
        t->k++;
        t->kind = NODE_GE;
    }
    if (t->kind == NODE_GE) {
        enum fate o = normal_ge(t);

        if (o != OPEN)
            return o;
    }
    if (t->kind == NODE_EQ) {
        if (t->k & ~t->mask)
            return NEVER;
        if (t->mask == 0)
            return ALWAYS;
        cheapen_eq(t);
    }
    return OPEN;
}

const struct node *graph_test(struct graph *g, enum node_kind kind, enum word word, uint32_t mask,
                              uint32_t k, const struct node *yes, const struct node *no)
{
    struct test t = {.kind = kind, .mask = mask, .k = k};

    if (yes == no)
        return yes;
    switch (normalise(&t)) {
    case ALWAYS:
        return yes;
    case NEVER:
        return no;
    case OPEN:
        break;
    }
    return intern(g, &(struct node){.kind = t.kind,
                                    .word = word,
                                    .mask = t.mask,
                                    .k = t.k,
                                    .yes = t.swap ? no : yes,
                                    .no = t.swap ? yes : no});
}

/* --- walks ------------------------------------------------------------------------------------ */

static bool holds(const struct node *n, uint32_t value)
{
    switch (n->kind) {
    case NODE_EQ:
        return (value & n->mask) == n->k;
    case NODE_GT:
        return (value & n->mask) > n->k;
    case NODE_GE:
        return (value & n->mask) >= n->k;
    case NODE_SET:
        return (value & n->k) != 0;
    case NODE_LEAF:
        break;
    }
    return false;
}

uint32_t graph_eval(const struct node *root, const struct seccomp_data *call)
{
    const struct node *n = root;

    while (n->kind != NODE_LEAF)
        n = holds(n, word_value(call, n->word)) ? n->yes : n->no;
    return n->k;
}

/* Children have smaller ids than their parents, so falling ids are the order, and what is
 * reachable is known before a node's turn comes: no stack, however deep the graph. */
size_t graph_order(struct arena *a, const struct node *root, const struct node ***order)
{
    const struct node **by_id = ARENA_ARRAY(a, const struct node *, (size_t)root->id + 1);
    size_t count = 0;

    by_id[root->id] = root;
    for (size_t i = (size_t)root->id + 1; i-- > 0;) {
        const struct node *n = by_id[i];

        if (!n)
            continue;
        by_id[i] = NULL;
        by_id[root->id - count++] = n; /* fills the array from its end: never ahead of i */
        if (n->kind != NODE_LEAF) {
            by_id[n->yes->id] = n->yes;
            by_id[n->no->id] = n->no;
        }
    }
    for (size_t i = 0, j = root->id; i < j && i < count; i++, j--) {
        const struct node *n = by_id[i];

        by_id[i] = by_id[j];
        by_id[j] = n;
    }
    *order = by_id;
    return count;
}

const struct node *graph_replace(struct graph *g, const struct node *root, const struct node *from,
                                 const struct node *to)
{
    const struct node **order;
    size_t count = graph_order(g->arena, root, &order);
    const struct node **now = ARENA_ARRAY(g->arena, const struct node *, (size_t)root->id + 1);

    for (size_t i = count; i-- > 0;) {
        const struct node *n = order[i];

        g->origin = n->origin;
        if (n == from)
            now[n->id] = to;
        else if (n->kind == NODE_LEAF)
            now[n->id] = n;
        else
            now[n->id] =
                graph_test(g, n->kind, n->word, n->mask, n->k, now[n->yes->id], now[n->no->id]);
    }
    return now[root->id];
}
