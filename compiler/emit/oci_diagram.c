/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/emit/oci_diagram.h"

#include <string.h>

#define MEMO_MOST ((size_t)1 << 14)
/* A policy that needs more (some 100 MB) has nothing that JSON could say. */
#define NODE_LIMIT ((size_t)2 * 1024 * 1024)

void diagrams_init(struct diagrams *d, struct arena *a)
{
    memset(d, 0, sizeof(*d));
    d->arena = a;
    d->limit = NODE_LIMIT;
    d->bucket_count = 1024;
    d->buckets = ARENA_ARRAY(a, diagram, d->bucket_count);
    d->memo_count = d->bucket_count;
    d->memo = ARENA_ARRAY(a, struct diagram_memo, d->memo_count);
    for (diagram leaf = 0; leaf < DIAGRAM_FIRST_RET; leaf++)
        VEC_PUSH(a, &d->nodes, ((struct diagram_node){BIT_END, 0, leaf, 1}));
}

static size_t mix(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t h = (a * UINT64_C(0x9e3779b97f4a7c15)) ^ (b * UINT64_C(0xc2b2ae3d27d4eb4f)) ^
                 (c * UINT64_C(0x165667b19e3779f9));

    return (size_t)(h ^ h >> 29);
}

static struct diagram_memo *memo_at(const struct diagrams *d, diagram a, diagram b, diagram c)
{
    return &d->memo[mix(a, b, c) & (d->memo_count - 1)];
}

/* With the nodes, up to what stays in a cache. */
static void grow_memo(struct diagrams *d)
{
    const struct diagram_memo *old = d->memo;
    size_t count = d->memo_count;

    if (count >= MEMO_MOST)
        return;
    d->memo_count *= 2;
    d->memo = ARENA_ARRAY(d->arena, struct diagram_memo, d->memo_count);
    for (size_t i = 0; i < count; i++)
        if (old[i].a)
            *memo_at(d, old[i].a, old[i].b, old[i].c) = old[i];
}

static void rehash(struct diagrams *d)
{
    grow_memo(d);
    d->bucket_count *= 2;
    d->buckets = ARENA_ARRAY(d->arena, diagram, d->bucket_count);
    for (size_t i = DIAGRAM_FIRST_RET; i < d->nodes.count; i++) {
        const struct diagram_node *n = &d->nodes.at[i];
        size_t at = mix(n->bit, n->yes, n->no) & (d->bucket_count - 1);

        while (d->buckets[at])
            at = (at + 1) & (d->bucket_count - 1);
        d->buckets[at] = (diagram)i;
    }
}

/* The one node of this content. */
static diagram intern(struct diagrams *d, struct diagram_node n)
{
    size_t at = mix(n.bit, n.yes, n.no) & (d->bucket_count - 1);

    for (; d->buckets[at]; at = (at + 1) & (d->bucket_count - 1)) {
        const struct diagram_node *known = &d->nodes.at[d->buckets[at]];

        if (known->bit == n.bit && known->yes == n.yes && known->no == n.no)
            return d->buckets[at];
    }
    if (d->nodes.count >= d->limit) {
        d->overflow = true;
        return DIAGRAM_FALSE;
    }
    d->buckets[at] = (diagram)d->nodes.count;
    VEC_PUSH(d->arena, &d->nodes, n);
    if (d->nodes.count * 2 > d->bucket_count)
        rehash(d);
    return (diagram)d->nodes.count - 1;
}

diagram diagram_ret(struct diagrams *d, uint32_t ret)
{
    return intern(d, (struct diagram_node){BIT_END, 0, ret, 0});
}

diagram diagram_node(struct diagrams *d, uint32_t bit, diagram yes, diagram no)
{
    uint16_t last = (uint16_t)bit;

    if (yes == no)
        return yes;
    if (diagram_at(d, yes)->last > last)
        last = diagram_at(d, yes)->last;
    if (diagram_at(d, no)->last > last)
        last = diagram_at(d, no)->last;
    return intern(d, (struct diagram_node){(uint16_t)bit, last, yes, no});
}

/* f with `bit`, which is not below its first bit, set or clear. */
static diagram branch(const struct diagrams *d, diagram f, uint32_t bit, bool set)
{
    const struct diagram_node *n = diagram_at(d, f);

    if (n->bit != bit)
        return f;
    return set ? n->yes : n->no;
}

diagram diagram_choose(struct diagrams *d, diagram condition, diagram yes, diagram no)
{
    const struct diagram_memo *memo;
    uint32_t bit;
    diagram result;

    if (condition == DIAGRAM_TRUE || yes == no)
        return yes;
    if (condition == DIAGRAM_FALSE || d->overflow)
        return no;
    if (yes == DIAGRAM_TRUE && no == DIAGRAM_FALSE)
        return condition;

    memo = memo_at(d, condition, yes, no);
    if (memo->a == condition && memo->b == yes && memo->c == no)
        return memo->result;

    bit = diagram_at(d, condition)->bit;
    if (diagram_at(d, yes)->bit < bit)
        bit = diagram_at(d, yes)->bit;
    if (diagram_at(d, no)->bit < bit)
        bit = diagram_at(d, no)->bit;
    result = diagram_choose(d, branch(d, condition, bit, true), branch(d, yes, bit, true),
                            branch(d, no, bit, true));
    result = diagram_node(d, bit, result,
                          diagram_choose(d, branch(d, condition, bit, false),
                                         branch(d, yes, bit, false), branch(d, no, bit, false)));
    *memo_at(d, condition, yes, no) = (struct diagram_memo){condition, yes, no, result};
    return result;
}

/* --- conditions --------------------------------------------------------------------------------*/

static uint32_t first_bit(enum field field)
{
    switch (field) {
    case FIELD_NR:
        return BIT_NR;
    case FIELD_IP:
        return BIT_IP;
    case FIELD_ARG0 ... FIELD_ARG5:
        return BIT_ARGS + 64 * (uint32_t)(field - FIELD_ARG0);
    case FIELD_COUNT:
        break;
    }
    __builtin_unreachable();
}

/* A test of the bits of one field against ranges[]: which of the values that are `base` with any
 * bits of `mask` added are in one of them? */
struct membership {
    uint32_t last_bit; /* of the lowest bit of the value tested */
    const struct range *ranges;
};

static diagram members(struct diagrams *d, const struct membership *m, uint64_t base, uint64_t mask,
                       size_t from, size_t to)
{
    unsigned top;
    diagram yes;

    while (from < to && m->ranges[from].high < base)
        from++;
    while (from < to && m->ranges[to - 1].low > (base | mask))
        to--;
    if (from == to)
        return DIAGRAM_FALSE;
    if (m->ranges[from].low <= base && m->ranges[from].high >= (base | mask))
        return DIAGRAM_TRUE;
    if (!mask) /* a gap of the mask: base itself is in none */
        return DIAGRAM_FALSE;
    top = 63 - (unsigned)__builtin_clzll(mask);
    mask &= ~(UINT64_C(1) << top);
    yes = members(d, m, base | UINT64_C(1) << top, mask, from, to);
    return diagram_node(d, m->last_bit - top, yes, members(d, m, base, mask, from, to));
}

diagram diagram_in(struct diagrams *d, enum field field, unsigned shift, uint64_t mask,
                   struct ranges set)
{
    unsigned bits = field == FIELD_NR ? 32 : 64;
    struct membership m = {first_bit(field) + bits - 1 - shift, set.at};

    if (field == FIELD_NR)
        mask &= UINT32_MAX >> shift;
    return members(d, &m, 0, mask, 0, set.count);
}

/* Values of the atom's width for which it holds. */
static struct ranges atom_values(struct arena *a, const struct atom *atom)
{
    uint64_t max = UINT64_MAX >> (64 - atom->width);
    /* Two's complement is the unsigned order with the highest bit turned over. */
    uint64_t flip = atom->is_signed ? max ^ max >> 1 : 0;
    uint64_t key = atom->value ^ flip;
    struct range list[2];
    size_t count = 0;
    uint64_t low = 0, high = max;

    switch (atom->op) {
    case CMP_IN:
        return atom->set;
    case CMP_EQ:
        return ranges_one(a, atom->value, atom->value);
    case CMP_NE:
        return ranges_complement(a, ranges_one(a, atom->value, atom->value), max);
    case CMP_LT:
        if (key == 0)
            return (struct ranges){0};
        high = key - 1;
        break;
    case CMP_LE:
        high = key;
        break;
    case CMP_GT:
        if (key == max)
            return (struct ranges){0};
        low = key + 1;
        break;
    case CMP_GE:
        low = key;
        break;
    }
    if (!flip || (low ^ high) < flip) {
        list[count++] = (struct range){low ^ flip, high ^ flip};
    } else { /* across the middle: the negative part lies above */
        list[count++] = (struct range){low ^ flip, max};
        list[count++] = (struct range){0, high ^ flip};
    }
    return ranges_from(a, list, count);
}

diagram diagram_condition(struct diagrams *d, const struct cond *cond)
{
    const struct atom *atom = &cond->atom;
    diagram f;

    switch (cond->kind) {
    case COND_FALSE:
        return DIAGRAM_FALSE;
    case COND_TRUE:
        return DIAGRAM_TRUE;
    case COND_ATOM:
        return diagram_in(d, atom->field, atom->shift, atom->mask, atom_values(d->arena, atom));
    case COND_NOT:
        return diagram_not(d, diagram_condition(d, cond->kids[0]));
    case COND_AND:
        f = DIAGRAM_TRUE;
        for (size_t i = cond->kid_count; i-- && f != DIAGRAM_FALSE;)
            f = diagram_and(d, diagram_condition(d, cond->kids[i]), f);
        return f;
    case COND_OR:
        f = DIAGRAM_FALSE;
        for (size_t i = cond->kid_count; i-- && f != DIAGRAM_TRUE;)
            f = diagram_or(d, diagram_condition(d, cond->kids[i]), f);
        return f;
    }
    __builtin_unreachable();
}

diagram diagram_target(struct diagrams *d, const struct target *t)
{
    diagram f = DIAGRAM_UNDECIDED;

    for (size_t i = t->rule_count; i--;)
        f = diagram_choose(d, diagram_condition(d, t->rules[i]->cond),
                           diagram_ret(d, t->rules[i]->ret), f);
    return f;
}

/* --- questions ---------------------------------------------------------------------------------*/

diagram diagram_for_number(const struct diagrams *d, diagram f, uint32_t nr)
{
    while (diagram_at(d, f)->bit < BIT_NR + 32)
        f = branch(d, f, diagram_at(d, f)->bit, nr >> (BIT_NR + 31 - diagram_at(d, f)->bit) & 1);
    return f;
}

/* A walk that makes one diagram of another; each node is visited once. */
struct rewrite {
    struct diagrams *d;
    diagram leaf;
    diagram *done; /* by node: result + 1 */
};

static void rewrite_init(struct rewrite *w, struct diagrams *d, diagram f)
{
    w->d = d;
    /* children come before parents, so all nodes of f are at or below it */
    w->done = ARENA_ARRAY(d->arena, diagram, (size_t)f + 1);
}

static diagram where(struct rewrite *w, diagram f)
{
    struct diagram_node n = *diagram_at(w->d, f);
    diagram yes;

    if (n.bit == BIT_END)
        return f == w->leaf ? DIAGRAM_TRUE : DIAGRAM_FALSE;
    if (!w->done[f]) {
        yes = where(w, n.yes);
        w->done[f] = diagram_node(w->d, n.bit, yes, where(w, n.no)) + 1;
    }
    return w->done[f] - 1;
}

diagram diagram_where(struct diagrams *d, diagram f, diagram leaf)
{
    struct rewrite w;

    rewrite_init(&w, d, f);
    w.leaf = leaf;
    return where(&w, f);
}

diagram diagram_low_half(struct diagrams *d, diagram f)
{
    struct diagram_node n = *diagram_at(d, f);
    diagram result;

    if (n.bit == BIT_END)
        return f;
    while (d->low.count <= f)
        VEC_PUSH(d->arena, &d->low, 0);
    if (d->low.at[f])
        return d->low.at[f] - 1;
    result = diagram_low_half(d, n.no);
    if (n.bit < BIT_ARGS || (n.bit - BIT_ARGS) % 64 >= 32)
        result = diagram_node(d, n.bit, diagram_low_half(d, n.yes), result);
    d->low.at[f] = result + 1;
    return result;
}

typedef VEC(diagram) diagram_list;

static void leaves_of(struct rewrite *w, diagram f, diagram_list *list)
{
    if (w->done[f])
        return;
    w->done[f] = 1;
    if (!diagram_is_leaf(w->d, f)) {
        leaves_of(w, diagram_at(w->d, f)->no, list);
        leaves_of(w, diagram_at(w->d, f)->yes, list);
    } else if (f != DIAGRAM_FALSE) {
        VEC_PUSH(w->d->arena, list, f);
    }
}

size_t diagram_leaves(struct diagrams *d, diagram f, diagram **leaves)
{
    struct rewrite w;
    diagram_list list = {0};

    rewrite_init(&w, d, f);
    leaves_of(&w, f, &list);
    *leaves = list.at;
    return list.count;
}

bool diagram_find_other(const struct diagrams *d, diagram f, diagram leaf,
                        struct seccomp_data *call, diagram *found)
{
    if (f == leaf)
        return false;
    while (!diagram_is_leaf(d, f)) {
        const struct diagram_node *n = diagram_at(d, f);

        if (n->no != leaf) {
            f = n->no;
            continue;
        }
        f = n->yes;
        if (n->bit < BIT_IP)
            call->nr |= (int)(UINT32_C(1) << (31 - (n->bit - BIT_NR)));
        else if (n->bit < BIT_ARGS)
            call->instruction_pointer |= UINT64_C(1) << (63 - (n->bit - BIT_IP));
        else
            call->args[(n->bit - BIT_ARGS) / 64] |= UINT64_C(1) << (63 - (n->bit - BIT_ARGS) % 64);
    }
    *found = f;
    return true;
}
