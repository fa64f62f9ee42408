/* SPDX-License-Identifier: Apache-2.0 */
/* The formatter: statements, directives and tests in their order; and what holds it to its word. */
#include "compiler/front/fmt.h"

#include "compiler/front/fmt_internal.h"

#include <string.h>

/* An #if that is open. */
struct conditional_text {
    bool cut;     /* it stands inside of a statement */
    bool all_cut; /* each of its parts so far ended inside of one */
    bool has_else;
};

struct formatting {
    struct arena *arena;
    const struct pieces *pieces;
    struct page page;
    unsigned indent;
    bool cut;         /* a directive has cut the statement that is being written */
    bool after_brace; /* nothing stands in the test yet */
    VEC(struct conditional_text) conditionals;
};

/* --- directives ---------------------------------------------------------------------------------
 */

/* The line behind the # and blanks; *len: of its word. */
static struct span directive_body(struct span line, size_t *len)
{
    const char *end = line.source->text + line.end;

    line.begin += (uint32_t)strspn(text_at(line), " \t") + 1;
    line.begin += (uint32_t)strspn(text_at(line), " \t");
    for (*len = 0; text_at(line) + *len < end; ++*len) {
        char c = text_at(line)[*len];

        if (c < 'a' || c > 'z')
            break;
    }
    return line;
}

/* Pieces of what is behind the word; false: it is none of the language, which is no fault where the
 * line is skipped. */
static bool directive_pieces(struct arena *a, struct span body, size_t word, struct pieces *pieces)
{
    struct diags faults;

    diags_init(&faults, a);
    body.begin += (uint32_t)word;
    return pieces_read(a, body, TOKEN_START_EXPRESSION, &faults, pieces);
}

static void put_directive(struct formatting *f, struct span line)
{
    size_t word;
    struct span body = directive_body(line, &word);
    struct pieces pieces;
    struct strbuf text;
    struct page l;

    strbuf_init(&text, f->arena);
    strbuf_putc(&text, '#');
    if (directive_pieces(f->arena, body, word, &pieces)) {
        page_init(&l, f->arena, &pieces);
        page_raw(&l, text_at(body), word);
        for (size_t i = 0; i < pieces.count; i++)
            page_inline(&l, i);
        strbuf_add(&text, strbuf_text(&l.text), l.text.len);
    } else {
        strbuf_add(&text, text_at(body), body.end - body.begin);
        while (text.text[text.len - 1] == ' ' || text.text[text.len - 1] == '\t')
            text.len--;
    }
    page_raw(&f->page, strbuf_text(&text), text.len);
}

/* Follows which statements directives cut: the parts of an #if go on with the same one, and so
 * does what is behind it, if none of the parts ended it. */
static void follow_directive(struct formatting *f, struct span line)
{
    size_t word;
    const char *text = text_at(directive_body(line, &word));
    struct conditional_text *c = NULL;

    if (f->conditionals.count)
        c = &f->conditionals.at[f->conditionals.count - 1];
    if (!strncmp(text, "if", 2)) {
        VEC_PUSH(f->arena, &f->conditionals, ((struct conditional_text){f->cut, true, false}));
    } else if (c && !strncmp(text, "el", 2)) {
        c->all_cut &= f->cut;
        c->has_else |= !strncmp(text, "else", 4);
        f->cut = c->cut;
    } else if (c && !strncmp(text, "endif", 5)) {
        f->cut = f->cut && c->all_cut && (c->has_else || c->cut);
        f->conditionals.count--;
    }
}

/* --- statements ---------------------------------------------------------------------------------
 */

/* The pieces up to the end of the statement, or to what cuts it. */
static size_t statement_end(const struct formatting *f, size_t first)
{
    const struct piece *p = f->pieces->at;
    size_t i;

    for (i = first;
         p[i].kind != TOKEN_END && p[i].kind != TOKEN_DIRECTIVE && p[i].kind != PIECE_RAW; i++)
        if (p[i].kind == ';')
            return i + 1;
        else if (p[i].kind == '{' || p[i].kind == '}')
            return i == first ? i + 1 : i;
    return i;
}

static bool begins_test(const struct formatting *f, size_t i)
{
    const struct piece *p = f->pieces->at;

    return p[i].kind == TOKEN_TEST && p[i + 1].kind == TOKEN_STRING && p[i + 2].kind == '{';
}

/* The empty line before a piece, and the comments there. */
static void put_before(struct formatting *f, size_t i)
{
    const struct piece *p = &f->pieces->at[i];
    bool commented = p->before.count && p->before.at[0].place == COMMENT_OWN_LINE;
    bool closes = p->kind == '}' || p->kind == TOKEN_END;

    if (commented) {
        page_comments(&f->page, i, f->indent, !f->after_brace);
        f->after_brace = false;
    }
    if (p->blank && !f->after_brace && !closes)
        page_blank_line(&f->page);
    f->after_brace = false;
}

static size_t put_statement(struct formatting *f, size_t i)
{
    size_t end = statement_end(f, i);
    const struct pieces *pieces = f->pieces;
    struct statement s;
    bool whole = pieces->at[end - 1].kind == ';';

    if (!f->cut && whole && statement_parse(f->arena, pieces, i, end, &s))
        page_statement(&f->page, &s, f->indent);
    else
        page_as_written(&f->page, i, end, f->indent, f->cut);
    f->cut = !whole;
    return end;
}

static size_t put_next(struct formatting *f, size_t i)
{
    const struct piece *p = &f->pieces->at[i];

    put_before(f, i);
    if (p->kind == TOKEN_DIRECTIVE) {
        put_directive(f, p->span);
        follow_directive(f, p->span);
    } else if (p->kind == PIECE_RAW) {
        page_raw(&f->page, text_at(p->span), p->span.end - p->span.begin);
    } else if (begins_test(f, i) && !f->cut) {
        page_as_written(&f->page, i, i + 1, f->indent, false);
        f->page.hang = FORMAT_INDENT;
        page_piece(&f->page, i + 1);
        page_piece(&f->page, i + 2);
        f->indent = FORMAT_INDENT;
        f->after_brace = true;
        return i + 3;
    } else if (p->kind == '}' && f->indent) {
        f->indent = 0;
        page_newline(&f->page, 0);
        page_piece(&f->page, i);
        f->cut = false;
    } else {
        return put_statement(f, i);
    }
    return i + 1;
}

static void put_all(struct formatting *f, struct strbuf *out)
{
    size_t i = 0;

    page_init(&f->page, f->arena, f->pieces);
    f->after_brace = true; /* no empty lines at the top either */
    while (f->pieces->at[i].kind != TOKEN_END)
        i = put_next(f, i);
    put_before(f, i);
    page_end(&f->page, out);
}

/* --- the safety net -----------------------------------------------------------------------------
 */

/* Comments are the same but for white space at the ends of lines. */
static void add_comments(const comments *list, struct strbuf *out)
{
    for (size_t i = 0; i < list->count; i++) {
        struct span span = list->at[i].span;
        const char *s = text_at(span), *end = s + (span.end - span.begin);

        while (s < end) {
            const char *newline = memchr(s, '\n', (size_t)(end - s)), *stop;

            s += strspn(s, " \t");
            newline = newline ? newline : end;
            for (stop = newline; stop > s && strchr(" \t\r", stop[-1]);)
                stop--;
            if (stop > s)
                strbuf_add(out, s, (size_t)(stop - s));
            strbuf_putc(out, '\n');
            s = newline + 1;
        }
    }
}

static void add_tokens(struct arena *a, const struct pieces *pieces, struct strbuf *tokens,
                       struct strbuf *words)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *p = &pieces->at[i];
        struct span body = p->span;
        struct pieces condition;
        size_t word = 0;

        add_comments(&p->before, words);
        add_comments(&p->after, words);
        if (p->kind == TOKEN_DIRECTIVE) {
            body = directive_body(p->span, &word);
            strbuf_printf(tokens, "#%.*s\n", (int)word, text_at(body));
            if (directive_pieces(a, body, word, &condition)) {
                add_tokens(a, &condition, tokens, words);
                continue;
            }
            while (body.end > body.begin && strchr(" \t\r", body.source->text[body.end - 1]))
                body.end--;
        }
        strbuf_printf(tokens, "%d ", p->kind);
        strbuf_add(tokens, text_at(body), body.end - body.begin);
        strbuf_putc(tokens, '\n');
    }
}

static bool is_equal(const struct strbuf *a, const struct strbuf *b)
{
    return a->len == b->len && !memcmp(strbuf_text(a), strbuf_text(b), a->len);
}

/* Nothing but white space was changed: the tokens are the same in the same order, and so are the
 * comments. */
static bool is_same(struct arena *a, const struct pieces *pieces, const char *name,
                    const struct strbuf *text)
{
    const struct source *s = source_new(a, name, strbuf_text(text), (uint32_t)text->len);
    struct strbuf tokens[2], words[2];
    struct pieces again;
    struct diags diags;

    diags_init(&diags, a);
    if (!pieces_read(a, (struct span){s, 0, s->len}, TOKEN_START_POLICY, &diags, &again))
        return false;
    for (int i = 0; i < 2; i++) {
        strbuf_init(&tokens[i], a);
        strbuf_init(&words[i], a);
        add_tokens(a, i ? &again : pieces, &tokens[i], &words[i]);
    }
    return is_equal(&tokens[0], &tokens[1]) && is_equal(&words[0], &words[1]);
}

enum format_result format_policy(struct arena *a, const struct source *s,
                                 const struct parse_options *options, struct diags *diags,
                                 struct strbuf *out)
{
    struct parse_options parsing = *options;
    struct pieces pieces;
    struct formatting f = {.arena = a, .pieces = &pieces};
    struct strbuf text;

    parsing.keep_includes = true;
    parse_policy(a, s, &parsing, diags);
    if (diags->errors ||
        !pieces_read(a, (struct span){s, 0, s->len}, TOKEN_START_POLICY, diags, &pieces))
        return FORMAT_REFUSED;
    strbuf_init(&text, a);
    put_all(&f, &text);
    if (!is_same(a, &pieces, s->name, &text))
        return FORMAT_FAULTY;
    strbuf_add(out, strbuf_text(&text), text.len);
    return FORMAT_DONE;
}
