/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy as text. For each call the rules on each architecture are worked out and written; calls
 * whose texts are equal stand together, and architectures are named where they differ.
 */
#include "compiler/import/write.h"

#include "base/sort.h"
#include "compiler/tables/names.h"

#include <inttypes.h>
#include <string.h>

#define LINE_WIDTH 100

/* --- what calls get ----------------------------------------------------------------------------*/

/* The statements for one call, as text; the same pointer for the same text. */
static const char *statements_of(struct writer *w, const struct residual *r,
                                 const struct syscall_info *s, const struct arch *arch)
{
    struct strbuf out;

    strbuf_init(&out, w->arena);
    for (size_t i = 0; i < r->count; i++) {
        const struct residual_rule *rule = &r->at[i];

        if (rule->cond->kind != COND_TRUE) {
            strbuf_putc(&out, '(');
            write_condition(&out, rule->cond, s, arch);
            strbuf_putc(&out, ')');
        }
        strbuf_puts(&out, " => ");
        write_action(&out, rule->ret, arch);
        strbuf_puts(&out, ";\n");
    }
    return strbuf_text(&out);
}

const char *writer_intern(struct writer *w, const char *text)
{
    const char *known = strmap_get(&w->texts, text, strlen(text));

    if (!known) {
        strmap_put(w->arena, &w->texts, text, strlen(text), (void *)(uintptr_t)text);
        known = text;
    }
    return known;
}

void writer_take(struct writer *w, const struct policy *p)
{
    w->policy = p;
    w->behaviours = ARENA_ARRAY(w->arena, const char *, syscall_count * p->target_count);
    w->defaults = ARENA_ARRAY(w->arena, uint32_t, p->target_count);
    for (size_t t = 0; t < p->target_count; t++) {
        const struct target *target = &p->targets[t];

        w->defaults[t] = target->rules[target->rule_count - 1]->ret;
        for (size_t i = 0; i < syscall_count; i++) {
            int64_t nr = syscall_number(&syscall_table[i], target->arch);
            struct residual r;

            if (nr < 0)
                continue;
            r = residual_of(w->arena, target, (uint32_t)nr);
            w->behaviours[i * p->target_count + t] =
                writer_intern(w, statements_of(w, &r, &syscall_table[i], target->arch));
        }
    }
}

/* --- lists of names ----------------------------------------------------------------------------*/

/* Members of the group that the targets have are all wanted; *gain counts those not written yet. */
static bool group_fits(const struct writer *w, const struct syscall_group *g, const bool *wanted,
                       const bool *done, size_t *gain)
{
    for (size_t i = 0; i < g->count; i++) {
        const struct syscall_info *s;

        if (g->members[i][0] == '%') {
            if (!group_fits(w, group_by_name(g->members[i] + 1, strlen(g->members[i] + 1)), wanted,
                            done, gain))
                return false;
            continue;
        }
        s = syscall_by_name(g->members[i], strlen(g->members[i]));
        for (size_t t = 0; s && t < w->policy->target_count; t++)
            if (syscall_number(s, w->policy->targets[t].arch) >= 0 && !wanted[s - syscall_table])
                return false;
        if (s && wanted[s - syscall_table])
            *gain += !done[s - syscall_table];
    }
    return true;
}

static void mark_group(const struct syscall_group *g, bool *done)
{
    for (size_t i = 0; i < g->count; i++) {
        const struct syscall_info *s;

        if (g->members[i][0] == '%') {
            mark_group(group_by_name(g->members[i] + 1, strlen(g->members[i] + 1)), done);
            continue;
        }
        s = syscall_by_name(g->members[i], strlen(g->members[i]));
        if (s)
            done[s - syscall_table] = true;
    }
}

/* The group of the table that says most of what is not written yet; NULL: none says three. */
static const struct syscall_group *best_group(const struct writer *w, const bool *wanted,
                                              const bool *done)
{
    const struct syscall_group *best = NULL;
    size_t most = 2;

    for (size_t i = 0; i < group_count; i++) {
        size_t gain = 0;

        if (group_fits(w, &group_table[i], wanted, done, &gain) && gain > most) {
            best = &group_table[i];
            most = gain;
        }
    }
    return best;
}

/* A list of names, in lines. */
struct listing {
    struct strbuf *out;
    size_t column;
    bool any;
};

static void add_word(struct listing *l, const char *sigil, const char *name)
{
    size_t len = strlen(sigil) + strlen(name) + 2;

    if (l->any)
        strbuf_puts(l->out, l->column + len > LINE_WIDTH ? ",\n    " : ", ");
    if (l->any && l->column + len > LINE_WIDTH)
        l->column = 4;
    strbuf_printf(l->out, "%s%s", sigil, name);
    l->column += len;
    l->any = true;
}

/* The calls as a condition. */
static void write_names(struct writer *w, const bool *wanted, const char *before,
                        const char *action)
{
    bool *done = ARENA_ARRAY(w->arena, bool, syscall_count);
    const struct syscall_group *g;
    size_t count = 0, only = 0;
    struct listing list = {w->out, strlen(before) + 13, false};

    for (size_t i = 0; i < syscall_count; i++) {
        count += wanted[i];
        only = wanted[i] ? i : only;
    }
    if (count == 1) {
        strbuf_printf(w->out, "%s@%s%s", before, syscall_table[only].name, action);
        return;
    }
    strbuf_printf(w->out, "%s$syscall in (", before);
    if (count > 6) {
        strbuf_puts(w->out, "\n    ");
        list.column = 4;
    }
    while ((g = best_group(w, wanted, done))) {
        add_word(&list, "%", g->name);
        mark_group(g, done);
    }
    for (size_t i = 0; i < syscall_count; i++) {
        if (wanted[i] && !done[i])
            add_word(&list, "@", syscall_table[i].name);
    }
    strbuf_printf(w->out, "%s)%s", count > 6 ? "\n" : "", action);
}

/* --- statements --------------------------------------------------------------------------------*/

/* "$arch == @x86 && " for the targets of the set; "" for all that have the call. */
static const char *arch_prefix(struct writer *w, uint32_t targets, uint32_t all)
{
    struct strbuf out;
    unsigned count = 0;

    strbuf_init(&out, w->arena);
    if (targets == all)
        return "";
    for (size_t t = 0; t < w->policy->target_count; t++)
        if (targets & UINT32_C(1) << t)
            strbuf_printf(&out, "%s$arch == @%s", count++ ? " || " : "",
                          w->policy->targets[t].arch->name);
    return arena_printf(w->arena, count > 1 ? "(%s) && " : "%s && ", strbuf_text(&out));
}

static bool is_default(const struct writer *w, const char *text, size_t t)
{
    struct strbuf out;

    strbuf_init(&out, w->arena);
    strbuf_puts(&out, " => ");
    write_action(&out, w->defaults[t], w->policy->targets[t].arch);
    strbuf_puts(&out, ";\n");
    return !strcmp(text, strbuf_text(&out));
}

/* On every target. */
static bool says_default(const struct writer *w, const char *text)
{
    for (size_t t = 0; t < w->policy->target_count; t++)
        if (!is_default(w, text, t))
            return false;
    return true;
}

/* The call's statements for some targets, a line each. */
static void write_conditional(struct writer *w, const struct syscall_info *s, const char *prefix,
                              const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        /* the default comes anyway, unless numbers without names get something else */
        if (*text == '(' || w->has_numbers || !says_default(w, text))
            strbuf_printf(w->out, "%s@%s%.*s\n", prefix, s->name, (int)len, text);
        text += len + 1;
    }
}

static uint32_t targets_of(const struct writer *w, size_t call)
{
    uint32_t set = 0;

    for (size_t t = 0; t < w->policy->target_count; t++)
        if (w->behaviours[call * w->policy->target_count + t])
            set |= UINT32_C(1) << t;
    return set;
}

static uint32_t targets_with(const struct writer *w, size_t call, const char *text)
{
    uint32_t set = 0;

    for (size_t t = 0; t < w->policy->target_count; t++)
        if (w->behaviours[call * w->policy->target_count + t] == text)
            set |= UINT32_C(1) << t;
    return set;
}

/* Calls that get this without conditions, on all their targets (or on these alone). */
static void write_unconditional(struct writer *w, const bool *among, const char *text)
{
    uint32_t sets =
        w->policy->target_count == 32 ? UINT32_MAX : (UINT32_C(1) << w->policy->target_count) - 1;
    bool *wanted = ARENA_ARRAY(w->arena, bool, syscall_count);
    bool any = false;

    for (size_t i = 0; i < syscall_count; i++) {
        uint32_t set = targets_with(w, i, text);

        wanted[i] = among[i] && set && set == targets_of(w, i);
        any |= wanted[i];
    }
    if (any)
        write_names(w, wanted, "", text);
    for (uint32_t set = 1; set < sets; set++) {
        any = false;
        for (size_t i = 0; i < syscall_count; i++) {
            wanted[i] = among[i] && targets_with(w, i, text) == set && set != targets_of(w, i);
            any |= wanted[i];
        }
        if (any)
            write_names(w, wanted, arch_prefix(w, set, 0), text);
    }
}

static bool is_conditional(const char *text)
{
    return text && text[0] == '(';
}

void writer_calls(struct writer *w, const bool *among)
{
    size_t n = w->policy->target_count;
    VEC(const char *) texts = {0};

    for (size_t i = 0; i < syscall_count; i++) {
        for (size_t t = 0; among[i] && t < n; t++) {
            const char *text = w->behaviours[i * n + t];
            bool known = !text || is_conditional(text) || is_default(w, text, t);

            for (size_t k = 0; k < texts.count && !known; k++)
                known = texts.at[k] == text;
            if (!known)
                VEC_PUSH(w->arena, &texts, text);
        }
    }
    for (size_t k = 0; k < texts.count; k++)
        write_unconditional(w, among, texts.at[k]);
    for (size_t i = 0; i < syscall_count; i++) {
        uint32_t done = 0;

        for (size_t t = 0; among[i] && t < n; t++) {
            const char *text = w->behaviours[i * n + t];
            uint32_t set = targets_with(w, i, text);

            if (!is_conditional(text) || done & UINT32_C(1) << t)
                continue;
            done |= set;
            write_conditional(w, &syscall_table[i], arch_prefix(w, set, targets_of(w, i)), text);
        }
    }
}

/* --- numbers without names ---------------------------------------------------------------------*/

static void add_cuts(struct writer *w, const struct cond *cond, cut_list *cuts)
{
    const struct atom *a = &cond->atom;

    for (size_t i = 0; i < cond->kid_count; i++)
        add_cuts(w, cond->kids[i], cuts);
    if (cond->kind != COND_ATOM || a->field != FIELD_NR)
        return;
    for (size_t i = 0; a->op == CMP_IN && i < a->set.count; i++) {
        VEC_PUSH(w->arena, cuts, a->set.at[i].low);
        VEC_PUSH(w->arena, cuts, a->set.at[i].high + 1);
    }
    if (a->op != CMP_IN) {
        VEC_PUSH(w->arena, cuts, a->value);
        VEC_PUSH(w->arena, cuts, a->value + 1);
    }
}

/* Numbers that get the same where they have no name. */
struct unnamed {
    const char *text;
    VEC(struct range) numbers;
};
typedef VEC(struct unnamed) unnamed_list;

/* Between two cuts. */
static void take_interval(struct writer *w, size_t t, uint32_t low, uint32_t high,
                          unnamed_list *list)
{
    const struct target *target = &w->policy->targets[t];
    const char *text;
    struct residual r;
    uint32_t nr = low;
    size_t i = 0;

    while (nr < high && syscall_by_number(target->arch, nr))
        nr++;
    if (syscall_by_number(target->arch, nr))
        return;
    r = residual_of(w->arena, target, nr);
    text = writer_intern(w, statements_of(w, &r, NULL, target->arch));
    if (is_default(w, text, t))
        return;
    while (i < list->count && list->at[i].text != text)
        i++;
    if (i == list->count)
        VEC_PUSH(w->arena, list, ((struct unnamed){.text = text}));
    VEC_PUSH(w->arena, &list->at[i].numbers, ((struct range){low, high}));
}

/* Calls that get the default and have such numbers are kept from what the others get. */
static void keep_named(struct writer *w, size_t t, struct ranges numbers, const char *prefix)
{
    const struct target *target = &w->policy->targets[t];
    bool *named = ARENA_ARRAY(w->arena, bool, syscall_count), any = false;
    struct strbuf rule;

    for (size_t i = 0; i < syscall_count; i++) {
        int64_t number = syscall_number(&syscall_table[i], target->arch);

        named[i] = number >= 0 && ranges_contain(numbers, (uint64_t)number) &&
                   is_default(w, w->behaviours[i * w->policy->target_count + t], t);
        any |= named[i];
    }
    strbuf_init(&rule, w->arena);
    strbuf_puts(&rule, " => ");
    write_action(&rule, w->defaults[t], target->arch);
    strbuf_puts(&rule, ";\n");
    if (any)
        write_names(w, named, prefix, strbuf_text(&rule));
}

static void write_unnamed(struct writer *w, size_t t, const struct unnamed *u)
{
    const char *prefix = w->policy->target_count > 1 ? arch_prefix(w, UINT32_C(1) << t, 0) : "";
    struct ranges numbers = ranges_from(w->arena, u->numbers.at, u->numbers.count);

    keep_named(w, t, numbers, prefix);
    for (const char *line = u->text; *line; line += strcspn(line, "\n") + 1) {
        strbuf_printf(w->out, "%s$syscall in (", prefix);
        for (size_t i = 0; i < numbers.count; i++) {
            strbuf_puts(w->out, i == 0 ? "" : i % 8 ? ", " : ",\n    ");
            write_number(w->out, numbers.at[i].low);
            if (numbers.at[i].low == numbers.at[i].high)
                continue;
            strbuf_puts(w->out, "..");
            write_number(w->out, numbers.at[i].high);
        }
        strbuf_printf(w->out, ")%s%.*s\n", *line == '(' ? " && " : "", (int)strcspn(line, "\n"),
                      line);
    }
}

static void write_numbers(struct writer *w)
{
    for (size_t t = 0; t < w->policy->target_count; t++) {
        const struct target *target = &w->policy->targets[t];
        bool shared = target->arch->audit == arch_table[ARCH_X86_64].audit;
        uint64_t first = arch_id(target->arch) == ARCH_X32 ? X32_BIT : 0;
        uint64_t end = shared ? first + X32_BIT : UINT64_C(1) << 32;
        unnamed_list list = {0};
        cut_list cuts = {0};

        VEC_PUSH(w->arena, &cuts, first);
        for (size_t i = 0; i < target->rule_count; i++)
            add_cuts(w, target->rules[i]->cond, &cuts);
        VEC_PUSH(w->arena, &cuts, end);
        SORT_NUMBERS(w->arena, cuts.at, cuts.count);
        for (size_t i = 0; i + 1 < cuts.count; i++)
            if (cuts.at[i] >= first && cuts.at[i + 1] <= end && cuts.at[i] < cuts.at[i + 1])
                take_interval(w, t, (uint32_t)cuts.at[i], (uint32_t)(cuts.at[i + 1] - 1), &list);
        for (size_t i = 0; i < list.count; i++)
            write_unnamed(w, t, &list.at[i]);
    }
}

void writer_numbers(struct writer *w)
{
    if (w->has_numbers)
        strbuf_printf(w->out, "\n// Numbers without names.\n%s", w->numbers);
}

/* --- the whole ---------------------------------------------------------------------------------*/

/* They are written last, but what is said of calls depends on whether there are any. */
static void find_numbers(struct writer *w)
{
    struct strbuf numbers, *out = w->out;

    strbuf_init(&numbers, w->arena);
    w->out = &numbers;
    write_numbers(w);
    w->numbers = strbuf_text(&numbers);
    w->has_numbers = numbers.len > 0;
    w->out = out;
}

void write_title(struct strbuf *out, const char *title)
{
    strbuf_puts(out, "// ");
    for (const char *c = title; *c; c++)
        strbuf_putc(out, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
    strbuf_putc(out, '\n');
}

void writer_head(struct writer *w, const struct import_options *o)
{
    const struct policy *p = w->policy;
    bool any = false;

    find_numbers(w);
    write_title(w->out, o->title);
    strbuf_puts(w->out, "arch (");
    for (size_t t = 0; t < p->target_count; t++)
        strbuf_printf(w->out, "%s%s", t ? ", " : "", p->targets[t].arch->name);
    strbuf_puts(w->out, ");\n");
    for (size_t i = 0; i < filter_flag_count; i++) {
        if (!(p->filter_flags & filter_flags[i].bit))
            continue;
        strbuf_printf(w->out, "%s%s", any ? ", " : "flags (", filter_flags[i].name);
        any = true;
    }
    strbuf_puts(w->out, any ? ");\n\n" : "\n");
}

void writer_tail(struct writer *w)
{
    const struct policy *p = w->policy;
    size_t last = p->target_count - 1;

    strbuf_putc(w->out, '\n');
    for (size_t t = 0; t < last; t++) {
        if (w->defaults[t] == w->defaults[last])
            continue;
        strbuf_printf(w->out, "$arch == @%s => ", p->targets[t].arch->name);
        write_action(w->out, w->defaults[t], p->targets[t].arch);
        strbuf_puts(w->out, ";\n");
    }
    strbuf_puts(w->out, "default ");
    write_action(w->out, w->defaults[last], p->targets[last].arch);
    strbuf_puts(w->out, ";\nforeign ");
    write_action(w->out, p->foreign, p->targets[0].arch);
    strbuf_puts(w->out, ";\n");
}

void import_write_rules(struct arena *a, const struct policy *p, struct strbuf *out)
{
    struct writer w = {.arena = a, .out = out};
    bool *all = ARENA_ARRAY(a, bool, syscall_count);

    memset(all, true, syscall_count * sizeof(*all));
    writer_take(&w, p);
    find_numbers(&w);
    writer_calls(&w, all);
    writer_numbers(&w);
}

void import_write(struct arena *a, const struct policy *p, const struct import_options *o,
                  struct strbuf *out)
{
    struct writer w = {.arena = a, .out = out};
    bool *all = ARENA_ARRAY(a, bool, syscall_count);

    memset(all, true, syscall_count * sizeof(*all));
    writer_take(&w, p);
    writer_head(&w, o);
    writer_calls(&w, all);
    writer_numbers(&w);
    writer_tail(&w);
}
