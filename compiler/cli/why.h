/* SPDX-License-Identifier: Apache-2.0 */
/* Why a call is decided as it is: the rule, those that nearly matched, the way through the code. */
#ifndef CLI_WHY_H
#define CLI_WHY_H

#include "base/str.h"
#include "compiler/front/ast.h"
#include "compiler/sema/eval.h"

struct why {
    struct arena *arena;
    const struct ast *ast; /* NULL: a program alone, without rules */
    const struct verdict *verdict;
    const struct seccomp_data *call;
    const uint32_t *path; /* instructions, as they are run */
    uint32_t path_length, program_length;
};

/* Lines, indented. */
void why_show(const struct why *w, struct strbuf *out);
/* Members of a JSON object, each with a comma before it. */
void why_json(const struct why *w, struct strbuf *out);

#endif
