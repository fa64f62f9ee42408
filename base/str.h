/* SPDX-License-Identifier: Apache-2.0 */
/* Text building in an arena, and nearness of names. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"
#include "base/source.h"

#include <stdbool.h>

/* Text under construction; empty when zeroed but for the arena. Always NUL-terminated once
 * something was added. */
struct strbuf {
    struct arena *arena;
    char *text;
    size_t len, room;
};

void strbuf_init(struct strbuf *b, struct arena *a);
void strbuf_add(struct strbuf *b, const char *bytes, size_t len);
void strbuf_puts(struct strbuf *b, const char *s);
void strbuf_putc(struct strbuf *b, char c);
void strbuf_printf(struct strbuf *b, const char *fmt, ...) PRINTF(2, 3);
void strbuf_vprintf(struct strbuf *b, const char *fmt, va_list ap) PRINTF(2, 0);
/* The text, "" if nothing was added; lives as long as the arena. */
const char *strbuf_text(const struct strbuf *b);

/* Length of the valid UTF-8 sequence at s (at most len bytes), 0 if there is none. */
size_t utf8_length(const char *s, size_t len);

/* Appends s as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void strbuf_json_string(struct strbuf *b, const char *s);

/* "Did you mean": fed with candidates one by one, keeps the nearest by edits (insert, delete,
 * replace, swap of neighbours) that is near enough to be a slip of the pen. Ties: first fed. */
struct nearest {
    const char *wanted;
    size_t wanted_len;
    const char *best; /* NULL: nothing near */
    unsigned best_distance;
};

void nearest_init(struct nearest *n, const char *wanted, size_t len);
void nearest_feed(struct nearest *n, const char *candidate);

/* What stands at span, in one line: white space is one blank, control characters are left out. Of
 * more than `most` bytes the beginning and "...". */
void source_excerpt(struct span span, size_t most, struct strbuf *out);

#endif
