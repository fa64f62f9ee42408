/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building the tree: called by the grammar, one function a form. Expressions that nest deeper than
 * EXPR_MAX_DEPTH are reported and become EXPR_ERROR here, so that nobody who reads the tree has to
 * fear for the stack.
 */
#ifndef FRONT_TREE_H
#define FRONT_TREE_H

#include "compiler/front/input.h"

/* --- expressions ------------------------------------------------------------------------------ */

/*
 * An expression where one value or condition stands. Until here `(a)` is an EXPR_LIST, since only
 * behind `in` it is one; other lists, and ranges, are reported.
 */
struct expr *operand(struct input *in, struct expr *e);
/* The same for a member of a list, which may be a range. */
struct expr *member(struct input *in, struct expr *e);

struct expr *expr_new(struct input *in, enum expr_kind kind, struct span span);
struct expr *expr_named(struct input *in, enum expr_kind kind, struct name name, struct span span);
struct expr *expr_kernel(struct input *in, struct name version, struct span span);
struct expr *expr_unary(struct input *in, enum expr_op op, struct expr *e, struct span span);
struct expr *expr_binary(struct input *in, enum expr_op op, struct expr *left, struct expr *right,
                         struct span span);
/* left in right, left not in right */
struct expr *expr_in(struct input *in, enum expr_op op, struct expr *left, struct expr *right,
                     struct span span);
struct expr *expr_range(struct input *in, struct expr *first, struct expr *last, struct span span);
/* left && right, left || right: adds right to left where left is such a chain */
struct expr *expr_chain(struct input *in, enum expr_kind kind, struct expr *left,
                        struct expr *right, struct span span);

struct expr *expr_list_new(struct input *in);
struct expr *expr_list_add(struct input *in, struct expr *list, struct expr *e);
struct expr *expr_list_end(struct input *in, struct expr *list, struct span span);
/* f(arguments): arguments is an EXPR_LIST, or NULL for f() */
struct expr *with_arguments(struct input *in, struct expr *f, const struct expr *arguments,
                            struct span span);

void report_too_deep(struct input *in, struct span span);

/* --- statements ------------------------------------------------------------------------------- */

name_list *names_new(struct input *in);
name_list *names_add(struct input *in, name_list *names, struct name name);

struct action_expr *action_new(struct input *in, struct name name, struct expr *data,
                               struct span span);
/* => ALLOW; is reported, and understood */
struct action_expr *action_without_parens(struct input *in, struct name name, struct span span);

struct item *item_new(struct input *in, enum item_kind kind, struct span span);
struct item *item_rule(struct input *in, enum item_kind kind, struct expr *condition,
                       const struct action_expr *action, struct name reason, struct span span);
struct item *item_value(struct input *in, enum item_kind kind, struct name name, struct expr *value,
                        struct span span);
struct item *item_names(struct input *in, enum item_kind kind, const name_list *names,
                        struct span span);
struct item *item_macro(struct input *in, struct name name, const name_list *parameters,
                        struct expr *body, struct span span);
struct item *item_test(struct item *test, struct name title, struct span span);
void title_without_quotes(struct input *in, struct span span);

struct expect *expect_new(struct input *in, enum expect_kind kind, struct expr *call,
                          const struct action_expr *action, struct name arch, const name_list *with,
                          struct span span);

/* Appends to the policy, or to the part of an #if that is being read. */
void add_item(struct input *in, struct item *item);
/* Opens, turns or closes a part. */
void apply_directive(struct input *in, const struct directive *d, struct span span);

#endif
