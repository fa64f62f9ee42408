/* SPDX-License-Identifier: Apache-2.0 */
/* Text to AST: lexer, preprocessor, parser and includes behind one call. */
#ifndef FRONT_PARSE_H
#define FRONT_PARSE_H

#include "base/diag.h"
#include "compiler/front/ast.h"

/* -d NAME or -d NAME=VALUE; a NAME alone is 1. */
struct define {
    const char *name;
    uint64_t value;
};

struct parse_options {
    const struct define *defines;
    size_t define_count;
    /* directories that include "..." searches after the including file's own */
    const char *const *include_dirs;
    size_t include_dir_count;
    /* reads a file into a new source, or returns NULL with *why set (arena); NULL: includes are
     * refused with cannot-read */
    struct source *(*read)(void *ctx, struct arena *a, const char *path, const char **why);
    void *read_ctx;
    bool keep_includes; /* includes are statements only: nothing is read */
    /* told of each name that a condition of #if asks for, architectures apart; with: one that this
     * function held to matter (returned true for) and that stands in the same condition, an earlier
     * part of the same #if, or an #if around it; NULL: none. NULL: nobody wants to know */
    bool (*asked)(void *ctx, const struct name *name, const struct name *with);
    void *asked_ctx;
    /* told of each comment of the text that is not skipped, with its slashes; NULL: nobody wants
     * to know */
    void (*comment)(void *ctx, struct span comment);
    void *comment_ctx;
};

/*
 * Parses a policy and all that it includes. Always returns an AST of what could be understood;
 * faults are in diags, all of them in one go (the parser recovers at `;` and `}`).
 *
 * #ifdef, #ifndef, #if, #elif, #else on defines select text, anywhere, also inside a statement;
 * text that is not selected need not be well-formed. A condition that mentions an ARCH_ name of
 * arch.def selects statements instead (ITEM_IF), since one policy is compiled for several
 * architectures; inside a statement it is a syntax error. An undefined name is 0.
 */
struct ast *parse_policy(struct arena *a, const struct source *s, const struct parse_options *o,
                         struct diags *diags);

/* An expression alone: the whole of s. NULL if it is none; faults are in diags either way. */
struct expr *parse_expression(struct arena *a, const struct source *s, struct diags *diags);

#endif
