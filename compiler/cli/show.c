/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/show.h"

#define MOST_TEXT 160 /* bytes */

void show_place(struct span span, struct strbuf *out)
{
    if (span.source)
        strbuf_printf(out, "%s:%u", span.source->name, source_place(span.source, span.begin).line);
}

void show_json_place(struct span span, struct strbuf *out)
{
    struct place place = source_place(span.source, span.begin);

    strbuf_puts(out, "{\"file\":");
    strbuf_json_string(out, span.source->name);
    strbuf_printf(out, ",\"line\":%u,\"column\":%u", place.line, place.column);
}

void show_text(struct span span, struct strbuf *out)
{
    source_excerpt(span, MOST_TEXT, out);
}
