/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void strbuf_init(struct strbuf *b, struct arena *a)
{
    *b = (struct strbuf){.arena = a};
}

static void make_room(struct strbuf *b, size_t more)
{
    size_t need = b->len + more + 1;
    size_t room = b->room ? b->room : 64;
    char *text;

    if (need <= b->room)
        return;
    while (room < need)
        room *= 2;
    text = arena_alloc(b->arena, room);
    if (b->len)
        memcpy(text, b->text, b->len);
    b->text = text;
    b->room = room;
}

void strbuf_add(struct strbuf *b, const char *bytes, size_t len)
{
    make_room(b, len);
    if (len)
        memcpy(b->text + b->len, bytes, len);
    b->len += len;
    b->text[b->len] = '\0';
}

void strbuf_puts(struct strbuf *b, const char *s)
{
    strbuf_add(b, s, strlen(s));
}

void strbuf_putc(struct strbuf *b, char c)
{
    strbuf_add(b, &c, 1);
}

void strbuf_vprintf(struct strbuf *b, const char *fmt, va_list ap)
{
    va_list again;
    int len;

    va_copy(again, ap);
    make_room(b, 0);
    len = vsnprintf(b->text + b->len, b->room - b->len, fmt, ap);
    assert(len >= 0 && "a format of our own cannot fail");
    if ((size_t)len >= b->room - b->len) {
        make_room(b, (size_t)len);
        vsnprintf(b->text + b->len, (size_t)len + 1, fmt, again);
    }
    b->len += (size_t)len;
    va_end(again);
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    strbuf_vprintf(b, fmt, ap);
    va_end(ap);
}

const char *strbuf_text(const struct strbuf *b)
{
    return b->text ? b->text : "";
}

size_t utf8_length(const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t need, i;

    if (len == 0)
        return 0;
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xc2 && p[0] <= 0xdf)
        need = 2;
    else if ((p[0] & 0xf0) == 0xe0)
        need = 3;
    else if (p[0] >= 0xf0 && p[0] <= 0xf4)
        need = 4;
    else
        return 0;
    if (len < need)
        return 0;
    for (i = 1; i < need; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    /* overlong forms, surrogates and what lies beyond U+10FFFF (RFC 3629, section 4) */
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return need;
}

void strbuf_json_string(struct strbuf *b, const char *s)
{
    size_t left = strlen(s);

    strbuf_putc(b, '"');
    while (left) {
        size_t n = utf8_length(s, left);

        if (n == 0) {
            strbuf_puts(b, "\\ufffd");
            n = 1;
        } else if (*s == '"' || *s == '\\') {
            strbuf_printf(b, "\\%c", *s);
        } else if ((unsigned char)*s < 0x20 || *s == 0x7f) {
            strbuf_printf(b, "\\u%04x", *s);
        } else {
            strbuf_add(b, s, n);
        }
        s += n;
        left -= n;
    }
    strbuf_putc(b, '"');
}

/* Longer names are compared by this many leading bytes; no name of ours is as long. */
#define MAX_COMPARED 64

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned m = a < b ? a : b;

    return m < c ? m : c;
}

/* Optimal string alignment distance, by rows. */
static unsigned edit_distance(const char *a, size_t alen, const char *b, size_t blen)
{
    unsigned rows[3][MAX_COMPARED + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    size_t i, j;

    for (j = 0; j <= blen; j++)
        above[j] = (unsigned)j;
    for (i = 1; i <= alen; i++) {
        unsigned *oldest = before;

        row[0] = (unsigned)i;
        for (j = 1; j <= blen; j++) {
            unsigned replace = above[j - 1] + (a[i - 1] != b[j - 1]);

            row[j] = min3(above[j] + 1, row[j - 1] + 1, replace);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        before = above;
        above = row;
        row = oldest;
    }
    return above[blen];
}

void nearest_init(struct nearest *n, const char *wanted, size_t len)
{
    if (len > MAX_COMPARED)
        len = MAX_COMPARED;
    /* a third of the letters, at least one, may be wrong */
    *n = (struct nearest){wanted, len, NULL, (unsigned)(len / 3 > 1 ? len / 3 : 1) + 1};
}

void nearest_feed(struct nearest *n, const char *candidate)
{
    size_t len = strnlen(candidate, MAX_COMPARED);
    size_t apart = len > n->wanted_len ? len - n->wanted_len : n->wanted_len - len;
    unsigned d;

    if (apart >= n->best_distance)
        return;
    d = edit_distance(n->wanted, n->wanted_len, candidate, len);
    if (d < n->best_distance) {
        n->best = candidate;
        n->best_distance = d;
    }
}

void source_excerpt(struct span span, size_t most, struct strbuf *out)
{
    size_t room = out->len + most;
    bool blank = false;

    for (uint32_t i = span.begin; span.source && i < span.end; i++) {
        unsigned char c = (unsigned char)span.source->text[i];

        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            blank = true;
        } else if (out->len + blank >= room) {
            strbuf_puts(out, "...");
            return;
        } else if (c >= ' ' && c != 0x7f) {
            strbuf_puts(out, blank ? " " : "");
            strbuf_putc(out, (char)c);
            blank = false;
        }
    }
}
