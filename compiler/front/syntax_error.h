/* SPDX-License-Identifier: Apache-2.0 */
/* What a syntax error says. */
#ifndef FRONT_SYNTAX_ERROR_H
#define FRONT_SYNTAX_ERROR_H

#include "compiler/front/input.h"

#define MAX_EXPECTED 128

struct syntax_error {
    struct span found;
    const char *found_name;             /* as the grammar calls it */
    const char *expected[MAX_EXPECTED]; /* all that could stand there */
    size_t count;
};

void report_syntax_error(struct input *in, const struct syntax_error *e);

#endif
