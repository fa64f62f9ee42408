/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as text and JSON: those of the compiler's diagnostics. */
#include "compiler/lint/lint.h"

#include "base/diag_render.h"

static struct diags shown_of(const struct linted *list, size_t count, struct arena *a)
{
    struct diags shown;

    diags_init(&shown, a);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < list[i].findings.count; j++)
            if (!list[i].findings.at[j].reason)
                VEC_PUSH(a, &shown.list, list[i].findings.at[j].diag);
    return shown;
}

const char *finding_message(struct arena *a, const struct diag *d)
{
    struct strbuf text;

    strbuf_init(&text, a);
    strbuf_puts(&text, d->text);
    for (const struct diag_note *n = d->notes; n; n = n->next)
        if (!n->span.source)
            strbuf_printf(&text, "\n%s", n->text);
    return strbuf_text(&text);
}

void lint_text(const struct linted *list, size_t count, bool colour, struct strbuf *out)
{
    struct diags shown = shown_of(list, count, out->arena);

    diags_render_text(&shown, colour, out);
}

void lint_json(const struct linted *list, size_t count, struct strbuf *out)
{
    struct diags shown = shown_of(list, count, out->arena);

    diags_render_json(&shown, out);
}
