/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/oci_order.h"

#include <string.h>

/* --- conditions that exclude each other --------------------------------------------------------*/

/* What one comparison allows: values from low to high that are `value` under `mask`; NE is two. */
struct allowed {
    uint64_t low, high, mask, value;
};

static unsigned allowed_by(const struct oci_arg *arg, uint64_t max, struct allowed out[2])
{
    uint64_t k = arg->value & max;
    unsigned count = 0;

    out[0] = out[1] = (struct allowed){.high = max};
    switch (arg->op) {
    case OCI_EQ:
        out[0].low = out[0].high = k;
        return 1;
    case OCI_MASKED_EQ:
        out[0].mask = k;
        out[0].value = arg->value_two & k;
        return 1;
    case OCI_GE:
        out[0].low = k;
        return 1;
    case OCI_LE:
        out[0].high = k;
        return 1;
    case OCI_LT:
    case OCI_GT:
    case OCI_NE:
        if (arg->op != OCI_GT && k > 0)
            out[count++].high = k - 1;
        if (arg->op != OCI_LT && k < max)
            out[count++].low = k + 1;
        return count;
    case OCI_OP_COUNT:
        break;
    }
    __builtin_unreachable();
}

/* The least x >= low with (x & mask) == value; false if there is none. */
static bool least_masked(uint64_t low, uint64_t mask, uint64_t value, uint64_t *x)
{
    uint64_t wrong = (low ^ value) & mask, bit;

    *x = low;
    if (!wrong)
        return true;
    bit = UINT64_C(1) << (63 - __builtin_clzll(wrong)); /* all above it are right */
    if (value & bit) {
        *x = (low & ~(2 * bit - 1)) | bit | (value & (bit - 1));
        return true;
    }
    /* the bit is set in low and must be clear: add to the free bits above it */
    for (bit <<= 1; bit; bit <<= 1) {
        if (!(mask & bit) && !(low & bit)) {
            *x = (low & ~(2 * bit - 1)) | bit | (value & (bit - 1));
            return true;
        }
    }
    return false;
}

static bool meet(const struct allowed *a, const struct allowed *b)
{
    uint64_t low = a->low > b->low ? a->low : b->low;
    uint64_t high = a->high < b->high ? a->high : b->high, x;

    if ((a->value ^ b->value) & a->mask & b->mask)
        return false;
    return low <= high && least_masked(low, a->mask | b->mask, a->value | b->value, &x) &&
           x <= high;
}

/* Can both comparisons, of the same argument, hold for one value? */
static bool args_meet(const struct oci_arg *a, const struct oci_arg *b, uint64_t max)
{
    struct allowed x[2], y[2];
    unsigned nx = allowed_by(a, max, x), ny = allowed_by(b, max, y);

    for (unsigned i = 0; i < nx; i++)
        for (unsigned j = 0; j < ny; j++)
            if (meet(&x[i], &y[j]))
                return true;
    return false;
}

static bool chains_meet(const struct oci_chain *p, const struct oci_chain *q, uint64_t max)
{
    for (unsigned i = 0, j = 0; i < p->arg_count && j < q->arg_count;) {
        if (p->args[i].index < q->args[j].index)
            i++;
        else if (p->args[i].index > q->args[j].index)
            j++;
        else if (!args_meet(&p->args[i++], &q->args[j++], max))
            return false;
    }
    return true;
}

/* --- the tree ----------------------------------------------------------------------------------*/

/* Equality, <=, >=: in which order they come. */
enum rank { RANK_EQUAL, RANK_LESS, RANK_GREATER };
/* What a node asks of the word under the mask; the comparisons share them. */
enum question { ASKS_EQ, ASKS_MASKED_EQ, ASKS_GT, ASKS_GE };

struct node {
    unsigned place; /* 2 * argument + (high half) */
    enum rank rank;
    enum question question;
    uint32_t mask, value;
    bool on_no; /* the chain goes on where the answer is no */
};

#define MAX_NODES 12

struct path {
    struct oci_chain chain;
    struct node nodes[MAX_NODES];
    unsigned count;
    bool dropped;
};

static enum rank rank_of(enum oci_op op)
{
    switch (op) {
    case OCI_EQ:
    case OCI_NE:
    case OCI_MASKED_EQ:
        return RANK_EQUAL;
    case OCI_LT:
    case OCI_LE:
        return RANK_LESS;
    case OCI_GT:
    case OCI_GE:
        return RANK_GREATER;
    case OCI_OP_COUNT:
        break;
    }
    __builtin_unreachable();
}

static enum question question_of(enum oci_op op, bool high)
{
    switch (op) {
    case OCI_EQ:
    case OCI_NE:
        return ASKS_EQ;
    case OCI_MASKED_EQ:
        return ASKS_MASKED_EQ;
    case OCI_GT:
    case OCI_LE:
        return ASKS_GT;
    case OCI_LT:
    case OCI_GE:
        return high ? ASKS_GT : ASKS_GE;
    case OCI_OP_COUNT:
        break;
    }
    __builtin_unreachable();
}

static void add_node(struct path *p, const struct oci_arg *arg, bool high)
{
    unsigned shift = high ? 32 : 0;
    uint64_t mask = arg->op == OCI_MASKED_EQ ? arg->value : UINT64_MAX;
    uint64_t value = arg->op == OCI_MASKED_EQ ? arg->value_two & mask : arg->value;

    p->nodes[p->count++] = (struct node){
        .place = 2u * arg->index + high,
        .rank = rank_of(arg->op),
        .question = question_of(arg->op, high),
        .mask = (uint32_t)(mask >> shift),
        .value = (uint32_t)(value >> shift),
        .on_no = arg->op == OCI_NE || arg->op == OCI_LT || arg->op == OCI_LE,
    };
}

static void make_path(struct path *p, const struct oci_chain *chain, bool low)
{
    p->chain = *chain;
    p->count = 0;
    for (unsigned i = 0; i < chain->arg_count; i++) {
        if (!low)
            add_node(p, &chain->args[i], true);
        add_node(p, &chain->args[i], false);
    }
}

static bool same_node(const struct node *a, const struct node *b)
{
    return a->place == b->place && a->question == b->question && a->mask == b->mask &&
           a->value == b->value;
}

static bool comes_before(const struct node *a, const struct node *b)
{
    if (a->place != b->place)
        return a->place > b->place;
    if (a->rank != b->rank)
        return a->rank < b->rank;
    return a->rank == RANK_LESS ? a->value < b->value : a->value > b->value;
}

/* Is p, of at most as many nodes as q, how q begins? */
static bool is_prefix(const struct path *p, const struct path *q)
{
    for (unsigned i = 0; i < p->count; i++)
        if (!same_node(&p->nodes[i], &q->nodes[i]) || p->nodes[i].on_no != q->nodes[i].on_no)
            return false;
    return true;
}

struct ordering {
    struct arena *arena;
    struct path *paths;
    size_t count;
    struct oci_chain *out;
    size_t out_count;
    uint32_t slot;
    oci_followers *followers;
};

static void add_follower(struct ordering *o, const struct path *before, const struct path *p,
                         unsigned depth)
{
    const struct node *n = &p->nodes[depth];

    if (before->nodes[depth].place != n->place)
        return;
    VEC_PUSH(o->arena, o->followers,
             ((struct oci_follower){.place = n->place,
                                    .question = n->question,
                                    .mask = n->mask,
                                    .value = n->value,
                                    .ret = p->chain.ret,
                                    .behind_branch = before->count > depth + 1,
                                    .call = p->chain.call,
                                    .slot = o->slot}));
}

/* Puts the paths, which are alike up to a depth, out in order: those that share the next node
 * together, at the first one's place. */
static void order_level(struct ordering *o, struct path **list, size_t count, unsigned depth)
{
    struct path **sorted = ARENA_ARRAY(o->arena, struct path *, count);
    struct path **group = ARENA_ARRAY(o->arena, struct path *, count);
    size_t sorted_count = 0, at;

    for (size_t i = 0; i < count; i++) { /* the first of each node, sorted; stable */
        const struct node *n = &list[i]->nodes[depth];

        for (at = 0; at < sorted_count && !same_node(&sorted[at]->nodes[depth], n);)
            at++;
        if (at < sorted_count)
            continue;
        for (at = 0; at < sorted_count && !comes_before(n, &sorted[at]->nodes[depth]);)
            at++;
        memmove(sorted + at + 1, sorted + at, (sorted_count - at) * sizeof(*sorted));
        sorted[at] = list[i];
        sorted_count++;
    }
    for (size_t s = 0; s < sorted_count; s++) {
        size_t group_count = 0;

        if (s)
            add_follower(o, sorted[s - 1], sorted[s], depth);
        for (size_t i = 0; i < count; i++)
            if (same_node(&list[i]->nodes[depth], &sorted[s]->nodes[depth])) {
                if (list[i]->count == depth + 1)
                    o->out[o->out_count++] = list[i]->chain;
                else
                    group[group_count++] = list[i];
            }
        if (group_count)
            order_level(o, group, group_count, depth + 1);
    }
}

/* --- faults ------------------------------------------------------------------------------------*/

/* Drops what a path that begins alike makes superfluous, as libseccomp does. */
static void drop(struct ordering *o, struct oci_order *result)
{
    for (size_t j = 1; j < o->count; j++) {
        struct path *q = &o->paths[j];

        for (size_t i = 0; i < j && !q->dropped; i++) {
            struct path *p = &o->paths[i];
            bool differ = p->chain.ret != q->chain.ret;

            if (p->dropped)
                continue;
            if (p->count <= q->count && is_prefix(p, q)) {
                if (p->count == q->count && differ)
                    *result = (struct oci_order){OCI_ORDER_REFUSED, p->chain.call, q->chain.call};
                q->dropped = true;
            } else if (q->count < p->count && is_prefix(q, p)) {
                if (differ)
                    *result = (struct oci_order){OCI_ORDER_REFUSED, p->chain.call, q->chain.call};
                p->dropped = true;
            }
        }
    }
}

/* Does a later entry go before an earlier one? */
static void find_overlap(const struct ordering *o, uint64_t max, struct oci_order *result)
{
    for (size_t j = 1; j < o->out_count && result->fault == OCI_ORDER_NONE; j++) {
        for (size_t i = 0; i < j; i++) {
            const struct oci_chain *p = &o->out[i], *q = &o->out[j];

            if (p->call <= q->call || p->ret == q->ret || !chains_meet(p, q, max))
                continue;
            *result = (struct oci_order){OCI_ORDER_OVERLAP, q->call, p->call};
            break;
        }
    }
}

/* Comparisons by order of one argument, of paths that have nothing else, are exact among
 * themselves: their high halves ask the same. */
static bool is_plain(const struct ordering *o, const struct oci_arg *arg, bool low)
{
    for (size_t i = 0; i < o->count; i++) {
        const struct oci_chain *c = &o->paths[i].chain;

        if (c->arg_count != 1)
            return false;
        if (c->args[0].index == arg->index && oci_branches(c->args, 1, 0) && !low &&
            c->args[0].value >> 32 != arg->value >> 32)
            return false;
    }
    return true;
}

/* x != k at the end makes libseccomp drop paths of the same action that come to x == k behind a
 * lower argument: it takes the question for the same. */
static bool drops_equality(const struct ordering *o, const struct oci_chain *c, bool low)
{
    const struct oci_arg *ne = &c->args[c->arg_count - 1];
    uint64_t max = low ? UINT32_MAX : UINT64_MAX;

    if (ne->op != OCI_NE)
        return false;
    for (size_t i = 0; i < o->count; i++) {
        const struct oci_chain *q = &o->paths[i].chain;

        if (q->ret != c->ret || q->args[0].index >= c->args[0].index)
            continue;
        for (unsigned j = 0; j < q->arg_count; j++)
            if (q->args[j].op == OCI_EQ && q->args[j].index == ne->index &&
                !((q->args[j].value ^ ne->value) & max))
                return true;
    }
    return false;
}

/* Comparisons by order beside other paths. */
static void find_shared(const struct ordering *o, bool low, struct oci_order *result)
{
    for (size_t i = 0; i < o->count && o->count > 1; i++) {
        const struct oci_chain *c = &o->paths[i].chain;

        for (unsigned j = 0; j < c->arg_count && result->fault == OCI_ORDER_NONE; j++)
            if ((oci_branches(c->args, c->arg_count, j) && !is_plain(o, &c->args[j], low)) ||
                (j + 1 == c->arg_count && drops_equality(o, c, low)))
                *result =
                    (struct oci_order){OCI_ORDER_SHARED, o->paths[i == 0].chain.call, c->call};
    }
}

struct oci_order oci_order(struct arena *a, struct oci_chain *chains, size_t *count, bool low,
                           uint32_t slot, oci_followers *followers)
{
    struct oci_order result = {OCI_ORDER_NONE, 0, 0};
    struct ordering o = {
        .arena = a, .count = *count, .out = chains, .slot = slot, .followers = followers};
    struct path **list = ARENA_ARRAY(a, struct path *, *count);
    size_t kept = 0;

    o.paths = ARENA_ARRAY(a, struct path, *count);
    for (size_t i = 0; i < *count; i++)
        make_path(&o.paths[i], &chains[i], low);
    find_shared(&o, low, &result);
    drop(&o, &result);
    for (size_t i = 0; i < *count; i++)
        if (!o.paths[i].dropped)
            list[kept++] = &o.paths[i];
    order_level(&o, list, kept, 0);
    *count = o.out_count;
    find_overlap(&o, low ? UINT32_MAX : UINT64_MAX, &result);
    return result;
}

bool oci_order_mixes(const oci_followers *followers, struct oci_order *order)
{
    for (size_t i = 0; i < followers->count; i++) {
        const struct oci_follower *f = &followers->at[i];

        for (size_t j = 0; f->behind_branch && j < followers->count; j++) {
            const struct oci_follower *g = &followers->at[j];

            if (f->slot != g->slot && f->place == g->place && f->question == g->question &&
                f->mask == g->mask && f->value == g->value && f->ret == g->ret) {
                *order = (struct oci_order){OCI_ORDER_SHARED, g->call, f->call};
                return true;
            }
        }
    }
    return false;
}
