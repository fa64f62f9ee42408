/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/narrow.h"

#include <string.h>

/* For making a call that was found a simple one. */
#define SECONDS_FOR_BOX 2

/* A box in the making. While the call is simplified, extents are single values. */
struct narrowing {
    struct terms *terms;
    const struct region *region;
    struct inquiry holds, fails; /* the formula, or its contrary */
    struct extent *extents;
    struct seccomp_data call; /* is in the box, and the formula holds of it */
    enum answer trouble;      /* UNKNOWN: some check was */
};

static enum word low_word(unsigned field)
{
    switch (field) {
    case EXTENT_ARCH:
        return WORD_ARCH;
    case EXTENT_NR:
        return WORD_NR;
    default:
        return WORD_IP_LOW + 2 * (field - EXTENT_IP);
    }
}

static bool is_wide(unsigned field)
{
    return field >= EXTENT_IP;
}

static uint64_t value_in(const struct seccomp_data *call, unsigned field)
{
    enum word low = low_word(field);
    uint64_t value = word_value(call, low);

    return is_wide(field) ? value | (uint64_t)word_value(call, low + 1) << 32 : value;
}

static void put_value(struct seccomp_data *call, unsigned field, uint64_t value)
{
    if (field == EXTENT_IP)
        call->instruction_pointer = value;
    else
        call->args[field - EXTENT_ARG0] = value;
}

/* --- extents as terms -------------------------------------------------------------------------*/

static Z3_ast numeral(const struct terms *t, uint64_t k, unsigned bits)
{
    return Z3_mk_unsigned_int64(t->z3, k, Z3_mk_bv_sort(t->z3, bits));
}

static Z3_ast between(const struct terms *t, const struct call_class *class, unsigned field,
                      struct extent e)
{
    enum word low = low_word(field);
    unsigned bits = is_wide(field) && !e.half ? 64 : 32;
    Z3_ast x = value_ast(t, class->word[low]), above, below;

    if (e.low == 0 && e.high == UINT64_MAX >> (64 - bits))
        return t->yes;
    if (bits == 64)
        x = Z3_mk_concat(t->z3, value_ast(t, class->word[low + 1]), x);
    above = Z3_mk_bvuge(t->z3, x, numeral(t, e.low, bits));
    below = Z3_mk_bvule(t->z3, x, numeral(t, e.high, bits));
    if (e.low == e.high)
        return Z3_mk_eq(t->z3, x, numeral(t, e.low, bits));
    return term_and(t, above, below);
}

static enum answer check_box(struct narrowing *n, struct inquiry *q, struct seccomp_data *call)
{
    Z3_ast all[EXTENT_COUNT];
    enum answer answer;

    if (n->trouble == UNKNOWN)
        return UNKNOWN;

    for (unsigned f = 0; f < EXTENT_COUNT; f++)
        all[f] = between(n->terms, n->region->class, f, n->extents[f]);
    answer = inquiry_check(q, n->terms, all, EXTENT_COUNT, call);
    if (answer == UNKNOWN)
        n->trouble = UNKNOWN;
    return answer;
}

/* Does the formula hold of all calls in the box? */
static bool holds_in_box(struct narrowing *n)
{
    return check_box(n, &n->fails, NULL) == UNSATISFIABLE;
}

static struct extent whole(const struct call_class *class, unsigned field)
{
    enum word low = low_word(field);
    struct value v = class->word[low], high;

    if (!is_wide(field))
        return (struct extent){.low = v.low, .high = v.high};
    high = class->word[low + 1];
    if (is_constant(high))
        return (struct extent){0, UINT32_MAX, true};
    return (struct extent){0, UINT64_MAX, false};
}

static bool is_whole(struct extent e, struct extent all)
{
    return e.low == all.low && e.high == all.high && e.half == all.half;
}

/* --- simple values ----------------------------------------------------------------------------*/

/* Tries the extent for the field; if some call is in the box then, it is the new one. */
static bool try_extent(struct narrowing *n, unsigned field, struct extent e)
{
    struct extent before = n->extents[field];
    struct seccomp_data call;

    n->extents[field] = e;
    if (check_box(n, &n->holds, &call) == SATISFIABLE) {
        n->call = call;
        return true;
    }
    n->extents[field] = before;
    return false;
}

static bool is_in(const struct difference *d, const struct seccomp_data *call)
{
    for (unsigned f = 0; f < EXTENT_COUNT; f++) {
        const struct extent *e = &d->extents[f];
        uint64_t value = value_in(call, f);

        if (e->half)
            value = (uint32_t)value;
        if (value < e->low || value > e->high)
            return false;
    }
    return true;
}

static bool is_shown(const struct region *region, const struct seccomp_data *call)
{
    for (unsigned i = 0; i < region->shown_count; i++)
        if (is_in(&region->shown[i], call))
            return true;
    return false;
}

/* Tries 0, or else without the high half, others being as they are. */
static bool try_small(struct narrowing *n, unsigned field)
{
    const struct extent e = whole(n->region->class, field);
    const uint64_t now = value_in(&n->call, field), tries[] = {0, (uint32_t)now};

    for (unsigned i = 0; i < 2 && is_wide(field) && tries[i] != now; i++) {
        struct seccomp_data call = n->call;

        put_value(&call, field, tries[i]);
        if (is_shown(n->region, &call) || !n->region->holds(n->region->ctx, &call))
            continue;
        n->call = call;
        if (i == 0)
            n->extents[field] = (struct extent){0, 0, e.half};
        return i == 0;
    }
    return false;
}

/* The least value of the field, others being in their extents. */
static void minimise(struct narrowing *n, unsigned field)
{
    struct extent e = whole(n->region->class, field);
    uint64_t least = e.low, most = value_in(&n->call, field);

    if (e.half)
        most = (uint32_t)most;

    while (least < most) {
        /* most often it is the least of all */
        uint64_t middle = least == e.low ? least : least + (most - least) / 2;

        if (n->trouble == UNKNOWN)
            break;
        if (try_extent(n, field, (struct extent){least, middle, e.half}))
            most = value_in(&n->call, field);
        else
            least = middle + 1;
    }
    n->extents[field] = (struct extent){most, most, e.half};
}

/* --- wide boxes -------------------------------------------------------------------------------*/

static bool try_wide(struct narrowing *n, unsigned field, struct extent e)
{
    struct extent before = n->extents[field];

    n->extents[field] = e;
    if (holds_in_box(n))
        return true;
    n->extents[field] = before;
    return false;
}

/* Upwards, as far as the formula holds of all: by leaps that double, then by halves. */
static void widen_upwards(struct narrowing *n, unsigned field, uint64_t most)
{
    uint64_t low = n->extents[field].low, good = low, bad, leap = 1;
    bool half = n->extents[field].half;

    if (good == most || !try_wide(n, field, (struct extent){low, good + 1, half}))
        return;
    if (try_wide(n, field, (struct extent){low, most, half}))
        return;
    for (good = good + 1, bad = most; bad - good > 1 && n->trouble != UNKNOWN;) {
        uint64_t next = leap < (bad - good) / 2 ? good + leap : good + (bad - good) / 2;

        if (try_wide(n, field, (struct extent){low, next, half})) {
            good = next;
            leap *= 2;
        } else {
            bad = next;
        }
    }
}

static void widen(struct narrowing *n, unsigned field)
{
    struct extent all = whole(n->region->class, field), e = n->extents[field];

    if (is_whole(e, all) || try_wide(n, field, all))
        return;
    if (is_wide(field) && !all.half) {
        e.low = e.high = (uint32_t)e.low;
        e.half = true;
        try_wide(n, field, e);
    }
    widen_upwards(n, field, n->extents[field].half ? UINT32_MAX : all.high);
}

/* All fields but one that are wide already, or none: one question instead of many. */
static void widen_all(struct narrowing *n)
{
    struct extent before[EXTENT_COUNT];

    memcpy(before, n->extents, sizeof(before));
    for (unsigned f = 0; f < EXTENT_COUNT; f++)
        if (value_in(&n->call, f) == 0 || !is_wide(f))
            n->extents[f] = whole(n->region->class, f);
    if (!holds_in_box(n))
        memcpy(n->extents, before, sizeof(before));
    for (unsigned f = 0; f < EXTENT_COUNT; f++)
        widen(n, f);
}

/* --- the next one -----------------------------------------------------------------------------*/

/* Takes the box out of the formula. Where high halves count, calls that are alike but for these are
 * no news. */
static void leave_out(struct terms *t, struct region *region, struct difference d)
{
    Z3_ast in = t->yes;

    for (unsigned f = 0; f < EXTENT_COUNT; f++) {
        struct extent *e = &d.extents[f];

        if (!is_whole(*e, whole(region->class, f)) && is_wide(f) && !e->half &&
            e->low >> 32 == e->high >> 32)
            *e = (struct extent){(uint32_t)e->low, (uint32_t)e->high, true};
        in = term_and(t, in, between(t, region->class, f, *e));
    }
    region->formula = term_and(t, region->formula, term_not(t, in));
    if (region->shown_count < MAX_BOXES)
        region->shown[region->shown_count++] = d;
}

/* One box. */
static enum answer find_box(struct narrowing *n)
{
    enum answer answer;

    for (unsigned f = 0; f < EXTENT_COUNT; f++)
        n->extents[f] = whole(n->region->class, f);
    answer = check_box(n, &n->holds, &n->call);
    if (answer != SATISFIABLE)
        return answer;
    terms_hurry(n->terms, SECONDS_FOR_BOX);
    if (holds_in_box(n))
        return answer;
    for (unsigned f = EXTENT_IP; f < EXTENT_COUNT; f++)
        try_small(n, f);
    for (unsigned f = 0; f < EXTENT_COUNT; f++)
        minimise(n, f);
    widen_all(n);
    return SATISFIABLE;
}

enum answer narrow(struct terms *t, struct region *region, struct difference *found)
{
    struct narrowing n = {.terms = t, .region = region, .extents = found->extents};
    enum answer answer;

    int64_t deadline_ns = t->deadline_ns;

    inquiry_begin(&n.holds, t, region->class, region->formula);
    inquiry_begin(&n.fails, t, region->class, term_not(t, region->formula));
    answer = find_box(&n);
    t->deadline_ns = deadline_ns;
    inquiry_end(&n.holds, t);
    inquiry_end(&n.fails, t);
    if (answer == SATISFIABLE)
        leave_out(t, region, *found);
    return answer;
}
