/* SPDX-License-Identifier: Apache-2.0 */
/* The tree as text, for tests and for looking at. */
#ifndef FRONT_AST_DUMP_H
#define FRONT_AST_DUMP_H

#include "base/str.h"
#include "compiler/front/ast.h"

/*
 * One statement a line, as an expression of its parts; what is inside a statement is indented:
 *
 *     (rule (and @socket (== $arg0 AF_VSOCK)) (ERRNO EPERM) "no vsock")
 *     (if ARCH_X86
 *       (rule @socketcall (ERRNO EPERM)))
 *
 * Written parentheses, spacing and the base of numbers are not kept.
 */
void ast_dump(const struct ast *ast, struct strbuf *out);
void expr_dump(const struct expr *e, struct strbuf *out);

#endif
