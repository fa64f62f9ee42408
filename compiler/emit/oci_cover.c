/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/emit/oci_cover.h"

#include <stdlib.h>
#include <string.h>

struct covering {
    struct diagrams *d;
    enum compared compared;
    uint64_t limit;
    bool end_only; /* struct sums */
    struct cover *cover;
    enum cover_result result; /* worst so far */
};

static bool add_product(void *ctx, const struct product *p)
{
    struct covering *c = ctx;

    if (++c->cover->count > c->limit)
        c->result = COVER_TOO_MANY;
    else
        VEC_PUSH(c->d->arena, &c->cover->products, *p);
    return c->result == COVER_DONE;
}

/* --- any function: sums ------------------------------------------------------------------------*/

static void add_sum(struct covering *c, struct sums *s, diagram condition, uint32_t ret)
{
    uint32_t sum = sum_between(s, condition, condition);
    uint64_t count = s->all.at[sum].count;

    if (count > c->limit || c->cover->count + count > c->limit) {
        c->cover->count = count < UINT64_MAX / 2 ? c->cover->count + count : count;
        c->result = COVER_TOO_MANY;
    } else if (sum_products(s, sum, ret, add_product, c) == SUM_HIGH) {
        c->result = COVER_HIGH;
    }
}

/* Is x >= 0 of the first argument the last that libseccomp looks at, behind all these? */
static bool comes_last(const struct cover *cover)
{
    for (size_t i = 0; i < cover->products.count; i++) {
        const struct oci_arg *first = &cover->products.at[i].args[0];

        if (first->index == 0 && oci_is_order(first->op))
            return false;
    }
    return true;
}

/* Adds products for all of f but where it is `but`. */
static void add_sums(struct covering *c, struct sums *s, diagram f, const diagram *leaves,
                     size_t leaf_count, diagram but)
{
    for (size_t i = 0; i < leaf_count && c->result == COVER_DONE; i++)
        if (leaves[i] != but)
            add_sum(c, s, diagram_where(c->d, f, leaves[i]), diagram_at(c->d, leaves[i])->yes);
}

/* Where the default does not occur, one action can be left for all that the others leave. */
static void add_all_but_one(struct covering *c, struct sums *s, diagram f, const diagram *leaves,
                            size_t leaf_count)
{
    struct product last = {.arg_count = 1, .args[0] = {0, OCI_GE, 0, 0}};
    diagram largest = DIAGRAM_FALSE;
    uint64_t most = 0;

    for (size_t i = 0; i < leaf_count; i++) {
        diagram g = diagram_where(c->d, f, leaves[i]);
        uint32_t sum = sum_between(s, g, g);

        if (s->all.at[sum].count >= most) {
            most = s->all.at[sum].count;
            largest = leaves[i];
        }
    }
    if (most > 1) {
        add_sums(c, s, f, leaves, leaf_count, largest);
        last.ret = diagram_at(c->d, largest)->yes;
        if (c->result == COVER_DONE && comes_last(c->cover)) {
            add_product(c, &last);
            return;
        }
    }
    memset(c->cover, 0, sizeof(*c->cover));
    c->result = COVER_DONE;
    add_sums(c, s, f, leaves, leaf_count, DIAGRAM_FALSE);
}

static void cover_by_sums(struct covering *c, diagram f, diagram rest)
{
    diagram *leaves, folded;
    size_t leaf_count;
    struct sums s;
    bool has_rest = false, can_fold = diagram_fold(c->d, f, &folded);

    if (!can_fold && c->compared == COMPARED_MIXED) {
        c->result = COVER_HIGH;
        return;
    }
    if (can_fold)
        f = folded;
    sums_init(&s, c->d, c->compared, can_fold);
    s.end_only = c->end_only;
    leaf_count = diagram_leaves(c->d, f, &leaves);
    for (size_t i = 0; i < leaf_count; i++)
        has_rest |= leaves[i] == rest;
    if (!has_rest && leaf_count > 1)
        add_all_but_one(c, &s, f, leaves, leaf_count);
    else
        add_sums(c, &s, f, leaves, leaf_count, rest);
}

/* --- one conjunction ---------------------------------------------------------------------------*/

/* The ways in which one argument can satisfy its part of a conjunction. */
typedef VEC(struct oci_arg) alternatives;

static bool find_alternatives(const struct covering *c, diagram factor, unsigned arg,
                              alternatives *list)
{
    struct cover cover = {0};
    struct covering inner = *c;
    struct oci_arg one;
    struct sums s;

    sums_init(&s, c->d, c->compared, false);
    if (sum_one_comparison(&s, factor, factor, arg, &one)) {
        VEC_PUSH(c->d->arena, list, one);
        return true;
    }
    inner.cover = &cover;
    cover_by_sums(&inner, factor, DIAGRAM_FALSE);
    for (size_t i = 0; i < cover.products.count; i++)
        VEC_PUSH(c->d->arena, list, cover.products.at[i].args[0]);
    return inner.result == COVER_DONE;
}

static void multiply(struct covering *c, const alternatives *lists, unsigned count,
                     struct product *p)
{
    if (p->arg_count == count) {
        add_product(c, p);
        return;
    }
    for (size_t i = 0; i < lists[p->arg_count].count && c->result == COVER_DONE; i++) {
        p->args[p->arg_count] = lists[p->arg_count].at[i];
        p->arg_count++;
        multiply(c, lists, count, p);
        p->arg_count--;
    }
}

/* Adds products for the condition if it is a conjunction with a part for each argument, and they
 * do not branch behind a comparison by order. */
static bool cover_conjunction(struct covering *c, diagram condition, uint32_t ret)
{
    alternatives lists[6] = {{0}};
    struct product p = {.ret = ret};
    bool ordered = false;
    unsigned count = 0;

    for (diagram f = condition; f != DIAGRAM_TRUE; count++) {
        unsigned arg = (diagram_at(c->d, f)->bit - BIT_ARGS) / 64;
        diagram factor;

        if (!diagram_split(c->d, f, arg, &factor, &f) ||
            !find_alternatives(c, factor, arg, &lists[count]))
            return false;
        if (ordered && lists[count].count > 1)
            return false;
        for (size_t i = 0; i < lists[count].count; i++)
            ordered |= oci_is_order(lists[count].at[i].op);
    }
    multiply(c, lists, count, &p);
    return true;
}

/* --- order -------------------------------------------------------------------------------------*/

static uint64_t masked_value(const struct oci_arg *a)
{
    return a->op == OCI_MASKED_EQ ? a->value_two : a->value;
}

/* libseccomp's own: equality, then <=, then >=. */
static int op_rank(enum oci_op op)
{
    switch (op) {
    case OCI_EQ:
    case OCI_MASKED_EQ:
    case OCI_NE:
        return 0;
    case OCI_LE:
    case OCI_LT:
        return 1;
    case OCI_GE:
    case OCI_GT:
    case OCI_OP_COUNT:
        break;
    }
    return 2;
}

/* The order of libseccomp's tree, then any. */
static int compare_args(const struct oci_arg *a, const struct oci_arg *b)
{
    uint64_t x = masked_value(a), y = masked_value(b);

    if (a->index != b->index)
        return a->index > b->index ? -1 : 1;
    if (op_rank(a->op) != op_rank(b->op))
        return op_rank(a->op) - op_rank(b->op);
    if (x != y)
        return x > y ? -1 : 1;
    if (a->op != b->op)
        return a->op < b->op ? -1 : 1;
    return a->value < b->value ? -1 : a->value > b->value;
}

static int compare_products(const void *a, const void *b)
{
    const struct product *p = a, *q = b;
    int order;

    for (unsigned i = 0; i < p->arg_count && i < q->arg_count; i++) {
        order = compare_args(&p->args[i], &q->args[i]);
        if (order)
            return order;
    }
    if (p->arg_count != q->arg_count)
        return p->arg_count < q->arg_count ? -1 : 1;
    return p->ret < q->ret ? -1 : p->ret > q->ret;
}

/* Equality as a comparison under a mask: libseccomp takes the parts of comparisons by order for
 * those of plain equality with the same number, and drops products for it. */
static void mask_equality(struct oci_arg *a, enum compared compared)
{
    if (a->op == OCI_EQ) {
        a->op = OCI_MASKED_EQ;
        a->value_two = a->value;
        a->value = compared == COMPARED_LOW ? UINT32_MAX : UINT64_MAX;
    }
}

/*
 * Ascending and plain reads better, but comparisons by order do not bear it, unless alone; x != k
 * at the end of a product bears it but for the equality. It is also the order in which libseccomp
 * is fast: on adding a long product that begins with a low argument it goes through all that begin
 * with higher ones, again for each of its words, which takes for ever.
 */
static void arrange_products(struct cover *cover, enum compared compared)
{
    size_t count = cover->products.count;
    bool ordered = false, branches = false;

    if (count < 2)
        return;
    qsort(cover->products.at, count, sizeof(*cover->products.at), compare_products);
    for (size_t i = 0; i < count; i++)
        for (unsigned j = 0; j < cover->products.at[i].arg_count; j++) {
            ordered |= oci_is_order(cover->products.at[i].args[j].op);
            branches |=
                oci_branches(cover->products.at[i].args, cover->products.at[i].arg_count, j);
        }
    for (size_t i = 0; ordered && i < count; i++)
        for (unsigned j = 0; j < cover->products.at[i].arg_count; j++)
            mask_equality(&cover->products.at[i].args[j], compared);
    for (size_t i = 0, j = count - 1; !branches && i < j; i++, j--) {
        struct product p = cover->products.at[i];

        cover->products.at[i] = cover->products.at[j];
        cover->products.at[j] = p;
    }
}

/*
 * A product that goes on behind a comparison by order: where that fails later, libseccomp goes on
 * with the next comparison of the same argument without loading the argument again. That matters
 * unless the other product asks the same from there on.
 */
static bool loads_wrong(const struct product *p, const struct product *q)
{
    for (unsigned i = 0; i + 1 < p->arg_count && i < q->arg_count; i++) {
        if (p->args[i].index != q->args[i].index)
            return false;
        if (oci_is_order(p->args[i].op) &&
            (p->ret != q->ret || p->arg_count != q->arg_count ||
             memcmp(&p->args[i + 1], &q->args[i + 1], (p->arg_count - i - 1) * sizeof(*p->args))))
            return true;
        if (compare_args(&p->args[i], &q->args[i]))
            return false;
    }
    return false;
}

static bool any_loads_wrong(const struct cover *cover)
{
    for (size_t i = 0; i < cover->products.count; i++) {
        const struct product *p = &cover->products.at[i];
        bool goes_on = false;

        for (unsigned j = 0; j + 1 < p->arg_count; j++)
            goes_on |= oci_is_order(p->args[j].op);
        for (size_t j = 0; goes_on && j < cover->products.count; j++)
            if (i != j && loads_wrong(p, &cover->products.at[j]))
                return true;
    }
    return false;
}

/* --- size --------------------------------------------------------------------------------------*/

/* One node of libseccomp's tree: load, mask, jump. */
static unsigned node_size(uint32_t mask)
{
    return mask == UINT32_MAX ? 2 : 3;
}

/* The same behind a node with the other mask on the same word: what is loaded is used again. */
static unsigned next_node_size(uint32_t mask, uint32_t before)
{
    if ((mask & before) != mask)
        return node_size(mask);
    return mask == before ? 1 : 2;
}

static uint64_t mask_of(const struct oci_arg *a)
{
    return a->op == OCI_MASKED_EQ ? a->value : UINT64_MAX;
}

/* Instructions of an argument's comparison that are not shared with that of the product before,
 * NULL if that branches off earlier. last: it ends both products. */
static unsigned arg_size(const struct oci_arg *a, const struct oci_arg *before, bool last, bool low)
{
    uint64_t mask = mask_of(a);
    unsigned size = node_size((uint32_t)mask);
    bool same_high = before && !oci_is_order(a->op) && !oci_is_order(before->op) &&
                     mask >> 32 == mask_of(before) >> 32 &&
                     masked_value(a) >> 32 == masked_value(before) >> 32;

    if (!low && !same_high)
        return size + (oci_is_order(a->op) ? 4 : node_size((uint32_t)(mask >> 32)));
    if (before && last && !oci_is_order(a->op))
        return next_node_size((uint32_t)mask, (uint32_t)mask_of(before));
    return size;
}

uint64_t cover_instructions(const struct cover *cover, bool low)
{
    uint64_t size = 2;

    for (size_t i = 0; i < cover->products.count; i++) {
        const struct product *p = &cover->products.at[i], *q = i ? p - 1 : NULL;

        for (unsigned j = 0; j < p->arg_count; j++) {
            const struct oci_arg *before = q && j < q->arg_count ? &q->args[j] : NULL;
            bool last = q && p->arg_count == j + 1 && q->arg_count == j + 1;

            if (before && compare_args(&p->args[j], before) == 0)
                continue;
            if (before && before->index != p->args[j].index)
                before = NULL;
            size += arg_size(&p->args[j], before, last, low);
            q = NULL;
        }
    }
    return size + size / 50; /* long jumps */
}

/* --- the whole ---------------------------------------------------------------------------------*/

enum cover_result cover_make(struct diagrams *d, diagram f, diagram rest, enum compared compared,
                             uint64_t limit, struct cover *cover)
{
    struct covering c = {.d = d, .compared = compared, .limit = limit, .cover = cover};
    diagram *leaves, last = rest;
    size_t leaf_count = diagram_leaves(d, f, &leaves), actions = 0;

    memset(cover, 0, sizeof(*cover));
    for (size_t i = 0; i < leaf_count; i++) {
        if (leaves[i] != rest) {
            last = leaves[i];
            actions++;
        }
    }
    if (actions != 1 || !cover_conjunction(&c, diagram_where(d, f, last), diagram_at(d, last)->yes))
        cover_by_sums(&c, f, rest);
    if (c.result == COVER_DONE && any_loads_wrong(cover)) {
        memset(cover, 0, sizeof(*cover));
        c.end_only = true;
        cover_by_sums(&c, f, rest);
    }
    arrange_products(cover, compared);
    return c.result;
}
