/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions of #if: names, numbers, arithmetic, comparison, && || !. Evaluated by the
 * preprocessor where they are about defines alone, by sema for each target where they mention an
 * architecture.
 */
#ifndef FRONT_CONDITION_H
#define FRONT_CONDITION_H

#include "base/diag.h"
#include "compiler/front/ast.h"
#include "compiler/tables/arch.h"

/* Numbers from -2^63 to 2^64 - 1, and what comes out before that is checked. */
typedef __int128 wide_int;

/* Applies a unary (y unused) or binary operator of arithmetic: | ^ & << >> + - ~ unary-minus.
 * Returns NULL, or what is wrong in words. */
const char *arithmetic(enum expr_op op, wide_int x, wide_int y, wide_int *value);

/* The architecture that a name such as ARCH_X86_64 stands for; NULL if none. */
const struct arch *condition_arch(const struct name *name);

/* Can this node stand in a condition of #if? Its kids are not looked at. */
bool condition_has(const struct expr *e);

/* The value of a condition whose nodes can all stand in one. Faults of arithmetic are reported and
 * count as 0. */
wide_int condition_value(struct diags *diags, const struct expr *e,
                         uint64_t (*name_value)(void *ctx, const struct name *name), void *ctx);

#endif
