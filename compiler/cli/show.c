/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/show.h"

#include <ctype.h>

void show_place(struct span span, struct strbuf *out)
{
    if (span.source)
        strbuf_printf(out, "%s:%u", span.source->name, source_place(span.source, span.begin).line);
}

void show_text(struct span span, struct strbuf *out)
{
    bool blank = false;
    uint32_t i;

    for (i = span.begin; span.source && i < span.end; i++) {
        char c = span.source->text[i];

        if (isspace((unsigned char)c)) {
            blank = true;
            continue;
        }
        if (blank)
            strbuf_putc(out, ' ');
        blank = false;
        strbuf_putc(out, c);
    }
}
