/* SPDX-License-Identifier: Apache-2.0 */
/* Lines: what stands where, and where they are broken. */
#include "compiler/front/fmt_internal.h"

#include <string.h>

static const struct piece *piece_at(const struct page *l, size_t i)
{
    return &l->pieces->at[i];
}

/* In columns: the bytes that begin a character. */
static unsigned width_of(const char *s, size_t len)
{
    unsigned width = 0;

    for (size_t i = 0; i < len; i++)
        width += ((unsigned char)s[i] & 0xc0) != 0x80;
    return width;
}

static unsigned span_width(struct span span)
{
    return width_of(text_at(span), span.end - span.begin);
}

/* --- blanks -------------------------------------------------------------------------------------
 */

/* Something that a list in parentheses follows without a blank. */
static bool is_callee(const struct page *l, size_t i)
{
    int kind = piece_at(l, i)->kind, before = i ? piece_at(l, i - 1)->kind : ';';

    if (kind == TOKEN_SYSCALL || kind == TOKEN_SET_NAME || kind == TOKEN_KERNEL)
        return true;
    if ((kind == TOKEN_ARCH || kind == TOKEN_FLAGS) &&
        (before == ';' || before == '}' || before == TOKEN_DIRECTIVE || before == PIECE_RAW))
        return false; /* arch (x86_64); */
    return is_word_token(kind) && !(kind == TOKEN_NEVER && before == TOKEN_EXPECT);
}

/* Does `..` at i stand between two values that are one token each? */
static bool is_close_range(const struct page *l, size_t i)
{
    const struct piece *p = l->pieces->at;
    size_t left = i - 1, right = i + 1;

    if (i < 2 || i + 2 >= l->pieces->count || p[left].kind == ')')
        return false;
    while (left > 1 && p[left - 1].prefix)
        left--;
    while (right + 2 < l->pieces->count && p[right].prefix)
        right++;
    return operator_binding(p[left - 1].kind) <= BIND_RANGE && p[right].kind != '(' &&
           p[right + 1].kind != '(' && operator_binding(p[right + 1].kind) <= BIND_RANGE;
}

/* Is there a blank between the piece and the one before it? */
static bool has_blank(const struct page *l, size_t i)
{
    const struct piece *p = piece_at(l, i), *before = i ? p - 1 : NULL;

    if (!before || p->kind == ',' || p->kind == ';' || p->kind == ')' || before->kind == '(' ||
        before->prefix)
        return false;
    if (p->kind == '(')
        return !is_callee(l, i - 1);
    if (p->kind == TOKEN_DOTS)
        return !is_close_range(l, i);
    if (before->kind == TOKEN_DOTS)
        return !is_close_range(l, i - 1);
    return true;
}

/* Before and behind a comment that stands in a line before the piece. */
static bool has_blank_before_comment(const struct page *l, size_t i)
{
    return i && piece_at(l, i - 1)->kind != '(' && !piece_at(l, i - 1)->prefix;
}

static bool has_blank_behind_comment(const struct page *l, size_t i)
{
    int kind = piece_at(l, i)->kind;

    return kind != ',' && kind != ';' && kind != ')' && (kind != '(' || has_blank(l, i));
}

/* --- text ---------------------------------------------------------------------------------------
 */

static void put(struct page *l, const char *text, size_t len)
{
    const char *line = memrchr(text, '\n', len);

    strbuf_add(&l->text, text, len);
    for (size_t i = 0; line && i < len; i++)
        l->line += text[i] == '\n';
    if (line)
        l->column = width_of(line + 1, (size_t)(text + len - line - 1));
    else
        l->column += width_of(text, len);
    l->at_start = false;
}

void page_newline(struct page *l, unsigned indent)
{
    if (!l->at_start) {
        strbuf_putc(&l->text, '\n');
        l->line++;
    } else {
        l->text.len -= l->column;
    }
    for (unsigned i = 0; i < indent; i++)
        strbuf_putc(&l->text, ' ');
    l->column = l->indent = indent;
    l->at_start = true;
    l->must_break = false;
}

void page_blank_line(struct page *l)
{
    page_newline(l, 0);
    if (l->text.len) {
        strbuf_putc(&l->text, '\n');
        l->line++;
    }
}

void page_raw(struct page *l, const char *text, size_t len)
{
    page_newline(l, 0);
    if (!len)
        return;
    put(l, text, len - (text[len - 1] == '\n'));
}

/* A comment on lines of its own: all its lines move as the first one does. */
static void put_moved(struct page *l, struct span span)
{
    const char *s = text_at(span), *end = span.source->text + span.end, *newline;
    unsigned old = source_place(span.source, span.begin).column - 1, now = l->column;

    while ((newline = memchr(s, '\n', (size_t)(end - s)))) {
        size_t len = (size_t)(newline - s), blanks;

        while (len && (s[len - 1] == '\r' || s[len - 1] == ' ' || s[len - 1] == '\t'))
            len--;
        put(l, s, len);
        put(l, "\n", 1);
        s = newline + 1;
        for (unsigned i = old; i < now; i++)
            put(l, " ", 1);
        blanks = strspn(s, " \t");
        s += old > now && blanks > old - now ? old - now : old > now ? blanks : 0;
    }
    put(l, s, (size_t)(end - s));
}

static void put_own_lines(struct page *l, const struct comment *c, unsigned indent, bool blank)
{
    if (c->blank && blank)
        page_blank_line(l);
    page_newline(l, indent);
    put_moved(l, c->span);
    l->must_break = true;
}

void page_comments(struct page *l, size_t piece, unsigned indent, bool first_blank)
{
    const comments *list = &piece_at(l, piece)->before;

    for (size_t i = 0; piece >= l->commented && i < list->count; i++)
        if (list->at[i].place == COMMENT_OWN_LINE)
            put_own_lines(l, &list->at[i], indent, i > 0 || first_blank);
    l->commented = piece + 1;
}

static void put_comments_before(struct page *l, size_t piece)
{
    const comments *list = &piece_at(l, piece)->before;
    bool any = false;

    for (size_t i = 0; i < list->count; i++) {
        struct span span = list->at[i].span;

        if (list->at[i].place == COMMENT_OWN_LINE)
            continue;
        if (!l->at_start && (any || has_blank_before_comment(l, piece)))
            put(l, " ", 1);
        put(l, text_at(span), span.end - span.begin);
        any = true;
        if (i + 1 == list->count && has_blank_behind_comment(l, piece))
            put(l, " ", 1);
    }
}

static void put_comments_behind(struct page *l, size_t piece)
{
    const comments *list = &piece_at(l, piece)->after;

    for (size_t i = 0; i < list->count; i++) {
        struct span span = list->at[i].span;
        const char *text = text_at(span);
        size_t len = span.end - span.begin;

        put(l, " ", 1);
        if (i == 0 && !memchr(text, '\n', len))
            VEC_PUSH(l->arena, &l->trailing,
                     ((struct trailing){l->text.len, l->line, l->column, width_of(text, len)}));
        put(l, text, len);
        l->must_break = true;
    }
}

void page_piece(struct page *l, size_t i)
{
    const struct piece *p = piece_at(l, i);
    bool commented = p->before.count && p->before.at[p->before.count - 1].place == COMMENT_INLINE;

    page_comments(l, i, l->at_start ? l->indent : l->hang, false);
    if (l->must_break)
        page_newline(l, l->hang);
    put_comments_before(l, i);
    if (!l->at_start && !commented && has_blank(l, i))
        put(l, " ", 1);
    put(l, text_at(p->span), p->span.end - p->span.begin);
    put_comments_behind(l, i);
}

void page_inline(struct page *l, size_t i)
{
    const struct piece *p = piece_at(l, i);
    const comments *around[] = {&p->before, &p->after};

    for (int side = 0; side < 2; side++) {
        for (size_t j = 0; j < around[side]->count; j++) {
            struct span span = around[side]->at[j].span;

            put(l, " ", 1);
            put(l, text_at(span), span.end - span.begin);
        }
        if (side || p->kind == TOKEN_END)
            continue;
        if (i == 0 || has_blank(l, i))
            put(l, " ", 1);
        put(l, text_at(p->span), p->span.end - p->span.begin);
    }
}

/* --- trees --------------------------------------------------------------------------------------
 */

/* Columns of the pieces on one line, with what stands between them and the piece before. */
static unsigned flat_width(const struct page *l, size_t first, size_t end)
{
    return l->stop[end - 1] - (first ? l->stop[first - 1] : 0);
}

/* Does the phrase go on the line, with tail columns behind it? */
static bool fits(const struct page *l, const struct phrase *n, unsigned tail)
{
    unsigned width = flat_width(l, n->first, n->end);

    if (l->at_start)
        width = l->stop[n->end - 1] - l->begin[n->first];
    return !n->broken && !l->must_break && l->column + width + tail <= FORMAT_WIDTH;
}

static void put_flat(struct page *l, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        page_piece(l, i);
}

/* Does it end in a bracket whose inside can take lines of its own, while what is before stays on
 * the line? */
static bool ends_in_bracket(const struct phrase *n)
{
    if (n->kind == PHRASE_SEQUENCE)
        return ends_in_bracket(n->kids.at[n->kids.count - 1]);
    return n->kind == PHRASE_BRACKET && n->kids.count;
}

static unsigned lead(const struct page *l, const struct phrase *n);

/* What of the kids from one on has to stand on the line of what is before them; tail: what follows
 * them, if that is all. */
static unsigned lead_from(const struct page *l, const struct phrase *n, size_t kid, unsigned tail)
{
    unsigned width = 0;

    for (size_t i = kid; i < n->kids.count; i++) {
        width += lead(l, n->kids.at[i]);
        if (n->kids.at[i]->kind != PHRASE_TOKEN)
            return width;
    }
    return width + tail;
}

static unsigned lead(const struct page *l, const struct phrase *n)
{
    switch (n->kind) {
    case PHRASE_TOKEN:
    case PHRASE_BRACKET:
        return flat_width(l, n->first, n->first + 1);
    case PHRASE_SEQUENCE:
        return lead_from(l, n, 0, 0);
    case PHRASE_CHAIN:
        return lead(l, n->kids.at[0]);
    }
    __builtin_unreachable();
}

static void lay_out(struct page *l, const struct phrase *n, unsigned indent, unsigned hang,
                    unsigned tail);

static void lay_out_chain(struct page *l, const struct phrase *n, unsigned indent, unsigned hang,
                          unsigned tail)
{
    lay_out(l, n->kids.at[0], indent, hang + FORMAT_INDENT, 0);
    for (size_t i = 1; i < n->kids.count; i++) {
        const struct phrase *kid = n->kids.at[i];

        page_comments(l, kid->first - 1, hang, false);
        page_newline(l, hang);
        page_piece(l, kid->first - 1);
        lay_out(l, kid, hang, hang + FORMAT_INDENT, i + 1 == n->kids.count ? tail : 0);
    }
}

/* The inside of a bracket whose parentheses share its lines: (value in ( */
static bool is_hugged(const struct page *l, const struct phrase *n)
{
    const struct phrase *kid = n->kids.at[0];

    return n->kids.count == 1 && ends_in_bracket(kid) &&
           l->pieces->lines[n->first] == l->pieces->lines[kid->first] &&
           l->pieces->lines[kid->end - 1] == l->pieces->lines[kid->end];
}

static void lay_out_bracket(struct page *l, const struct phrase *n, unsigned indent, unsigned tail)
{
    unsigned inside = indent + FORMAT_INDENT;

    page_piece(l, n->first);
    if (n->kids.count && is_hugged(l, n)) {
        lay_out(l, n->kids.at[0], indent, inside, tail + 1);
        page_piece(l, n->end - 1);
        return;
    }
    for (size_t i = 0; i < n->kids.count; i++) {
        const struct phrase *kid = n->kids.at[i];
        const struct piece *p = piece_at(l, kid->first);
        bool last = i + 1 == n->kids.count;

        if (i == 0 || !n->rows || p->newline || l->must_break || !fits(l, kid, !last)) {
            page_comments(l, kid->first, inside, i > 0);
            if (p->blank && i > 0)
                page_blank_line(l);
            page_newline(l, inside);
        }
        lay_out(l, kid, inside, inside, !last);
        if (!last)
            page_piece(l, kid->end);
    }
    page_comments(l, n->end - 1, inside, false);
    page_newline(l, indent);
    page_piece(l, n->end - 1);
}

/* Would lines be of no use in it? */
static bool is_solid(const struct phrase *n)
{
    if (n->kind != PHRASE_BRACKET)
        return n->kind == PHRASE_TOKEN;
    return !n->broken && (!n->kids.count || (n->kids.count == 1 && is_solid(n->kids.at[0])));
}

/* Puts a phrase from the column at hand on. Brackets close at indent, operators that begin a line
 * do so at hang; tail columns follow on its last line. */
static void lay_out(struct page *l, const struct phrase *n, unsigned indent, unsigned hang,
                    unsigned tail)
{
    unsigned old = l->hang;

    l->hang = hang;
    if (is_solid(n) || fits(l, n, tail))
        put_flat(l, n->first, n->end);
    else if (n->kind == PHRASE_SEQUENCE)
        for (size_t i = 0; i < n->kids.count; i++)
            lay_out(l, n->kids.at[i], indent, hang, lead_from(l, n, i + 1, tail));
    else if (n->kind == PHRASE_CHAIN)
        lay_out_chain(l, n, indent, hang, tail);
    else
        lay_out_bracket(l, n, indent, tail);
    l->hang = old;
}

/* --- statements ---------------------------------------------------------------------------------
 */

/* `=> action;` goes behind the condition if it fits there, and if the condition does not end in
 * the middle of an enumeration. */
void page_statement(struct page *l, const struct statement *s, unsigned indent)
{
    const struct phrase *head = s->head, *rest = s->rest;
    unsigned hang = indent + FORMAT_INDENT;
    bool one_line, closes;

    page_newline(l, indent);
    l->hang = hang;
    if (head) {
        closes = ends_in_bracket(head);
        one_line = fits(l, head, 0);
        lay_out(l, head, indent, hang, 0);
        page_comments(l, rest->first, hang, false);
        if (l->must_break || !(one_line || closes) || !fits(l, rest, 0))
            page_newline(l, hang);
    }
    lay_out(l, rest, l->indent, hang, 0);
}

void page_as_written(struct page *l, size_t first, size_t end, unsigned indent, bool cut)
{
    unsigned hang = indent + FORMAT_INDENT;

    page_newline(l, cut ? hang : indent);
    l->hang = hang;
    for (size_t i = first; i < end; i++) {
        if (i > first && piece_at(l, i)->newline) {
            page_comments(l, i, hang, false);
            page_newline(l, hang);
            page_piece(l, i);
        } else {
            page_piece(l, i);
        }
    }
}

/* --- the whole ----------------------------------------------------------------------------------
 */

static void measure(struct page *l)
{
    unsigned column = 0;

    for (size_t i = 0; i < l->pieces->count; i++) {
        const struct piece *p = piece_at(l, i);
        unsigned comments_width = 0;

        for (size_t j = 0; j < p->before.count; j++)
            if (p->before.at[j].place == COMMENT_INLINE)
                comments_width += 1 + span_width(p->before.at[j].span);
        if (comments_width) {
            column += has_blank_before_comment(l, i);
            l->begin[i] = column;
            column += comments_width - !has_blank_behind_comment(l, i);
        } else {
            column += has_blank(l, i);
            l->begin[i] = column;
        }
        column += span_width(p->span);
        l->stop[i] = column;
    }
}

void page_init(struct page *l, struct arena *a, const struct pieces *pieces)
{
    *l = (struct page){.arena = a, .pieces = pieces, .at_start = true};
    l->begin = ARENA_ARRAY(a, uint32_t, pieces->count);
    l->stop = ARENA_ARRAY(a, uint32_t, pieces->count);
    strbuf_init(&l->text, a);
    measure(l);
}

/* Comments behind lines that follow each other begin in one column, if none gets too long. */
void page_end(struct page *l, struct strbuf *out)
{
    size_t from = 0, i = 0;

    if (l->text.len)
        page_newline(l, 0);
    while (i < l->trailing.count) {
        const struct trailing *t = l->trailing.at;
        unsigned column = t[i].column, width = t[i].width;
        size_t end = i + 1;

        for (; end < l->trailing.count && t[end].line == t[end - 1].line + 1; end++) {
            column = t[end].column > column ? t[end].column : column;
            width = t[end].width > width ? t[end].width : width;
        }
        for (; i < end; i++) {
            strbuf_add(out, l->text.text + from, t[i].offset - from);
            from = t[i].offset;
            for (unsigned at = t[i].column; at < column && column + width <= FORMAT_WIDTH; at++)
                strbuf_putc(out, ' ');
        }
    }
    strbuf_add(out, strbuf_text(&l->text) + from, l->text.len - from);
}
