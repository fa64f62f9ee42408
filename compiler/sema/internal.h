/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files of sema: the state of resolving one policy, and the half-way form of
 * conditions.
 *
 *   statements.c   which statements hold on which target; names they define
 *   constant.c     constant expressions
 *   operand.c      the sides of a comparison: a field of the call, or a constant
 *   compare.c      comparisons, `in` lists
 *   condition.c    expressions to drafts: names to numbers, macros expanded
 *   width.c        drafts to conditions: the width of each comparison from the calls it is about
 *   call.c         calls of tests
 *   claims.c       what tests expect
 *   resolve.c      targets, rules, actions: the way through all of it
 */
#ifndef SEMA_INTERNAL_H
#define SEMA_INTERNAL_H

#include "base/strmap.h"
#include "compiler/front/condition.h"
#include "compiler/front/parse.h"
#include "compiler/sema/policy.h"

/* Values of constant expressions, -2^63 .. 2^64-1; negative ones become two's complement where
 * they meet a width. */
typedef wide_int value_t;

/* --- statements.c ------------------------------------------------------------------------------
 */

/* A statement under its #if ARCH_ conditions, innermost first. */
struct guard {
    const struct expr *condition;
    bool wanted; /* false in the #else part */
    const struct guard *outer;
};
struct statement {
    const struct item *item;
    const struct guard *guard;
};

/* A const, set or macro of the target at hand. */
enum definition_state { DEFINITION_NEW, DEFINITION_IN_WORK, DEFINITION_DONE };
struct definition {
    const struct item *item;
    enum definition_state state;
    bool is_error;                 /* reported; what it is used for is dropped quietly */
    value_t value;                 /* const, once done */
    const struct members *members; /* set, once done */
};

/* What `in` compares with, and what a set holds. */
struct member {
    value_t low, high; /* equal unless a range was written */
    bool is_syscall;   /* written as @name, or by a group or KERNEL() */
    struct span span;
};
struct members {
    VEC(struct member) list;
    bool all_syscalls;
    const struct missing *missing; /* a constant that this architecture lacks */
};

struct resolver {
    struct arena *arena;
    struct diags *diags;
    const struct resolve_options *options;
    struct syscall_fallback *fallback;
    VEC(struct statement) statements; /* of the policy, includes opened, in order */
    VEC(const struct arch *) targets; /* a comparison with $arch may add to them */

    /* of the target at hand */
    const struct arch *arch;
    struct strmap names;  /* struct definition of consts and macros */
    struct strmap sets;   /* struct definition of sets */
    struct strmap groups; /* struct members of built-in groups used so far, by name */
    size_t expansions;    /* drafts made: a bound for macro bombs */
};

void collect_statements(struct resolver *r, const struct ast *ast);
/* Does the statement hold on r->arch? */
bool statement_holds(struct resolver *r, const struct statement *s);
/* Fills r->names and r->sets for r->arch. */
void collect_definitions(struct resolver *r);
/* NULL if there is none. */
struct definition *find_name(const struct resolver *r, struct name name);
struct definition *find_set(const struct resolver *r, struct name name);

/* --- scopes ------------------------------------------------------------------------------------
 */

/* What names mean at a place: the call whose arguments have names there, and macro parameters. */
struct scope {
    const struct syscall_info *call; /* inside @name( ): its argument names; else NULL */
    const struct item *macro;        /* inside a macro's body; else NULL */
    const struct expr *macro_call;   /* its kids are the arguments... */
    const struct scope *caller;      /* ...and mean what they mean here */
    unsigned depth;                  /* of macros, from 0 */
};
#define MAX_MACRO_DEPTH 64

/* A constant that the architecture at hand does not define, or an argument that the call does not
 * have there. It is an error only if the comparison it stands in can matter there:
 * `@arch_prctl(code == ARCH_SET_FS)` is no fault on aarch64, which has no arch_prctl. */
struct missing {
    const char *name;
    struct span span;
    const struct syscall_info *call; /* whose argument it is; NULL: a constant */
};

/* Index of the macro's parameter of that name, or -1. */
int macro_parameter(const struct item *macro, struct name name);
/* Index of the call's argument of that name. */
enum { ARGUMENT_NONE = -1, ARGUMENT_ELSEWHERE = -2 /* it has one on another architecture */ };
int call_argument(const struct resolver *r, const struct syscall_info *call, struct name name);

/* --- constant.c --------------------------------------------------------------------------------
 */

enum constant_result { CONSTANT_OK, CONSTANT_ERROR /* reported */, CONSTANT_MISSING };

/* The value of an expression that must be constant. */
enum constant_result eval_constant(struct resolver *r, const struct expr *e,
                                   const struct scope *scope, value_t *value,
                                   const struct missing **missing);
/* The same for a name that is neither parameter nor argument. */
enum constant_result eval_constant_name(struct resolver *r, struct name name, value_t *value,
                                        const struct missing **missing);
void report_missing(struct resolver *r, const struct missing *missing);
/* == != < <= > >= in, not in, !: what is made of them is a condition. */
bool is_condition_operator(enum expr_op op);
/* Applies an arithmetic operator, with its checks. */
enum constant_result apply_operator(struct resolver *r, const struct expr *e, value_t x, value_t y,
                                    value_t *value);
const char *value_text(struct resolver *r, value_t v);

/* NULL if reported. */
const struct arch *resolve_arch(struct resolver *r, struct name name);
/* Numbers of calls. -1: the architecture at hand (or the one named) has none; -2: reported. */
int64_t resolve_syscall(struct resolver *r, const struct expr *e);

/* --- drafts ------------------------------------------------------------------------------------
 */

enum half { HALF_AUTO, HALF_FULL, HALF_LOW, HALF_HIGH };

/* One side of a comparison that is a field of the call. */
struct field_operand {
    enum field field;
    enum half half;
    bool is_signed;
    bool has_mask;
    value_t mask;
    struct span mask_span;
};

/* A condition whose widths are not known yet. */
struct draft {
    enum cond_kind kind;
    struct field_operand on; /* COND_ATOM, and what follows */
    enum compare op;
    value_t value;
    struct span value_span;
    const struct members *set; /* CMP_IN */
    VEC(struct draft *) kids;
    const struct missing *missing; /* matters unless the context is false */
    struct span span;
    /* width.c: numbers for which it may hold, and for which it holds whatever the arguments */
    struct ranges may, must;
    bool has_fields; /* something but the number is compared */
};

/* --- operand.c ---------------------------------------------------------------------------------
 */

enum operand_kind { OPERAND_ERROR, OPERAND_CONSTANT, OPERAND_FIELD, OPERAND_ARCH };
struct operand {
    enum operand_kind kind;
    value_t value;                /* CONSTANT */
    bool is_syscall;              /* CONSTANT: written as @name */
    bool absent;                  /* CONSTANT: @name without a number here */
    const struct arch *arch_name; /* CONSTANT: @name that is an architecture, beside $arch */
    const struct missing *missing;
    struct field_operand on; /* FIELD, and the mask of ARCH */
};

/* beside_arch: the other side is $arch, so @x86_64 is an architecture. */
struct operand resolve_operand(struct resolver *r, const struct expr *e, const struct scope *scope,
                               bool beside_arch);
/* For report_missing(). */
void report_missing_argument(struct resolver *r, const struct missing *missing);
/* An architecture that $arch is compared with becomes a target. */
void join_target(struct resolver *r, const struct arch *arch);
bool mentions_arch(const struct expr *e);

/* --- compare.c ---------------------------------------------------------------------------------
 */

struct draft *resolve_comparison(struct resolver *r, const struct expr *e,
                                 const struct scope *scope);
struct draft *resolve_in(struct resolver *r, const struct expr *e, const struct scope *scope);
/* All members of a list, set, range or KERNEL(); NULL if reported. */
const struct members *resolve_members(struct resolver *r, const struct expr *e,
                                      const struct scope *scope);
/* Members of %name, defined or built in; NULL if reported. */
const struct members *resolve_set(struct resolver *r, struct name name);

/* --- condition.c -------------------------------------------------------------------------------
 */

struct draft *draft_constant(struct resolver *r, bool value, struct span span);
/* NULL if something was reported. */
struct draft *resolve_condition(struct resolver *r, const struct expr *e,
                                const struct scope *scope);

/* --- action.c ----------------------------------------------------------------------------------
 */

/* SECCOMP_RET_* | data for r->arch; false if something was reported. */
bool resolve_action(struct resolver *r, const struct action_expr *action, uint32_t *ret);

/* --- width.c -----------------------------------------------------------------------------------
 */

/* NULL if something was reported. */
const struct cond *size_draft(struct resolver *r, struct draft *d);

/* --- claims.c ----------------------------------------------------------------------------------
 */

/* Those of the target at hand, claims and expectations. */
void collect_claims(struct resolver *r, struct target *t);
/* Expectations on architectures that are no targets. */
void collect_foreign(struct resolver *r, expectations *list);

/* --- call.c ------------------------------------------------------------------------------------
 */

/* The call of an expectation. MISSING: the architecture at hand has no such call or constant;
 * *missing is NULL for the call. */
enum constant_result read_call(struct resolver *r, const struct expr *e, struct seccomp_data *call,
                               const struct missing **missing);

#endif
