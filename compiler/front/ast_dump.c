/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/ast_dump.h"

#include <inttypes.h>

static const char *const op_text[] = {
    [OP_NONE] = "?",        [OP_EQ] = "==",     [OP_NE] = "!=",      [OP_LT] = "<",
    [OP_LE] = "<=",         [OP_GT] = ">",      [OP_GE] = ">=",      [OP_IN] = "in",
    [OP_NOT_IN] = "not-in", [OP_BIT_OR] = "|",  [OP_BIT_XOR] = "^",  [OP_BIT_AND] = "&",
    [OP_SHL] = "<<",        [OP_SHR] = ">>",    [OP_ADD] = "+",      [OP_SUB] = "-",
    [OP_NOT] = "!",         [OP_BIT_NOT] = "~", [OP_NEGATE] = "neg",
};

static const char *const item_text[] = {
    [ITEM_RULE] = "rule",       [ITEM_DEFAULT] = "default", [ITEM_UNKNOWN] = "unknown",
    [ITEM_FOREIGN] = "foreign", [ITEM_KNOWN] = "known",     [ITEM_ARCH] = "arch",
    [ITEM_FLAGS] = "flags",     [ITEM_CONST] = "const",     [ITEM_SET] = "set",
    [ITEM_MACRO] = "macro",     [ITEM_INCLUDE] = "include", [ITEM_TEST] = "test",
    [ITEM_IF] = "if",
};

static void dump_name(const struct name *name, struct strbuf *out)
{
    strbuf_add(out, name->text, name->len);
}

static void dump_string(const struct name *text, struct strbuf *out)
{
    strbuf_json_string(out, arena_strndup(out->arena, text->text, text->len));
}

static void dump_kids(const char *head, const struct expr *e, struct strbuf *out)
{
    size_t i;

    strbuf_printf(out, "(%s", head);
    for (i = 0; i < e->kids.count; i++) {
        strbuf_putc(out, ' ');
        expr_dump(e->kids.at[i], out);
    }
    strbuf_putc(out, ')');
}

/* $name, @name@arch, %name, name; with (name kids) where an argument list was written. */
static void dump_named(const char *sigil, const struct expr *e, struct strbuf *out)
{
    struct strbuf head;

    strbuf_init(&head, out->arena);
    strbuf_puts(&head, sigil);
    dump_name(&e->name, &head);
    if (e->arch.len) {
        strbuf_putc(&head, '@');
        dump_name(&e->arch, &head);
    }
    if (e->has_parens)
        dump_kids(strbuf_text(&head), e, out);
    else
        strbuf_puts(out, strbuf_text(&head));
}

static void dump_kernel(const struct expr *e, struct strbuf *out)
{
    strbuf_printf(out, "(kernel %u %u %u)", (unsigned)(e->number >> 16 & 0xffff),
                  (unsigned)(e->number >> 8 & 0xff), (unsigned)(e->number & 0xff));
}

void expr_dump(const struct expr *e, struct strbuf *out)
{
    switch (e->kind) {
    case EXPR_NUMBER:
        strbuf_printf(out, "%" PRIu64, e->number);
        break;
    case EXPR_NAME:
    case EXPR_CALL:
        dump_named("", e, out);
        break;
    case EXPR_VARIABLE:
        dump_named("$", e, out);
        break;
    case EXPR_SYSCALL:
        dump_named("@", e, out);
        break;
    case EXPR_SET:
        dump_named("%", e, out);
        break;
    case EXPR_KERNEL:
        dump_kernel(e, out);
        break;
    case EXPR_RANGE:
        dump_kids("..", e, out);
        break;
    case EXPR_LIST:
        dump_kids("list", e, out);
        break;
    case EXPR_UNARY:
    case EXPR_BINARY:
        dump_kids(op_text[e->op], e, out);
        break;
    case EXPR_AND:
        dump_kids("and", e, out);
        break;
    case EXPR_OR:
        dump_kids("or", e, out);
        break;
    case EXPR_ERROR:
        strbuf_puts(out, "(error)");
        break;
    }
}

static void dump_action(const struct action_expr *action, struct strbuf *out)
{
    strbuf_puts(out, " (");
    dump_name(&action->name, out);
    if (action->data) {
        strbuf_putc(out, ' ');
        expr_dump(action->data, out);
    }
    strbuf_putc(out, ')');
}

static void dump_names(const name_list *names, struct strbuf *out)
{
    size_t i;

    strbuf_puts(out, " (");
    for (i = 0; i < names->count; i++) {
        if (i)
            strbuf_putc(out, ' ');
        dump_name(&names->at[i], out);
    }
    strbuf_putc(out, ')');
}

static void dump_expect(const struct expect *expect, struct strbuf *out)
{
    strbuf_puts(out, expect->kind == EXPECT_NEVER ? "(expect-never " : "(expect ");
    expr_dump(expect->call, out);
    dump_action(&expect->action, out);
    if (expect->arch.len) {
        strbuf_puts(out, " on ");
        dump_name(&expect->arch, out);
    }
    if (expect->with.count) {
        strbuf_puts(out, " with");
        dump_names(&expect->with, out);
    }
    strbuf_putc(out, ')');
}

static void new_line(unsigned indent, struct strbuf *out)
{
    strbuf_printf(out, "\n%*s", (int)(2 * indent), "");
}

static void dump_item(const struct item *item, unsigned indent, struct strbuf *out);

static void dump_items(const item_list *items, unsigned indent, struct strbuf *out)
{
    size_t i;

    for (i = 0; i < items->count; i++) {
        new_line(indent, out);
        dump_item(items->at[i], indent, out);
    }
}

/* What is inside a statement, on lines of its own. */
static void dump_inner(const struct item *item, unsigned indent, struct strbuf *out)
{
    size_t i;

    for (i = 0; i < item->expects.count; i++) {
        new_line(indent, out);
        dump_expect(&item->expects.at[i], out);
    }
    dump_items(&item->items, indent, out);
    if (item->else_items.count) {
        new_line(indent, out);
        strbuf_puts(out, "(else");
        dump_items(&item->else_items, indent + 1, out);
        strbuf_putc(out, ')');
    }
}

static void dump_item(const struct item *item, unsigned indent, struct strbuf *out)
{
    strbuf_printf(out, "(%s", item_text[item->kind]);
    if (item->kind == ITEM_TEST || item->kind == ITEM_INCLUDE) {
        strbuf_putc(out, ' ');
        dump_string(&item->name, out);
    } else if (item->name.len) {
        strbuf_puts(out, item->kind == ITEM_SET ? " %" : " ");
        dump_name(&item->name, out);
    }
    if (item->kind == ITEM_ARCH || item->kind == ITEM_FLAGS || item->kind == ITEM_MACRO)
        dump_names(&item->names, out);
    if (item->expr) {
        strbuf_putc(out, ' ');
        expr_dump(item->expr, out);
    }
    if (item->action.name.len)
        dump_action(&item->action, out);
    if (item->reason.len) {
        strbuf_putc(out, ' ');
        dump_string(&item->reason, out);
    }
    dump_inner(item, indent + 1, out);
    strbuf_putc(out, ')');
}

void ast_dump(const struct ast *ast, struct strbuf *out)
{
    size_t i;

    for (i = 0; i < ast->items.count; i++) {
        dump_item(ast->items.at[i], 0, out);
        strbuf_putc(out, '\n');
    }
}
