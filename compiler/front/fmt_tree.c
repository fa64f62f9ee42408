/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements as trees of the places where a line may be broken. It knows the grammar only as far as
 * that takes; a statement that it does not follow keeps its lines.
 */
#include "compiler/front/fmt_internal.h"

struct reading {
    struct arena *arena;
    const struct pieces *pieces;
    size_t at, end;
    unsigned depth;
};

static struct phrase *read_expression(struct reading *r, int least);

static int kind_at(const struct reading *r, size_t at)
{
    return at < r->end ? r->pieces->at[at].kind : TOKEN_END;
}

/* --- phrases
 * --------------------------------------------------------------------------------------
 */

static struct phrase *phrase_new(struct reading *r, enum phrase_kind kind, size_t first)
{
    struct phrase *n = ARENA_NEW(r->arena, struct phrase);

    n->kind = kind;
    n->first = n->end = first;
    return n;
}

static void add_kid(struct reading *r, struct phrase *n, struct phrase *kid)
{
    VEC_PUSH(r->arena, &n->kids, kid);
    n->end = kid->end;
}

static struct phrase *take_token(struct reading *r)
{
    struct phrase *n = phrase_new(r, PHRASE_TOKEN, r->at);

    n->end = ++r->at;
    return n;
}

/* Once all kids are there. */
static struct phrase *finish(const struct reading *r, struct phrase *n)
{
    const uint32_t *lines = r->pieces->lines;

    n->broken = n->rows || lines[n->end - 1] > lines[n->first];
    for (size_t i = 0; i < n->kids.count; i++)
        n->broken |= n->kids.at[i]->broken;
    return n;
}

/* --- expressions --------------------------------------------------------------------------------
 */

/* ( a, b, ... ), at its beginning; NULL: it is something else. */
static struct phrase *read_bracket(struct reading *r)
{
    struct phrase *n = phrase_new(r, PHRASE_BRACKET, r->at++);

    if (++r->depth > EXPR_MAX_DEPTH)
        return NULL;
    while (kind_at(r, r->at) != ')' || n->kids.count) {
        struct phrase *kid = read_expression(r, 1);
        int next = kind_at(r, r->at);

        if (!kid || (next != ',' && next != ')'))
            return NULL;
        add_kid(r, n, kid);
        if (next == ')')
            break;
        r->at++;
    }
    n->end = ++r->at;
    n->rows = n->kids.count > 1 && r->pieces->at[n->first + 1].newline;
    r->depth--;
    return finish(r, n);
}

static struct phrase *read_primary(struct reading *r)
{
    int kind = kind_at(r, r->at);
    struct phrase *n, *arguments;

    if (kind == '(')
        return read_bracket(r);
    if (!ends_operand(kind) && kind != TOKEN_KERNEL)
        return NULL;
    n = take_token(r);
    if (kind_at(r, r->at) != '(' || kind == TOKEN_NUMBER || kind == TOKEN_VERSION)
        return n;
    arguments = read_bracket(r);
    if (!arguments)
        return NULL;
    n = phrase_new(r, PHRASE_SEQUENCE, arguments->first - 1);
    r->at = n->first;
    add_kid(r, n, take_token(r));
    add_kid(r, n, arguments);
    r->at = n->end;
    return finish(r, n);
}

static struct phrase *read_unary(struct reading *r)
{
    struct phrase *n, *operand;
    size_t first = r->at;

    while (r->at < r->end && r->pieces->at[r->at].prefix)
        r->at++;
    operand = read_primary(r);
    if (!operand || operand->first == first)
        return operand;
    n = phrase_new(r, PHRASE_SEQUENCE, first);
    for (size_t end = r->at; n->end < operand->first; r->at = end) {
        r->at = n->end;
        add_kid(r, n, take_token(r));
    }
    add_kid(r, n, operand);
    return finish(r, n);
}

/* left OP right, where nothing chains: comparisons and ranges. */
static struct phrase *read_pair(struct reading *r, struct phrase *left, int binding)
{
    struct phrase *n = phrase_new(r, PHRASE_SEQUENCE, left->first), *right;

    add_kid(r, n, left);
    if (kind_at(r, r->at) == TOKEN_NOT)
        add_kid(r, n, take_token(r));
    add_kid(r, n, take_token(r));
    right = read_expression(r, binding + 1);
    if (!right)
        return NULL;
    add_kid(r, n, right);
    return finish(r, n);
}

/* left OP right OP right ... */
static struct phrase *read_chain(struct reading *r, struct phrase *left, int binding)
{
    struct phrase *n = phrase_new(r, PHRASE_CHAIN, left->first), *right;

    add_kid(r, n, left);
    while (operator_binding(kind_at(r, r->at)) == binding) {
        r->at++;
        right = read_expression(r, binding + 1);
        if (!right)
            return NULL;
        add_kid(r, n, right);
    }
    return finish(r, n);
}

/* An expression of operators that bind at least so close. */
static struct phrase *read_expression(struct reading *r, int least)
{
    struct phrase *n = read_unary(r);

    while (n) {
        int binding = operator_binding(kind_at(r, r->at));

        if (!binding || binding < least)
            break;
        if (binding == BIND_COMPARISON || binding == BIND_RANGE)
            n = read_pair(r, n, binding);
        else
            n = read_chain(r, n, binding);
    }
    return n;
}

/* --- statements ---------------------------------------------------------------------------------
 */

static size_t find(const struct reading *r, int kind)
{
    unsigned depth = 0;
    size_t at;

    for (at = r->at; at < r->end; at++) {
        int here = kind_at(r, at);

        if (here == kind && !depth)
            break;
        depth += here == '(';
        depth -= here == ')' && depth;
    }
    return at;
}

/* Words and brackets to the end, an expression behind a `=`. */
static struct phrase *read_words(struct reading *r)
{
    struct phrase *n = phrase_new(r, PHRASE_SEQUENCE, r->at);

    while (r->at < r->end) {
        bool value = r->at > n->first && kind_at(r, r->at - 1) == '=';
        struct phrase *kid = value                      ? read_expression(r, 1)
                             : kind_at(r, r->at) == '(' ? read_bracket(r)
                                                        : take_token(r);

        if (!kid)
            return NULL;
        add_kid(r, n, kid);
    }
    return n->kids.count ? finish(r, n) : NULL;
}

/* [expect [never]] condition, up to the end */
static struct phrase *read_head(struct reading *r)
{
    struct phrase *n = phrase_new(r, PHRASE_SEQUENCE, r->at), *condition;
    bool expect =
        kind_at(r, r->at) == TOKEN_EXPECT && r->at + 1 < r->end && kind_at(r, r->at + 1) != '(';

    if (expect)
        add_kid(r, n, take_token(r));
    if (expect && kind_at(r, r->at) == TOKEN_NEVER)
        add_kid(r, n, take_token(r));
    condition = read_expression(r, 1);
    if (!condition || r->at != r->end)
        return NULL;
    if (!expect)
        return condition;
    add_kid(r, n, condition);
    return finish(r, n);
}

bool statement_parse(struct arena *a, const struct pieces *pieces, size_t first, size_t end,
                     struct statement *s)
{
    struct reading r = {.arena = a, .pieces = pieces, .at = first, .end = end};
    size_t arrow = find(&r, TOKEN_ARROW);

    *s = (struct statement){0};
    if (arrow > first && arrow < end) {
        r.end = arrow;
        s->head = read_head(&r);
        if (!s->head)
            return false;
        r.end = end;
        r.at = arrow;
    }
    s->rest = read_words(&r);
    return s->rest != NULL;
}
