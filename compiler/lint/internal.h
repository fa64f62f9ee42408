/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files of this room: the state of linting one source, and its lints.
 *
 *   table.c      lints.def as a table
 *   decide.c     which rule decides which calls
 *   rules.c      rules that decide none
 *   conditions.c conditions and parts of them that are always true or always false; pointers
 *   widths.c     verdicts that hang on bits which the kernel does not read
 *   calls.c      dangerous, essential and related calls
 *   archs.c      what the architectures make of the same name
 *   names.c      names that are not known everywhere, names in two places
 *   unused.c     definitions
 *   profile.c    what only JSON has
 *   suppress.c   `lint: allow`
 *   lint.c       the way through all of it
 *   render.c, sarif.c   findings as text and JSON
 */
#ifndef LINT_INTERNAL_H
#define LINT_INTERNAL_H

#include "base/str.h"
#include "compiler/front/oci_read.h"
#include "compiler/lint/decide.h"
#include "compiler/lint/lint.h"
#include "compiler/tables/names.h"

/* A call that a statement or entry names where it is about that call, not about all others. */
struct named_call {
    const struct syscall_info *call;
    struct span span;
};
typedef VEC(struct named_call) named_calls;

/* A rule as it was written: a statement of the policy, or an entry of the profile. */
struct statement {
    const struct item *item;      /* NULL: of a profile */
    const struct oci_call *entry; /* NULL: of a policy, or a profile's default */
    uint32_t ret;                 /* of the first target that has it */
    struct span span;
    bool exists;  /* on some target its condition can hold */
    bool reached; /* a call comes to it */
    named_calls names;
};

struct linter {
    struct arena *arena;
    struct linted *linted;
    const struct lint_options *options;
    struct compile *compile;
    const struct policy *policy;
    const struct oci_spec *profile; /* NULL: the source is a policy */

    struct decisions **decisions; /* of each target of the policy */
    struct statement *statements; /* by number of rule; those without a rule have no span */
    size_t statement_count;
    bool checked[LINT_COUNT]; /* false: for these targets it finds nothing whatever the policy is,
                               * so that a suppression may be for others */
};

/* Records a finding; NULL if the lint is off. A finding of the same lint at the same place with the
 * same text is one. */
struct diag *find(struct linter *l, enum lint_id id, struct span span, const char *fmt, ...)
    PRINTF(4, 5);
/* diag may be NULL. */
void find_note(struct linter *l, struct diag *diag, struct span span, const char *fmt, ...)
    PRINTF(4, 5);
void find_fix(struct linter *l, struct diag *diag, struct span span, const char *text,
              const char *what);

/* The statement with its line, if nothing else stands there: what is to be removed. */
struct span whole_lines(struct span span);

/* Number of the statement of a rule; that of the profile's default for what has no entry. */
static inline uint32_t number_of(const struct decisions *d, uint32_t rule)
{
    return d->target->rules[rule]->number;
}

/* --- the lints ----------------------------------------------------------------------------------
 */

void lint_rules(struct linter *l);
void lint_conditions(struct linter *l);
void lint_widths(struct linter *l);
void lint_calls(struct linter *l);
void lint_archs(struct linter *l);
void lint_names(struct linter *l);
void lint_unused(struct linter *l);
void lint_profile(struct linter *l);

/* Makes findings of the diagnostics, silenced ones with their reason, and finds suppressions that
 * are not as they should be. */
void suppress(struct linter *l);

/* names.c: those of an expression, in its order. */
void collect_names(struct arena *a, const struct expr *e, named_calls *list);

#endif
