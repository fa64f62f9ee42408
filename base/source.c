/* SPDX-License-Identifier: Apache-2.0 */
#include "base/source.h"

#include <string.h>

/* The next line after that place; NULL: it is on the last one. */
static const char *next_line(const struct source *s, const char *at)
{
    const char *end = memchr(at, '\n', s->len - (size_t)(at - s->text));

    return end ? end + 1 : NULL;
}

struct source *source_new(struct arena *a, const char *name, const char *text, uint32_t len)
{
    struct source *s = ARENA_NEW(a, struct source);
    uint32_t count = 1;

    s->name = arena_strdup(a, name);
    s->text = arena_strndup(a, text, len);
    s->len = len;
    for (const char *at = s->text; (at = next_line(s, at));)
        count++;
    s->lines = ARENA_ARRAY(a, uint32_t, count);
    s->line_count = 1;
    for (const char *at = s->text; (at = next_line(s, at));)
        s->lines[s->line_count++] = (uint32_t)(at - s->text);
    return s;
}

struct place source_place(const struct source *s, uint32_t offset)
{
    uint32_t low = 0, high = s->line_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (s->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return (struct place){low + 1, offset - s->lines[low] + 1};
}

const char *source_line(const struct source *s, uint32_t line, uint32_t *len)
{
    uint32_t begin = s->lines[line - 1];
    uint32_t end = line < s->line_count ? s->lines[line] - 1 : s->len;

    if (end > begin && s->text[end - 1] == '\r')
        end--;
    *len = end - begin;
    return s->text + begin;
}

struct span span_join(struct span a, struct span b)
{
    if (!a.source)
        return b;
    if (a.source == b.source && b.end > a.end)
        a.end = b.end;
    return a;
}
