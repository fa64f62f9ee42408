/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text being read: the state that lexer, preprocessor and parser share. Internal to front/ and
 * grammar/.
 *
 *     source ─scan_token (lexer.l)─▶ policy_lex (input.c) ─▶ policy_parse (parser.y) ─▶ tree.c
 *                 │      ▲
 *                 ▼      │ a condition of #if is read by a second input
 *            preprocess (preproc.c)
 */
#ifndef FRONT_INPUT_H
#define FRONT_INPUT_H

#include "compiler/front/parse.h"
#include "grammar/parser.h"

struct conditional;

struct token {
    int kind; /* enum policy_tokentype; 0: end */
    union POLICY_STYPE value;
    struct span span;
};

struct input {
    struct arena *arena;
    struct diags *diags;
    const struct source *source;
    const struct parse_options *options;
    /* What the text must be, as the token that goes before it: START_POLICY or START_EXPRESSION. */
    int start;
    bool directive;  /* START_EXPRESSION: it is the condition of a directive */
    bool every_part; /* directives select nothing, they are tokens with all text between them */

    /* lexer */
    void *scanner;
    uint32_t at;             /* offset of the byte that is scanned next */
    uint32_t comment;        /* where the block comment being skipped began */
    struct span open_string; /* the newest string without a closing quote, or nowhere */
    uint32_t unknown;        /* end of the last unknown bytes: a run of them is one fault */

    /* tokens on their way to the parser */
    bool started, ended;
    struct token token;     /* the newest that was given to the parser */
    struct span before;     /* the one before that */
    uint32_t understood;    /* up to here, when the newest syntax error was noticed */
    bool semicolon_missing; /* that is all that it was about */

    /* preprocessor */
    struct conditional *conditional; /* innermost open one */

    /* what has been understood */
    struct ast *ast;
    struct if_part *part; /* the #if on an architecture whose part is being read; NULL: none */
    struct expr *expr;    /* START_EXPRESSION: the result, NULL if there is none */
};

/* Reads source from begin to end: items go to in->ast, an expression to in->expr. */
void input_read(struct input *in, uint32_t begin, uint32_t end);

/* --- grammar/lexer.l -------------------------------------------------------------------------- */

/* A scanner of len bytes of text, of which it makes a copy, as all its memory in in->arena. */
void *scanner_new(struct input *in, const char *text, size_t len);
/* The next token: enum policy_tokentype, 0 at the end. Their faults are reported on the way. */
int scan_token(union POLICY_STYPE *value, struct span *span, void *scanner);

/* --- grammar/parser.y ------------------------------------------------------------------------- */

/* What the parser asks for its tokens. */
int policy_lex(union POLICY_STYPE *value, struct span *span, struct input *in);

/* --- lexeme.c: what tokens are worth, and their faults ---------------------------------------- */

/* The text of span without its first `skip` bytes, the sigil. */
struct name lexeme_name(const struct input *in, struct span span, uint32_t skip);
/* @name or @name@arch */
struct expr *lexeme_syscall(struct input *in, struct span span);
struct expr *lexeme_number(struct input *in, struct span span);
struct name lexeme_string(struct input *in, struct span span);
struct name lexeme_open_string(struct input *in, struct span span);
void lexeme_comment(struct input *in, struct span span);
/* A # that does not begin its line, with the rest of it: a comment, most likely. */
void lexeme_hash(struct input *in, struct span span);
void lexeme_unknown(struct input *in, struct span span);

#endif
