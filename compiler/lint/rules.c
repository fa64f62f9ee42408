/* SPDX-License-Identifier: Apache-2.0 */
/* Rules, and names in rules, that no call comes to; and rules without which nothing changes. */
#include "compiler/lint/internal.h"

#include <string.h>

/* How many rules above are tried as the one that takes all. */
#define MOST_COVERS 64

/* --- where a rule is ---------------------------------------------------------------------------
 */

/* Place in c->rules; c->rules.count: it is not there. */
static size_t place_in(const struct number_class *c, uint32_t rule)
{
    size_t low = 0, high = c->rules.count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (c->rules.at[middle] < rule)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->rules.count && c->rules.at[low] == rule ? low : c->rules.count;
}

/* --- the one rule that takes all ---------------------------------------------------------------
 */

/* Is `cover`, on this target, tried before the rule and true for all that the rule is true for? */
static bool covers_on(struct decisions *d, uint32_t cover, uint32_t rule)
{
    if (rule == NO_RULE || d->formulas[rule]->kind == FORMULA_FALSE)
        return true;
    if (cover == NO_RULE || cover > rule)
        return false;
    for (size_t i = 0; i < d->class_count; i++) {
        struct number_class *c = &d->classes[i];

        if (place_in(c, rule) < c->rules.count && class_has_more(d, c, rule, &cover, 1))
            return false;
    }
    return true;
}

static bool covers(const struct linter *l, uint32_t cover, uint32_t number)
{
    for (size_t i = 0; i < l->policy->target_count; i++) {
        struct decisions *d = l->decisions[i];

        if (!covers_on(d, d->by_number[cover], d->by_number[number]))
            return false;
    }
    return true;
}

/* The first class with the rule, of the first target that has one. */
static const struct number_class *first_class(const struct linter *l, uint32_t number,
                                              const struct decisions **d, uint32_t *rule)
{
    for (size_t i = 0; i < l->policy->target_count; i++) {
        *d = l->decisions[i];
        *rule = (*d)->by_number[number];
        for (size_t j = 0; *rule != NO_RULE && j < (*d)->class_count; j++)
            if (place_in(&(*d)->classes[j], *rule) < (*d)->classes[j].rules.count)
                return &(*d)->classes[j];
    }
    return NULL;
}

/* Number of the statement; the statement's own if there is none. */
static uint32_t find_cover(const struct linter *l, uint32_t number)
{
    const struct decisions *d;
    uint32_t rule;
    const struct number_class *c = first_class(l, number, &d, &rule);

    for (size_t i = 0; c && i < MOST_COVERS && c->rules.at[i] < rule; i++) {
        uint32_t cover = number_of(d, c->rules.at[i]);

        if (covers(l, cover, number))
            return cover;
    }
    return number;
}

/* Would the other one take the cover's calls too, were it first? Not asked about order. */
static bool same_calls(const struct linter *l, uint32_t cover, uint32_t number)
{
    for (size_t i = 0; i < l->policy->target_count; i++) {
        struct decisions *d = l->decisions[i];
        uint32_t a = d->by_number[cover], b = d->by_number[number];

        for (size_t j = 0; j < d->class_count; j++)
            if (a != NO_RULE && place_in(&d->classes[j], a) < d->classes[j].rules.count &&
                (b == NO_RULE || class_has_more(d, &d->classes[j], a, &b, 1)))
                return false;
    }
    return true;
}

/* --- rules -------------------------------------------------------------------------------------
 */

/* Is there a call for which the rule's condition holds? If not, that is told (conditions.c). */
static bool can_hold(const struct linter *l, uint32_t number)
{
    for (size_t i = 0; i < l->policy->target_count; i++) {
        struct decisions *d = l->decisions[i];
        uint32_t rule = d->by_number[number];

        for (size_t j = 0; rule != NO_RULE && j < d->class_count; j++)
            if (place_in(&d->classes[j], rule) < d->classes[j].rules.count &&
                class_has_more(d, &d->classes[j], rule, NULL, 0))
                return true;
    }
    return false;
}

static void report_unreached(struct linter *l, uint32_t number)
{
    const struct statement *s = &l->statements[number];
    uint32_t cover = find_cover(l, number);
    struct diag *diag;

    if (cover == number) {
        diag = find(l, LINT_UNREACHABLE, s->span,
                    "no call reaches this rule: those above it decide all of its calls");
    } else if (l->statements[cover].ret == s->ret && same_calls(l, cover, number)) {
        diag = find(l, LINT_DUPLICATE, s->span, "this rule stands there twice");
        find_note(l, diag, l->statements[cover].span, "the first time is here");
    } else {
        diag = find(l, LINT_SHADOWED, s->span,
                    "no call reaches this rule: one above it decides all of its calls");
        find_note(l, diag, l->statements[cover].span, "the other rule");
    }
    find_fix(l, diag, whole_lines(s->span), "", "remove the rule");
}

/* A rule of a policy that is not needed; the action has to be the default's. */
static bool is_needed(const struct linter *l, uint32_t number)
{
    for (size_t i = 0; i < l->policy->target_count; i++) {
        struct decisions *d = l->decisions[i];
        uint32_t rule = d->by_number[number];
        uint32_t last = (uint32_t)d->target->rule_count - 1;

        if (rule == NO_RULE)
            continue;
        if (d->target->rules[rule]->ret != d->target->rules[last]->ret)
            return true;
        for (size_t j = 0; j < d->class_count; j++) {
            struct number_class *c = &d->classes[j];
            size_t at = place_in(c, rule);

            if (at < c->count && class_needs(d, c, at))
                return true;
        }
    }
    return false;
}

static void check_default(struct linter *l, uint32_t number)
{
    const struct statement *s = &l->statements[number];
    struct diag *diag;

    if (!s->item || s->item->kind != ITEM_RULE || !s->item->expr || s->item->reason.len ||
        is_needed(l, number))
        return;
    diag = find(l, LINT_SAME_AS_DEFAULT, s->span, "without this rule its calls end the same way");
    find_fix(l, diag, whole_lines(s->span), "", "remove the rule");
}

/* --- names -------------------------------------------------------------------------------------
 */

/* What becomes of a name's calls. */
struct fate {
    bool known;     /* some target has such a call, and the statement is about it */
    bool reached;   /* some of them come to the statement */
    uint32_t other; /* else: the statement that decides them; NO_RULE: none, or several */
    bool several;
};

static void follow(const struct linter *l, struct decisions *d, uint32_t number,
                   const struct named_call *name, struct fate *fate)
{
    int64_t nr = syscall_number(name->call, d->target->arch);
    uint32_t rule = d->by_number[number], decider = NO_RULE;
    struct number_class *c;

    if (nr < 0)
        return;
    c = class_of(d, (uint32_t)nr);
    if (!l->profile && (rule == NO_RULE || place_in(c, rule) == c->rules.count))
        return;
    fate->known = true;
    for (size_t i = 0; i < c->count; i++) {
        uint32_t n = number_of(d, c->rules.at[i]);

        if (!class_reaches(d, c, i))
            continue;
        fate->reached |= n == number;
        if (l->profile && !l->statements[n].entry)
            continue; /* the default: what no entry decides */
        fate->several |= decider != NO_RULE && decider != n;
        decider = n;
    }
    fate->other = fate->several ? NO_RULE : decider;
}

static struct fate fate_of(const struct linter *l, uint32_t number, const struct named_call *name)
{
    struct fate fate = {.other = NO_RULE};

    for (size_t i = 0; i < l->policy->target_count; i++)
        follow(l, l->decisions[i], number, name, &fate);
    return fate;
}

/* Tells of a name whose calls another statement decides. */
static void report_name(struct linter *l, uint32_t number, const struct named_call *name,
                        const struct fate *fate)
{
    const struct statement *s = &l->statements[number];
    const struct statement *other = fate->other == NO_RULE ? NULL : &l->statements[fate->other];
    struct diag *diag;

    if (!other && !fate->several)
        return; /* the entry's conditions never hold, which is told elsewhere */
    if (other && other->ret == s->ret) {
        diag = find(l, LINT_DUPLICATE, name->span, "'%s' is decided the same way above",
                    name->call->name);
    } else {
        /* the compiler tells of entries that one without conditions overrules */
        if (other && other->entry && !other->entry->arg_count)
            return;
        diag = find(l, LINT_SHADOWED, name->span, "'%s' is decided above: here it has no effect",
                    name->call->name);
    }
    if (other)
        find_note(l, diag, other->span, "by this %s", l->profile ? "entry" : "rule");
}

static bool seen_before(const named_calls *names, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (names->at[j].call == names->at[i].call)
            return true;
    return false;
}

/* Lists only: `@a(...) || @a(...)` is one name with two conditions. */
static bool is_list(const struct statement *s)
{
    return s->entry || (s->item && s->item->expr && s->item->expr->kind == EXPR_BINARY);
}

static void check_names(struct linter *l, uint32_t number)
{
    const struct statement *s = &l->statements[number];

    for (size_t i = 0; i < s->names.count; i++) {
        const struct named_call *name = &s->names.at[i];
        struct fate fate;

        if (is_list(s) && s->names.count <= 2048 && seen_before(&s->names, i)) {
            find(l, LINT_DUPLICATE, name->span, "'%s' stands in the list twice", name->call->name);
            continue;
        }
        fate = fate_of(l, number, name);
        if (fate.known && !fate.reached)
            report_name(l, number, name, &fate);
    }
}

/* An entry that does what the default does is skipped: profile.c tells. */
static bool is_skipped(const struct linter *l, const struct statement *s)
{
    return l->profile && (!s->entry || s->entry->ret == l->profile->default_ret);
}

void lint_rules(struct linter *l)
{
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const struct statement *s = &l->statements[i];

        if (!s->span.source || is_skipped(l, s))
            continue;
        if (l->profile || s->reached)
            check_names(l, i);
        if (!l->profile && s->exists && !s->reached && can_hold(l, i))
            report_unreached(l, i);
        else if (s->reached)
            check_default(l, i);
    }
}
