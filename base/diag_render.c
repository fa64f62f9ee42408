/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag_render.h"

#include <string.h>

#define TAB_WIDTH 8

static const struct {
    const char *name, *colour;
} severities[] = {
    [SEVERITY_ERROR] = {"error", "\033[1;31m"},
    [SEVERITY_WARNING] = {"warning", "\033[1;35m"},
    [SEVERITY_NOTE] = {"note", "\033[1;36m"},
};

#define FIX_COLOUR "\033[1;32m"

struct renderer {
    struct strbuf *out;
    bool colour;
};

static void paint(struct renderer *r, const char *escape)
{
    if (r->colour)
        strbuf_puts(r->out, escape);
}

/* Names, texts and source lines come from files: what could drive a terminal is shown as '?'. */
static void put_safely(struct strbuf *out, const char *s, size_t len)
{
    while (len) {
        size_t n = utf8_length(s, len);

        if (n == 0 || (n == 1 && ((unsigned char)*s < 0x20 || *s == 0x7f)) ||
            (n == 2 && (unsigned char)s[0] == 0xc2 && (unsigned char)s[1] < 0xa0)) {
            strbuf_putc(out, '?');
            n = n ? n : 1;
        } else {
            strbuf_add(out, s, n);
        }
        s += n;
        len -= n;
    }
}

static unsigned put_column(struct strbuf *out, const char *s, size_t len, unsigned column)
{
    size_t n = utf8_length(s, len);

    if (*s == '\t') {
        do
            strbuf_putc(out, ' ');
        while (++column % TAB_WIDTH);
        return column;
    }
    put_safely(out, s, n ? n : 1);
    return column + 1;
}

/* The part of a long line that is shown: some bytes before the fault and some behind. */
#define SHOWN_BEFORE 60
#define SHOWN_BEHIND 80

static void put_excerpt(struct renderer *r, struct span span, const char *colour)
{
    struct place at = source_place(span.source, span.begin);
    uint32_t len, first, last, mark = at.column - 1, i, step;
    const char *line = source_line(span.source, at.line, &len);
    unsigned column = 0, mark_column = 0, end_column = 0;
    uint32_t mark_end = mark + (span.end > span.begin ? span.end - span.begin : 1);

    if (mark > len)
        mark = len;
    if (mark_end > len)
        mark_end = len;
    first = mark > SHOWN_BEFORE ? mark - SHOWN_BEFORE : 0;
    last = mark + SHOWN_BEHIND < len ? mark + SHOWN_BEHIND : len;
    for (i = 0; i < 3 && first > 0 && ((unsigned char)line[first] & 0xc0) == 0x80; i++)
        first--; /* not into the middle of a character */

    strbuf_puts(r->out, "    ");
    for (i = first; i < last; i += step) {
        size_t n = utf8_length(line + i, len - i);

        step = n ? (uint32_t)n : 1;
        if (i <= mark)
            mark_column = column;
        column = put_column(r->out, line + i, len - i, column);
        if (i < mark_end)
            end_column = column;
    }
    if (mark >= i)
        mark_column = column;
    strbuf_printf(r->out, "\n%*s", (int)mark_column + 4, "");
    paint(r, colour);
    strbuf_putc(r->out, '^');
    for (column = mark_column + 1; column < end_column; column++)
        strbuf_putc(r->out, '~');
    paint(r, "\033[0m");
    strbuf_putc(r->out, '\n');
}

static void put_place(struct renderer *r, struct span span)
{
    struct place at = source_place(span.source, span.begin);

    put_safely(r->out, span.source->name, strlen(span.source->name));
    strbuf_printf(r->out, ":%u:%u", at.line, at.column);
}

static void put_includes(struct renderer *r, const struct source *s)
{
    if (!s || !s->included_from.source)
        return;
    put_includes(r, s->included_from.source);
    strbuf_puts(r->out, "in file included from ");
    put_place(r, s->included_from);
    strbuf_puts(r->out, ":\n");
}

static void put_message(struct renderer *r, enum severity severity, struct span span,
                        const char *text, const char *id)
{
    if (span.source) {
        paint(r, "\033[1m");
        put_place(r, span);
        paint(r, "\033[0m");
        strbuf_puts(r->out, ": ");
    }
    paint(r, severities[severity].colour);
    strbuf_printf(r->out, "%s:", severities[severity].name);
    paint(r, "\033[0m");
    strbuf_putc(r->out, ' ');
    put_safely(r->out, text, strlen(text));
    if (id)
        strbuf_printf(r->out, " [%s]", id);
    strbuf_putc(r->out, '\n');
    if (span.source)
        put_excerpt(r, span, severities[severity].colour);
}

static void put_fix(struct renderer *r, const struct diag_fix *fix)
{
    paint(r, "\033[1m");
    put_place(r, fix->span);
    paint(r, "\033[0m");
    strbuf_puts(r->out, ": ");
    paint(r, FIX_COLOUR);
    strbuf_puts(r->out, "fix:");
    paint(r, "\033[0m");
    strbuf_putc(r->out, ' ');
    put_safely(r->out, fix->what, strlen(fix->what));
    strbuf_putc(r->out, '\n');
}

void diags_render_text(const struct diags *d, bool colour, struct strbuf *out)
{
    struct renderer r = {out, colour};
    size_t i;

    for (i = 0; i < d->list.count; i++) {
        const struct diag *diag = d->list.at[i];
        const struct diag_note *note;

        put_includes(&r, diag->span.source);
        put_message(&r, diag->severity, diag->span, diag->text, diag->kind->id);
        for (note = diag->notes; note; note = note->next)
            put_message(&r, SEVERITY_NOTE, note->span, note->text, NULL);
        if (diag->fix)
            put_fix(&r, diag->fix);
    }
}

static void json_place(struct strbuf *out, struct span span)
{
    struct place begin, end;

    if (!span.source)
        return;
    begin = source_place(span.source, span.begin);
    end = source_place(span.source, span.end);
    strbuf_puts(out, ",\"file\":");
    strbuf_json_string(out, span.source->name);
    strbuf_printf(out, ",\"line\":%u,\"column\":%u,\"endLine\":%u,\"endColumn\":%u", begin.line,
                  begin.column, end.line, end.column);
}

static void json_fix(struct strbuf *out, const struct diag_fix *fix)
{
    strbuf_puts(out, ",\"fix\":{\"message\":");
    strbuf_json_string(out, fix->what);
    json_place(out, fix->span);
    strbuf_puts(out, ",\"replacement\":");
    strbuf_json_string(out, fix->text);
    strbuf_putc(out, '}');
}

void diags_render_json(const struct diags *d, struct strbuf *out)
{
    size_t i;

    strbuf_putc(out, '[');
    for (i = 0; i < d->list.count; i++) {
        const struct diag *diag = d->list.at[i];
        const struct diag_note *note;

        strbuf_printf(out, "%s{\"id\":\"%s\",\"severity\":\"%s\",\"message\":", i ? ",\n " : "",
                      diag->kind->id, severities[diag->severity].name);
        strbuf_json_string(out, diag->text);
        json_place(out, diag->span);
        strbuf_puts(out, ",\"notes\":[");
        for (note = diag->notes; note; note = note->next) {
            strbuf_puts(out, "{\"message\":");
            strbuf_json_string(out, note->text);
            json_place(out, note->span);
            strbuf_puts(out, note->next ? "}," : "}");
        }
        strbuf_putc(out, ']');
        if (diag->fix)
            json_fix(out, diag->fix);
        strbuf_putc(out, '}');
    }
    strbuf_puts(out, "]\n");
}
