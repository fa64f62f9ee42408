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

const struct item *find_definition(struct arena *a, const struct ast *ast, unsigned kinds,
                                   struct name name)
{
    definitions list = {0};

    list_definitions(a, &ast->items, kinds, &list);
    for (size_t i = 0; i < list.count; i++)
        if (list.at[i]->name.len == name.len && !memcmp(list.at[i]->name.text, name.text, name.len))
            return list.at[i];
    return NULL;
}

/* ------------------------------------------------------------------------------------------------
 */

/* The statement of this kind that the cursor is in. */
static const struct item *item_around(struct arena *a, const struct compile *c, unsigned kind,
                                      uint32_t offset)
{
    definitions list = {0};

    list_definitions(a, &c->ast->items, 1u << kind, &list);
    for (size_t i = 0; i < list.count; i++) {
        struct span span = list.at[i]->span;

        if (span.source == c->source && span.begin <= offset && offset <= span.end)
            return list.at[i];
    }
    return NULL;
}

/* What is defined by a word there; nowhere: nothing. */
static struct span definition_of(struct arena *a, const struct compile *c,
                                 const struct cursor *cursor)
{
    struct name name = token_text(cursor, cursor->at);
    const struct item *item;

    if (cursor_kind(cursor) == TOKEN_SET_NAME) {
        name = (struct name){name.text + 1, name.len - 1, name.span};
        item = find_definition(a, c->ast, 1 << ITEM_SET, name);
        return item ? item->name.span : (struct span){0};
    }
    if (!is_word_token(cursor_kind(cursor)))
        return (struct span){0};
    item = item_around(a, c, ITEM_MACRO, cursor->offset);
    for (size_t i = 0; item && i < item->names.count; i++)
        if (item->names.at[i].len == name.len &&
            !memcmp(item->names.at[i].text, name.text, name.len))
            return item->names.at[i].span;
    item = find_definition(a, c->ast, 1 << ITEM_CONST | 1 << ITEM_MACRO, name);
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
        const struct item *include = item_around(r->arena, &c, ITEM_INCLUDE, cursor.offset);

        span = include ? included_by(&c, include) : definition_of(r->arena, &c, &cursor);
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
