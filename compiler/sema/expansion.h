/* SPDX-License-Identifier: Apache-2.0 */
/* Which macros lead from a statement to a place. */
#ifndef SEMA_EXPANSION_H
#define SEMA_EXPANSION_H

#include "compiler/front/ast.h"

/* A macro's call, and the macro. */
struct expansion {
    struct span call;
    const struct item *macro;
};
typedef VEC(struct expansion) expansions;

/* The calls through which the expression comes to the one that was written at this place, outermost
 * first; none if it is no macro's. The place nowhere: every macro that it comes to. */
void find_expansions(struct arena *a, const struct ast *ast, const struct expr *e, struct span at,
                     expansions *list);

#endif
