/* SPDX-License-Identifier: Apache-2.0 */
/* Sets, macros, constants and defines that nothing asks for. Of the policy's own file: what it
 * includes is for others, too. */
#include "compiler/lint/internal.h"

#include <ctype.h>
#include <string.h>

struct uses {
    struct linter *linter;
    struct strmap names, sets;
};

static void use(struct uses *u, struct strmap *map, const struct name *name)
{
    if (name->len)
        strmap_put(u->linter->arena, map, name->text, name->len, u);
}

static void use_expr(struct uses *u, const struct expr *e)
{
    if (e->kind == EXPR_NAME || e->kind == EXPR_CALL)
        use(u, &u->names, &e->name);
    if (e->kind == EXPR_SET)
        use(u, &u->sets, &e->name);
    for (size_t i = 0; i < e->kids.count; i++)
        use_expr(u, e->kids.at[i]);
}

static void use_action(struct uses *u, const struct action_expr *action)
{
    if (action->data)
        use_expr(u, action->data);
}

static void use_items(struct uses *u, const item_list *items)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        if (item->expr)
            use_expr(u, item->expr);
        use_action(u, &item->action);
        for (size_t j = 0; j < item->expects.count; j++) {
            use_expr(u, item->expects.at[j].call);
            use_action(u, &item->expects.at[j].action);
        }
        use_items(u, &item->items);
        use_items(u, &item->else_items);
    }
}

static void report(struct uses *u, const struct item *item, enum lint_id id, const char *kind,
                   const struct strmap *map)
{
    struct linter *l = u->linter;
    struct diag *diag;

    if (item->span.source != l->compile->source || strmap_get(map, item->name.text, item->name.len))
        return;
    diag = find(l, id, item->name.span, "the %s '%.*s' is not used", kind, (int)item->name.len,
                item->name.text);
    find_fix(l, diag, whole_lines(item->span), "", arena_printf(l->arena, "remove the %s", kind));
}

static void check_items(struct uses *u, const item_list *items)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        if (item->kind == ITEM_SET)
            report(u, item, LINT_UNUSED_SET, "set", &u->sets);
        else if (item->kind == ITEM_MACRO)
            report(u, item, LINT_UNUSED_MACRO, "macro", &u->names);
        else if (item->kind == ITEM_CONST)
            report(u, item, LINT_UNUSED_CONST, "constant", &u->names);
        check_items(u, &item->items);
        check_items(u, &item->else_items);
    }
}

/* --- defines -----------------------------------------------------------------------------------
 */

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Is the name a word of a line that begins with #? Also where the line itself is skipped. */
static bool line_has(const char *line, const char *end, const char *name)
{
    size_t len = strlen(name);

    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    if (line == end || *line != '#')
        return false;
    for (; line + len <= end; line++)
        if (!memcmp(line, name, len) && !is_word_char(line[-1]) &&
            (line + len == end || !is_word_char(line[len])))
            return true;
    return false;
}

static bool asks_for(const struct source *s, const char *name)
{
    for (uint32_t i = 1; i <= s->line_count; i++) {
        uint32_t len;
        const char *line = source_line(s, i, &len);

        if (line_has(line, line + len, name))
            return true;
    }
    return false;
}

static bool some_asks_for(const item_list *items, const char *name)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        if (item->kind == ITEM_INCLUDE && item->items.count &&
            asks_for(item->items.at[0]->span.source, name))
            return true;
        if (some_asks_for(&item->items, name) || some_asks_for(&item->else_items, name))
            return true;
    }
    return false;
}

static void check_defines(struct linter *l)
{
    const struct compile_options *o = &l->compile->options;

    l->checked[LINT_UNUSED_DEFINE] = o->define_count && !l->options->shared_defines;
    for (size_t i = 0; l->checked[LINT_UNUSED_DEFINE] && i < o->define_count; i++) {
        const char *name = o->defines[i].name;

        /* capabilities are told for all sources, and by the engine's list */
        if (!strncmp(name, "CAP_", 4) || asks_for(l->compile->source, name) ||
            some_asks_for(&l->compile->ast->items, name))
            continue;
        find(l, LINT_UNUSED_DEFINE, (struct span){l->compile->source, 0, 0},
             "'%s' is defined, and no #if asks for it", name);
    }
}

void lint_unused(struct linter *l)
{
    struct uses u = {.linter = l};

    use_items(&u, &l->compile->ast->items);
    check_items(&u, &l->compile->ast->items);
    check_defines(l);
}
