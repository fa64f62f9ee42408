/* SPDX-License-Identifier: Apache-2.0 */
/* The documents that a client has open: their texts count, and not those in files. */
#include "base/uri.h"
#include "compiler/lsp/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- which are open -----------------------------------------------------------------------------
 */

struct document *document_find(const struct lsp *s, const char *uri)
{
    struct document *d = s->documents;

    while (d && strcmp(d->uri, uri) != 0)
        d = d->next;
    return d;
}

static void release(struct document *d)
{
    free(d->uri);
    free(d->name);
    free(d->text);
    free(d);
}

static struct document *add(struct lsp *s, const char *uri, const char *name)
{
    struct document *d = calloc(1, sizeof(*d));

    if (!d)
        return NULL;
    d->uri = strdup(uri);
    d->name = strdup(name);
    if (!d->uri || !d->name) {
        release(d);
        return NULL;
    }
    d->next = s->documents;
    s->documents = d;
    return d;
}

int document_set(struct lsp *s, struct arena *a, const char *uri, const char *text, size_t len,
                 int64_t version)
{
    const char *path = uri_path(a, uri);
    struct document *d = document_find(s, uri);
    char *copy = malloc(len + 1);

    if (copy && !d)
        d = add(s, uri, path ? path : uri);
    if (!copy || !d) {
        free(copy);
        return -ENOMEM;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    free(d->text);
    d->text = copy;
    d->len = len;
    d->version = version;
    return 0;
}

void document_close(struct lsp *s, const char *uri)
{
    for (struct document **at = &s->documents; *at; at = &(*at)->next) {
        struct document *d = *at;

        if (strcmp(d->uri, uri) != 0)
            continue;
        *at = d->next;
        release(d);
        return;
    }
}

void lsp_release(struct lsp *s)
{
    while (s->documents)
        document_close(s, s->documents->uri);
}

void put_source_uri(const struct request *r, struct strbuf *out, const struct source *s)
{
    strbuf_puts(out, "\"uri\":");
    if (r->document && !strcmp(s->name, r->document->name)) {
        strbuf_json_string(out, r->document->uri);
        return;
    }
    strbuf_putc(out, '"');
    strbuf_uri(out, s->name);
    strbuf_putc(out, '"');
}

/* --- Position: a line and what is before it there, in units that initialize agreed on -----------
 */

/* Units of the bytes at s, one character or one stray byte. */
static unsigned units_of(const struct request *r, size_t bytes)
{
    if (r->lsp->utf8)
        return bytes ? (unsigned)bytes : 1;
    return bytes == 4 ? 2 : 1;
}

static uint32_t offset_in_line(const struct request *r, const char *line, uint32_t len,
                               uint64_t units)
{
    uint32_t at = 0;

    while (at < len) {
        size_t bytes = utf8_length(line + at, len - at);
        unsigned width = units_of(r, bytes);

        if (units < width)
            break;
        units -= width;
        at += bytes ? (uint32_t)bytes : 1;
    }
    return at;
}

bool read_position(const struct request *r, const struct json *position, uint32_t *offset)
{
    const struct source *s = r->source;
    uint64_t line, character;
    uint32_t len;
    const char *text;

    if (!json_u64(json_member(position, "line"), &line) ||
        !json_u64(json_member(position, "character"), &character))
        return false;
    if (line >= s->line_count) {
        *offset = s->len;
        return true;
    }
    text = source_line(s, (uint32_t)line + 1, &len);
    *offset = (uint32_t)(text - s->text) + offset_in_line(r, text, len, character);
    return true;
}

static void put_position(const struct request *r, struct strbuf *out, const struct source *s,
                         uint32_t offset)
{
    struct place place = source_place(s, offset);
    const char *text = s->text + offset - (place.column - 1);
    uint32_t at = 0, units = 0;

    while (at + 1 < place.column) {
        size_t bytes = utf8_length(text + at, place.column - 1 - at);

        units += units_of(r, bytes);
        at += bytes ? (uint32_t)bytes : 1;
    }
    strbuf_printf(out, "{\"line\":%u,\"character\":%u}", place.line - 1, units);
}

void put_range(const struct request *r, struct strbuf *out, struct span span)
{
    strbuf_puts(out, "\"range\":{\"start\":");
    put_position(r, out, span.source, span.begin);
    strbuf_puts(out, ",\"end\":");
    put_position(r, out, span.source, span.end);
    strbuf_putc(out, '}');
}
