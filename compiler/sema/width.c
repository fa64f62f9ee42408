/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drafts to conditions: each comparison of an argument gets the width at which the kernel reads
 * that argument of the calls the comparison is about.
 *
 * Which calls these are follows from the conditions around it: beside `@socket &&` it matters for
 * socket alone; beside `@read ||` for all but read. From below, annotate() finds for every
 * draft the numbers for which it may hold and for which it must; from above, size() hands down the
 * numbers for which the outcome matters. Where calls of several widths are left, the comparison is
 * split by number; where they are too many to be a choice of calls, the width is 64.
 */
#include "compiler/sema/internal.h"

#include <string.h>

#define NR_MAX UINT64_C(0xffffffff)

/* More numbers than any architecture has calls: the condition does not say which call it is. */
#define MAX_KNOWN_CALLS 1024

/* --- which calls: from below -------------------------------------------------------------------
 */

static uint64_t clamp_nr(value_t v)
{
    return v < 0 ? 0 : v > (value_t)NR_MAX ? NR_MAX : (uint64_t)v;
}

/* The two's complement of what is negative, at `bits`. */
static value_t wrap(value_t v, unsigned bits)
{
    return v < 0 ? v + ((value_t)1 << bits) : v;
}

/* What a signed number of `bits` begins with. */
static value_t lowest(unsigned bits)
{
    return -((value_t)1 << (bits - 1));
}

static struct ranges number_set(struct resolver *r, const struct draft *d)
{
    struct range *list;
    value_t v = wrap(d->value, 32);
    uint64_t nr = clamp_nr(v);
    size_t i, n = 0;

    switch (d->op) {
    case CMP_EQ:
        return v == (value_t)nr ? ranges_one(r->arena, nr, nr) : (struct ranges){0};
    case CMP_NE:
        return ranges_complement(r->arena, ranges_one(r->arena, nr, nr), NR_MAX);
    case CMP_LT:
        return nr ? ranges_one(r->arena, 0, nr - 1) : (struct ranges){0};
    case CMP_LE:
        return ranges_one(r->arena, 0, nr);
    case CMP_GT:
        return nr < NR_MAX ? ranges_one(r->arena, nr + 1, NR_MAX) : (struct ranges){0};
    case CMP_GE:
        return ranges_one(r->arena, nr, NR_MAX);
    case CMP_IN:
        list = ARENA_ARRAY(r->arena, struct range, d->set->list.count);
        for (i = 0; i < d->set->list.count; i++) {
            const struct member *m = &d->set->list.at[i];
            struct range one = {clamp_nr(wrap(m->low, 32)), clamp_nr(wrap(m->high, 32))};

            if (one.low <= one.high)
                list[n++] = one;
        }
        return ranges_from(r->arena, list, n);
    }
    __builtin_unreachable();
}

static bool is_plain_number(const struct draft *d)
{
    return d->kind == COND_ATOM && d->on.field == FIELD_NR && !d->on.has_mask && !d->on.is_signed;
}

/* The union of what `of` gives for each kid, in n log n for any number of kids. */
static struct ranges join_kids(struct resolver *r, const struct draft *d,
                               struct ranges (*of)(struct resolver *r, const struct draft *kid))
{
    VEC(struct range) all = {0};
    size_t i, j;

    for (i = 0; i < d->kids.count; i++) {
        struct ranges one = of(r, d->kids.at[i]);

        for (j = 0; j < one.count; j++)
            VEC_PUSH(r->arena, &all, one.at[j]);
    }
    return ranges_from(r->arena, all.at, all.count);
}

static struct ranges may_of(struct resolver *r UNUSED, const struct draft *d)
{
    return d->may;
}

static struct ranges must_of(struct resolver *r UNUSED, const struct draft *d)
{
    return d->must;
}

static struct ranges may_not_of(struct resolver *r, const struct draft *d)
{
    return ranges_complement(r->arena, d->must, NR_MAX);
}

static struct ranges must_not_of(struct resolver *r, const struct draft *d)
{
    return ranges_complement(r->arena, d->may, NR_MAX);
}

static struct ranges all_numbers(struct resolver *r)
{
    return ranges_one(r->arena, 0, NR_MAX);
}

static void annotate(struct resolver *r, struct draft *d)
{
    size_t i;

    for (i = 0; i < d->kids.count; i++) {
        annotate(r, d->kids.at[i]);
        d->has_fields = d->has_fields || d->kids.at[i]->has_fields;
    }
    switch (d->kind) {
    case COND_FALSE:
        break;
    case COND_TRUE:
        d->may = d->must = all_numbers(r);
        break;
    case COND_ATOM:
        d->has_fields = !is_plain_number(d);
        d->may = d->has_fields ? all_numbers(r) : number_set(r, d);
        if (!d->has_fields)
            d->must = d->may;
        break;
    case COND_NOT:
        d->may = may_not_of(r, d->kids.at[0]);
        d->must = must_not_of(r, d->kids.at[0]);
        break;
    case COND_AND:
        d->may = ranges_complement(r->arena, join_kids(r, d, must_not_of), NR_MAX);
        d->must = ranges_complement(r->arena, join_kids(r, d, may_not_of), NR_MAX);
        break;
    case COND_OR:
        d->may = join_kids(r, d, may_of);
        d->must = join_kids(r, d, must_of);
        break;
    }
}

/* --- making conditions -------------------------------------------------------------------------
 */

static const struct cond cond_false = {.kind = COND_FALSE}, cond_true = {.kind = COND_TRUE};

static const struct cond *make_constant(bool value)
{
    return value ? &cond_true : &cond_false;
}

static const struct cond *make_atom(struct resolver *r, struct atom atom, struct span span)
{
    struct cond *c = ARENA_NEW(r->arena, struct cond);

    c->kind = COND_ATOM;
    c->atom = atom;
    c->span = span;
    return c;
}

/* AND or OR of kids, whose constants are folded away; kids is taken over. */
static const struct cond *make_list(struct resolver *r, enum cond_kind kind,
                                    const struct cond **kids, size_t count, struct span span)
{
    enum cond_kind neutral = kind == COND_AND ? COND_TRUE : COND_FALSE;
    struct cond *c;
    size_t i, n = 0;

    for (i = 0; i < count; i++) {
        if (kids[i]->kind == neutral)
            continue;
        if (kids[i]->kind == COND_TRUE || kids[i]->kind == COND_FALSE)
            return kids[i];
        kids[n++] = kids[i];
    }
    if (n == 0)
        return make_constant(kind == COND_AND);
    if (n == 1)
        return kids[0];
    c = ARENA_NEW(r->arena, struct cond);
    c->kind = kind;
    c->kids = kids;
    c->kid_count = n;
    c->span = span;
    return c;
}

static const struct cond *make_not(struct resolver *r, const struct cond *kid, struct span span)
{
    const struct cond **kids;
    struct cond *c;

    if (kid->kind == COND_TRUE || kid->kind == COND_FALSE)
        return make_constant(kid->kind == COND_FALSE);
    kids = ARENA_ARRAY(r->arena, const struct cond *, 1);
    kids[0] = kid;
    c = ARENA_NEW(r->arena, struct cond);
    c->kind = COND_NOT;
    c->kids = kids;
    c->kid_count = 1;
    c->span = span;
    return c;
}

/* --- one comparison at one width ---------------------------------------------------------------
 */

/* A width: as written against (what values must fit), and as compared on this architecture. */
struct width {
    unsigned nominal, bits;
    const char *call, *arg; /* whose argument decides it, for errors; NULL if none does */
};

static uint64_t ones(unsigned bits)
{
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static bool fits(value_t v, const struct width *w, bool is_signed)
{
    value_t limit = (value_t)1 << w->nominal;

    if (is_signed)
        return v >= -(limit / 2) && v < limit / 2;
    return v >= -(limit / 2) && v < limit;
}

static void report_width(struct resolver *r, value_t v, const struct width *w, bool is_signed,
                         struct span span)
{
    const char *kind = is_signed ? "signed " : "";
    struct diag *diag;

    if (w->call) {
        diag = diag_add(r->diags, DIAG_VALUE_WIDTH, span,
                        "%s does not fit the %u bits at which the kernel reads the %sargument "
                        "'%s' of %s",
                        value_text(r, v), w->nominal, kind, w->arg, w->call);
        diag_note(r->diags, diag, span, "full(…) compares all 64 bits");
    } else {
        diag_add(r->diags, DIAG_VALUE_WIDTH, span, "%s does not fit %s%u bits", value_text(r, v),
                 kind, w->nominal);
    }
}

/* Masks may also be written as the complement of what fits: ~0x80000000 is 0x7fffffff. */
static bool fit_mask(struct resolver *r, const struct field_operand *on, const struct width *w,
                     uint64_t *mask)
{
    value_t limit = (value_t)1 << w->nominal;

    *mask = ones(w->bits);
    if (!on->has_mask)
        return true;
    if (on->mask < -limit || on->mask >= limit) {
        report_width(r, on->mask, w, false, on->mask_span);
        return false;
    }
    *mask &= (uint64_t)on->mask;
    return true;
}

/* The part of a range that this architecture's narrower registers can hold; false: none. */
static bool clip(value_t *low, value_t *high, unsigned bits, bool is_signed)
{
    value_t top = is_signed ? -lowest(bits) : (value_t)1 << bits;

    if (*low < lowest(bits))
        *low = lowest(bits);
    if (*high >= top)
        *high = top - 1;
    return *low <= *high;
}

/* Appends the member as ranges of the unsigned value at w->bits. */
static bool fit_member(struct resolver *r, const struct draft *d, const struct member *m,
                       const struct width *w, struct range *list, size_t *n)
{
    value_t low = m->low, high = m->high;
    bool is_signed = d->on.is_signed;

    if (!fits(low, w, is_signed) || !fits(high, w, is_signed)) {
        report_width(r, fits(low, w, is_signed) ? high : low, w, is_signed, m->span);
        return false;
    }
    if (low < 0 && high >= 0 && !is_signed) {
        struct diag *diag = diag_add(r->diags, DIAG_EMPTY_RANGE, m->span,
                                     "as unsigned numbers the range ends before it begins");
        diag_note(r->diags, diag, m->span, "signed(…) compares as signed numbers");
        return false;
    }
    if (!clip(&low, &high, w->bits, is_signed))
        return true;
    if (low < 0 && high >= 0) {
        list[(*n)++] = (struct range){(uint64_t)wrap(low, w->bits), ones(w->bits)};
        low = 0;
    }
    list[(*n)++] = (struct range){(uint64_t)wrap(low, w->bits), (uint64_t)wrap(high, w->bits)};
    return true;
}

static const struct cond *size_members(struct resolver *r, const struct draft *d, struct atom atom,
                                       const struct width *w)
{
    struct range *list = ARENA_ARRAY(r->arena, struct range, 2 * d->set->list.count);
    size_t i, n = 0;
    bool good = true;

    for (i = 0; i < d->set->list.count; i++)
        good = fit_member(r, d, &d->set->list.at[i], w, list, &n) && good;
    if (!good)
        return NULL;
    atom.is_signed = false;
    atom.set = ranges_from(r->arena, list, n);
    if (!n)
        return make_constant(false);
    if (atom.set.count == 1 && atom.set.at[0].low == atom.set.at[0].high) {
        atom.op = CMP_EQ;
        atom.value = atom.set.at[0].low;
        atom.set = (struct ranges){0};
    }
    return make_atom(r, atom, d->span);
}

/* Compared with a value below (above) all that this architecture's narrower registers hold. */
static const struct cond *compare_beyond(enum compare op, bool below)
{
    bool less = op == CMP_LT || op == CMP_LE, greater = op == CMP_GT || op == CMP_GE;

    return make_constant(op == CMP_NE || (below ? greater : less));
}

static const struct cond *size_at(struct resolver *r, const struct draft *d, const struct width *w)
{
    struct atom atom = {.field = d->on.field,
                        .shift = d->on.half == HALF_HIGH ? 32 : 0,
                        .width = (uint8_t)w->bits,
                        .is_signed = d->on.is_signed,
                        .op = d->op};
    value_t top = d->on.is_signed ? -lowest(w->bits) : (value_t)1 << w->bits;

    if (!fit_mask(r, &d->on, w, &atom.mask))
        return NULL;
    if (d->op == CMP_IN)
        return size_members(r, d, atom, w);
    if (!fits(d->value, w, d->on.is_signed)) {
        report_width(r, d->value, w, d->on.is_signed, d->value_span);
        return NULL;
    }
    if (d->value >= top || d->value < lowest(w->bits))
        return compare_beyond(d->op, d->on.is_signed && d->value < 0);
    atom.value = (uint64_t)wrap(d->value, w->bits);
    return make_atom(r, atom, d->span);
}

/* --- which calls: from above -------------------------------------------------------------------
 */

static struct width argument_width(struct resolver *r, const struct draft *d, uint64_t nr)
{
    const struct syscall_info *call = syscall_by_number(r->arch, (uint32_t)nr);
    const struct signature s = syscall_signature(call, r->arch);
    unsigned arg = d->on.field - FIELD_ARG0;
    struct width w = {64, 64, NULL, NULL};

    if (arg < s.count) {
        w.nominal = s.args[arg].bits;
        w.call = call->name;
        w.arg = s.args[arg].name;
    }
    w.bits = w.nominal < r->arch->bits ? w.nominal : r->arch->bits;
    return w;
}

static const struct cond *only_for(struct resolver *r, struct ranges numbers, const struct cond *c,
                                   struct span span)
{
    struct atom nr = {.field = FIELD_NR, .width = 32, .op = CMP_IN, .mask = NR_MAX, .set = numbers};
    const struct cond **both = ARENA_ARRAY(r->arena, const struct cond *, 2);

    both[0] = make_atom(r, nr, span);
    both[1] = c;
    return make_list(r, COND_AND, both, 2, span);
}

/* The numbers of one width, collected. */
struct width_group {
    struct width width;
    VEC(struct range) numbers;
};

static size_t group_by_width(struct resolver *r, const struct draft *d, struct ranges about,
                             struct width_group *groups)
{
    size_t i, g, count = 0;
    uint64_t nr;

    for (i = 0; i < about.count; i++) {
        for (nr = about.at[i].low; nr <= about.at[i].high; nr++) {
            struct width w = argument_width(r, d, nr);

            for (g = 0; g < count && groups[g].width.nominal != w.nominal; g++)
                ;
            if (g == count)
                groups[count++].width = w;
            VEC_PUSH(r->arena, &groups[g].numbers, ((struct range){nr, nr}));
        }
    }
    return count;
}

/* Widths are 8, 16, 32 and 64. */
#define MAX_WIDTHS 4

static const struct cond *size_argument(struct resolver *r, const struct draft *d,
                                        struct ranges about)
{
    struct width_group groups[MAX_WIDTHS] = {0};
    const struct cond **parts;
    size_t g, count;
    bool good = true;

    if (ranges_size(about) > MAX_KNOWN_CALLS)
        return size_at(r, d, &(struct width){64, r->arch->bits, NULL, NULL});
    count = group_by_width(r, d, about, groups);
    if (count == 1)
        return size_at(r, d, &groups[0].width);
    parts = ARENA_ARRAY(r->arena, const struct cond *, count);
    for (g = 0; g < count; g++) {
        const struct cond *c = size_at(r, d, &groups[g].width);

        good = good && c;
        if (c)
            parts[g] =
                only_for(r, ranges_from(r->arena, groups[g].numbers.at, groups[g].numbers.count), c,
                         d->span);
    }
    return good ? make_list(r, COND_OR, parts, count, d->span) : NULL;
}

static const struct cond *size_atom(struct resolver *r, const struct draft *d, struct ranges about)
{
    if (!about.count) /* whatever it says decides nothing */
        return make_constant(false);
    if (d->missing) {
        report_missing(r, d->missing);
        return NULL;
    }
    switch (d->on.half) {
    case HALF_FULL:
        return size_at(r, d, &(struct width){64, 64, NULL, NULL});
    case HALF_LOW:
    case HALF_HIGH:
        return size_at(r, d, &(struct width){32, 32, NULL, NULL});
    case HALF_AUTO:
        break;
    }
    if (d->on.field == FIELD_NR)
        return size_at(r, d, &(struct width){32, 32, NULL, NULL});
    if (d->on.field == FIELD_IP)
        return size_at(r, d, &(struct width){64, 64, NULL, NULL});
    return size_argument(r, d, about);
}

static const struct cond *size(struct resolver *r, const struct draft *d, struct ranges about);

/*
 * Numbers for which kid i of an AND (OR) matters, as far as its neighbours say: those for which
 * all others may hold (none of the others must). Neighbours before are folded into `before`, those
 * behind are in behind[i + 1].
 */
static struct ranges *matters_behind(struct resolver *r, const struct draft *d)
{
    struct ranges *behind = ARENA_ARRAY(r->arena, struct ranges, d->kids.count + 1);
    size_t i;

    behind[d->kids.count] = all_numbers(r);
    for (i = d->kids.count; i-- > 0;) {
        const struct draft *kid = d->kids.at[i];
        struct ranges open = d->kind == COND_AND ? kid->may : may_not_of(r, kid);
        bool anything = open.count == 1 && open.at[0].low == 0 && open.at[0].high == NR_MAX;

        behind[i] = anything ? behind[i + 1] : ranges_intersect(r->arena, open, behind[i + 1]);
    }
    return behind;
}

static const struct cond *size_list(struct resolver *r, const struct draft *d, struct ranges about)
{
    const struct cond **kids = ARENA_ARRAY(r->arena, const struct cond *, d->kids.count);
    struct ranges *behind = d->has_fields ? matters_behind(r, d) : NULL;
    struct ranges before = about;
    bool good = true;
    size_t i;

    for (i = 0; i < d->kids.count; i++) {
        const struct draft *kid = d->kids.at[i];

        if (kid->has_fields)
            kids[i] = size(r, kid, ranges_intersect(r->arena, before, behind[i + 1]));
        else
            kids[i] = size(r, kid, about);
        good = good && kids[i];
        if (behind)
            before = ranges_intersect(r->arena, before,
                                      d->kind == COND_AND ? kid->may : may_not_of(r, kid));
    }
    return good ? make_list(r, d->kind, kids, d->kids.count, d->span) : NULL;
}

static const struct cond *size(struct resolver *r, const struct draft *d, struct ranges about)
{
    const struct cond *kid;

    switch (d->kind) {
    case COND_FALSE:
    case COND_TRUE:
        return make_constant(d->kind == COND_TRUE);
    case COND_ATOM:
        return size_atom(r, d, about);
    case COND_NOT:
        kid = size(r, d->kids.at[0], about);
        return kid ? make_not(r, kid, d->span) : NULL;
    case COND_AND:
    case COND_OR:
        return size_list(r, d, about);
    }
    __builtin_unreachable();
}

const struct cond *size_draft(struct resolver *r, struct draft *d)
{
    annotate(r, d);
    return size(r, d, all_numbers(r));
}
