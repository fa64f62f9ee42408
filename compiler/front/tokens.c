/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/tokens.h"

#include "compiler/front/input.h"

bool is_word_token(int kind)
{
    return kind == TOKEN_IDENT || (kind >= TOKEN_ARCH && kind <= TOKEN_WITH);
}

struct comments_to {
    struct arena *arena;
    struct tokens *tokens;
};

static void add_comment(void *ctx, struct span comment)
{
    const struct comments_to *to = ctx;

    VEC_PUSH(to->arena, &to->tokens->comments, comment);
}

void tokens_read(struct arena *a, struct span range, int start, struct diags *faults,
                 struct tokens *out)
{
    struct comments_to to = {a, out};
    const struct parse_options options = {.comment = add_comment, .comment_ctx = &to};
    struct input in = {
        .arena = a,
        .diags = faults,
        .source = range.source,
        .options = &options,
        .start = start,
        .every_part = true,
        .at = range.begin,
    };
    union POLICY_STYPE value;
    struct text_token t;

    *out = (struct tokens){0};
    in.scanner = scanner_new(&in, range.source->text + range.begin, range.end - range.begin);
    do {
        t.kind = scan_token(&value, &t.span, in.scanner);
        if (t.kind == TOKEN_DIRECTIVE && t.span.end > t.span.begin &&
            range.source->text[t.span.end - 1] == '\r')
            t.span.end--;
        VEC_PUSH(a, &out->list, t);
    } while (t.kind != TOKEN_END);
}
