/* SPDX-License-Identifier: Apache-2.0 */
/* What tokens are worth: names, numbers, strings; and what is wrong with them. */
#include "compiler/front/input.h"

#include "base/str.h"
#include "compiler/front/tree.h"

#include <string.h>

static const char *text_of(struct span span)
{
    return span.source->text + span.begin;
}

static uint32_t length_of(struct span span)
{
    return span.end - span.begin;
}

struct name lexeme_name(const struct input *in, struct span span, uint32_t skip)
{
    return (struct name){in->source->text + span.begin + skip, length_of(span) - skip, span};
}

struct expr *lexeme_syscall(struct input *in, struct span span)
{
    struct span name = span, arch = span;
    const char *at = memchr(text_of(span) + 1, '@', length_of(span) - 1);
    struct expr *e;

    if (at)
        name.end = (uint32_t)(at - span.source->text);
    e = expr_named(in, EXPR_SYSCALL, lexeme_name(in, name, 1), span);
    if (at) {
        arch.begin = name.end + 1;
        e->arch = lexeme_name(in, arch, 0);
    }
    return e;
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* Takes 0x, 0o or 0b off s; returns the base. */
static unsigned take_prefix(const char **s, const char *end)
{
    if (end - *s < 2 || **s != '0')
        return 10;
    *s += 2;
    switch ((*s)[-1]) {
    case 'x':
    case 'X':
        return 16;
    case 'o':
    case 'O':
        return 8;
    case 'b':
    case 'B':
        return 2;
    default:
        *s -= 2;
        return 8; /* its 0 is a digit like the others */
    }
}

/* 36 and more: no digit */
static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A') + 10;
    return 36;
}

static const char *base_name(unsigned base)
{
    return base == 16   ? "a hexadecimal"
           : base == 10 ? "a decimal"
           : base == 8  ? "an octal"
                        : "a binary";
}

/* Records the fault; the number is ignored from here on. */
static struct expr *PRINTF(3, 4) bad_number(struct input *in, struct expr *e, const char *fmt, ...)
{
    struct diag *d = diag_add(in->diags, DIAG_BAD_NUMBER, e->span, "'%.*s' is not a number",
                              (int)length_of(e->span), text_of(e->span));
    va_list ap;

    va_start(ap, fmt);
    diag_note(in->diags, d, (struct span){0}, "%s", arena_vprintf(in->arena, fmt, ap));
    va_end(ap);
    e->kind = EXPR_ERROR;
    return e;
}

struct expr *lexeme_number(struct input *in, struct span span)
{
    struct expr *e = expr_new(in, EXPR_NUMBER, span);
    const char *s = text_of(span), *end = s + length_of(span);
    unsigned base = take_prefix(&s, end);
    bool separated = false; /* s stands behind a digit, where a separator may be */

    if (s == end)
        return bad_number(in, e, "expected %s digit after '%.2s'", base_name(base), text_of(span));
    for (; s < end; s++) {
        unsigned digit = digit_value(*s);

        if (*s == '_') {
            if (!separated || s + 1 == end)
                return bad_number(in, e, "'_' may only stand between two digits");
            separated = false;
            continue;
        }
        if (digit >= base)
            return bad_number(in, e, "'%c' is not %s digit", *s, base_name(base));
        separated = true;
        if (__builtin_mul_overflow(e->number, (uint64_t)base, &e->number) ||
            __builtin_add_overflow(e->number, (uint64_t)digit, &e->number))
            return bad_number(in, e, "it needs more than 64 bits");
    }
    return e;
}

/* --- strings ---------------------------------------------------------------------------------- */

/* Bytes that a terminal or a log would act upon, and what is not UTF-8. */
static void check_string_bytes(struct input *in, struct span span)
{
    uint32_t i = span.begin;

    while (i < span.end) {
        const unsigned char c = (unsigned char)in->source->text[i];
        size_t n = utf8_length(in->source->text + i, span.end - i);

        if (n == 0 || (c < 0x20 && c != '\t') || c == 0x7f) {
            struct span byte = {in->source, i, i + 1};

            diag_add(in->diags, DIAG_BAD_STRING, byte, "byte 0x%02x in a string", c);
            return;
        }
        i += (uint32_t)n;
    }
}

static bool unescape(char c, char *to)
{
    switch (c) {
    case '\\':
    case '"':
        *to = c;
        return true;
    case 'n':
        *to = '\n';
        return true;
    case 't':
        *to = '\t';
        return true;
    default:
        return false;
    }
}

/* The text between the quotes. */
static struct name string_value(struct input *in, struct span inner, struct span whole)
{
    const char *s = text_of(inner), *end = s + length_of(inner);
    struct name name = {s, length_of(inner), whole};
    char *to;

    if (!memchr(s, '\\', (size_t)(end - s)))
        return name;
    name.text = to = arena_alloc(in->arena, (size_t)(end - s));
    for (; s < end; s++, to++) {
        struct span escape = {in->source, (uint32_t)(s - in->source->text), 0};

        *to = *s;
        if (*s != '\\' || ++s == end)
            continue;
        if (unescape(*s, to))
            continue;
        *to = *s;
        escape.end = escape.begin + 2;
        diag_note(in->diags,
                  diag_add(in->diags, DIAG_BAD_STRING, escape, "unknown escape '%.*s'",
                           (int)length_of(escape), text_of(escape)),
                  (struct span){0}, "escapes are \\\\ \\\" \\n \\t");
    }
    name.len = (uint32_t)(to - name.text);
    return name;
}

struct name lexeme_string(struct input *in, struct span span)
{
    struct span inner = {span.source, span.begin + 1, span.end - 1};

    check_string_bytes(in, inner);
    return string_value(in, inner, span);
}

struct name lexeme_open_string(struct input *in, struct span span)
{
    diag_add(in->diags, DIAG_BAD_STRING, span, "a string ends on its line, with '\"'");
    in->open_string = span;
    return (struct name){text_of(span) + 1, length_of(span) - 1, span};
}

/* --- what is no token ------------------------------------------------------------------------- */

/* A lone CR ends a line for some editors but not for us, a NUL ends the text for some readers:
 * what is behind must not be hidden by them. */
void lexeme_comment(struct input *in, struct span span)
{
    uint32_t i;

    if (in->options->comment)
        in->options->comment(in->options->comment_ctx, span);
    for (i = span.begin; i < span.end; i++) {
        char c = in->source->text[i];

        if (c == '\0' || (c == '\r' && in->source->text[i + 1] != '\n')) {
            lexeme_unknown(in, (struct span){in->source, i, i + 1});
            return;
        }
    }
}

void lexeme_hash(struct input *in, struct span span)
{
    struct diag *d;

    span.end = span.begin + 1;
    d = diag_add(in->diags, DIAG_UNKNOWN_BYTE, span, "'#' is not the first on its line");
    diag_note(in->diags, d, (struct span){0}, "comments begin with '//'");
}

void lexeme_unknown(struct input *in, struct span span)
{
    const char *s = text_of(span);
    unsigned char c = (unsigned char)*s;
    size_t n = utf8_length(s, in->source->len - span.begin);
    bool shown = n > 1 || (c > 0x20 && c < 0x7f);
    struct strbuf text;
    size_t i;

    span.end = span.begin + (n > 1 ? (uint32_t)n : 1);
    if (span.begin <= in->unknown && in->unknown) {
        if (span.end > in->unknown)
            in->unknown = span.end;
        return;
    }
    in->unknown = span.end;

    strbuf_init(&text, in->arena);
    if (shown)
        strbuf_printf(&text, " '%.*s'", (int)n, s);
    for (i = 0; i < span.end - span.begin; i++)
        strbuf_printf(&text, "%s0x%02x", i ? " " : shown ? " (" : " ", (unsigned char)s[i]);
    if (shown)
        strbuf_putc(&text, ')');
    diag_add(in->diags, DIAG_UNKNOWN_BYTE, span, "unknown %s%s", n > 1 ? "character" : "byte",
             strbuf_text(&text));
}
