/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy whose names are resolved: per target a list of rules, tried from the top, each a
 * condition over the words of struct seccomp_data and an action. This is the meaning that every
 * output is held against (eval.h is its direct evaluator).
 */
#ifndef SEMA_POLICY_H
#define SEMA_POLICY_H

#include "base/diag.h"
#include "base/vec.h"
#include "compiler/front/ast.h"
#include "compiler/sema/ranges.h"
#include "compiler/tables/arch.h"
#include "compiler/tables/syscalls.h"

#include <linux/seccomp.h>

enum field { FIELD_NR, FIELD_IP, FIELD_ARG0, FIELD_ARG5 = FIELD_ARG0 + 5, FIELD_COUNT };

enum compare { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_IN };

/*
 * One comparison: ((field >> shift) & mask) OP value, where mask is never wider than `width`
 * bits. Values fit the width; signed ones are two's complement at that width.
 */
struct atom {
    enum field field;
    uint8_t shift; /* 0, or 32: the high half */
    uint8_t width; /* 8, 16, 32 or 64 bits compared */
    bool is_signed;
    enum compare op;
    uint64_t mask;     /* all ones in `width` where none was written */
    uint64_t value;    /* unless op is CMP_IN */
    struct ranges set; /* CMP_IN: of the unsigned value */
};

enum cond_kind { COND_FALSE, COND_TRUE, COND_ATOM, COND_NOT, COND_AND, COND_OR };

struct cond {
    enum cond_kind kind;
    struct atom atom;               /* COND_ATOM */
    const struct cond *const *kids; /* NOT: one; AND, OR: two or more */
    size_t kid_count;
    struct span span; /* what was written */
};

struct rule {
    const struct cond *cond;
    uint32_t ret;            /* SECCOMP_RET_* | data */
    struct span span;        /* the statement; nowhere for the implicit `unknown` below */
    const char *reason;      /* NULL: none */
    const struct item *item; /* the statement; NULL for synthetic rules (tests) */
    unsigned number;         /* position in the whole policy's order, from 0; the same statement has
                              * the same number on every target */
};

/* `expect never`: no call for which cond holds gets this return value. */
struct claim {
    const struct cond *cond;
    uint32_t ret;
    struct span span;
};
typedef VEC(struct claim) claims;

/* `expect`: the call gets this return value. */
struct expectation {
    struct seccomp_data call;
    uint32_t ret;
    struct span span;
};
typedef VEC(struct expectation) expectations;

struct target {
    const struct arch *arch;
    /* the written rules in order, then `unknown`, then `default` where given */
    const struct rule *const *rules;
    size_t rule_count;
    /* of the tests in the policy, those that are about this target and these defines */
    claims claims;
    expectations expectations;
};

struct policy {
    struct target *targets; /* in the order of arch.def; byte order is the same for all */
    size_t target_count;
    uint32_t foreign; /* return value for other architectures */
    const char *foreign_reason;
    struct span foreign_span;
    uint32_t filter_flags; /* SECCOMP_FILTER_FLAG_* */
    unsigned rule_numbers; /* rule.number is below this */
    bool has_notify;       /* some rule's action is NOTIFY */
    bool declares_archs;   /* a statement says which architectures it is for */
    VEC(const struct item *) tests;
    expectations foreign_expectations; /* on architectures that the policy's `arch` leaves out */
};

/* The target that decides the call; NULL: foreign. */
const struct target *policy_target(const struct policy *p, uint32_t audit, uint32_t nr);
/* The rule with another condition and value: for questions about a policy that are policies. */
const struct rule *rule_with(struct arena *a, const struct rule *like, const struct cond *cond,
                             uint32_t ret);

struct define;

struct resolve_options {
    const struct arch *const *targets; /* --arch; none: the policy's, else the machine's */
    size_t target_count;
    const struct define *defines; /* names in ITEM_IF */
    size_t define_count;
};

/* AST to policy; NULL if an error was recorded, now or by the parser (what it understood is
 * resolved all the same, for the errors in it). Does not check that every call is decided: the
 * graph does (graph/build.h). The fallback is the caller's, who releases it: memory that runs out
 * here jumps past this function's end. */
struct policy *resolve_policy(struct arena *a, const struct ast *ast,
                              const struct resolve_options *o, struct syscall_fallback *fallback,
                              struct diags *diags);

#endif
