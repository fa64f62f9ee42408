/* SPDX-License-Identifier: Apache-2.0 */
/* textDocument/completion: what may stand at a position, all of what begins with the word there. */
#include "compiler/lsp/internal.h"
#include "compiler/tables/describe.h"

#include <string.h>

/* More than these are not sent: the client asks again when there is more of the word. */
#define MAX_ITEMS 400

/* CompletionItemKind */
enum item_sort {
    SORT_FUNCTION = 3,
    SORT_FIELD = 5,
    SORT_VARIABLE = 6,
    SORT_ENUM = 13,
    SORT_KEYWORD = 14,
    SORT_EVENT = 23,
    SORT_CONSTANT = 21,
};

struct completion {
    struct request *request;
    struct cursor cursor;
    struct span word;  /* with its sigil; empty: only the place */
    const char *typed; /* that word */
    struct strbuf items;
    size_t count;
};

static bool begins_as_typed(const struct completion *c, const char *label)
{
    return !strncmp(label, c->typed, c->word.end - c->word.begin);
}

static void offer(struct completion *c, enum item_sort sort, const char *label, const char *detail)
{
    if (!begins_as_typed(c, label) || c->count++ >= MAX_ITEMS)
        return;
    strbuf_printf(&c->items, "%s{\"label\":", c->count > 1 ? ",\n" : "");
    strbuf_json_string(&c->items, label);
    strbuf_printf(&c->items, ",\"kind\":%d", (int)sort);
    if (detail && *detail) {
        strbuf_puts(&c->items, ",\"detail\":");
        strbuf_json_string(&c->items, detail);
    }
    strbuf_puts(&c->items, ",\"textEdit\":{");
    put_range(c->request, &c->items, c->word);
    strbuf_puts(&c->items, ",\"newText\":");
    strbuf_json_string(&c->items, label);
    strbuf_puts(&c->items, "}}");
}

/* --- what there is ------------------------------------------------------------------------------
 */

static void offer_syscalls(struct completion *c)
{
    struct arena *a = c->request->arena;

    for (size_t i = 0; i < syscall_count; i++) {
        const char *label = arena_printf(a, "@%s", syscall_table[i].name);
        const struct signature known = syscall_signature(&syscall_table[i], NULL);
        struct strbuf signature;

        if (!begins_as_typed(c, label))
            continue;
        strbuf_init(&signature, a);
        describe_signature(&known, &signature);
        offer(c, SORT_FUNCTION, label, strbuf_text(&signature));
    }
}

static void offer_variables(struct completion *c)
{
    for (size_t i = 0; i < variable_count; i++)
        offer(c, SORT_VARIABLE, arena_printf(c->request->arena, "$%s", variable_table[i].name),
              variable_table[i].summary);
}

static void offer_groups(struct completion *c)
{
    for (size_t i = 0; i < group_count; i++)
        offer(c, SORT_ENUM, arena_printf(c->request->arena, "%%%s", group_table[i].name),
              group_table[i].summary);
}

static void offer_actions(struct completion *c)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        offer(c, SORT_EVENT, action_table[i].name, action_table[i].summary);
}

static void offer_errnos(struct completion *c)
{
    const char *name;

    for (size_t i = 0; (name = errno_at(i)); i++)
        offer(c, SORT_CONSTANT, name, NULL);
}

/* family NULL: of all. */
static void offer_constants(struct completion *c, const char *family)
{
    for (size_t i = 0; i < constant_count; i++)
        if (!family || !strcmp(constant_table[i].family, family))
            offer(c, SORT_CONSTANT, constant_table[i].name, NULL);
}

static void offer_arguments(struct completion *c, const struct syscall_info *call)
{
    const struct signature s = syscall_signature(call, NULL);

    for (unsigned i = 0; i < s.count; i++) {
        struct strbuf text;

        strbuf_init(&text, c->request->arena);
        describe_argument(&s.args[i], &text);
        offer(c, SORT_FIELD, s.args[i].name, strbuf_text(&text));
    }
}

static void offer_archs(struct completion *c)
{
    for (size_t i = 0; i < ARCH_COUNT; i++)
        offer(c, SORT_ENUM, arch_table[i].name, NULL);
}

static void offer_flags(struct completion *c)
{
    for (size_t i = 0; i < filter_flag_count; i++)
        offer(c, SORT_ENUM, filter_flags[i].name, filter_flags[i].summary);
}

static void offer_statements(struct completion *c)
{
    static const struct {
        const char *word, *rest, *summary;
    } statements[] = {
#define STATEMENT(word, rest, summary) {word, rest, summary},
#include "compiler/lsp/statements.def"
#undef STATEMENT
    };

    for (size_t i = 0; i < ARRAY_SIZE(statements); i++)
        offer(c, SORT_KEYWORD, statements[i].word,
              arena_printf(c->request->arena, "%s %s: %s", statements[i].word, statements[i].rest,
                           statements[i].summary));
}

/* Those of the document; sigil: what stands before their name. */
static void offer_definitions(struct completion *c, unsigned kinds, const char *sigil)
{
    struct request *r = c->request;
    struct compile compile;
    definitions list = {0};

    compile_init(&compile, &r->lsp->compile);
    if (compile_parse(&compile, r->document->name, r->document->text, r->document->len) == 0)
        list_definitions(r->arena, &compile.ast->items, kinds, &list);
    for (size_t i = 0; i < list.count; i++) {
        const struct item *item = list.at[i];
        struct strbuf text;

        strbuf_init(&text, r->arena);
        source_excerpt(item->span, 80, &text);
        offer(c, item->kind == ITEM_SET ? SORT_ENUM : SORT_CONSTANT,
              arena_printf(r->arena, "%s%.*s", sigil, (int)item->name.len, item->name.text),
              strbuf_text(&text));
    }
    compile_release(&compile);
}

/* --- what may stand here ------------------------------------------------------------------------
 */

static bool is_word_byte(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
           ch == '_';
}

/* The word that ends at the cursor: also one of which just the sigil is there, which is no token
 * yet. */
static void find_word(struct completion *c)
{
    const struct source *s = c->request->source;
    uint32_t begin = c->cursor.offset, group;

    while (begin > 0 && is_word_byte(s->text[begin - 1]))
        begin--;
    for (group = begin;
         group > 0 && (is_word_byte(s->text[group - 1]) || s->text[group - 1] == '-');)
        group--;
    if (group > 0 && s->text[group - 1] == '%')
        begin = group;
    if (begin > 0 && s->text[begin - 1] != '\0' && strchr("@$%", s->text[begin - 1]))
        begin--;
    c->word = (struct span){s, begin, c->cursor.offset};
    c->typed = s->text + begin;
}

/* Is an action to stand here: behind `=>`, or a word that one follows? */
static bool wants_action(const struct completion *c, size_t begin)
{
    size_t at = c->cursor.at;
    static const char *const words[] = {"default", "unknown", "foreign"};

    if (at == 0)
        return false;
    if (token_is(&c->cursor, at - 1, "=>"))
        return true;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (at == begin + 1 && token_is(&c->cursor, begin, words[i]))
            return true;
    return false;
}

/* Inside of ERRNO( )? */
static bool wants_errno(const struct completion *c)
{
    size_t at = c->cursor.at;

    return at >= 2 && token_is(&c->cursor, at - 1, "(") && token_is(&c->cursor, at - 2, "ERRNO");
}

/* A value or a condition: by the argument that it is compared with, if there is one. */
static void offer_values(struct completion *c)
{
    size_t inside;
    const struct syscall_info *call = call_at(&c->cursor, &inside);
    const struct syscall_arg *argument = argument_at(&c->cursor);
    const struct argument_family *family =
        call && argument ? argument_family(call->name, argument->name) : NULL;

    offer_definitions(c, 1 << ITEM_CONST | 1 << ITEM_MACRO, "");
    if (family)
        offer_constants(c, family->family);
    else if (call && inside && !argument)
        offer_arguments(c, call);
    else
        offer_constants(c, NULL);
}

static void offer_what_fits(struct completion *c)
{
    size_t begin = statement_begin(&c->cursor);

    if (*c->typed == '@') {
        offer_syscalls(c);
    } else if (*c->typed == '$') {
        offer_variables(c);
    } else if (*c->typed == '%') {
        offer_definitions(c, 1 << ITEM_SET, "%");
        offer_groups(c);
    } else if (wants_action(c, begin)) {
        offer_actions(c);
    } else if (wants_errno(c)) {
        offer_errnos(c);
    } else if (begin == c->cursor.at) {
        offer_statements(c);
    } else if (token_is(&c->cursor, begin, "arch") ||
               token_is(&c->cursor, c->cursor.at - 1, "on")) {
        offer_archs(c);
    } else if (token_is(&c->cursor, begin, "flags")) {
        offer_flags(c);
    } else {
        offer_values(c);
    }
}

int lsp_completion(struct request *r)
{
    struct completion c = {.request = r};

    if (!find_cursor(r, &c.cursor))
        return RPC_INVALID_PARAMS;
    strbuf_init(&c.items, r->arena);
    find_word(&c);
    if (!c.cursor.comment && cursor_kind(&c.cursor) != TOKEN_STRING)
        offer_what_fits(&c);
    strbuf_printf(&r->result, "{\"isIncomplete\":%s,\"items\":[",
                  c.count > MAX_ITEMS ? "true" : "false");
    strbuf_puts(&r->result, strbuf_text(&c.items));
    strbuf_puts(&r->result, "]}");
    return 0;
}
