/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/emit/source_map.h"

#include "base/sha256.h"
#include "compiler/sema/expansion.h"

#include <inttypes.h>
#include <string.h>

#define MOST_TEXT 160 /* bytes of a rule's text */

struct mapping {
    struct arena *arena;
    const struct source_map_input *in;
    struct strbuf *out;
    const struct rule **rules; /* by number; NULL: a statement that is no rule */
    unsigned *index;           /* of each in the map */
};

static void add_separator(struct strbuf *out, size_t i)
{
    strbuf_puts(out, i ? ",\n  " : "\n  ");
}

static size_t source_index(const struct mapping *m, const struct source *s)
{
    for (size_t i = 0; i < m->in->include_count; i++)
        if (!strcmp(m->in->includes[i]->name, s->name))
            return i + 1;
    return 0;
}

static void add_place(const struct mapping *m, struct span span)
{
    struct place place = source_place(span.source, span.begin);

    strbuf_printf(m->out, "{\"source\":%zu,\"line\":%u,\"column\":%u", source_index(m, span.source),
                  place.line, place.column);
}

static void add_sources(const struct mapping *m)
{
    const struct source_map_input *in = m->in;

    for (size_t i = 0; i <= in->include_count; i++) {
        const struct source *s = i ? in->includes[i - 1] : in->source;

        add_separator(m->out, i);
        strbuf_puts(m->out, "{\"name\":");
        strbuf_json_string(m->out, s->name);
        strbuf_puts(m->out, ",\"text\":");
        strbuf_json_string(m->out, s->text);
        strbuf_puts(m->out, "}");
    }
}

static void add_chain(const struct mapping *m, const struct rule *rule)
{
    struct span from = rule->span.source->included_from;
    expansions list = {0};

    if (rule->item && rule->item->expr)
        find_expansions(m->arena, m->in->ast, rule->item->expr, (struct span){0}, &list);
    strbuf_puts(m->out, ",\"macros\":[");
    for (size_t i = 0; i < list.count; i++) {
        struct name name = list.at[i].macro->name;

        strbuf_puts(m->out, i ? "," : "");
        add_place(m, list.at[i].call);
        strbuf_puts(m->out, ",\"name\":");
        strbuf_json_string(m->out, arena_strndup(m->arena, name.text, name.len));
        strbuf_puts(m->out, "}");
    }
    strbuf_puts(m->out, "],\"included_from\":[");
    for (size_t i = 0; from.source; from = from.source->included_from, i++) {
        strbuf_puts(m->out, i ? "," : "");
        add_place(m, from);
        strbuf_puts(m->out, "}");
    }
    strbuf_puts(m->out, "]");
}

static void add_rule(const struct mapping *m, const struct rule *rule)
{
    struct strbuf text;

    add_place(m, rule->span);
    strbuf_init(&text, m->arena);
    source_excerpt(rule->span, MOST_TEXT, &text);
    strbuf_puts(m->out, ",\"text\":");
    strbuf_json_string(m->out, strbuf_text(&text));
    if (rule->reason) {
        strbuf_puts(m->out, ",\"reason\":");
        strbuf_json_string(m->out, rule->reason);
    }
    add_chain(m, rule);
    strbuf_puts(m->out, "}");
}

static void add_rules(struct mapping *m)
{
    const struct policy *p = m->in->policy;
    unsigned count = 0;

    m->rules = ARENA_ARRAY(m->arena, const struct rule *, p->rule_numbers);
    m->index = ARENA_ARRAY(m->arena, unsigned, p->rule_numbers);
    for (size_t i = 0; i < p->target_count; i++)
        for (size_t j = 0; j < p->targets[i].rule_count; j++)
            m->rules[p->targets[i].rules[j]->number] = p->targets[i].rules[j];
    for (unsigned i = 0; i < p->rule_numbers; i++) {
        if (!m->rules[i] || !m->rules[i]->span.source)
            continue;
        add_separator(m->out, count);
        add_rule(m, m->rules[i]);
        m->index[i] = count++;
    }
}

/* Returns are shared by all rules with an action, loads and jumps belong to what follows. */
static void add_instructions(const struct mapping *m)
{
    const struct layout *l = m->in->layout;

    for (uint32_t i = 0; i < l->program.count; i++) {
        const struct node *n = l->node[i];
        unsigned rule = m->in->policy->rule_numbers;

        if (n && n->kind != NODE_LEAF && n->origin.source)
            for (rule = 0; rule < m->in->policy->rule_numbers; rule++)
                if (m->rules[rule] && m->rules[rule]->span.source == n->origin.source &&
                    m->rules[rule]->span.begin == n->origin.begin)
                    break;
        strbuf_puts(m->out, i ? "," : "");
        if (rule < m->in->policy->rule_numbers)
            strbuf_printf(m->out, "%u", m->index[rule]);
        else
            strbuf_puts(m->out, "null");
    }
}

const char *program_digest(struct arena *a, const struct program *p, bool big_endian)
{
    size_t len = p->count * sizeof(struct sock_filter);
    unsigned char *bytes = arena_alloc(a, len);
    char *hex = arena_alloc(a, SHA256_HEX);

    program_to_bytes(p, big_endian, bytes);
    sha256_hex(bytes, len, hex);
    return hex;
}

static void add_options(const struct mapping *m)
{
    const struct source_map_input *o = m->in;
    const struct policy *p = m->in->policy;

    strbuf_puts(m->out, " \"architectures\":[");
    for (size_t i = 0; i < p->target_count; i++)
        strbuf_printf(m->out, "%s\"%s\"", i ? "," : "", p->targets[i].arch->name);
    strbuf_puts(m->out, "],\n \"defines\":[");
    for (size_t i = 0; i < o->define_count; i++) {
        strbuf_puts(m->out, i ? ",{\"name\":" : "{\"name\":");
        strbuf_json_string(m->out, o->defines[i].name);
        strbuf_printf(m->out, ",\"value\":%" PRIu64 "}", o->defines[i].value);
    }
    strbuf_puts(m->out, "],\n \"include_dirs\":[");
    for (size_t i = 0; i < o->include_dir_count; i++) {
        strbuf_puts(m->out, i ? "," : "");
        strbuf_json_string(m->out, o->include_dirs[i]);
    }
    strbuf_puts(m->out, "],\n");
}

void emit_source_map(struct arena *a, const struct source_map_input *in, struct strbuf *out)
{
    struct mapping m = {.arena = a, .in = in, .out = out};

    strbuf_printf(out, "{\"version\":%d,\n", SOURCE_MAP_VERSION);
    strbuf_printf(out, " \"sha256\":\"%s\",\n",
                  program_digest(a, &in->layout->program, in->policy->targets[0].arch->big_endian));
    add_options(&m);
    strbuf_puts(out, " \"sources\":[");
    add_sources(&m);
    strbuf_puts(out, "],\n \"rules\":[");
    add_rules(&m);
    strbuf_puts(out, "],\n \"instructions\":[");
    add_instructions(&m);
    strbuf_puts(out, "]}\n");
}
