/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/emit/oci_sum.h"

#include <string.h>

#define LOW_HALF  UINT64_C(0x00000000ffffffff)
#define HIGH_HALF UINT64_C(0xffffffff00000000)
#define FOLD_BIT  UINT64_C(0x8000000000000000) /* folded: stands for all of the high half */

/* Most calls take a few entries, and each call has a memo of its own. */
#define MEMO_FIRST 64
#define MEMO_MOST  4096

struct sum_memo {
    diagram low, high;
    uint32_t before, sum;
    diagram is;
};

static uint64_t value_bit(uint32_t bit)
{
    return UINT64_C(1) << (63 - (bit - BIT_ARGS) % 64);
}

static unsigned arg_of(uint32_t bit)
{
    return (bit - BIT_ARGS) / 64;
}

diagram diagram_comparison(struct diagrams *d, const struct oci_arg *arg, bool low)
{
    enum field field = FIELD_ARG0 + (enum field)arg->index;
    uint64_t max = low ? LOW_HALF : UINT64_MAX;
    uint64_t value = arg->value & max, two = arg->value_two & value;

    switch (arg->op) {
    case OCI_MASKED_EQ:
        return diagram_in(d, field, 0, value, ranges_one(d->arena, two, two));
    case OCI_EQ:
        return diagram_in(d, field, 0, max, ranges_one(d->arena, value, value));
    case OCI_NE:
        return diagram_not(d, diagram_in(d, field, 0, max, ranges_one(d->arena, value, value)));
    case OCI_LE:
        return diagram_in(d, field, 0, max, ranges_one(d->arena, 0, value));
    case OCI_GE:
        return diagram_in(d, field, 0, max, ranges_one(d->arena, value, max));
    case OCI_LT:
        return diagram_not(d, diagram_in(d, field, 0, max, ranges_one(d->arena, value, max)));
    case OCI_GT:
        return diagram_not(d, diagram_in(d, field, 0, max, ranges_one(d->arena, 0, value)));
    case OCI_OP_COUNT:
        break;
    }
    __builtin_unreachable();
}

/* --- folding -----------------------------------------------------------------------------------*/

struct folding {
    struct diagrams *d;
    diagram *done; /* by node: result + 1 */
    bool failed;
};

static diagram fold(struct folding *w, diagram f)
{
    struct diagram_node n = *diagram_at(w->d, f);
    uint32_t bit = n.bit;
    diagram any_set = n.yes;

    if (n.bit == BIT_END || w->failed)
        return f;
    if (w->done[f])
        return w->done[f] - 1;
    if ((bit - BIT_ARGS) % 64 == 0) {
        for (unsigned i = 1; i < 32; i++) {
            n = *diagram_at(w->d, n.no);
            if (n.bit != bit + i || n.yes != any_set)
                w->failed = true;
        }
    } else if ((bit - BIT_ARGS) % 64 < 32) {
        w->failed = true;
    }
    if (w->failed)
        return f;
    any_set = fold(w, any_set);
    w->done[f] = diagram_node(w->d, bit, any_set, fold(w, n.no)) + 1;
    return w->done[f] - 1;
}

bool diagram_fold(struct diagrams *d, diagram f, diagram *folded)
{
    struct folding w = {.d = d, .done = ARENA_ARRAY(d->arena, diagram, (size_t)f + 1)};

    *folded = fold(&w, f);
    return !w.failed;
}

/* --- splitting ---------------------------------------------------------------------------------*/

struct split {
    struct diagrams *d;
    uint32_t end; /* first bit behind the argument */
    diagram rest; /* false while not met */
    diagram *done;
    bool failed; /* no such rest */
};

static diagram split(struct split *s, diagram f)
{
    struct diagram_node n = *diagram_at(s->d, f);
    diagram yes;

    if (f == DIAGRAM_FALSE || s->failed)
        return f;
    if (n.bit >= s->end) {
        if (s->rest == DIAGRAM_FALSE)
            s->rest = f;
        s->failed = s->rest != f;
        return DIAGRAM_TRUE;
    }
    if (!s->done[f]) {
        yes = split(s, n.yes);
        s->done[f] = diagram_node(s->d, n.bit, yes, split(s, n.no)) + 1;
    }
    return s->done[f] - 1;
}

bool diagram_split(struct diagrams *d, diagram f, unsigned arg, diagram *factor, diagram *rest)
{
    struct split s = {.d = d, .end = BIT_ARGS + 64 * (arg + 1)};

    s.done = ARENA_ARRAY(d->arena, diagram, (size_t)f + 1);
    *factor = split(&s, f);
    *rest = s.rest;
    return !s.failed;
}

/* --- one comparison ----------------------------------------------------------------------------*/

static bool implies(struct diagrams *d, diagram f, diagram g)
{
    return diagram_choose(d, g, DIAGRAM_FALSE, f) == DIAGRAM_FALSE;
}

/* Is f, which asks bits of one argument, true for just one value under one mask? */
static bool is_masked(const struct diagrams *d, diagram f, uint64_t *mask, uint64_t *value)
{
    *mask = *value = 0;
    while (!diagram_is_leaf(d, f)) {
        const struct diagram_node *n = diagram_at(d, f);

        if (n->yes != DIAGRAM_FALSE && n->no != DIAGRAM_FALSE)
            return false;
        *mask |= value_bit(n->bit);
        if (n->no == DIAGRAM_FALSE)
            *value |= value_bit(n->bit);
        f = n->no == DIAGRAM_FALSE ? n->yes : n->no;
    }
    return f == DIAGRAM_TRUE;
}

/* The least or the greatest value for which f is true. */
static uint64_t extreme(const struct diagrams *d, diagram f, bool greatest)
{
    uint64_t value = greatest ? UINT64_MAX : 0;

    while (!diagram_is_leaf(d, f)) {
        const struct diagram_node *n = diagram_at(d, f);
        diagram wanted = greatest ? n->yes : n->no;
        bool set = (wanted != DIAGRAM_FALSE) == greatest;

        if (set)
            value |= value_bit(n->bit);
        else
            value &= ~value_bit(n->bit);
        f = set ? n->yes : n->no;
    }
    return value;
}

/* The mask that compares all of an argument, as the bits of the diagrams. */
static uint64_t whole_mask(const struct sums *s)
{
    if (s->compared == COMPARED_LOW)
        return LOW_HALF;
    return s->folded ? FOLD_BIT | LOW_HALF : UINT64_MAX;
}

/* The greatest value that may be compared with: without its high half it must be the same. */
static uint64_t most_value(const struct sums *s)
{
    return s->compared == COMPARED_WHOLE ? UINT64_MAX : LOW_HALF;
}

static struct oci_arg masked(const struct sums *s, unsigned arg, uint64_t mask, uint64_t value)
{
    if (s->folded && mask & FOLD_BIT)
        mask |= HIGH_HALF;
    if (mask == (s->compared == COMPARED_LOW ? LOW_HALF : UINT64_MAX))
        return (struct oci_arg){(uint8_t)arg, OCI_EQ, value, 0};
    return (struct oci_arg){(uint8_t)arg, OCI_MASKED_EQ, mask, value};
}

/* Does the comparison lie between low and high? */
static bool fits(struct sums *s, diagram low, diagram high, const struct oci_arg *arg)
{
    diagram f = diagram_comparison(s->d, arg, s->compared == COMPARED_LOW);

    if (arg->value > most_value(s))
        return false;
    if (s->folded && !diagram_fold(s->d, f, &f))
        return false;
    return implies(s->d, low, f) && implies(s->d, f, high);
}

bool sum_one_comparison(struct sums *s, diagram low, diagram high, unsigned arg,
                        struct oci_arg *out)
{
    uint64_t whole = whole_mask(s), mask, value, least, greatest;

    if (is_masked(s->d, high, &mask, &value) && !(s->folded && value & FOLD_BIT)) {
        *out = masked(s, arg, mask, value);
        return value <= most_value(s);
    }
    if (is_masked(s->d, diagram_not(s->d, high), &mask, &value) && mask == whole) {
        *out = (struct oci_arg){(uint8_t)arg, OCI_NE, value, 0};
        return value <= most_value(s) && !(s->folded && value & FOLD_BIT);
    }
    least = extreme(s->d, low, false);
    greatest = extreme(s->d, low, true) & whole;
    if (s->folded && least & FOLD_BIT)
        least = LOW_HALF + 1;
    *out = (struct oci_arg){(uint8_t)arg, OCI_GE, least, 0};
    if (least == LOW_HALF + 1)
        *out = (struct oci_arg){(uint8_t)arg, OCI_GT, LOW_HALF, 0};
    if (fits(s, low, high, out))
        return true;
    *out = (struct oci_arg){(uint8_t)arg, OCI_LE, greatest, 0};
    return !(s->folded && greatest & FOLD_BIT) && fits(s, low, high, out);
}

/* --- sums: Minato's "fast generation of irredundant sum-of-products forms" ---------------------*/

void sums_init(struct sums *s, struct diagrams *d, enum compared compared, bool folded)
{
    memset(s, 0, sizeof(*s));
    s->d = d;
    s->compared = compared;
    s->folded = folded;
    s->memo_count = MEMO_FIRST;
    s->memo = ARENA_ARRAY(d->arena, struct sum_memo, s->memo_count);
    VEC_PUSH(d->arena, &s->all, ((struct sum){.count = 0}));
    VEC_PUSH(d->arena, &s->all, ((struct sum){.count = 1}));
}

static uint64_t add_counts(uint64_t a, uint64_t b)
{
    return a + b < a ? UINT64_MAX : a + b;
}

static uint32_t sum_node(struct sums *s, uint32_t bit, uint32_t set, uint32_t clear, uint32_t any)
{
    struct sum n = {.bit = bit, .set = set, .clear = clear, .any = any};

    if (!set && !clear)
        return any;
    n.count =
        add_counts(add_counts(s->all.at[set].count, s->all.at[clear].count), s->all.at[any].count);
    VEC_PUSH(s->d->arena, &s->all, n);
    return (uint32_t)s->all.count - 1;
}

static uint32_t between(struct sums *s, diagram low, diagram high, uint32_t before, diagram *is);

/* One comparison for all that is asked of the argument, if it needs more products without. What
 * follows must not branch: libseccomp mixes up branches behind a comparison by order. */
static uint32_t try_comparison(struct sums *s, diagram low, diagram high, uint32_t bit,
                               uint32_t sum, diagram *is)
{
    struct sum n = {.is_comparison = true, .any = 1, .count = 1};
    unsigned arg = arg_of(bit);
    uint32_t end = BIT_ARGS + 64 * (arg + 1);
    diagram rest = DIAGRAM_TRUE, rest_is = DIAGRAM_TRUE;

    if (s->all.at[sum].count < 2)
        return sum;
    if (diagram_at(s->d, low)->last >= end || diagram_at(s->d, high)->last >= end) {
        if (s->end_only || diagram_at(s->d, high)->bit >= end ||
            !diagram_split(s->d, high, arg, &high, &rest))
            return sum;
        low = high;
        n.any = between(s, rest, rest, arg, &rest_is);
        if (s->all.at[n.any].count != 1)
            return sum;
    }
    if (!sum_one_comparison(s, low, high, arg, &n.comparison))
        return sum;
    *is = diagram_comparison(s->d, &n.comparison, s->compared == COMPARED_LOW);
    if (s->folded)
        (void)diagram_fold(s->d, *is, is);
    *is = diagram_and(s->d, *is, rest_is);
    VEC_PUSH(s->d->arena, &s->all, n);
    return (uint32_t)s->all.count - 1;
}

/* Is f true wherever the argument of its first bit is not *value? Then *rest is what it asks of the
 * others where it is. */
static bool is_all_but_one(const struct sums *s, diagram f, unsigned arg, uint64_t *value,
                           diagram *rest)
{
    uint32_t end = BIT_ARGS + 64 * (arg + 1);
    uint64_t asked = 0;

    *value = 0;
    while (diagram_at(s->d, f)->bit < end) {
        const struct diagram_node *n = diagram_at(s->d, f);

        asked |= value_bit(n->bit);
        if (n->yes != DIAGRAM_TRUE && n->no != DIAGRAM_TRUE)
            return false;
        if (n->no == DIAGRAM_TRUE)
            *value |= value_bit(n->bit);
        f = n->no == DIAGRAM_TRUE ? n->yes : n->no;
    }
    *rest = f;
    return asked == whole_mask(s) && *value <= most_value(s) && !(s->folded && *value & FOLD_BIT);
}

/* What f asks of the others where the argument is the value. */
static diagram where_equal(const struct sums *s, diagram f, unsigned arg, uint64_t value)
{
    while (diagram_at(s->d, f)->bit < BIT_ARGS + 64 * (arg + 1))
        f = value & value_bit(diagram_at(s->d, f)->bit) ? diagram_at(s->d, f)->yes
                                                        : diagram_at(s->d, f)->no;
    return f;
}

/* x != k or what is asked of further arguments, without x, if that needs less. */
static uint32_t try_difference(struct sums *s, diagram low, diagram high, uint32_t bit,
                               uint32_t sum, diagram *is)
{
    struct sum n = {.is_comparison = true, .any = 1};
    unsigned arg = arg_of(bit);
    diagram rest, rest_is;
    uint64_t value;

    if (s->all.at[sum].count < 2 || !is_all_but_one(s, high, arg, &value, &rest))
        return sum;
    n.comparison = (struct oci_arg){(uint8_t)arg, OCI_NE, value, 0};
    n.other = between(s, where_equal(s, low, arg, value), rest, arg, &rest_is);
    n.count = add_counts(1, s->all.at[n.other].count);
    if (n.count >= s->all.at[sum].count)
        return sum;
    *is = diagram_comparison(s->d, &n.comparison, s->compared == COMPARED_LOW);
    if (s->folded)
        (void)diagram_fold(s->d, *is, is);
    *is = diagram_or(s->d, *is, rest_is);
    VEC_PUSH(s->d->arena, &s->all, n);
    return (uint32_t)s->all.count - 1;
}

static struct sum_memo *memo_at(const struct sums *s, diagram low, diagram high)
{
    uint32_t hash = (low * UINT32_C(0x9e3779b1) ^ high * UINT32_C(0x85ebca6b)) >> 16;

    return &s->memo[hash & (s->memo_count - 1)];
}

static void remember(struct sums *s, struct sum_memo entry)
{
    const struct sum_memo *old = s->memo;
    size_t count = s->memo_count;

    if (++s->memo_written > count && count < MEMO_MOST) {
        s->memo_count *= 4;
        s->memo = ARENA_ARRAY(s->d->arena, struct sum_memo, s->memo_count);
        for (size_t i = 0; i < count; i++)
            if (old[i].low) /* DIAGRAM_FALSE is never looked up */
                *memo_at(s, old[i].low, old[i].high) = old[i];
    }
    *memo_at(s, entry.low, entry.high) = entry;
}

/* `before` is the argument whose bits were asked last on the way here, 6 if none. */
static uint32_t between(struct sums *s, diagram low, diagram high, uint32_t before, diagram *is)
{
    struct diagrams *d = s->d;
    struct diagram_node l = *diagram_at(d, low), h = *diagram_at(d, high);
    uint32_t bit = l.bit < h.bit ? l.bit : h.bit, set, clear, any, sum;
    const struct sum_memo *memo;
    diagram set_is, clear_is, any_is, missing;

    *is = DIAGRAM_FALSE;
    if (low == DIAGRAM_FALSE || d->overflow)
        return 0;
    if (high == DIAGRAM_TRUE) {
        *is = DIAGRAM_TRUE;
        return 1;
    }
    memo = memo_at(s, low, high);
    if (memo->low == low && memo->high == high && memo->before == before) {
        *is = memo->is;
        return memo->sum;
    }
    if (l.bit != bit)
        l.yes = l.no = low;
    if (h.bit != bit)
        h.yes = h.no = high;

    set = between(s, diagram_choose(d, h.no, DIAGRAM_FALSE, l.yes), h.yes, arg_of(bit), &set_is);
    clear = between(s, diagram_choose(d, h.yes, DIAGRAM_FALSE, l.no), h.no, arg_of(bit), &clear_is);
    missing = diagram_or(d, diagram_choose(d, set_is, DIAGRAM_FALSE, l.yes),
                         diagram_choose(d, clear_is, DIAGRAM_FALSE, l.no));
    any = between(s, missing, diagram_and(d, h.yes, h.no), arg_of(bit), &any_is);

    set_is = diagram_or(d, set_is, any_is);
    *is = diagram_node(d, bit, set_is, diagram_or(d, clear_is, any_is));
    sum = sum_node(s, bit, set, clear, any);
    if (before != arg_of(bit)) {
        sum = try_comparison(s, low, high, bit, sum, is);
        sum = try_difference(s, low, high, bit, sum, is);
    }
    remember(s, (struct sum_memo){low, high, before, sum, *is});
    return sum;
}

uint32_t sum_between(struct sums *s, diagram low, diagram high)
{
    diagram is;

    return between(s, low, high, 6, &is);
}

/* --- products ----------------------------------------------------------------------------------*/

/* What was met on the way through a sum. */
struct expansion {
    struct sums *sums;
    bool (*each)(void *ctx, const struct product *p);
    void *ctx;
    enum sum_result result;
    uint64_t mask[6], value[6];
    bool high_set[6]; /* folded: some bit of the high half is set */
    struct oci_arg comparison[6];
    bool has_comparison[6];
    uint32_t ret;
};

static void add_args(struct expansion *e, unsigned arg, struct product *p);

static void add_arg(struct expansion *e, unsigned arg, struct product *p, struct oci_arg a)
{
    p->args[p->arg_count++] = a;
    add_args(e, arg + 1, p);
    p->arg_count--;
}

/* Adds the comparisons of arguments from arg on. */
static void add_args(struct expansion *e, unsigned arg, struct product *p)
{
    uint64_t mask, value;

    if (e->result != SUM_DONE)
        return;
    if (arg == 6) {
        p->ret = e->ret;
        if (!e->each(e->ctx, p))
            e->result = SUM_STOPPED;
        return;
    }
    mask = e->mask[arg];
    value = e->value[arg];
    if (e->has_comparison[arg]) {
        add_arg(e, arg, p, e->comparison[arg]);
    } else if (!mask && !e->high_set[arg]) {
        add_args(e, arg + 1, p);
    } else if (!e->high_set[arg]) {
        if (value > most_value(e->sums))
            e->result = SUM_HIGH;
        add_arg(e, arg, p, masked(e->sums, arg, mask, value));
    } else if (!mask) {
        add_arg(e, arg, p, (struct oci_arg){(uint8_t)arg, OCI_GT, LOW_HALF, 0});
    } else if (e->sums->compared == COMPARED_MIXED) {
        e->result = SUM_HIGH;
    } else { /* one product for each bit of the high half */
        for (unsigned i = 32; i < 64; i++) {
            struct oci_arg a = {(uint8_t)arg, OCI_MASKED_EQ, mask | UINT64_C(1) << i,
                                value | UINT64_C(1) << i};

            add_arg(e, arg, p, a);
        }
    }
}

static void expand(struct expansion *e, uint32_t sum)
{
    struct sum n = e->sums->all.at[sum];
    unsigned arg;
    uint64_t bit;

    if (sum == 0 || e->result != SUM_DONE)
        return;
    if (sum == 1) {
        struct product p = {0};

        add_args(e, 0, &p);
        return;
    }
    if (n.is_comparison) {
        arg = n.comparison.index;
        e->comparison[arg] = n.comparison;
        e->has_comparison[arg] = true;
        expand(e, n.any);
        e->has_comparison[arg] = false;
        expand(e, n.other);
        return;
    }
    arg = arg_of(n.bit);
    bit = value_bit(n.bit);
    if (e->sums->folded && bit == FOLD_BIT) {
        e->high_set[arg] = true;
        expand(e, n.set);
        e->high_set[arg] = false;
        e->mask[arg] |= bit;
    } else {
        e->mask[arg] |= bit;
        e->value[arg] |= bit;
        expand(e, n.set);
        e->value[arg] &= ~bit;
    }
    expand(e, n.clear);
    e->mask[arg] &= ~bit;
    expand(e, n.any);
}

enum sum_result sum_products(struct sums *s, uint32_t sum, uint32_t ret,
                             bool (*each)(void *ctx, const struct product *p), void *ctx)
{
    struct expansion e = {.sums = s, .each = each, .ctx = ctx, .result = SUM_DONE, .ret = ret};

    expand(&e, sum);
    return e.result;
}
