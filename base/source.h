/* SPDX-License-Identifier: Apache-2.0 */
/* Source texts and places in them. */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include "base/arena.h"
#include "base/vec.h"

#include <stdint.h>

struct source;

/* Half-open range of bytes of one source. A zeroed span is "nowhere". Offsets are 32 bits:
 * sources of 4 GiB and more are refused when read. */
struct span {
    const struct source *source;
    uint32_t begin, end;
};

struct source {
    const char *name; /* as shown to the user: path as given, or "<stdin>" */
    const char *text; /* len bytes and a NUL behind them; may hold NULs */
    uint32_t len;
    struct span included_from; /* the include statement that brought it in, or nowhere */
    uint32_t *lines;           /* offset of each line's first byte */
    uint32_t line_count;
};

/* Makes a source of a copy of text in the arena. */
struct source *source_new(struct arena *a, const char *name, const char *text, uint32_t len);

/* Both count from 1; the column counts bytes. */
struct place {
    uint32_t line, column;
};

struct place source_place(const struct source *s, uint32_t offset);
/* The line (from 1) without its line end; *len in bytes. */
const char *source_line(const struct source *s, uint32_t line, uint32_t *len);

/* From the beginning of a to the end of b; a alone where they are of different sources. */
struct span span_join(struct span a, struct span b);

#endif
