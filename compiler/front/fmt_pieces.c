/* SPDX-License-Identifier: Apache-2.0 */
/* The lossless view of a policy: every token, all text of #if selected, and the comments. */
#include "compiler/front/fmt_internal.h"

#include <string.h>

typedef VEC(struct piece) piece_list;

bool ends_operand(int kind)
{
    return is_word_token(kind) || kind == TOKEN_NUMBER || kind == TOKEN_VERSION ||
           kind == TOKEN_VARIABLE || kind == TOKEN_SYSCALL || kind == TOKEN_SET_NAME ||
           kind == TOKEN_STRING || kind == ')';
}

int operator_binding(int kind)
{
    static const struct {
        int kind, binding;
    } operators[] = {
        {TOKEN_OR, 1},   {TOKEN_AND, 2}, {TOKEN_EQ, 3}, {TOKEN_NE, 3}, {'<', 3},
        {TOKEN_LE, 3},   {'>', 3},       {TOKEN_GE, 3}, {TOKEN_IN, 3}, {TOKEN_NOT, 3},
        {TOKEN_DOTS, 4}, {'|', 5},       {'^', 6},      {'&', 7},      {TOKEN_SHL, 8},
        {TOKEN_SHR, 8},  {'+', 9},       {'-', 9},
    };

    for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
        if (operators[i].kind == kind)
            return operators[i].binding;
    return 0;
}

/* --- comments -----------------------------------------------------------------------------------
 */

/* What stands between two pieces, line by line. */
struct gap {
    struct arena *arena;
    struct span rest; /* still to be looked at */
    unsigned newlines;
    comments line; /* those of the line at hand */
};

static bool is_comment(const struct gap *g)
{
    const char *s = text_at(g->rest);

    return g->rest.end - g->rest.begin >= 2 && *s == '/' && (s[1] == '/' || s[1] == '*');
}

static struct span take_comment(struct gap *g)
{
    const char *s = text_at(g->rest), *end = g->rest.source->text + g->rest.end, *close;
    struct span span = g->rest;

    if (s[1] == '/') {
        close = memchr(s, '\n', (size_t)(end - s));
        close = close ? close : end;
        g->rest.begin += (uint32_t)(close - s);
        while (close[-1] == '\r' || close[-1] == ' ' || close[-1] == '\t')
            close--;
    } else {
        close = memmem(s + 2, (size_t)(end - s - 2), "*/", 2);
        close = close ? close + 2 : end;
        g->rest.begin += (uint32_t)(close - s);
    }
    span.end = span.begin + (uint32_t)(close - s);
    return span;
}

/* Moves the comments of the line that has ended to where they belong. */
static void end_line(struct gap *g, enum comment_place place, comments *to)
{
    for (size_t i = 0; i < g->line.count; i++) {
        struct comment c = g->line.at[i];

        c.place = place;
        c.blank = c.blank && place == COMMENT_OWN_LINE;
        VEC_PUSH(g->arena, to, c);
    }
    g->line.count = 0;
}

/* Sorts what is between `before`, NULL at the beginning of the text, and `after`. */
static void read_gap(struct arena *a, struct span gap, struct piece *before, struct piece *after)
{
    struct gap g = {.arena = a, .rest = gap, .newlines = before ? 0 : 1};
    bool first_line = true;

    while (g.rest.begin < g.rest.end) {
        char c = *text_at(g.rest);

        if (c == '\n') {
            end_line(&g, before && first_line ? COMMENT_TRAILING : COMMENT_OWN_LINE,
                     before && first_line ? &before->after : &after->before);
            first_line = false;
            g.newlines++;
            g.rest.begin++;
        } else if (is_comment(&g)) {
            struct comment comment = {take_comment(&g), COMMENT_INLINE, g.newlines > 1};

            VEC_PUSH(a, &g.line, comment);
            g.newlines = 0;
        } else {
            g.rest.begin++;
        }
    }
    after->newline = !first_line || !before;
    after->blank = g.newlines > 1;
    if (after->kind != TOKEN_END)
        end_line(&g, COMMENT_INLINE, &after->before);
    else if (before && first_line)
        end_line(&g, COMMENT_TRAILING, &before->after);
    else
        end_line(&g, COMMENT_OWN_LINE, &after->before);
}

/* --- what is no policy --------------------------------------------------------------------------
 */

/* Text between directives need not be well-formed where it is not selected. The pieces between the
 * directives around `offset` become one of text. */
static void make_raw(struct arena *a, struct pieces *pieces, uint32_t offset)
{
    size_t first = 0, end, i;
    piece_list list = {0};
    struct span span;

    for (i = 0; i < pieces->count && pieces->at[i].span.begin <= offset; i++)
        if (pieces->at[i].kind == TOKEN_DIRECTIVE)
            first = i + 1;
    if (pieces->at[first].kind == PIECE_RAW)
        return;
    for (end = first; pieces->at[end].kind != TOKEN_END; end++)
        if (pieces->at[end].kind == TOKEN_DIRECTIVE)
            break;
    span = (struct span){pieces->at[end].span.source, 0, pieces->at[end].span.begin};
    if (first)
        span.begin = pieces->at[first - 1].span.end;
    if (*text_at(span) == '\r')
        span.begin++;
    if (*text_at(span) == '\n')
        span.begin++;
    for (i = 0; i < first; i++)
        VEC_PUSH(a, &list, pieces->at[i]);
    VEC_PUSH(a, &list, ((struct piece){.kind = PIECE_RAW, .span = span, .newline = true}));
    for (i = end; i < pieces->count; i++)
        VEC_PUSH(a, &list, pieces->at[i]);
    list.at[first + 1].before.count = 0;
    list.at[first + 1].blank = false;
    *pieces = (struct pieces){list.at, list.count, NULL};
}

/* A block comment with lines that look like directives, in text that may be skipped: skipped text
 * has no comments, so that these lines would count. */
static bool hides_directive(const struct comment *c)
{
    const char *s = text_at(c->span), *end = c->span.source->text + c->span.end;

    while ((s = memchr(s, '\n', (size_t)(end - s)))) {
        s++;
        s += strspn(s, " \t");
        if (s < end && *s == '#')
            return true;
    }
    return false;
}

static bool check_comments(const comments *list, struct diags *diags)
{
    for (size_t i = 0; i < list->count; i++)
        if (hides_directive(&list->at[i])) {
            struct diag *d = diag_add(diags, DIAG_BAD_DIRECTIVE, list->at[i].span,
                                      "a comment inside of #if has a line that begins with '#'");

            diag_note(diags, d, (struct span){0},
                      "where the text is not selected, that line is a directive");
            return false;
        }
    return true;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static bool is_conditional_end(const struct piece *p)
{
    const char *s = text_at(p->span);

    s += strspn(s, " \t") + 1;
    return !strncmp(s + strspn(s, " \t"), "endif", 5);
}

static bool is_conditional_begin(const struct piece *p)
{
    const char *s = text_at(p->span);

    s += strspn(s, " \t") + 1;
    return !strncmp(s + strspn(s, " \t"), "if", 2);
}

static bool check_all_comments(const struct pieces *pieces, struct diags *diags)
{
    int depth = 0;

    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *p = &pieces->at[i];

        if (depth > 0 && (!check_comments(&p->before, diags) || !check_comments(&p->after, diags)))
            return false;
        if (p->kind == TOKEN_DIRECTIVE)
            depth += is_conditional_begin(p) - is_conditional_end(p);
    }
    return true;
}

static void read_pieces(struct arena *a, struct span range, const struct tokens *tokens,
                        piece_list *list)
{
    uint32_t at = range.begin;

    for (size_t i = 0; i < tokens->list.count; i++) {
        const struct text_token *t = &tokens->list.at[i];
        int before = i ? tokens->list.at[i - 1].kind : '(';
        struct piece p = {.kind = t->kind, .span = t->span};

        p.prefix = p.kind == '!' || p.kind == '~' || (p.kind == '-' && !ends_operand(before));
        read_gap(a, (struct span){range.source, at, p.span.begin}, i ? &list->at[i - 1] : NULL, &p);
        at = p.span.end;
        VEC_PUSH(a, list, p);
    }
}

/* --- comments at the ends of lines --------------------------------------------------------------
 */

/* `a || // why` means a, and what stands on lines before the operand is about the operand: lines
 * begin with the operator, so both go before it. */
static void move_comments(struct arena *a, struct piece *left, struct piece *operator,
                          struct piece * right)
{
    comments kept = {0};
    size_t count = operator->before.count;

    if (count && operator->before.at[count - 1].place == COMMENT_INLINE)
        return; /* in the order in which they are written */
    if (!count && !left->after.count) {
        left->after = operator->after;
        operator->after = kept;
    }
    for (size_t i = 0; i < operator->after.count; i++) {
        struct comment c = operator->after.at[i];

        c.place = COMMENT_OWN_LINE;
        VEC_PUSH(a, &operator->before, c);
    }
    operator->after = kept;
    for (size_t i = 0; i < right->before.count; i++)
        if (right->before.at[i].place == COMMENT_OWN_LINE)
            VEC_PUSH(a, &operator->before, right->before.at[i]);
        else
            VEC_PUSH(a, &kept, right->before.at[i]);
    right->before = kept;
}

/* `a // why` and then a comma: lines end with it. */
static void move_behind(struct piece *before, struct piece *p)
{
    if ((p->kind != ',' && p->kind != ';') || p->before.count || p->after.count)
        return;
    p->after = before->after;
    memset(&before->after, 0, sizeof(before->after));
}

static bool begins_lines(const struct piece *p)
{
    int binding = operator_binding(p->kind);

    return p->kind == TOKEN_ARROW ||
           (binding && binding != BIND_COMPARISON && binding != BIND_RANGE && !p->prefix);
}

static bool must_begin_line(const struct piece *before, const struct piece *p)
{
    if (before->after.count)
        return true;
    for (size_t i = 0; i < p->before.count; i++) {
        struct span span = p->before.at[i].span;

        if (p->before.at[i].place == COMMENT_OWN_LINE ||
            memchr(text_at(span), '\n', span.end - span.begin))
            return true;
    }
    return false;
}

static void settle_comments(struct arena *a, struct pieces *pieces)
{
    struct piece *p = pieces->at;

    pieces->lines = ARENA_ARRAY(a, uint32_t, pieces->count);
    for (size_t i = 1; i + 1 < pieces->count; i++)
        if (begins_lines(&p[i]) && ends_operand(p[i - 1].kind))
            move_comments(a, &p[i - 1], &p[i], &p[i + 1]);
        else
            move_behind(&p[i - 1], &p[i]);
    for (size_t i = 1; i < pieces->count; i++)
        pieces->lines[i] = pieces->lines[i - 1] + must_begin_line(&p[i - 1], &p[i]);
}

bool pieces_read(struct arena *a, struct span range, int start, struct diags *diags,
                 struct pieces *pieces)
{
    struct tokens tokens;
    struct diags faults;
    piece_list list = {0};

    diags_init(&faults, a);
    tokens_read(a, range, start, &faults, &tokens);
    read_pieces(a, range, &tokens, &list);
    *pieces = (struct pieces){list.at, list.count, NULL};
    for (size_t i = 0; i < faults.list.count; i++) {
        const struct diag *d = faults.list.at[i];

        if (d->id == DIAG_OPEN_COMMENT || start == TOKEN_START_EXPRESSION) {
            diag_add(diags, d->id, d->span, "%s", d->text);
            return false;
        }
        make_raw(a, pieces, d->span.begin);
    }
    settle_comments(a, pieces);
    return check_all_comments(pieces, diags);
}
