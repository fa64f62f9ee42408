/* SPDX-License-Identifier: Apache-2.0 */
/* textDocument/hover: what the word under the cursor means, in Markdown. */
#include "compiler/lsp/internal.h"
#include "compiler/tables/describe.h"

#include <inttypes.h>
#include <string.h>

#define MAX_DEFINITION 400 /* bytes of one that are shown */

struct hover {
    struct request *request;
    struct cursor cursor;
    struct strbuf text;
};

static bool has_name(struct name name, const char *text)
{
    return name.len == strlen(text) && !memcmp(name.text, text, name.len);
}

static struct name without_sigil(struct name name)
{
    return (struct name){name.text + 1, name.len - 1, name.span};
}

/* --- of the tables ------------------------------------------------------------------------------
 */

static void hover_syscall(struct hover *h, struct name name)
{
    const char *arch = memchr(name.text, '@', name.len);
    const struct syscall_info *s =
        syscall_by_name(name.text, arch ? (size_t)(arch - name.text) : name.len);
    const struct signature signature = syscall_signature(s, NULL);
    const char *between = "";

    if (!s)
        return;
    strbuf_printf(&h->text, "**%s**", s->name);
    describe_signature(&signature, &h->text);
    if (s->since) {
        strbuf_puts(&h->text, "\n\nsince Linux ");
        describe_release(s->since, &h->text);
    }
    strbuf_puts(&h->text, "\n\n");
    for (size_t i = 0; i < ARCH_COUNT; i++) {
        int64_t nr = syscall_number(s, &arch_table[i]);

        if (nr < 0)
            continue;
        strbuf_printf(&h->text, "%s%s %" PRId64, between, arch_table[i].name, nr);
        between = ", ";
    }
}

static bool hover_argument(struct hover *h, struct name name)
{
    size_t inside;
    const struct syscall_info *call = call_at(&h->cursor, &inside);
    const struct signature s = syscall_signature(inside ? call : NULL, NULL);

    for (unsigned i = 0; i < s.count; i++) {
        const struct syscall_arg *arg = &s.args[i];
        const struct argument_family *family = argument_family(call->name, arg->name);

        if (!has_name(name, arg->name))
            continue;
        strbuf_printf(&h->text, "argument %u of **%s**: ", i, call->name);
        describe_argument(arg, &h->text);
        if (family)
            strbuf_printf(&h->text, "\n\n%s %s_", family->flags ? "flags" : "one of",
                          family->family);
        return true;
    }
    return false;
}

static void put_value(struct hover *h, uint64_t value, bool negative)
{
    if (negative)
        strbuf_printf(&h->text, "%" PRId64, (int64_t)value);
    else
        strbuf_printf(&h->text, value < 10 ? "%" PRIu64 : "%" PRIu64 " = 0x%" PRIx64, value, value);
}

/* The value that most architectures have, and which have others. */
static bool hover_constant(struct hover *h, struct name name)
{
    const struct constant *c = constant_by_name(name.text, name.len);

    if (!c)
        return false;
    strbuf_printf(&h->text, "**%s** = ", c->name);
    put_value(h, c->value, c->negative);
    for (size_t i = 0; i < c->override_count; i++) {
        const struct constant_override *o = &constant_overrides[c->first_override + i];
        const char *between = "\n\n";

        for (size_t arch = 0; arch < ARCH_COUNT; arch++) {
            if (!(o->archs & ARCH_BIT(arch)))
                continue;
            strbuf_printf(&h->text, "%s%s", between, arch_table[arch].name);
            between = ", ";
        }
        strbuf_puts(&h->text, o->absent ? ": not defined" : ": ");
        if (!o->absent)
            put_value(h, o->value, c->negative);
    }
    return true;
}

static bool hover_errno(struct hover *h, struct name name)
{
    uint16_t usual;

    if (!errno_value(name.text, name.len, &arch_table[ARCH_X86_64], &usual))
        return false;
    strbuf_printf(&h->text, "**%.*s** = %u", (int)name.len, name.text, usual);
    for (size_t i = 0; i < ARCH_COUNT; i++) {
        uint16_t value;

        if (!errno_value(name.text, name.len, &arch_table[i], &value))
            strbuf_printf(&h->text, "\n\n%s: not defined", arch_table[i].name);
        else if (value != usual)
            strbuf_printf(&h->text, "\n\n%s: %u", arch_table[i].name, value);
    }
    return true;
}

static void hover_group(struct hover *h, struct name name)
{
    const struct syscall_group *g = group_by_name(name.text, name.len);

    if (!g)
        return;
    strbuf_printf(&h->text, "**%%%s**: %s\n\n", g->name, g->summary);
    for (size_t i = 0; i < g->count; i++)
        strbuf_printf(&h->text, "%s%s", i ? " " : "", g->members[i]);
}

/* --- of the document ----------------------------------------------------------------------------
 */

static bool hover_definition(struct hover *h, unsigned kinds, struct name name)
{
    struct compile c;
    const struct item *item;
    int ret;

    compile_init(&c, &h->request->lsp->compile);
    ret = compile_parse(&c, h->request->document->name, h->request->document->text,
                        h->request->document->len);
    item = ret < 0 ? NULL : find_definition(h->request->arena, c.ast, kinds, name);
    if (item) {
        strbuf_puts(&h->text, "```\n");
        source_excerpt(item->span, MAX_DEFINITION, &h->text);
        strbuf_puts(&h->text, "\n```");
        if (item->span.source != c.source)
            strbuf_printf(&h->text, "\n\nin %s", item->span.source->name);
    }
    compile_release(&c);
    return item != NULL;
}

static void hover_variable(struct hover *h, struct name name)
{
    for (size_t i = 0; i < variable_count; i++)
        if (has_name(name, variable_table[i].name))
            strbuf_printf(&h->text, "**$%s**: %s", variable_table[i].name,
                          variable_table[i].summary);
}

static void hover_word(struct hover *h, struct name name)
{
    const struct action_info *action = action_by_name(name.text, name.len);

    if (action)
        strbuf_printf(&h->text, "**%s**: %s", action->name, action->summary);
    else if (!hover_argument(h, name) &&
             !hover_definition(h, 1 << ITEM_CONST | 1 << ITEM_MACRO, name) &&
             !hover_constant(h, name))
        hover_errno(h, name);
}

static void hover_token(struct hover *h)
{
    struct name name = token_text(&h->cursor, h->cursor.at);

    switch (cursor_kind(&h->cursor)) {
    case TOKEN_SYSCALL:
        hover_syscall(h, without_sigil(name));
        break;
    case TOKEN_SET_NAME:
        if (!hover_definition(h, 1 << ITEM_SET, without_sigil(name)))
            hover_group(h, without_sigil(name));
        break;
    case TOKEN_VARIABLE:
        hover_variable(h, without_sigil(name));
        break;
    default: /* of all tokens */
        if (is_word_token(cursor_kind(&h->cursor)))
            hover_word(h, name);
    }
}

int lsp_hover(struct request *r)
{
    struct hover h = {.request = r};

    if (!find_cursor(r, &h.cursor))
        return RPC_INVALID_PARAMS;
    strbuf_init(&h.text, r->arena);
    if (h.cursor.word && !h.cursor.comment)
        hover_token(&h);
    if (!h.text.len)
        return 0;
    strbuf_puts(&r->result, "{\"contents\":{\"kind\":\"markdown\",\"value\":");
    strbuf_json_string(&r->result, strbuf_text(&h.text));
    strbuf_puts(&r->result, "},");
    put_range(r, &r->result, *h.cursor.word);
    strbuf_putc(&r->result, '}');
    return 0;
}
