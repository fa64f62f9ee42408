/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings that are silenced in place:
 *
 *     // lint: allow ID "reason"           above a statement, or within it, silences it there
 *     "comment": "lint: allow ID reason"   in JSON: for its entry; in the profile's object for what
 *                                          is in no entry. More than one are divided by ';'.
 */
#include "compiler/lint/internal.h"

#include <stdlib.h>
#include <string.h>

#define WORDS "lint:"

struct suppression {
    enum lint_id id;
    const char *reason;
    struct span comment; /* where it stands */
    struct span scope;   /* findings that begin in it are meant; nowhere: those that are nowhere */
    bool used;
};
typedef VEC(struct suppression) suppressions;

/* --- reading them ------------------------------------------------------------------------------
 */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A piece of a comment that is still to be read. */
struct rest {
    const char *at, *end;
};

static void skip_blanks(struct rest *r)
{
    while (r->at < r->end && is_blank(*r->at))
        r->at++;
}

/* Up to a blank; empty at the end. */
static struct name take_word(struct rest *r)
{
    struct name word;

    skip_blanks(r);
    word = (struct name){.text = r->at};
    while (r->at < r->end && !is_blank(*r->at))
        r->at++;
    word.len = (uint32_t)(r->at - word.text);
    return word;
}

static bool is_word(struct name word, const char *text)
{
    return strlen(text) == word.len && !memcmp(text, word.text, word.len);
}

/* What is left, without blanks and quotes around it. */
static const char *take_reason(struct linter *l, struct rest r)
{
    skip_blanks(&r);
    while (r.end > r.at && is_blank(r.end[-1]))
        r.end--;
    if (r.end - r.at >= 2 && *r.at == '"' && r.end[-1] == '"') {
        r.at++;
        r.end--;
    }
    return arena_strndup(l->arena, r.at, (size_t)(r.end - r.at));
}

static void report_id(struct linter *l, struct name id, struct span comment)
{
    const char *near = nearest_lint(id.text, id.len);
    struct diag *d;

    d = find(l, LINT_BAD_SUPPRESSION, comment, "there is no lint '%.*s'", (int)id.len, id.text);
    if (near)
        find_note(l, d, (struct span){0}, "did you mean '%s'?", near);
}

/* One, behind "lint:". */
static void read_one(struct linter *l, struct rest r, struct span comment, struct span scope,
                     suppressions *list)
{
    struct suppression s = {.comment = comment, .scope = scope};
    struct name id;

    if (!is_word(take_word(&r), "allow")) {
        find(l, LINT_BAD_SUPPRESSION, comment,
             "'lint:' is followed by 'allow', an id and a reason");
        return;
    }
    id = take_word(&r);
    s.id = lint_by_name(id.text, id.len);
    s.reason = take_reason(l, r);
    if (s.id == LINT_COUNT)
        report_id(l, id, comment);
    else if (!*s.reason)
        find(l, LINT_BAD_SUPPRESSION, comment, "'%s' is allowed without a reason",
             lint_table[s.id].kind->id);
    else
        VEC_PUSH(l->arena, list, s);
}

/* All in a comment of JSON. */
static void read_all(struct linter *l, const struct json *comment, struct span scope,
                     suppressions *list)
{
    struct rest r = {comment->text, comment->text + comment->len};
    struct span span = json_span(l->profile->source, comment);

    while (r.at < r.end) {
        struct rest one = {r.at, memchr(r.at, ';', (size_t)(r.end - r.at))};

        if (!one.end)
            one.end = r.end;
        r.at = one.end < r.end ? one.end + 1 : r.end;
        if (is_word(take_word(&one), WORDS))
            read_one(l, one, span, scope, list);
    }
}

/* --- where they hold ---------------------------------------------------------------------------
 */

/* The first statement that ends behind the place; nowhere if there is none. */
static struct span statement_behind(const item_list *items, struct span at, struct span found)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        if (item->kind == ITEM_IF || item->kind == ITEM_INCLUDE) {
            found = statement_behind(&item->items, at, found);
            found = statement_behind(&item->else_items, at, found);
        }
        if (item->kind != ITEM_IF && item->span.source == at.source && item->span.end > at.end &&
            (!found.source || item->span.begin < found.begin))
            found = item->span;
    }
    return found;
}

static void read_policy(struct linter *l, suppressions *list)
{
    const struct linted *d = l->linted;

    for (size_t i = 0; i < d->comments.count; i++) {
        struct span span = d->comments.at[i];
        const char *text = span.source->text + span.begin, *end = span.source->text + span.end;
        struct rest r = {text + 2, text[1] == '*' ? end - 2 : end};

        if (!is_word(take_word(&r), WORDS))
            continue;
        read_one(l, r, span, statement_behind(&l->compile->ast->items, span, (struct span){0}),
                 list);
    }
}

static void read_profile(struct linter *l, suppressions *list)
{
    const struct oci_spec *p = l->profile;
    const struct json *comment = json_member(p->root, "comment");

    for (size_t i = 0; i < p->calls.count; i++) {
        const struct json *own = json_member(p->calls.at[i].entry, "comment");

        if (own && own->kind == JSON_STRING)
            read_all(l, own, p->calls.at[i].span, list);
    }
    if (comment && comment->kind == JSON_STRING)
        read_all(l, comment, json_span(p->source, p->root), list);
}

/* --- what they silence -------------------------------------------------------------------------
 */

static bool is_about(const struct suppression *s, const struct diag *d)
{
    if (lint_table[s->id].kind != d->kind || s->scope.source != d->span.source)
        return false;
    return !d->span.source || (d->span.begin >= s->scope.begin && d->span.begin < s->scope.end);
}

/* Errors of the compiler stay: without them there is no policy. */
static bool can_be_silenced(const struct diag *d)
{
    return d->id == DIAG_COUNT || d->severity != SEVERITY_ERROR;
}

static const char *silenced(const suppressions *list, const struct diag *d)
{
    const char *reason = NULL;

    for (size_t i = 0; can_be_silenced(d) && i < list->count; i++)
        if (is_about(&list->at[i], d)) {
            list->at[i].used = true;
            if (!reason)
                reason = list->at[i].reason;
        }
    return reason;
}

/* The level that the user wants; false: none. */
static bool set_level(struct linter *l, struct diag *d)
{
    enum lint_id id = lint_of_kind(d->kind);
    enum lint_level level = d->severity == SEVERITY_ERROR ? LEVEL_ERROR : LEVEL_WARNING;

    if (id < LINT_COUNT && can_be_silenced(d))
        level = l->options->levels[id];
    if (level == LEVEL_WARNING && l->options->strict)
        level = LEVEL_ERROR;
    d->severity = level == LEVEL_ERROR ? SEVERITY_ERROR : SEVERITY_WARNING;
    return level != LEVEL_OFF;
}

static void push(struct linter *l, struct diag *d, const char *reason)
{
    if (!d->span.source) /* of several sources, at least which one it is about */
        d->span.source = l->compile->source;
    VEC_PUSH(l->arena, &l->linted->findings, ((struct finding){d, reason}));
    l->linted->shown += !reason;
}

static void report_unused(struct linter *l, const struct suppression *s)
{
    struct diag *d;

    if (l->options->levels[s->id] == LEVEL_OFF || !l->checked[s->id])
        return;
    d = find(l, LINT_UNUSED_SUPPRESSION, s->comment, "there is no '%s' here that is to be allowed",
             lint_table[s->id].kind->id);
    if (!l->profile)
        find_fix(l, d, whole_lines(s->comment), "", "remove the comment");
}

void suppress(struct linter *l)
{
    struct diags *diags = &l->compile->diags;
    suppressions list = {0};

    if (!l->profile && l->compile->ast)
        read_policy(l, &list);
    else if (l->profile)
        read_profile(l, &list);
    for (size_t i = 0; i < diags->list.count; i++)
        silenced(&list, diags->list.at[i]);
    for (size_t i = 0; l->policy && i < list.count; i++)
        if (!list.at[i].used)
            report_unused(l, &list.at[i]);
    diags_sort(diags);
    for (size_t i = 0; i < diags->list.count; i++)
        if (set_level(l, diags->list.at[i]))
            push(l, diags->list.at[i], silenced(&list, diags->list.at[i]));
}
