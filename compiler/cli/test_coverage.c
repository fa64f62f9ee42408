/* SPDX-License-Identifier: Apache-2.0 */
/* Coverage of a policy: which rules decide calls, and which comparisons come out both ways. */
#include "compiler/cli/test.h"

#include "compiler/cli/show.h"
#include "compiler/graph/weights.h"
#include "compiler/sema/eval.h"

#include <stdlib.h>
#include <string.h>

static bool is_branch(const struct cond *cond)
{
    return cond->kind == COND_ATOM && cond->atom.field != FIELD_NR && cond->span.source;
}

static struct covered_comparison *comparison(struct covered_rule *r, struct span span)
{
    for (size_t i = 0; i < r->comparisons.count; i++) {
        const struct span *s = &r->comparisons.at[i].span;

        if (s->begin == span.begin && s->end == span.end &&
            !strcmp(s->source->name, span.source->name))
            return &r->comparisons.at[i];
    }
    return NULL;
}

static void add_comparisons(struct coverage *c, struct covered_rule *r, const struct cond *cond)
{
    for (size_t i = 0; i < cond->kid_count; i++)
        add_comparisons(c, r, cond->kids[i]);
    if (is_branch(cond) && !comparison(r, cond->span))
        VEC_PUSH(c->arena, &r->comparisons, ((struct covered_comparison){.span = cond->span}));
}

static const char *key_of(struct coverage *c, const struct rule *rule)
{
    return arena_printf(c->arena, "%u %s", rule->span.begin, rule->span.source->name);
}

static struct covered_rule *find_rule(struct coverage *c, const struct rule *rule)
{
    const char *key = key_of(c, rule);

    return strmap_get(&c->by_place, key, (uint32_t)strlen(key));
}

static void add_rule(struct coverage *c, const struct rule *rule)
{
    struct covered_rule *r;

    if (!rule->span.source)
        return;
    r = find_rule(c, rule);
    if (!r) {
        const char *key = key_of(c, rule);

        r = ARENA_NEW(c->arena, struct covered_rule);
        r->span = rule->span;
        strmap_put(c->arena, &c->by_place, key, (uint32_t)strlen(key), r);
        VEC_PUSH(c->arena, &c->rules, r);
    }
    add_comparisons(c, r, rule->cond);
}

void coverage_add_policy(struct coverage *c, const struct policy *p)
{
    for (size_t i = 0; i < p->target_count; i++)
        for (size_t j = 0; j < p->targets[i].rule_count; j++)
            add_rule(c, p->targets[i].rules[j]);
}

/* --- following calls ----------------------------------------------------------------------------
 */

/* Evaluates from left to right, as far as it takes. */
static bool follow(struct covered_rule *r, const struct cond *cond, const struct seccomp_data *call)
{
    bool is_and = cond->kind == COND_AND, holds = eval_cond(cond, call);

    if (cond->kind == COND_NOT)
        follow(r, cond->kids[0], call);
    if (is_and || cond->kind == COND_OR)
        for (size_t i = 0; i < cond->kid_count; i++)
            if (follow(r, cond->kids[i], call) != is_and)
                break;
    if (is_branch(cond)) {
        struct covered_comparison *b = comparison(r, cond->span);

        b->held |= holds;
        b->failed |= !holds;
    }
    return holds;
}

void coverage_follow(struct coverage *c, const struct target *t, const struct seccomp_data *call)
{
    for (size_t i = 0; i < t->rule_count; i++) {
        const struct rule *rule = t->rules[i];
        struct covered_rule *r = rule->span.source ? find_rule(c, rule) : NULL;
        bool holds = r ? follow(r, rule->cond, call) : eval_cond(rule->cond, call);

        if (r)
            r->reached |= holds;
        if (holds)
            return;
    }
}

void coverage_follow_trace(struct coverage *c, const struct compile *compile)
{
    const struct tuning *tuning = &compile->options.tuning;
    const struct policy *p = compile->policy;

    for (size_t i = 0; i < p->target_count; i++)
        for (size_t j = 0; j < tuning->trace_count; j++) {
            struct seccomp_data call = {.arch = p->targets[i].arch->audit};
            int64_t nr = traced_number(&tuning->trace[j], p->targets[i].arch);

            call.nr = (int)nr;
            for (size_t k = 0; k < ARRAY_SIZE(call.args); k++)
                call.args[k] = tuning->trace[j].args[k];
            if (nr >= 0)
                coverage_follow(c, &p->targets[i], &call);
        }
}

/* --- reports ------------------------------------------------------------------------------------
 */

static int by_place(const void *pa, const void *pb)
{
    const struct covered_rule *a = *(struct covered_rule *const *)pa;
    const struct covered_rule *b = *(struct covered_rule *const *)pb;
    int order = strcmp(a->span.source->name, b->span.source->name);

    return order ? order : a->span.begin < b->span.begin ? -1 : 1;
}

struct sums {
    size_t rules, reached, branches, taken;
};

static struct sums sum_up(struct coverage *c)
{
    struct sums s = {.rules = c->rules.count};

    if (c->rules.count)
        qsort(c->rules.at, c->rules.count, sizeof(*c->rules.at), by_place);
    for (size_t i = 0; i < c->rules.count; i++) {
        const struct covered_rule *r = c->rules.at[i];

        s.reached += r->reached;
        s.branches += 2 * r->comparisons.count;
        for (size_t j = 0; j < r->comparisons.count; j++)
            s.taken += r->comparisons.at[j].held + r->comparisons.at[j].failed;
    }
    return s;
}

/* What did not happen to a comparison; NULL: nothing of that. */
static const char *what_lacks(const struct covered_comparison *b)
{
    if (b->held && b->failed)
        return NULL;
    return b->held ? "never fails" : b->failed ? "never holds" : "is never looked at";
}

static void show_line(struct span span, const char *what, struct strbuf *out)
{
    strbuf_puts(out, "# ");
    show_place(span, out);
    strbuf_printf(out, ": %s: ", what);
    show_text(span, out);
    strbuf_putc(out, '\n');
}

void coverage_show(struct coverage *c, const char *name, struct strbuf *out)
{
    struct sums s = sum_up(c);

    strbuf_printf(out, "# coverage of %s: %zu of %zu rules, %zu of %zu branches\n", name, s.reached,
                  s.rules, s.taken, s.branches);
    for (size_t i = 0; i < c->rules.count; i++) {
        const struct covered_rule *r = c->rules.at[i];

        if (!r->reached)
            show_line(r->span, "not reached", out);
        for (size_t j = 0; j < r->comparisons.count; j++)
            if (what_lacks(&r->comparisons.at[j]))
                show_line(r->comparisons.at[j].span, what_lacks(&r->comparisons.at[j]), out);
    }
}

void coverage_json(struct coverage *c, struct strbuf *out)
{
    struct sums s = sum_up(c);

    strbuf_printf(out,
                  "\"rules\":%zu,\"rules_reached\":%zu,\"branches\":%zu,\"branches_taken\":%zu,"
                  "\"by_rule\":[",
                  s.rules, s.reached, s.branches, s.taken);
    for (size_t i = 0; i < c->rules.count; i++) {
        const struct covered_rule *r = c->rules.at[i];

        strbuf_puts(out, i ? ",\n   " : "\n   ");
        show_json_place(r->span, out);
        strbuf_printf(out, ",\"reached\":%s,\"comparisons\":[", r->reached ? "true" : "false");
        for (size_t j = 0; j < r->comparisons.count; j++) {
            const struct covered_comparison *b = &r->comparisons.at[j];

            strbuf_puts(out, j ? "," : "");
            show_json_place(b->span, out);
            strbuf_printf(out, ",\"held\":%s,\"failed\":%s}", b->held ? "true" : "false",
                          b->failed ? "true" : "false");
        }
        strbuf_puts(out, "]}");
    }
    strbuf_puts(out, "]");
}
