/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/prove.h"

#include "base/sort.h"
#include "compiler/graph/call_text.h"
#include "compiler/prove/narrow.h"

#include <string.h>

/* Bounds of a class. */
struct limits {
    uint32_t arch_low, arch_high, nr_low, nr_high;
};

/* What was shown of a formula: some of proof->differences. */
struct explored {
    Z3_ast formula;
    uint32_t a, b;
    size_t first, count;
};

struct proving {
    struct arena *arena;
    struct terms *terms;
    const struct subject *x, *y;
    enum relation relation;
    const struct domain *domain;
    struct proof *proof;
    struct outcomes xs, ys;
    VEC(Z3_ast) never;             /* formulas shown to hold of no call */
    VEC(struct explored) explored; /* of classes of one number */
    VEC(uint32_t) named;           /* architectures that a subject compares the word with */
};

/* --- classes ----------------------------------------------------------------------------------*/

static struct value bounded(const struct terms *t, enum word w, uint32_t low, uint32_t high)
{
    return low == high ? value_constant(low) : (struct value){t->words[w], low, high};
}

static void make_class(const struct proving *p, struct limits l, struct call_class *class)
{
    const struct terms *t = p->terms;
    const struct arch *arch = arch_of_call(l.arch_low, l.nr_low);

    class->word[WORD_NR] = bounded(t, WORD_NR, l.nr_low, l.nr_high);
    class->word[WORD_ARCH] = bounded(t, WORD_ARCH, l.arch_low, l.arch_high);
    for (enum word w = WORD_IP_LOW; w < WORD_COUNT; w++)
        class->word[w] = value_any(t->words[w]);
    if (!arch || l.arch_low != l.arch_high || !(p->domain->no_high & ARCH_BIT(arch_id(arch))))
        return;
    for (enum word w = WORD_IP_HIGH; w < WORD_COUNT; w += 2)
        class->word[w] = value_constant(0);
}

/* --- one class --------------------------------------------------------------------------------*/

/* The same conditions for the same effects: nothing has to be asked. */
static bool alike(const struct outcomes *x, const struct outcomes *y)
{
    if (x->list.count != y->list.count)
        return false;
    for (size_t i = 0; i < x->list.count; i++) {
        const struct outcome *o = &x->list.at[i];
        bool found = false;

        for (size_t j = 0; j < y->list.count; j++) {
            const struct outcome *q = &y->list.at[j];

            found |= o->when == q->when && o->effect.low == q->effect.low &&
                     o->effect.high == q->effect.high && o->effect.ast == q->effect.ast;
        }
        if (!found)
            return false;
    }
    return true;
}

/* Is it against the relation that A does v where B does w? */
static Z3_ast violates(const struct proving *p, struct value v, struct value w)
{
    const struct terms *t = p->terms;

    switch (p->relation) {
    case RELATION_SAME:
        return term_not(t, value_test(t, BPF_JEQ, v, w));
    case RELATION_SUBSET:
        return value_test(t, BPF_JGT, effect_reach_value(t, v), effect_reach_value(t, w));
    }
    __builtin_unreachable();
}

static Z3_ast pair_formula(const struct proving *p, const struct outcome *x,
                           const struct outcome *y)
{
    return term_and(p->terms, term_and(p->terms, x->when, y->when),
                    violates(p, x->effect, y->effect));
}

static struct seccomp_data corner(const struct difference *d, bool high)
{
    struct seccomp_data call = {0};
    uint64_t v[EXTENT_COUNT];

    for (unsigned f = 0; f < EXTENT_COUNT; f++)
        v[f] = high ? d->extents[f].high : d->extents[f].low;
    call.arch = (uint32_t)v[EXTENT_ARCH];
    call.nr = (int)(uint32_t)v[EXTENT_NR];
    call.instruction_pointer = v[EXTENT_IP];
    for (unsigned i = 0; i < 6; i++)
        call.args[i] = v[EXTENT_ARG0 + i];
    return call;
}

/* What Z3 says is not believed, but tried. */
static bool replay(struct proving *p, const struct difference *d)
{
    for (int high = 0; high <= 1; high++) {
        struct seccomp_data call = corner(d, high);
        uint32_t a = subject_effect(p->x, &call), b = subject_effect(p->y, &call);

        if (a == d->a && b == d->b)
            continue;
        p->proof->verdict = PROOF_FAULT;
        p->proof->reason =
            arena_printf(p->arena, "%s: the proof says 0x%x and 0x%x, running it 0x%x and 0x%x",
                         call_text(p->arena, &call), d->a, d->b, a, b);
        return false;
    }
    return true;
}

static void give_up(struct proving *p, const struct call_class *class)
{
    const struct seccomp_data call = {.nr = (int)class->word[WORD_NR].low,
                                      .arch = class->word[WORD_ARCH].low};

    if (p->proof->reason)
        return;
    p->proof->reason = arena_printf(p->arena, "time was up at '%s'", call_text(p->arena, &call));
}

/* The effects of a call that violates the relation: of symbolic ones, those of the model. */
static enum answer effects_of(struct proving *p, struct region *r, const struct outcome *x,
                              const struct outcome *y, struct difference *d)
{
    const struct terms *t = p->terms;
    struct seccomp_data call;
    enum answer answer;

    if (is_constant(x->effect) && is_constant(y->effect)) {
        d->a = x->effect.low;
        d->b = y->effect.low;
        return SATISFIABLE;
    }
    answer = terms_check(p->terms, r->class, &r->formula, 1, &call);
    if (answer != SATISFIABLE)
        return answer;
    d->a = subject_effect(p->x, &call);
    d->b = subject_effect(p->y, &call);
    r->formula = term_and(t, r->formula, value_test(t, BPF_JEQ, x->effect, value_constant(d->a)));
    r->formula = term_and(t, r->formula, value_test(t, BPF_JEQ, y->effect, value_constant(d->b)));
    return SATISFIABLE;
}

static bool is_done(const struct proving *p)
{
    return p->proof->verdict == PROOF_FAULT ||
           (p->domain->first_only && p->proof->verdict == PROOF_FAILS);
}

static bool is_one_number(const struct call_class *class)
{
    return is_constant(class->word[WORD_NR]) && is_constant(class->word[WORD_ARCH]);
}

static void add_difference(struct proving *p, const struct difference *d)
{
    if (!replay(p, d))
        return;
    p->proof->verdict = PROOF_FAILS;
    VEC_PUSH(p->arena, &p->proof->differences, *d);
}

/* A formula of one number mostly says nothing of it, and is that of others too: the same boxes
 * then. false: it is new. */
static bool repeat(struct proving *p, const struct call_class *class, Z3_ast formula,
                   const struct outcome *x, const struct outcome *y)
{
    const struct explored *e = NULL;

    if (!is_one_number(class) || !is_constant(x->effect) || !is_constant(y->effect))
        return false;
    for (size_t i = 0; i < p->explored.count; i++) {
        const struct explored *other = &p->explored.at[i];

        if (other->formula == formula && other->a == x->effect.low && other->b == y->effect.low)
            e = other;
    }
    for (size_t i = 0; e && i < e->count; i++) {
        struct difference d = p->proof->differences.at[e->first + i];

        d.extents[EXTENT_NR].low = d.extents[EXTENT_NR].high = class->word[WORD_NR].low;
        d.extents[EXTENT_ARCH].low = d.extents[EXTENT_ARCH].high = class->word[WORD_ARCH].low;
        add_difference(p, &d);
    }
    return e != NULL;
}

/* What is asked of calls of a region, for them to be run. */
struct pair {
    const struct proving *proving;
    uint32_t a, b;
};

static bool is_pair(const void *ctx, const struct seccomp_data *call)
{
    const struct pair *pair = ctx;

    return subject_effect(pair->proving->x, call) == pair->a &&
           subject_effect(pair->proving->y, call) == pair->b;
}

/* Shows where x's outcome meets y's. */
static void explore(struct proving *p, const struct call_class *class, const struct outcome *x,
                    const struct outcome *y)
{
    struct pair pair = {.proving = p};
    struct region region = {class, pair_formula(p, x, y), is_pair, &pair, .shown_count = 0};
    struct explored explored = {.formula = region.formula, .first = p->proof->differences.count};
    struct difference d = {0};
    enum answer answer;

    if (region.formula == p->terms->no || repeat(p, class, region.formula, x, y))
        return;
    answer = effects_of(p, &region, x, y, &d);
    explored.a = pair.a = d.a;
    explored.b = pair.b = d.b;
    while (answer == SATISFIABLE && explored.count < MAX_BOXES && !is_done(p)) {
        answer = narrow(p->terms, &region, &d);
        if (answer != SATISFIABLE)
            break;
        add_difference(p, &d);
        explored.count++;
    }
    if (answer == UNKNOWN)
        give_up(p, class);
    p->proof->more |= explored.count == MAX_BOXES || answer == UNKNOWN;
    if (is_one_number(class) && answer != UNKNOWN && is_constant(x->effect) &&
        is_constant(y->effect))
        VEC_PUSH(p->arena, &p->explored, explored);
}

static bool is_known_never(const struct proving *p, Z3_ast formula)
{
    for (size_t i = 0; i < p->never.count; i++)
        if (p->never.at[i] == formula)
            return true;
    return false;
}

static void compare_class(struct proving *p, const struct call_class *class)
{
    struct terms *t = p->terms;
    Z3_ast any = t->no;

    p->proof->classes++;
    subject_outcomes(p->arena, t, p->x, class, &p->xs);
    subject_outcomes(p->arena, t, p->y, class, &p->ys);
    if (alike(&p->xs, &p->ys))
        return;
    for (size_t i = 0; i < p->xs.list.count; i++)
        for (size_t j = 0; j < p->ys.list.count; j++)
            any = term_or(t, any, pair_formula(p, &p->xs.list.at[i], &p->ys.list.at[j]));
    if (any == t->no || is_known_never(p, any))
        return;
    switch (terms_check(t, class, &any, 1, NULL)) {
    case UNSATISFIABLE:
        if (is_one_number(class))
            VEC_PUSH(p->arena, &p->never, any);
        return;
    case UNKNOWN:
        give_up(p, class);
        return;
    case SATISFIABLE:
        break;
    }
    for (size_t i = 0; i < p->xs.list.count; i++)
        for (size_t j = 0; j < p->ys.list.count; j++)
            if (!is_done(p))
                explore(p, class, &p->xs.list.at[i], &p->ys.list.at[j]);
}

/* --- all classes ------------------------------------------------------------------------------*/

/* Sorted, each once, 0 among them. */
static size_t sort_cuts(struct arena *a, uint32_t *cuts, size_t count)
{
    size_t kept = 0;

    SORT_NUMBERS(a, cuts, count);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || cuts[kept - 1] != cuts[i])
            cuts[kept++] = cuts[i];
    return kept;
}

static void collect_cuts(struct proving *p, struct cuts *cuts)
{
    cuts->arena = p->arena;
    subject_cuts(p->arena, p->x, cuts);
    subject_cuts(p->arena, p->y, cuts);
    for (size_t i = 0; i < cuts->archs.count; i++)
        VEC_PUSH(p->arena, &p->named, cuts->archs.at[i]);
    /* x32 from x86_64, and negative numbers from others: the latter so that no class mixes numbers
     * of different sign */
    for (uint64_t first = 0; first <= UINT32_MAX; first += X32_BIT)
        add_cut(cuts, WORD_NR, first, UINT32_MAX);
    VEC_PUSH(p->arena, &cuts->archs, 0);
    for (size_t i = 0; i < ARCH_COUNT; i++)
        add_cut(cuts, WORD_ARCH, arch_table[i].audit, arch_table[i].audit);
    for (size_t i = 0; i < p->domain->except_count; i++)
        add_cut(cuts, WORD_NR, p->domain->except[i].low, p->domain->except[i].high);
    cuts->archs.count = sort_cuts(p->arena, cuts->archs.at, cuts->archs.count);
    cuts->numbers.count = sort_cuts(p->arena, cuts->numbers.at, cuts->numbers.count);
}

static bool is_named(const struct proving *p, uint32_t audit)
{
    for (size_t i = 0; i < p->named.count; i++)
        if (p->named.at[i] == audit)
            return true;
    return false;
}

/* Classes are cut where exceptions begin and end. */
static bool is_excepted(const struct domain *d, const struct arch *arch, uint32_t nr)
{
    for (size_t i = 0; i < d->except_count; i++)
        if (d->except[i].arch == arch && d->except[i].low <= nr && d->except[i].high >= nr)
            return true;
    return false;
}

static bool is_in_domain(const struct domain *d, struct limits l)
{
    const struct arch *arch = arch_of_call(l.arch_low, l.nr_low);

    if (d->no_negative && l.nr_low >> 31)
        return false;
    if (d->only && !(arch && d->only & ARCH_BIT(arch_id(arch))))
        return false;
    return is_excepted(d, arch, l.nr_low) == d->only_except;
}

static bool is_one_effect(const struct outcomes *o)
{
    return o->list.count == 1 && is_constant(o->list.at[0].effect);
}

/* Architectures that neither subject names are mostly one class each, whatever the number. */
static bool compare_whole(struct proving *p, uint32_t low, uint32_t high)
{
    struct call_class class;

    make_class(p, (struct limits){low, high, 0, UINT32_MAX}, &class);
    subject_outcomes(p->arena, p->terms, p->x, &class, &p->xs);
    subject_outcomes(p->arena, p->terms, p->y, &class, &p->ys);
    if (!is_one_effect(&p->xs) || !is_one_effect(&p->ys))
        return false;
    compare_class(p, &class);
    return true;
}

static void compare_arch(struct proving *p, uint32_t low, uint32_t high, const struct cuts *cuts)
{
    const uint32_t *numbers = cuts->numbers.at;
    struct call_class class;

    if (!p->domain->only && (low != high || !is_named(p, low)) && compare_whole(p, low, high))
        return;
    for (size_t i = 0; i < cuts->numbers.count && !is_done(p); i++) {
        uint32_t last = i + 1 < cuts->numbers.count ? numbers[i + 1] - 1 : UINT32_MAX;
        struct limits l = {low, high, numbers[i], last};

        if (!is_in_domain(p->domain, l))
            continue;
        make_class(p, l, &class);
        compare_class(p, &class);
    }
}

void prove(struct arena *a, struct terms *t, const struct subject *x, const struct subject *y,
           enum relation relation, const struct domain *domain, struct proof *proof)
{
    struct proving p = {.arena = a,
                        .terms = t,
                        .x = x,
                        .y = y,
                        .relation = relation,
                        .domain = domain,
                        .proof = proof};
    struct cuts cuts = {0};

    *proof = (struct proof){.verdict = PROOF_HOLDS};
    collect_cuts(&p, &cuts);
    for (size_t i = 0; i < cuts.archs.count && !is_done(&p); i++)
        compare_arch(&p, cuts.archs.at[i],
                     i + 1 < cuts.archs.count ? cuts.archs.at[i + 1] - 1 : UINT32_MAX, &cuts);
    if (proof->verdict == PROOF_HOLDS && proof->reason)
        proof->verdict = PROOF_UNKNOWN;
    proof->checks = t->checks;
}
