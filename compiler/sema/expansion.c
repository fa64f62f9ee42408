/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/expansion.h"

#include <string.h>

/* Expressions that are looked at: macros can expand to very many. */
#define BUDGET 100000

struct search {
    struct arena *arena;
    const struct ast *ast;
    struct span at; /* nowhere: all are wanted */
    expansions *list;
    size_t budget;
};

static bool search(struct search *s, const struct expr *e);

static bool is_known(const struct search *s, const struct item *macro)
{
    for (size_t i = 0; i < s->list->count; i++)
        if (s->list->at[i].macro == macro)
            return true;
    return false;
}

/* A macro may be defined differently on some architectures: all of that name are tried. */
static bool search_macros(struct search *s, const item_list *items, const struct expr *call)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        if (search_macros(s, &item->items, call) || search_macros(s, &item->else_items, call))
            return true;
        if (item->kind != ITEM_MACRO || item->name.len != call->name.len ||
            memcmp(item->name.text, call->name.text, call->name.len) != 0 || is_known(s, item))
            continue;
        VEC_PUSH(s->arena, s->list, ((struct expansion){call->span, item}));
        if (search(s, item->expr))
            return true;
        if (s->at.source)
            s->list->count--;
    }
    return false;
}

static bool search(struct search *s, const struct expr *e)
{
    if (!s->budget)
        return false;
    s->budget--;
    if (s->at.source && e->span.source == s->at.source && e->span.begin == s->at.begin &&
        e->span.end == s->at.end)
        return true;
    for (size_t i = 0; i < e->kids.count; i++)
        if (search(s, e->kids.at[i]))
            return true;
    return e->kind == EXPR_CALL && search_macros(s, &s->ast->items, e);
}

void find_expansions(struct arena *a, const struct ast *ast, const struct expr *e, struct span at,
                     expansions *list)
{
    struct search s = {a, ast, at, list, BUDGET};

    if (!search(&s, e) && at.source)
        list->count = 0;
}
