/* SPDX-License-Identifier: Apache-2.0 */
/* Between scanner and parser: tokens are counted, repaired and handed on. */
#include "compiler/front/input.h"

#include "compiler/front/syntax_error.h"

/*
 * A missing semicolon (see report_syntax_error()) is made up for here: the parser, which throws
 * tokens away until one ends the statement, is given a `;` and then again the token at which it
 * noticed, so that the next statement is not lost.
 */
static int next_token(struct input *in, struct token *t)
{
    if (!in->started) {
        in->started = true;
        *t = (struct token){.kind = in->start, .span = {in->source, in->at, in->at}};
    } else if (in->insert_semicolon) {
        in->insert_semicolon = false;
        in->replay = true;
        return ';';
    } else if (in->replay) {
        in->replay = false;
    } else if (!in->ended) {
        in->before = t->span;
        t->kind = scan_token(&t->value, &t->span, in->scanner);
        in->ended = t->kind == 0;
    }
    return t->kind;
}

int policy_lex(union POLICY_STYPE *value, struct span *span, struct input *in)
{
    int kind = next_token(in, &in->token);

    *value = in->token.value;
    *span = in->token.span;
    return kind;
}

void input_read(struct input *in, uint32_t begin, uint32_t end)
{
    enum { MEMORY_EXHAUSTED = 2 }; /* policy_parse(): its stack is full, which it has reported */

    in->at = begin;
    in->scanner = scanner_new(in, in->source->text + begin, end - begin);
    while (policy_parse(in) == MEMORY_EXHAUSTED) {
        while (!in->ended && in->token.kind != ';')
            next_token(in, &in->token);
        in->started = false;
    }
}
