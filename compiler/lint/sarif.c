/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"): sections of that document are
 * named below. One run over all sources; the rules are the lints and, behind them, the compiler's
 * other diagnostics.
 */
#include "base/uri.h"
#include "compiler/lint/lint.h"

#include <string.h>

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static void put_text(struct strbuf *out, const char *key, const char *text)
{
    strbuf_printf(out, "\"%s\":{\"text\":", key);
    strbuf_json_string(out, text);
    strbuf_putc(out, '}');
}

/* --- rules (3.19.23, 3.49) ---------------------------------------------------------------------
 */

static void put_rule(struct strbuf *out, const struct diag_kind *kind, enum lint_level level,
                     const char *explanation)
{
    strbuf_printf(out, "        {\"id\":\"%s\",", kind->id);
    put_text(out, "shortDescription", kind->summary);
    strbuf_putc(out, ',');
    put_text(out, "fullDescription", explanation);
    strbuf_putc(out, ',');
    put_text(out, "help", explanation);
    strbuf_printf(out, ",\"defaultConfiguration\":{%s\"level\":\"%s\"}}",
                  level == LEVEL_OFF ? "\"enabled\":false," : "",
                  level == LEVEL_ERROR ? "error" : "warning");
}

static void put_rules(struct strbuf *out)
{
    for (enum lint_id id = 0; id < LINT_COUNT; id++) {
        strbuf_puts(out, id ? ",\n" : "\n");
        put_rule(out, lint_table[id].kind, lint_table[id].level, lint_table[id].explanation);
    }
    for (size_t i = 0; i < DIAG_COUNT; i++) {
        const struct diag_kind *kind = &diag_kinds[i];

        if (lint_of_kind(kind) < LINT_COUNT)
            continue;
        strbuf_puts(out, ",\n");
        put_rule(out, kind, kind->severity == SEVERITY_ERROR ? LEVEL_ERROR : LEVEL_WARNING,
                 kind->summary);
    }
}

static size_t rule_index(const struct diag_kind *kind)
{
    size_t index = lint_of_kind(kind);

    if (index < LINT_COUNT)
        return index;
    for (const struct diag_kind *k = diag_kinds; k < kind; k++)
        index += lint_of_kind(k) == LINT_COUNT;
    return index;
}

/* --- places (3.4, 3.28 to 3.30) ----------------------------------------------------------------
 */

static void put_uri(struct strbuf *out, const char *path)
{
    strbuf_puts(out, "\"uri\":\"");
    strbuf_uri(out, path);
    strbuf_putc(out, '"');
}

/* Characters, from 1: columnKind below. */
static uint32_t column_of(const struct source *s, uint32_t offset)
{
    struct place at = source_place(s, offset);
    const char *text = s->text + offset - (at.column - 1), *end = s->text + offset;
    uint32_t column = 1;

    for (; text < end; column++) {
        size_t n = utf8_length(text, (size_t)(end - text));

        text += n ? n : 1;
    }
    return column;
}

static void put_region(struct strbuf *out, const char *key, struct span span)
{
    const struct source *s = span.source;

    strbuf_printf(out,
                  "\"%s\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u,"
                  "\"byteOffset\":%u,\"byteLength\":%u}",
                  key, source_place(s, span.begin).line, column_of(s, span.begin),
                  source_place(s, span.end).line, column_of(s, span.end), span.begin,
                  span.end - span.begin);
}

static void put_location(struct strbuf *out, struct span span)
{
    strbuf_puts(out, "\"physicalLocation\":{\"artifactLocation\":{");
    put_uri(out, span.source->name);
    strbuf_puts(out, "},");
    put_region(out, "region", span);
    strbuf_putc(out, '}');
}

/* --- results (3.27) ----------------------------------------------------------------------------
 */

static void put_message(struct strbuf *out, const struct diag *d)
{
    put_text(out, "message", finding_message(out->arena, d));
}

static void put_related(struct strbuf *out, const struct diag *d)
{
    unsigned id = 0;

    for (const struct diag_note *n = d->notes; n; n = n->next) {
        if (!n->span.source)
            continue;
        strbuf_printf(out, "%s{\"id\":%u,", id ? "," : ",\n         \"relatedLocations\":[", id);
        put_location(out, n->span);
        strbuf_putc(out, ',');
        put_text(out, "message", n->text);
        strbuf_putc(out, '}');
        id++;
    }
    if (id)
        strbuf_putc(out, ']');
}

static void put_fix(struct strbuf *out, const struct diag_fix *fix)
{
    strbuf_puts(out, ",\n         \"fixes\":[{");
    put_text(out, "description", fix->what);
    strbuf_puts(out, ",\"artifactChanges\":[{\"artifactLocation\":{");
    put_uri(out, fix->span.source->name);
    strbuf_puts(out, "},\"replacements\":[{");
    put_region(out, "deletedRegion", fix->span);
    strbuf_putc(out, ',');
    put_text(out, "insertedContent", fix->text);
    strbuf_puts(out, "}]}]}]");
}

static void put_result(struct strbuf *out, const struct finding *f)
{
    const struct diag *d = f->diag;

    strbuf_printf(out, "        {\"ruleId\":\"%s\",\"ruleIndex\":%zu,\"level\":\"%s\",\n         ",
                  d->kind->id, rule_index(d->kind),
                  d->severity == SEVERITY_ERROR ? "error" : "warning");
    put_message(out, d);
    strbuf_puts(out, ",\n         \"locations\":[{");
    put_location(out, d->span);
    strbuf_puts(out, "}]");
    put_related(out, d);
    if (d->fix)
        put_fix(out, d->fix);
    if (f->reason) {
        strbuf_puts(out, ",\n         \"suppressions\":[{\"kind\":\"inSource\",\"status\":"
                         "\"accepted\",\"justification\":");
        strbuf_json_string(out, f->reason);
        strbuf_puts(out, "}]");
    }
    strbuf_putc(out, '}');
}

void lint_sarif(const struct linted *list, size_t count, const char *version, struct strbuf *out)
{
    bool first = true;

    strbuf_puts(out, "{\n  \"$schema\":\"" SCHEMA "\",\n"
                     "  \"version\":\"2.1.0\",\n"
                     "  \"runs\":[{\n"
                     "    \"tool\":{\"driver\":{\n"
                     "      \"name\":\"easyseccomp\",\n      \"version\":");
    strbuf_json_string(out, version);
    strbuf_puts(out, ",\n      \"rules\":[");
    put_rules(out);
    strbuf_puts(out, "\n      ]}},\n"
                     "    \"columnKind\":\"unicodeCodePoints\",\n"
                     "    \"invocations\":[{\"executionSuccessful\":true}],\n"
                     "    \"artifacts\":[");
    for (size_t i = 0; i < count; i++) {
        strbuf_puts(out, i ? ",{\"location\":{" : "{\"location\":{");
        put_uri(out, list[i].compile.source->name);
        strbuf_puts(out, "}}");
    }
    strbuf_puts(out, "],\n    \"results\":[");
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < list[i].findings.count; j++) {
            strbuf_puts(out, first ? "\n" : ",\n");
            put_result(out, &list[i].findings.at[j]);
            first = false;
        }
    strbuf_puts(out, first ? "]\n  }]\n}\n" : "\n    ]\n  }]\n}\n");
}
