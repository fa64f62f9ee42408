/* SPDX-License-Identifier: Apache-2.0 */
/* textDocument/publishDiagnostics: what lint finds; textDocument/codeAction: its fixes. */
#include "compiler/lsp/internal.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static int lint(struct request *r, struct linted *l)
{
    return lint_source(l, &r->lsp->compile, &r->lsp->lint, r->document->name, r->document->text,
                       r->document->len);
}

/* What is found in an included file is shown where the document includes it. */
static struct span place_in_document(const struct linted *l, struct span span)
{
    while (span.source && span.source != l->compile.source)
        span = span.source->included_from;
    return span.source ? span : (struct span){l->compile.source, 0, 0};
}

static void put_related(struct request *r, struct strbuf *out, const struct diag *d)
{
    const char *before = ",\"relatedInformation\":[";

    for (const struct diag_note *n = d->notes; n; n = n->next) {
        if (!n->span.source)
            continue;
        strbuf_printf(out, "%s{\"location\":{", before);
        put_source_uri(r, out, n->span.source);
        strbuf_putc(out, ',');
        put_range(r, out, n->span);
        strbuf_puts(out, "},\"message\":");
        strbuf_json_string(out, n->text);
        strbuf_putc(out, '}');
        before = ",";
    }
    if (*before == ',' && !before[1])
        strbuf_putc(out, ']');
}

/* A Diagnostic. */
static void put_finding(struct request *r, struct strbuf *out, const struct linted *l,
                        const struct diag *d)
{
    struct span span = place_in_document(l, d->span);
    const char *message = finding_message(r->arena, d);

    if (d->span.source && d->span.source != l->compile.source)
        message = arena_printf(r->arena, "%s:%u: %s", d->span.source->name,
                               source_place(d->span.source, d->span.begin).line, message);
    strbuf_putc(out, '{');
    put_range(r, out, span);
    strbuf_printf(out, ",\"severity\":%d,\"code\":\"%s\",\"source\":\"easyseccomp\",\"message\":",
                  d->severity == SEVERITY_ERROR ? 1 : 2, d->kind->id);
    strbuf_json_string(out, message);
    put_related(r, out, d);
    strbuf_putc(out, '}');
}

static void put_findings(struct request *r, struct strbuf *params, const struct linted *l)
{
    const char *between = "";

    for (size_t i = 0; i < l->findings.count; i++) {
        if (l->findings.at[i].reason)
            continue;
        strbuf_puts(params, between);
        put_finding(r, params, l, l->findings.at[i].diag);
        between = ",";
    }
}

int publish_findings(struct request *r)
{
    struct strbuf params;
    struct linted l = {0};
    int ret = lint(r, &l);

    strbuf_init(&params, r->arena);
    strbuf_puts(&params, "{\"uri\":");
    strbuf_json_string(&params, r->document->uri);
    strbuf_printf(&params, ",\"version\":%" PRId64 ",\"diagnostics\":[", r->document->version);
    if (ret == 0)
        put_findings(r, &params, &l);
    strbuf_puts(&params, "]}");
    lint_release(&l);
    notify(r, "textDocument/publishDiagnostics", strbuf_text(&params));
    return ret == -ENOMEM ? ret : 0;
}

/* --- fixes --------------------------------------------------------------------------------------
 */

/* A CodeAction. */
static void put_fix(struct request *r, const struct linted *l, const struct diag *d)
{
    struct strbuf *out = &r->result;

    strbuf_puts(out, "{\"title\":");
    strbuf_json_string(out, d->fix->what);
    strbuf_puts(out, ",\"kind\":\"quickfix\",\"diagnostics\":[");
    put_finding(r, out, l, d);
    strbuf_puts(out, "],\"edit\":{\"changes\":{");
    strbuf_json_string(out, r->document->uri);
    strbuf_puts(out, ":[{");
    put_range(r, out, d->fix->span);
    strbuf_puts(out, ",\"newText\":");
    strbuf_json_string(out, d->fix->text);
    strbuf_puts(out, "}]}}}");
}

int lsp_code_action(struct request *r)
{
    const struct json *range = json_member(r->params, "range");
    struct linted l = {0};
    uint32_t begin, end;
    const char *between = "[";

    if (!read_position(r, json_member(range, "start"), &begin) ||
        !read_position(r, json_member(range, "end"), &end))
        return RPC_INVALID_PARAMS;
    if (lint(r, &l) == 0)
        for (size_t i = 0; i < l.findings.count; i++) {
            const struct diag *d = l.findings.at[i].diag;

            if (l.findings.at[i].reason || !d->fix || d->span.source != l.compile.source ||
                d->fix->span.source != l.compile.source || d->span.begin > end ||
                d->span.end < begin)
                continue;
            strbuf_puts(&r->result, between);
            put_fix(r, &l, d);
            between = ",";
        }
    strbuf_puts(&r->result, *between == '[' ? "[]" : "]");
    lint_release(&l);
    return 0;
}
