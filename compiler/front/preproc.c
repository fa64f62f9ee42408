/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/preproc.h"

#include "base/str.h"
#include "compiler/front/condition.h"
#include "compiler/front/tree.h"

#include <string.h>

/* An #if that is open. */
struct conditional {
    struct conditional *outer;
    struct span opened;       /* its line */
    struct span else_line;    /* nowhere: none yet */
    bool live;                /* the text around it is selected */
    bool decided;             /* a part was selected: all others are skipped */
    bool selected;            /* the part at hand is */
    bool for_parser;          /* from this part on, parts are chosen by architecture */
    const struct name *asked; /* one that its conditions ask for, and that matters; NULL: none */
};

/* What is behind the #, piece by piece; s advances. */
struct line {
    struct input *in;
    const char *s, *end;
    struct span word; /* of the directive */
};

static struct span span_at(const struct line *l, const char *begin, const char *end)
{
    const struct source *source = l->in->source;

    return (struct span){source, (uint32_t)(begin - source->text), (uint32_t)(end - source->text)};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_blanks(struct line *l)
{
    while (l->s < l->end && is_blank(*l->s))
        l->s++;
}

static struct span take_word(struct line *l)
{
    const char *begin;

    skip_blanks(l);
    begin = l->s;
    while (l->s < l->end && is_word(*l->s))
        l->s++;
    return span_at(l, begin, l->s);
}

/* --- conditions ------------------------------------------------------------------------------- */

static const struct define *find_define(const struct input *in, const struct name *name)
{
    size_t i;

    for (i = 0; i < in->options->define_count; i++) {
        const struct define *d = &in->options->defines[i];

        if (strlen(d->name) == name->len && !memcmp(d->name, name->text, name->len))
            return d;
    }
    return NULL;
}

static uint64_t name_value(void *ctx, const struct name *name)
{
    const struct define *d = find_define(ctx, name);

    return d ? d->value : 0;
}

static bool is_like_arch(const struct name *name)
{
    return name->len > 5 && !memcmp(name->text, "ARCH_", 5);
}

/* A name like an architecture's that is neither one nor defined: misspelt, most likely, and an #if
 * that never holds is no good way to find out. */
static void check_arch_name(struct input *in, const struct name *name)
{
    struct nearest nearest;
    struct diag *d;
    size_t i;

    if (!is_like_arch(name) || find_define(in, name))
        return;
    d = diag_add(in->diags, DIAG_UNKNOWN_ARCH, name->span, "unknown architecture '%.*s'",
                 (int)name->len, name->text);
    nearest_init(&nearest, name->text, name->len);
    for (i = 0; i < ARCH_COUNT; i++)
        nearest_feed(&nearest, arch_table[i].macro);
    if (nearest.best)
        diag_note(in->diags, d, (struct span){0}, "did you mean '%s'?", nearest.best);
}

static void tell_asked(struct input *in, const struct name *name)
{
    const struct parse_options *o = in->options;
    const struct conditional *c = in->conditional;

    if (!o->asked || condition_arch(name))
        return;
    while (c && !c->asked)
        c = c->outer;
    if (o->asked(o->asked_ctx, name, c ? c->asked : NULL))
        in->conditional->asked = name;
}

static void tell_all_asked(struct input *in, const struct expr *e)
{
    if (e->kind == EXPR_NAME)
        tell_asked(in, &e->name);
    for (size_t i = 0; i < e->kids.count; i++)
        tell_all_asked(in, e->kids.at[i]);
}

/* Reports what a condition of #if cannot hold; says whether it mentions an architecture. */
static bool inspect(struct input *in, struct expr *e, bool *arch)
{
    size_t i;

    if (e->kind == EXPR_NAME && condition_arch(&e->name))
        *arch = true;
    else if (e->kind == EXPR_NAME)
        check_arch_name(in, &e->name);
    else if (!condition_has(e)) {
        struct diag *d = diag_add(in->diags, DIAG_BAD_DIRECTIVE, e->span,
                                  "this cannot stand in a condition of #if");

        diag_note(in->diags, d, (struct span){0},
                  "a condition of #if is made of names, numbers and operators");
        return false;
    }
    for (i = 0; i < e->kids.count; i++)
        if (!inspect(in, e->kids.at[i], arch))
            return false;
    return true;
}

/* The rest of the line as a condition; NULL if reported. */
static struct expr *parse_condition(struct line *l, bool *arch)
{
    struct input *outer = l->in;
    struct span rest = span_at(l, l->s, l->end);
    struct input in = {
        .arena = outer->arena,
        .diags = outer->diags,
        .source = outer->source,
        .options = outer->options,
        .start = TOKEN_START_EXPRESSION,
        .directive = true,
    };

    input_read(&in, rest.begin, rest.end);
    l->s = l->end;
    if (!in.expr || !inspect(&in, in.expr, arch))
        return NULL;
    tell_all_asked(outer, in.expr);
    return in.expr;
}

/* #ifdef NAME and #ifndef NAME as a condition; NULL if reported. */
static struct expr *parse_name(struct line *l, bool is_ifdef, bool *arch)
{
    struct input *in = l->in;
    struct expr *e;
    struct span span = take_word(l);
    const char *text = in->source->text + span.begin;

    if (span.begin == span.end || (*text >= '0' && *text <= '9')) {
        diag_add(in->diags, DIAG_BAD_DIRECTIVE, span.begin == span.end ? l->word : span,
                 "expected a name after '#%.*s'", (int)(l->word.end - l->word.begin),
                 in->source->text + l->word.begin);
        l->s = l->end;
        return NULL;
    }
    e = expr_named(in, EXPR_NAME, lexeme_name(in, span, 0), span);
    *arch = condition_arch(&e->name) != NULL;
    if (!*arch) {
        check_arch_name(in, &e->name);
        tell_asked(in, &e->name);
        /* defined is another thing than not 0 */
        e->kind = EXPR_NUMBER;
        e->number = (find_define(in, &e->name) != NULL) == is_ifdef;
    } else if (!is_ifdef) {
        e = expr_unary(in, OP_NOT, e, span);
    }
    return e;
}

/* --- directives ------------------------------------------------------------------------------- */

enum word { WORD_IF, WORD_IFDEF, WORD_IFNDEF, WORD_ELIF, WORD_ELSE, WORD_ENDIF, WORD_UNKNOWN };

static const char *const words[] = {
    [WORD_IF] = "if",     [WORD_IFDEF] = "ifdef", [WORD_IFNDEF] = "ifndef",
    [WORD_ELIF] = "elif", [WORD_ELSE] = "else",   [WORD_ENDIF] = "endif",
};

static enum word find_word(const struct line *l)
{
    const char *text = l->in->source->text + l->word.begin;
    size_t len = l->word.end - l->word.begin, i;

    for (i = 0; i < ARRAY_SIZE(words); i++)
        if (strlen(words[i]) == len && !memcmp(words[i], text, len))
            return (enum word)i;
    return WORD_UNKNOWN;
}

static struct directive *for_parser(struct input *in, enum directive_kind kind, struct expr *e)
{
    struct directive *d = ARENA_NEW(in->arena, struct directive);

    *d = (struct directive){kind, e, in->conditional};
    return d;
}

/* The first part that may be selected, under condition e. Where e is NULL, because it is faulty,
 * the part is read for the faults in it. */
static struct directive *begin_part(struct input *in, struct expr *e, bool arch)
{
    struct conditional *c = in->conditional;

    if (e && arch) {
        c->selected = c->for_parser = true;
        return for_parser(in, DIRECTIVE_IF, e);
    }
    c->selected = c->decided = !e || condition_value(in->diags, e, name_value, in) != 0;
    return NULL;
}

static struct directive *open_conditional(struct line *l, enum word word)
{
    struct input *in = l->in;
    struct conditional *c = ARENA_NEW(in->arena, struct conditional);
    struct expr *e;
    bool arch = false;

    c->live = !preproc_skips(in);
    c->opened = l->word;
    c->outer = in->conditional;
    in->conditional = c;
    if (!c->live)
        return NULL;
    e = word == WORD_IF ? parse_condition(l, &arch) : parse_name(l, word == WORD_IFDEF, &arch);
    return begin_part(in, e, arch);
}

/* Reports an #elif, #else or #endif that has no #if, or stands behind its #else. */
static bool has_place(struct line *l, enum word word)
{
    const struct conditional *c = l->in->conditional;
    struct diag *d;

    if (c && (word == WORD_ENDIF || !c->else_line.source))
        return true;
    l->s = l->end;
    if (!c) {
        diag_add(l->in->diags, DIAG_UNBALANCED_IF, l->word, "'#%s' without '#if'", words[word]);
        return false;
    }
    d = diag_add(l->in->diags, DIAG_UNBALANCED_IF, l->word, "'#%s' after '#else'", words[word]);
    diag_note(l->in->diags, d, c->else_line, "the '#else' is here");
    return false;
}

static struct directive *turn_to_elif(struct line *l)
{
    struct input *in = l->in;
    struct conditional *c = in->conditional;
    bool arch = false;
    struct expr *e;

    if (!c->live)
        return NULL;
    e = parse_condition(l, &arch);
    if (c->for_parser)
        return for_parser(in, DIRECTIVE_ELIF, e ? e : expr_new(in, EXPR_ERROR, l->word));
    if (!c->decided)
        return begin_part(in, e, arch);
    c->selected = false;
    return NULL;
}

static struct directive *turn_to_else(struct line *l)
{
    struct conditional *c = l->in->conditional;

    c->else_line = l->word;
    if (c->for_parser)
        return for_parser(l->in, DIRECTIVE_ELSE, NULL);
    c->selected = !c->decided;
    return NULL;
}

static struct directive *close_conditional(struct line *l)
{
    struct conditional *c = l->in->conditional;
    struct directive *d = c->for_parser ? for_parser(l->in, DIRECTIVE_ENDIF, NULL) : NULL;

    l->in->conditional = c->outer;
    return d;
}

static void report_unknown(const struct line *l)
{
    struct diags *diags = l->in->diags;
    struct nearest nearest;
    struct diag *d;
    size_t i;

    if (l->word.begin == l->word.end) {
        d = diag_add(diags, DIAG_BAD_DIRECTIVE, l->word, "expected a directive after '#'");
        diag_note(diags, d, (struct span){0}, "comments begin with '//'");
        return;
    }
    nearest_init(&nearest, l->in->source->text + l->word.begin, l->word.end - l->word.begin);
    d = diag_add(diags, DIAG_BAD_DIRECTIVE, l->word, "no directive is called '#%.*s'",
                 (int)nearest.wanted_len, nearest.wanted);
    for (i = 0; i < ARRAY_SIZE(words); i++)
        nearest_feed(&nearest, words[i]);
    if (nearest.best)
        diag_note(diags, d, (struct span){0}, "did you mean '#%s'?", nearest.best);
    else
        diag_note(diags, d, (struct span){0}, "comments begin with '//'");
}

/* Comments may stand behind a directive, nothing else. */
static void expect_end(struct line *l)
{
    for (;;) {
        const char *close;

        skip_blanks(l);
        if (l->s == l->end || (l->end - l->s > 1 && !memcmp(l->s, "//", 2)))
            return;
        if (l->end - l->s < 2 || memcmp(l->s, "/*", 2))
            break;
        close = memmem(l->s + 2, (size_t)(l->end - l->s - 2), "*/", 2);
        if (!close) {
            diag_add(l->in->diags, DIAG_BAD_DIRECTIVE, span_at(l, l->s, l->s + 2),
                     "a comment in a directive ends on the same line");
            return;
        }
        l->s = close + 2;
    }
    diag_add(l->in->diags, DIAG_BAD_DIRECTIVE, span_at(l, l->s, l->end),
             "unexpected text after '#%.*s'", (int)(l->word.end - l->word.begin),
             l->in->source->text + l->word.begin);
}

struct directive *preprocess(struct input *in, struct span span)
{
    const char *text = in->source->text;
    struct line l = {.in = in, .s = text + span.begin, .end = text + span.end};
    struct directive *d = NULL;
    bool skipped = preproc_skips(in);
    enum word word;

    if (l.end[-1] == '\r' && *l.end == '\n')
        l.end--;
    skip_blanks(&l);
    l.s++; /* the # */
    l.word = take_word(&l);
    word = find_word(&l);
    switch (word) {
    case WORD_IF:
    case WORD_IFDEF:
    case WORD_IFNDEF:
        d = open_conditional(&l, word);
        break;
    case WORD_ELIF:
        d = has_place(&l, word) ? turn_to_elif(&l) : NULL;
        break;
    case WORD_ELSE:
        d = has_place(&l, word) ? turn_to_else(&l) : NULL;
        break;
    case WORD_ENDIF:
        d = has_place(&l, word) ? close_conditional(&l) : NULL;
        break;
    case WORD_UNKNOWN:
        if (!skipped)
            report_unknown(&l);
        return NULL;
    }
    if (!skipped || !preproc_skips(in))
        expect_end(&l);
    return d;
}

bool preproc_skips(const struct input *in)
{
    return in->conditional && !(in->conditional->live && in->conditional->selected);
}

void preproc_end(struct input *in, struct span end)
{
    for (; in->conditional; in->conditional = in->conditional->outer) {
        struct diag *d = diag_add(in->diags, DIAG_UNBALANCED_IF, end, "'#endif' is missing");

        diag_note(in->diags, d, in->conditional->opened, "this is not closed");
    }
}
