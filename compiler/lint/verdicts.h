/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of one call, over all its arguments. */
#ifndef LINT_VERDICTS_H
#define LINT_VERDICTS_H

#include "compiler/lint/internal.h"

struct verdicts {
    bool exists; /* the target has such a call */
    uint32_t nr;
    struct number_class *class;
    bool may_pass;    /* some call is let through */
    bool must_pass;   /* all are */
    bool may_refuse;  /* some call is refused */
    bool must_refuse; /* all are */
    bool is_enosys;   /* all that are refused get ENOSYS */
    /* statements, by number; NO_RULE: none */
    uint32_t passing;  /* the first that lets a call through */
    uint32_t refusing; /* the first that refuses one with other than ENOSYS, else with that */
    bool on_purpose;   /* it is a rule or an entry, not what is left over */
};

struct verdicts verdicts_of(const struct linter *l, struct decisions *d,
                            const struct syscall_info *s);
/* The same by name. */
struct verdicts verdicts_by_name(const struct linter *l, struct decisions *d, const char *name);

/* The statement's place where it names the call, else the statement. */
struct span place_in_statement(const struct linter *l, uint32_t number,
                               const struct syscall_info *s);

#endif
