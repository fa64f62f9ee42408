/* SPDX-License-Identifier: Apache-2.0 */
/* The tokens of a text, for those who look at what is written and not at what it means: nothing is
 * left out by #if, and a text that does not parse has tokens, too. */
#ifndef FRONT_TOKENS_H
#define FRONT_TOKENS_H

#include "base/diag.h"
#include "compiler/front/ast.h"
#include "grammar/parser.h"

struct text_token {
    int kind; /* enum policy_tokentype, or a character; TOKEN_DIRECTIVE: a whole line without its
               * end; TOKEN_END: the last one, empty */
    struct span span;
};

struct tokens {
    VEC(struct text_token) list;
    VEC(struct span) comments; /* with their slashes */
};

/* Reads the range of a source. start: TOKEN_START_POLICY, or TOKEN_START_EXPRESSION for a text
 * without directives. Texts that are no tokens are faults, and passed over. */
void tokens_read(struct arena *a, struct span range, int start, struct diags *faults,
                 struct tokens *out);

/* Is it a name, or one of the words that may be one? */
bool is_word_token(int kind);

#endif
