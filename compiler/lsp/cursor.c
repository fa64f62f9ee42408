/* SPDX-License-Identifier: Apache-2.0 */
/* What stands at a position, by the tokens around it: while somebody writes, there is no tree. */
#include "compiler/lsp/internal.h"

#include <string.h>

static const struct text_token *token(const struct cursor *c, size_t i)
{
    return &c->tokens.list.at[i];
}

static bool in_comment(const struct tokens *tokens, const struct source *s, uint32_t offset)
{
    for (size_t i = 0; i < tokens->comments.count; i++) {
        struct span span = tokens->comments.at[i];
        bool line = s->text[span.begin + 1] == '/';

        if (offset > span.begin && (line ? offset <= span.end : offset < span.end))
            return true;
    }
    return false;
}

static bool is_word(int kind)
{
    return is_word_token(kind) || kind == TOKEN_SYSCALL || kind == TOKEN_VARIABLE ||
           kind == TOKEN_SET_NAME || kind == TOKEN_NUMBER || kind == TOKEN_STRING ||
           kind == TOKEN_IN || kind == TOKEN_NOT || kind == TOKEN_KERNEL;
}

static size_t token_at(const struct cursor *c)
{
    size_t i = 0, last = c->tokens.list.count - 1;

    while (i < last && (token(c, i)->span.end < c->offset ||
                        (token(c, i)->span.end == c->offset && !is_word(token(c, i)->kind))))
        i++;
    return i;
}

bool find_cursor(struct request *r, struct cursor *c)
{
    struct diags faults;

    *c = (struct cursor){0};
    if (!read_position(r, json_member(r->params, "position"), &c->offset))
        return false;
    diags_init(&faults, r->arena);
    tokens_read(r->arena, (struct span){r->source, 0, r->source->len}, TOKEN_START_POLICY, &faults,
                &c->tokens);
    c->comment = in_comment(&c->tokens, r->source, c->offset);
    c->at = token_at(c);
    if (is_word(token(c, c->at)->kind) && token(c, c->at)->span.begin <= c->offset)
        c->word = &token(c, c->at)->span;
    return true;
}

int cursor_kind(const struct cursor *c)
{
    return c->word ? token(c, c->at)->kind : TOKEN_END;
}

struct name token_text(const struct cursor *c, size_t i)
{
    struct span span = token(c, i)->span;

    return (struct name){span.source->text + span.begin, span.end - span.begin, span};
}

bool token_is(const struct cursor *c, size_t i, const char *text)
{
    struct name name = token_text(c, i);

    return name.len == strlen(text) && !memcmp(name.text, text, name.len);
}

static bool ends_statement(int kind)
{
    return kind == ';' || kind == '{' || kind == '}' || kind == TOKEN_DIRECTIVE;
}

size_t statement_begin(const struct cursor *c)
{
    size_t i = c->at;

    while (i > 0 && !ends_statement(token(c, i - 1)->kind))
        i--;
    return i;
}

static const struct syscall_info *named_call(const struct cursor *c, size_t i)
{
    struct name name = token_text(c, i);
    const char *arch = memchr(name.text + 1, '@', name.len - 1);

    return syscall_by_name(name.text + 1, (arch ? (size_t)(arch - name.text) : name.len) - 1);
}

/* The innermost `(` that is open before the cursor and belongs to a call; 0: none. */
static size_t open_call(const struct cursor *c, size_t begin)
{
    size_t depth = 0;

    for (size_t i = c->at; i > begin; i--) {
        int kind = token(c, i - 1)->kind;

        depth += kind == ')';
        if (kind == '(' && depth > 0)
            depth--;
        else if (kind == '(' && i > begin + 1 && token(c, i - 2)->kind == TOKEN_SYSCALL)
            return i - 1;
    }
    return 0;
}

const struct syscall_info *call_at(const struct cursor *c, size_t *inside)
{
    size_t begin = statement_begin(c);

    *inside = open_call(c, begin);
    if (*inside)
        return named_call(c, *inside - 1);
    for (size_t i = c->at; i > begin; i--)
        if (token(c, i - 1)->kind == TOKEN_SYSCALL)
            return named_call(c, i - 1);
    return NULL;
}

/* `expect @call(1, 2, |`: values by their place. */
static int counted_argument(const struct cursor *c, size_t inside)
{
    int number = 0, depth = 0;

    for (size_t i = inside + 1; i < c->at; i++) {
        int kind = token(c, i)->kind;

        depth += (kind == '(') - (kind == ')');
        number += kind == ',' && !depth;
    }
    return number < SYSCALL_MAX_ARGS ? number : -1;
}

static int argument_named(const struct signature *s, struct name name)
{
    if (name.len == 5 && !memcmp(name.text, "$arg", 4) && name.text[4] >= '0' &&
        name.text[4] < '0' + SYSCALL_MAX_ARGS)
        return name.text[4] - '0';
    return signature_find(s, name.text, name.len);
}

/* Its number; -1: the value is for none. */
static int argument_number(const struct cursor *c, const struct signature *s, size_t inside)
{
    size_t begin = statement_begin(c);

    if (inside && token_is(c, begin, "expect") && !token_is(c, begin + 1, "never"))
        return counted_argument(c, inside);
    /* Back over values and operators to the argument that they are compared with. */
    for (size_t i = c->at; i > (inside ? inside + 1 : begin); i--) {
        int kind = token(c, i - 1)->kind, number;

        if (kind == TOKEN_AND || kind == TOKEN_OR || kind == TOKEN_ARROW || kind == TOKEN_SYSCALL)
            return -1;
        number = is_word_token(kind) || kind == TOKEN_VARIABLE
                     ? argument_named(s, token_text(c, i - 1))
                     : -1;
        if (number >= 0)
            return number;
    }
    return -1;
}

const struct syscall_arg *argument_at(const struct cursor *c)
{
    size_t inside;
    const struct signature s = syscall_signature(call_at(c, &inside), NULL);
    int number = argument_number(c, &s, inside);

    return number >= 0 && (unsigned)number < s.count ? &s.args[number] : NULL;
}
