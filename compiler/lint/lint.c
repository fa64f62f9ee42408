/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/lint/internal.h"

#include <errno.h>
#include <string.h>

/* --- findings ----------------------------------------------------------------------------------
 */

struct diag *find(struct linter *l, enum lint_id id, struct span span, const char *fmt, ...)
{
    const char *text;
    va_list ap;

    if (l->options->levels[id] == LEVEL_OFF)
        return NULL;
    va_start(ap, fmt);
    text = arena_vprintf(l->arena, fmt, ap);
    va_end(ap);
    return diag_add_kind(&l->compile->diags, lint_table[id].kind, span, "%s", text);
}

void find_note(struct linter *l, struct diag *diag, struct span span, const char *fmt, ...)
{
    const char *text;
    va_list ap;

    if (!diag)
        return;
    va_start(ap, fmt);
    text = arena_vprintf(l->arena, fmt, ap);
    va_end(ap);
    diag_note(&l->compile->diags, diag, span, "%s", text);
}

void find_fix(struct linter *l, struct diag *diag, struct span span, const char *text,
              const char *what)
{
    if (diag)
        diag_fix(&l->compile->diags, diag, span, text, what);
}

struct span whole_lines(struct span span)
{
    const char *text = span.source->text;
    uint32_t begin = span.begin, end = span.end;

    while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t'))
        begin--;
    while (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')
        end++;
    if ((begin == 0 || text[begin - 1] == '\n') && text[end] == '\n')
        return (struct span){span.source, begin, end + 1};
    return span;
}

/* --- statements --------------------------------------------------------------------------------
 */

static void describe(struct linter *l, const struct decisions *d, uint32_t i)
{
    const struct rule *rule = d->target->rules[i];
    struct statement *s = &l->statements[rule->number];

    s->exists |= d->formulas[i]->kind != FORMULA_FALSE;
    if (s->span.source)
        return;
    s->span = rule->span;
    s->ret = rule->ret;
    s->item = rule->item;
    if (s->item && s->item->kind == ITEM_RULE && s->item->expr)
        collect_names(l->arena, s->item->expr, &s->names);
}

/* Also those of which no target has a rule. */
static void describe_entries(struct linter *l)
{
    for (size_t i = 0; i < l->profile->calls.count; i++) {
        const struct oci_call *entry = &l->profile->calls.at[i];
        struct statement *s = &l->statements[i];
        const struct json *n =
            entry->names->kind == JSON_ARRAY ? entry->names->first : entry->names;

        s->entry = entry;
        s->span = entry->span;
        s->ret = entry->ret;
        for (; n; n = entry->names->kind == JSON_ARRAY ? n->next : NULL) {
            struct named_call one = {syscall_by_name(n->text, n->len),
                                     json_span(l->profile->source, n)};

            if (one.call)
                VEC_PUSH(l->arena, &s->names, one);
        }
    }
}

static void find_reached(struct linter *l, struct decisions *d)
{
    for (size_t at = 0; at < d->class_count; at++) {
        struct number_class *c = &d->classes[at];

        for (size_t i = 0; i < c->count; i++)
            if (class_reaches(d, c, i))
                l->statements[number_of(d, c->rules.at[i])].reached = true;
    }
}

/* false: there is no deciding about so much. */
static bool decide(struct linter *l)
{
    const struct policy *p = l->policy;

    l->decisions = ARENA_ARRAY(l->arena, struct decisions *, p->target_count);
    l->statement_count = p->rule_numbers;
    l->statements = ARENA_ARRAY(l->arena, struct statement, l->statement_count);
    for (size_t i = 0; i < p->target_count; i++) {
        l->decisions[i] = decisions_of(l->arena, &p->targets[i], p->rule_numbers);
        if (!l->decisions[i])
            return false;
        for (uint32_t rule = 0; rule < p->targets[i].rule_count; rule++)
            describe(l, l->decisions[i], rule);
        find_reached(l, l->decisions[i]);
    }
    if (l->profile)
        describe_entries(l);
    return true;
}

/* --- the way through ---------------------------------------------------------------------------
 */

static void lint_resolved(struct linter *l)
{
    if (!decide(l)) {
        memset(l->checked, false, sizeof(l->checked));
        return;
    }
    lint_rules(l);
    lint_conditions(l);
    lint_widths(l);
    lint_calls(l);
    lint_archs(l);
    lint_names(l);
    if (l->profile)
        lint_profile(l);
}

/* ctx of run() */
struct lint_run {
    struct linted *linted;
    const struct lint_options *options;
};

static int run(void *ctx)
{
    const struct lint_run *r = ctx;
    struct compile *c = &r->linted->compile;
    struct linter l = {.arena = &c->arena,
                       .linted = r->linted,
                       .options = r->options,
                       .compile = c,
                       .policy = c->policy,
                       .profile = c->is_json ? c->profile : NULL};

    memset(l.checked, true, sizeof(l.checked));
    if (l.policy)
        lint_resolved(&l);
    if (!c->is_json)
        lint_unused(&l);
    suppress(&l);
    return 0;
}

static void hear_comment(void *ctx, struct span comment)
{
    struct linted *l = ctx;

    VEC_PUSH(&l->compile.arena, &l->comments, comment);
}

int lint_source(struct linted *l, const struct compile_options *compile,
                const struct lint_options *options, const char *name, const char *text, size_t len)
{
    struct lint_run r = {l, options};
    struct compile *c = &l->compile;
    int ret;

    memset(l, 0, sizeof(*l));
    compile_init(c, compile);
    c->options.comment = hear_comment;
    c->options.comment_ctx = l;
    ret = compile_parse(c, name, text, len);
    if (ret < 0)
        return ret;
    ret = compile_resolve(c);
    if (ret == 0)
        ret = compile_filter(c);
    if (ret == -ENOMEM)
        return ret;
    return arena_run(&c->arena, run, &r);
}

void lint_release(struct linted *l)
{
    compile_release(&l->compile);
}
