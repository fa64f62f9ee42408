/* SPDX-License-Identifier: Apache-2.0 */
/* textDocument/definition: where a set, macro, constant or parameter is defined, and which file an
 * include is of. */
#include "compiler/lsp/internal.h"

#include <string.h>

void list_definitions(struct arena *a, const item_list *items, unsigned kinds, definitions *out)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        if (kinds & 1u << item->kind)
            VEC_PUSH(a, out, item);
        list_definitions(a, &item->items, kinds, out);
        list_definitions(a, &item->else_items, kinds, out);
    }
}

static const struct item *find_in(const item_list *items, unsigned kinds, struct name name)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i], *found = NULL;

        if (kinds & 1u << item->kind && item->name.len == name.len &&
            !memcmp(item->name.text, name.text, name.len))
            return item;
        found = find_in(&item->items, kinds, name);
        found = found ? found : find_in(&item->else_items, kinds, name);
        if (found)
            return found;
    }
    return NULL;
}

const struct item *find_definition(const struct ast *ast, unsigned kinds, struct name name)
{
    return find_in(&ast->items, kinds, name);
}

/* ------------------------------------------------------------------------------------------------
 */

/* The statement of this kind that holds the offset. */
static const struct item *item_around(const item_list *items, const struct source *s, unsigned kind,
                                      uint32_t offset)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i], *found = NULL;

        if (item->kind == kind && item->span.source == s && item->span.begin <= offset &&
            offset <= item->span.end)
            return item;
        found = item_around(&item->items, s, kind, offset);
        found = found ? found : item_around(&item->else_items, s, kind, offset);
        if (found)
            return found;
    }
    return NULL;
}

/* What is defined by a word there; nowhere: nothing. */
static struct span definition_of(const struct compile *c, const struct cursor *cursor)
{
    struct name name = token_text(cursor, cursor->at);
    const struct item *item;

    if (cursor_kind(cursor) == TOKEN_SET_NAME) {
        name = (struct name){name.text + 1, name.len - 1, name.span};
        item = find_definition(c->ast, 1 << ITEM_SET, name);
        return item ? item->name.span : (struct span){0};
    }
    if (!is_word_token(cursor_kind(cursor)))
        return (struct span){0};
    item = item_around(&c->ast->items, c->source, ITEM_MACRO, cursor->offset);
    for (size_t i = 0; item && i < item->names.count; i++)
        if (item->names.at[i].len == name.len &&
            !memcmp(item->names.at[i].text, name.text, name.len))
            return item->names.at[i].span;
    item = find_definition(c->ast, 1 << ITEM_CONST | 1 << ITEM_MACRO, name);
    return item ? item->name.span : (struct span){0};
}

/* The beginning of the file that the statement includes. */
static struct span included_by(const struct compile *c, const struct item *include)
{
    for (size_t i = 0; i < c->includes.count; i++) {
        const struct source *s = c->includes.at[i];

        if (s->included_from.source == include->span.source &&
            s->included_from.begin >= include->span.begin &&
            s->included_from.end <= include->span.end)
            return (struct span){s, 0, 0};
    }
    return (struct span){0};
}

int lsp_definition(struct request *r)
{
    struct cursor cursor;
    struct compile c;
    struct span span = {0};

    if (!find_cursor(r, &cursor))
        return RPC_INVALID_PARAMS;
    if (!cursor.word || cursor.comment)
        return 0;
    compile_init(&c, &r->lsp->compile);
    if (compile_parse(&c, r->document->name, r->document->text, r->document->len) == 0) {
        const struct item *include =
            item_around(&c.ast->items, c.source, ITEM_INCLUDE, cursor.offset);

        span = include ? included_by(&c, include) : definition_of(&c, &cursor);
    }
    if (span.source) {
        strbuf_putc(&r->result, '{');
        put_source_uri(r, &r->result, span.source);
        strbuf_putc(&r->result, ',');
        put_range(r, &r->result, span);
        strbuf_putc(&r->result, '}');
    }
    compile_release(&c);
    return 0;
}
