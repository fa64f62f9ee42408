/* SPDX-License-Identifier: Apache-2.0 */
/* What a syntax error says. */
#ifndef FRONT_SYNTAX_ERROR_H
#define FRONT_SYNTAX_ERROR_H

#include "compiler/front/input.h"

#define SYNTAX_TOKENS 320 /* above every enum policy_tokentype */

struct syntax_error {
    int found; /* enum policy_tokentype */
    struct span span;
    bool expected[SYNTAX_TOKENS]; /* all that could stand there */
};

/*
 * Says what was found and what could stand there instead, with a note on the slips that are made
 * often. Where just a semicolon is missing at the end of a line, it is made up for, so that the
 * next statement is understood: see next_token() in input.c.
 */
void report_syntax_error(struct input *in, const struct syntax_error *e);

/* As the grammar calls it: "a name", "'=>'" (grammar/parser.y). */
const char *policy_token_name(int kind);

#endif
