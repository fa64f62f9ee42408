/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Abstract syntax of a policy: what was written, names unresolved. Made by the grammar, read by
 * sema; immutable between. All of it lives in the compile's arena.
 *
 * Conditions and values share one expression type: whether `p & q` is a value or `(a)` groups a
 * condition is known only when names are, so sema checks the kinds (diagnostic wrong-kind).
 * Binding, loosest first: ||  &&  comparison and in  |  ^  &  << >>  + -  ! ~ unary-minus.
 */
#ifndef FRONT_AST_H
#define FRONT_AST_H

#include "base/source.h"
#include "base/vec.h"

#include <stdbool.h>

/* A piece of text: bytes inside the source or the arena, not NUL-terminated. */
struct name {
    const char *text;
    uint32_t len;
    struct span span;
};

enum expr_kind {
    EXPR_NUMBER,   /* number */
    EXPR_NAME,     /* name: constant, argument or macro parameter */
    EXPR_CALL,     /* name(kids): macro call, or signed() full() low() high() */
    EXPR_VARIABLE, /* name: "syscall", "arch", "arg0"... without the $ */
    EXPR_SYSCALL,  /* @name, @name@arch (arch.len > 0), @name(kids) (has_parens) */
    EXPR_SET,      /* %name, %name(kids) (has_parens) */
    EXPR_KERNEL,   /* KERNEL(release): the calls that release has */
    EXPR_RANGE,    /* kids[0] .. kids[1]: only in lists and after `in` */
    EXPR_LIST,     /* (a, b, ...): only after `in`, and as a set's value */
    EXPR_UNARY,    /* op kids[0] */
    EXPR_BINARY,   /* kids[0] op kids[1] */
    EXPR_AND,      /* kids, two or more: a && b && c is one, (a && b) && c is two */
    EXPR_OR,       /* kids, two or more */
    EXPR_ERROR,    /* already reported; ignore */
};

enum expr_op {
    OP_NONE,
    /* binary: comparison */
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    /* binary: kids[1] is EXPR_LIST, EXPR_RANGE, EXPR_SET or EXPR_KERNEL */
    OP_IN,
    OP_NOT_IN,
    /* binary: arithmetic */
    OP_BIT_OR,
    OP_BIT_XOR,
    OP_BIT_AND,
    OP_SHL,
    OP_SHR,
    OP_ADD,
    OP_SUB,
    /* unary: ! ~ - */
    OP_NOT,
    OP_BIT_NOT,
    OP_NEGATE,
};

struct expr;
typedef VEC(struct expr *) expr_list;
typedef VEC(struct name) name_list;

/* No path from the root to a leaf is longer: functions over expressions may recurse. */
#define EXPR_MAX_DEPTH 1000

struct expr {
    enum expr_kind kind;
    enum expr_op op;
    uint32_t depth;     /* longest path to a leaf, 1 for a leaf; ( ) count as a step */
    bool parenthesised; /* written inside ( ) */
    bool has_parens;    /* EXPR_SYSCALL, EXPR_SET, EXPR_CALL: an argument list was written */
    struct name name;   /* without the sigil */
    struct name arch;   /* EXPR_SYSCALL: @name@arch */
    uint64_t number;    /* EXPR_NUMBER; EXPR_KERNEL: a kernel_release */
    expr_list kids;
    struct span span;
};

/* ALLOW(), ERRNO(EPERM), TRACE(3): names unresolved. */
struct action_expr {
    struct name name;
    struct expr *data; /* NULL: none given */
    struct span span;
};

enum expect_kind { EXPECT_CALL, EXPECT_NEVER };

/* expect [never] CALL => ACTION [on ARCH] [with NAME, ...]; */
struct expect {
    enum expect_kind kind;
    struct expr *call; /* EXPECT_CALL: EXPR_SYSCALL whose kids are its argument values;
                        * EXPECT_NEVER: any condition */
    struct action_expr action;
    struct name arch; /* len 0: every target */
    name_list with;
    struct span span;
};

enum item_kind {
    ITEM_RULE,    /* [condition] => action ["reason"]; */
    ITEM_DEFAULT, /* default action ["reason"]; */
    ITEM_UNKNOWN, /* unknown action ["reason"]; */
    ITEM_FOREIGN, /* foreign action ["reason"]; */
    ITEM_KNOWN,   /* known KERNEL(release); */
    ITEM_ARCH,    /* arch (names); */
    ITEM_FLAGS,   /* flags (names); */
    ITEM_CONST,   /* const name = expr; */
    ITEM_SET,     /* set %name = list; */
    ITEM_MACRO,   /* macro name(params) = expr; */
    ITEM_INCLUDE, /* include "path"; its items stand in `items` once loaded */
    ITEM_TEST,    /* test "title" { expects } */
    ITEM_IF,      /* #if on ARCH_ names around whole statements; see preproc.h */
};

struct item;
typedef VEC(struct item *) item_list;

struct item {
    enum item_kind kind;
    struct span span;           /* the whole statement with its semicolon */
    struct name name;           /* CONST, SET, MACRO, TEST (title), INCLUDE (path, unescaped) */
    struct expr *expr;          /* RULE: condition or NULL; CONST, MACRO: value; SET: EXPR_LIST;
                                 * IF: condition over names and numbers; KNOWN: EXPR_KERNEL */
    struct action_expr action;  /* RULE, DEFAULT, UNKNOWN, FOREIGN */
    struct name reason;         /* text of the reason, unescaped; len 0: none */
    name_list names;            /* ARCH, FLAGS: names; MACRO: parameters */
    VEC(struct expect) expects; /* TEST */
    item_list items;            /* INCLUDE: the file's; IF: the part taken if true */
    item_list else_items;       /* IF: the part taken if false (an #elif is an IF in here) */
};

struct ast {
    item_list items;
};

#endif
