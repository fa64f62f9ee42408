/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that begin with #. Conditions on defines are decided here and select text, which the lexer
 * skips or not; conditions that mention an architecture become directives for the parser, since
 * one policy is compiled for several architectures. Internal to front/ and grammar/.
 */
#ifndef FRONT_PREPROC_H
#define FRONT_PREPROC_H

#include "compiler/front/input.h"

enum directive_kind { DIRECTIVE_IF, DIRECTIVE_ELIF, DIRECTIVE_ELSE, DIRECTIVE_ENDIF };

/* A directive that the parser sees. */
struct directive {
    enum directive_kind kind;
    struct expr *condition;          /* IF, ELIF */
    const struct conditional *group; /* the #if that this belongs to */
};

/* Acts on the line; returns a directive if it is one for the parser, else NULL. */
struct directive *preprocess(struct input *in, struct span line);
/* Is the text behind the last directive skipped? */
bool preproc_skips(const struct input *in);
/* At the end of the text: what is still open is reported. */
void preproc_end(struct input *in, struct span end);

#endif
