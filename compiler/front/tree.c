/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/tree.h"

#include "compiler/front/preproc.h"
#include "compiler/tables/syscalls.h"

/* --- expressions ------------------------------------------------------------------------------ */

void report_too_deep(struct input *in, struct span span)
{
    diag_add(in->diags, DIAG_TOO_DEEP, span, "nested more than %d deep", EXPR_MAX_DEPTH);
}

struct expr *expr_new(struct input *in, enum expr_kind kind, struct span span)
{
    struct expr *e = ARENA_NEW(in->arena, struct expr);

    e->kind = kind;
    e->depth = 1;
    e->span = span;
    return e;
}

/* Makes e at least as deep as one step above depth; what grows over the limit is cut off. */
static void deepen(struct input *in, struct expr *e, uint32_t depth)
{
    if (e->depth > depth)
        return;
    e->depth = depth + 1;
    if (e->depth <= EXPR_MAX_DEPTH)
        return;
    if (e->depth == EXPR_MAX_DEPTH + 1) /* told once, not by all that is around it */
        report_too_deep(in, e->span);
    e->kind = EXPR_ERROR;
    e->kids = (expr_list){0};
}

static void add_kid(struct input *in, struct expr *e, struct expr *kid)
{
    VEC_PUSH(in->arena, &e->kids, kid);
    deepen(in, e, kid->depth);
}

struct expr *operand(struct input *in, struct expr *e)
{
    struct expr *kid;

    if (e->kind == EXPR_RANGE) {
        struct diag *d = diag_add(in->diags, DIAG_SYNTAX, e->span, "a range is not a value");

        diag_note(in->diags, d, (struct span){0}, "write 'VALUE in FIRST..LAST'");
        e->kind = EXPR_ERROR;
    }
    if (e->kind != EXPR_LIST)
        return e;

    kid = e->kids.at[0];
    if (e->kids.count > 1 || kid->kind == EXPR_RANGE) {
        struct diag *d = diag_add(in->diags, DIAG_SYNTAX, e->span, "a list is not a value");

        diag_note(in->diags, d, (struct span){0}, "write 'VALUE in (A, B)'");
        e->kind = EXPR_ERROR;
        return e;
    }
    kid->parenthesised = true;
    kid->span = e->span;
    deepen(in, kid, kid->depth);
    return kid;
}

struct expr *member(struct input *in, struct expr *e)
{
    return e->kind == EXPR_RANGE ? e : operand(in, e);
}

struct expr *whole(struct input *in, struct expr *e, bool is_whole)
{
    return is_whole ? operand(in, e) : expr_new(in, EXPR_ERROR, e->span);
}

struct expr *expr_named(struct input *in, enum expr_kind kind, struct name name, struct span span)
{
    struct expr *e = expr_new(in, kind, span);

    e->name = name;
    return e;
}

struct expr *expr_unary(struct input *in, enum expr_op op, struct expr *e, struct span span)
{
    struct expr *unary = expr_new(in, EXPR_UNARY, span);

    unary->op = op;
    add_kid(in, unary, operand(in, e));
    return unary;
}

static struct expr *pair(struct input *in, enum expr_kind kind, enum expr_op op, struct expr *left,
                         struct expr *right, struct span span)
{
    struct expr *e = expr_new(in, kind, span);

    e->op = op;
    add_kid(in, e, left);
    add_kid(in, e, right);
    return e;
}

struct expr *expr_binary(struct input *in, enum expr_op op, struct expr *left, struct expr *right,
                         struct span span)
{
    return pair(in, EXPR_BINARY, op, operand(in, left), operand(in, right), span);
}

struct expr *expr_in(struct input *in, enum expr_op op, struct expr *left, struct expr *right,
                     struct span span)
{
    static const bool may_follow[] = {
        [EXPR_LIST] = true,   [EXPR_RANGE] = true, [EXPR_SET] = true,
        [EXPR_KERNEL] = true, [EXPR_ERROR] = true,
    };

    if (right->kind >= ARRAY_SIZE(may_follow) || !may_follow[right->kind]) {
        struct diag *d = diag_add(in->diags, DIAG_SYNTAX, right->span,
                                  "expected a list, a range, a %%set or KERNEL() after 'in'");

        diag_note(in->diags, d, (struct span){0}, "a list of one value is written '(VALUE)'");
        right->kind = EXPR_ERROR;
    }
    return pair(in, EXPR_BINARY, op, operand(in, left), right, span);
}

struct expr *expr_range(struct input *in, struct expr *first, struct expr *last, struct span span)
{
    return pair(in, EXPR_RANGE, OP_NONE, operand(in, first), operand(in, last), span);
}

struct expr *expr_chain(struct input *in, enum expr_kind kind, struct expr *left,
                        struct expr *right, struct span span)
{
    left = operand(in, left);
    right = operand(in, right);
    if (left->kind != kind || left->parenthesised)
        return pair(in, kind, OP_NONE, left, right, span);
    left->span = span;
    add_kid(in, left, right);
    return left;
}

struct expr *expr_list_new(struct input *in)
{
    return expr_new(in, EXPR_LIST, (struct span){0});
}

struct expr *expr_list_add(struct input *in, struct expr *list, struct expr *e)
{
    VEC_PUSH(in->arena, &list->kids, e);
    return list;
}

struct expr *expr_list_end(struct input *in, struct expr *list, struct span span)
{
    size_t i;

    list->span = span;
    for (i = 0; i < list->kids.count; i++)
        deepen(in, list, list->kids.at[i]->depth);
    return list;
}

struct expr *with_arguments(struct input *in, struct expr *f, const struct expr *arguments,
                            struct span span)
{
    size_t i;

    f->has_parens = true;
    f->span = span;
    if (arguments)
        f->kids = arguments->kids;
    for (i = 0; i < f->kids.count; i++)
        deepen(in, f, f->kids.at[i]->depth);
    return f;
}

struct expr *expr_call(struct input *in, enum expr_kind kind, struct name name,
                       const struct expr *arguments, struct span span)
{
    return with_arguments(in, expr_named(in, kind, name, span), arguments, span);
}

/* Takes digits up to a dot or the end; the lexer has seen to it that nothing else is there. */
static uint32_t version_part(const char **s, const char *end)
{
    uint32_t n = 0;

    for (; *s < end && **s != '.'; ++*s)
        if (n < 100000)
            n = n * 10 + (uint32_t)(**s - '0');
    if (*s < end)
        ++*s;
    return n;
}

struct expr *expr_kernel(struct input *in, struct name version, struct span span)
{
    static const uint32_t most[3] = {0xffff, 0xff, 0xff}; /* kernel_release has 16, 8, 8 bits */
    struct expr *e = expr_new(in, EXPR_KERNEL, span);
    const char *s = version.text, *end = version.text + version.len;
    uint32_t part[3] = {0};
    size_t n = 0;
    bool fits = true;

    e->name = version;
    for (; s < end && n < 3; n++) {
        part[n] = version_part(&s, end);
        fits = fits && part[n] <= most[n];
    }
    if (n < 2 || s < end || !fits) {
        struct diag *d = diag_add(in->diags, DIAG_BAD_VERSION, version.span,
                                  "'%.*s' is not a kernel version", (int)version.len, version.text);

        if (fits)
            diag_note(in->diags, d, (struct span){0}, "a version is written 5.10 or 2.6.12");
        e->kind = EXPR_ERROR;
    }
    e->number = KERNEL_RELEASE(part[0], part[1], part[2]);
    return e;
}

/* --- statements ------------------------------------------------------------------------------- */

name_list *names_new(struct input *in)
{
    return ARENA_NEW(in->arena, name_list);
}

name_list *names_add(struct input *in, name_list *names, struct name name)
{
    VEC_PUSH(in->arena, names, name);
    return names;
}

struct action_expr *action_new(struct input *in, struct name name, struct expr *data,
                               struct span span)
{
    struct action_expr *action = ARENA_NEW(in->arena, struct action_expr);

    *action = (struct action_expr){name, data, span};
    return action;
}

struct action_expr *action_without_parens(struct input *in, struct name name, struct span span)
{
    struct diag *d = diag_add(in->diags, DIAG_SYNTAX, span, "expected '(' after '%.*s'",
                              (int)name.len, name.text);

    diag_note(in->diags, d, (struct span){0}, "an action is written with parentheses: '%.*s()'",
              (int)name.len, name.text);
    return action_new(in, name, NULL, span);
}

bool end_by_error(const struct input *in, struct span *span)
{
    bool nothing_lost = span->begin >= in->understood;

    span->begin = span->end = in->understood;
    return nothing_lost;
}

struct item *item_new(struct input *in, enum item_kind kind, struct span span)
{
    struct item *item = ARENA_NEW(in->arena, struct item);

    item->kind = kind;
    item->span = span;
    return item;
}

struct item *decision_new(struct input *in, const struct action_expr *action, struct name reason)
{
    struct item *item = item_new(in, ITEM_RULE, action->span);

    item->action = *action;
    item->reason = reason;
    return item;
}

struct item *item_rule(struct input *in, enum item_kind kind, struct expr *condition,
                       struct item *decision, struct span span)
{
    decision->kind = kind;
    decision->expr = condition ? operand(in, condition) : NULL;
    decision->span = span;
    return decision;
}

struct item *item_value(struct input *in, enum item_kind kind, struct name name, struct expr *value,
                        struct span span)
{
    struct item *item = item_new(in, kind, span);

    item->name = name;
    item->expr = value;
    return item;
}

struct item *item_names(struct input *in, enum item_kind kind, const name_list *names,
                        struct span span)
{
    struct item *item = item_new(in, kind, span);

    item->names = *names;
    return item;
}

struct item *item_macro(struct input *in, struct name name, const name_list *parameters,
                        struct expr *body, struct span span)
{
    struct item *item = item_value(in, ITEM_MACRO, name, body, span);

    item->names = *parameters;
    return item;
}

struct item *item_test(struct item *test, struct name title, struct span span)
{
    test->name = title;
    test->span = span;
    return test;
}

void title_without_quotes(struct input *in, struct span span)
{
    diag_add(in->diags, DIAG_SYNTAX, span, "expected the test's title, a string in quotes");
}

struct expect *expect_new(struct input *in, enum expect_kind kind, struct expr *call,
                          const struct action_expr *action)
{
    struct expect *expect = ARENA_NEW(in->arena, struct expect);

    expect->kind = kind;
    expect->call = operand(in, call);
    expect->action = *action;
    return expect;
}

struct expect *expect_finish(struct expect *expect, struct name arch, const name_list *with,
                             struct span span)
{
    expect->arch = arch;
    if (with)
        expect->with = *with;
    expect->span = span;
    return expect;
}

/* --- parts of #if ----------------------------------------------------------------------------- */

/* An #if on an architecture that is open, with the part of it that is being read. */
struct if_part {
    struct if_part *outer;
    const struct conditional *group;
    struct item *item;
    item_list *list; /* its items or else_items */
    unsigned depth;
};

void add_item(struct input *in, struct item *item)
{
    VEC_PUSH(in->arena, in->part ? in->part->list : &in->ast->items, item);
}

static void open_part(struct input *in, const struct directive *d, struct span span)
{
    struct if_part *part = ARENA_NEW(in->arena, struct if_part);

    part->depth = in->part ? in->part->depth + 1 : 1;
    if (part->depth > EXPR_MAX_DEPTH) {
        report_too_deep(in, span);
        return;
    }
    part->item = item_new(in, ITEM_IF, span);
    part->item->expr = d->condition;
    part->list = &part->item->items;
    part->group = d->group;
    add_item(in, part->item);
    part->outer = in->part;
    in->part = part;
}

static bool is_open(const struct input *in, const struct conditional *group)
{
    const struct if_part *part;

    for (part = in->part; part; part = part->outer)
        if (part->group == group)
            return true;
    return false;
}

void apply_directive(struct input *in, const struct directive *d, struct span span)
{
    if (d->kind == DIRECTIVE_IF) {
        open_part(in, d, span);
        return;
    }
    /* Where errors were recovered from, the #if may have been lost, or an #endif before this. */
    if (!is_open(in, d->group))
        return;
    while (in->part->group != d->group)
        in->part = in->part->outer;

    switch (d->kind) {
    case DIRECTIVE_IF:
        break;
    case DIRECTIVE_ELIF:
        in->part->list = &in->part->item->else_items;
        open_part(in, d, span);
        break;
    case DIRECTIVE_ELSE:
        in->part->list = &in->part->item->else_items;
        break;
    case DIRECTIVE_ENDIF:
        while (is_open(in, d->group)) {
            in->part->item->span = span_join(in->part->item->span, span);
            in->part = in->part->outer;
        }
        break;
    }
}
