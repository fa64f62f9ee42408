/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/why.h"

#include "compiler/cli/show.h"
#include "compiler/sema/expansion.h"
#include "compiler/sema/explain.h"

#include <inttypes.h>

#define MAX_MISSES 5
#define MAX_RANGES 8 /* of a list that a value is not in */

/* --- what is told -------------------------------------------------------------------------------
 */

/* A rule about this number that came before the deciding one, and the comparison because of which
 * it did not decide. */
struct miss {
    const struct rule *rule;
    const struct cond *guilty;
    uint64_t seen;
};

/* The nearest first. */
static size_t find_misses(const struct why *w, struct miss misses[MAX_MISSES])
{
    const struct target *t = w->verdict->target;
    size_t i = t ? t->rule_count : 0, count = 0;

    while (i > 0 && t->rules[i - 1] != w->verdict->rule && w->verdict->rule)
        i--;
    for (; i > 0 && count < MAX_MISSES; i--) {
        const struct rule *rule = t->rules[i - 1];
        const struct cond *guilty = explain_miss(rule->cond, w->call);

        if (guilty)
            misses[count++] = (struct miss){rule, guilty, compared_value(&guilty->atom, w->call)};
    }
    return count;
}

/* As the comparison takes it. */
static void add_value(const struct atom *atom, uint64_t value, struct strbuf *out)
{
    unsigned unused = 64u - atom->width;
    int64_t number = (int64_t)(value << unused) >> unused;

    if (atom->is_signed && number < 0)
        strbuf_printf(out, "%" PRId64, number);
    else
        strbuf_printf(out, value < 4096 ? "%" PRIu64 : "0x%" PRIx64, value);
}

/* `== 3`, `in (1, 4..7)`; with `not` where the comparison holds and should not. */
static void add_wanted(const struct miss *m, const struct seccomp_data *call, struct strbuf *out)
{
    static const char *const operators[] = {
        [CMP_EQ] = "==", [CMP_NE] = "!=", [CMP_LT] = "<",  [CMP_LE] = "<=",
        [CMP_GT] = ">",  [CMP_GE] = ">=", [CMP_IN] = "in",
    };
    const struct atom *atom = &m->guilty->atom;

    strbuf_printf(out, "%s%s ", eval_atom(atom, call) ? "not " : "", operators[atom->op]);
    if (atom->op != CMP_IN) {
        add_value(atom, atom->value, out);
        return;
    }
    strbuf_putc(out, '(');
    for (size_t i = 0; i < atom->set.count && i < MAX_RANGES; i++) {
        strbuf_puts(out, i ? ", " : "");
        add_value(atom, atom->set.at[i].low, out);
        if (atom->set.at[i].low == atom->set.at[i].high)
            continue;
        strbuf_puts(out, "..");
        add_value(atom, atom->set.at[i].high, out);
    }
    strbuf_puts(out, atom->set.count > MAX_RANGES ? ", ...)" : ")");
}

static expansions expansions_of(const struct why *w, const struct rule *rule, struct span at)
{
    expansions list = {0};

    if (w->ast && rule->item && rule->item->expr)
        find_expansions(w->arena, w->ast, rule->item->expr, at, &list);
    return list;
}

/* --- as text ------------------------------------------------------------------------------------
 */

static void show_includes(struct span span, const char *indent, struct strbuf *out)
{
    struct span from = span.source->included_from;

    for (; from.source; from = from.source->included_from) {
        strbuf_printf(out, "%sincluded from ", indent);
        show_place(from, out);
        strbuf_putc(out, '\n');
    }
}

static void show_expansions(const expansions *list, const char *indent, struct strbuf *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct expansion *e = &list->at[i];

        strbuf_printf(out, "%smacro ", indent);
        show_text(e->macro->name.span, out);
        strbuf_puts(out, " of ");
        show_place(e->macro->span, out);
        strbuf_puts(out, ", called at ");
        show_place(e->call, out);
        strbuf_puts(out, " as ");
        show_text(e->call, out);
        strbuf_putc(out, '\n');
    }
}

static void show_miss(const struct why *w, const struct miss *m, struct strbuf *out)
{
    expansions list = expansions_of(w, m->rule, m->guilty->span);

    strbuf_puts(out, "    not ");
    show_place(m->rule->span, out);
    strbuf_puts(out, ": '");
    show_text(m->guilty->span, out);
    strbuf_puts(out, "' fails for ");
    add_value(&m->guilty->atom, m->seen, out);
    strbuf_puts(out, ", wanted ");
    add_wanted(m, w->call, out);
    strbuf_putc(out, '\n');
    show_expansions(&list, "        ", out);
}

void why_show(const struct why *w, struct strbuf *out)
{
    const struct rule *rule = w->verdict->rule;
    struct miss misses[MAX_MISSES];
    size_t count = find_misses(w, misses);

    if (rule && rule->span.source) {
        expansions list = expansions_of(w, rule, (struct span){0});

        strbuf_puts(out, "    rule: ");
        show_text(rule->span, out);
        strbuf_putc(out, '\n');
        show_expansions(&list, "        ", out);
        show_includes(rule->span, "        ", out);
    }
    for (size_t i = 0; i < count; i++)
        show_miss(w, &misses[i], out);
    strbuf_printf(out, "    code: %u of %u instructions:", w->path_length, w->program_length);
    for (uint32_t i = 0; i < w->path_length; i++)
        strbuf_printf(out, " %u", w->path[i]);
    strbuf_putc(out, '\n');
}

/* --- as JSON ------------------------------------------------------------------------------------
 */

static void json_text(const struct why *w, const char *member, struct span span, struct strbuf *out)
{
    struct strbuf text;

    strbuf_init(&text, w->arena);
    show_text(span, &text);
    strbuf_printf(out, ",\"%s\":", member);
    strbuf_json_string(out, strbuf_text(&text));
}

static void json_expansions(const struct why *w, const expansions *list, struct strbuf *out)
{
    strbuf_puts(out, ",\"macros\":[");
    for (size_t i = 0; i < list->count; i++) {
        const struct expansion *e = &list->at[i];

        strbuf_puts(out, i ? "," : "");
        show_json_place(e->call, out);
        json_text(w, "name", e->macro->name.span, out);
        strbuf_puts(out, ",\"macro\":");
        show_json_place(e->macro->span, out);
        strbuf_puts(out, "}}");
    }
    strbuf_puts(out, "]");
}

static void json_rule(const struct why *w, const struct rule *rule, struct strbuf *out)
{
    expansions list = expansions_of(w, rule, (struct span){0});
    struct span from = rule->span.source->included_from;
    bool first = true;

    strbuf_puts(out, ",\"rule\":");
    show_json_place(rule->span, out);
    json_text(w, "text", rule->span, out);
    json_expansions(w, &list, out);
    strbuf_puts(out, ",\"included_from\":[");
    for (; from.source; from = from.source->included_from) {
        strbuf_puts(out, first ? "" : ",");
        show_json_place(from, out);
        strbuf_puts(out, "}");
        first = false;
    }
    strbuf_puts(out, "]}");
}

static void json_miss(const struct why *w, const struct miss *m, struct strbuf *out)
{
    expansions list = expansions_of(w, m->rule, m->guilty->span);
    struct strbuf wanted;

    strbuf_init(&wanted, w->arena);
    add_wanted(m, w->call, &wanted);
    show_json_place(m->rule->span, out);
    json_text(w, "comparison", m->guilty->span, out);
    strbuf_printf(out, ",\"seen\":%" PRIu64 ",\"wanted\":", m->seen);
    strbuf_json_string(out, strbuf_text(&wanted));
    json_expansions(w, &list, out);
    strbuf_puts(out, "}");
}

void why_json(const struct why *w, struct strbuf *out)
{
    struct miss misses[MAX_MISSES];
    size_t count = find_misses(w, misses);

    if (w->verdict->rule && w->verdict->rule->span.source)
        json_rule(w, w->verdict->rule, out);
    strbuf_puts(out, ",\"misses\":[");
    for (size_t i = 0; i < count; i++) {
        strbuf_puts(out, i ? "," : "");
        json_miss(w, &misses[i], out);
    }
    strbuf_puts(out, "],\"path\":[");
    for (uint32_t i = 0; i < w->path_length; i++)
        strbuf_printf(out, i ? ",%u" : "%u", w->path[i]);
    strbuf_puts(out, "]");
}
