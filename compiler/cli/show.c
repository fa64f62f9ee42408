/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/show.h"

#define MOST_TEXT 160 /* bytes */

void show_place(struct span span, struct strbuf *out)
{
    if (span.source)
        strbuf_printf(out, "%s:%u", span.source->name, source_place(span.source, span.begin).line);
}

void show_text(struct span span, struct strbuf *out)
{
    source_excerpt(span, MOST_TEXT, out);
}
