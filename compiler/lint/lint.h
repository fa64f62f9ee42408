/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a policy or a profile that compiles: findings, each of a lint of lints.def.
 *
 *     source ─the front end, as to compile─▶ policy ─decisions─▶ which rule decides which calls
 *                   │                                                  │
 *                   └─ its diagnostics ──▶ findings ◀── lints ─────────┘
 *                                             │
 *                                     suppressions, levels
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "compiler/driver.h"

enum lint_id {
#define LINT(name, ...) LINT_##name,
#define TOLD(name, ...) LINT_TOLD_##name,
#include "compiler/lint/lints.def"
#undef LINT
#undef TOLD
    LINT_COUNT
};

enum lint_level { LEVEL_OFF, LEVEL_WARNING, LEVEL_ERROR };
enum lint_sources { LINTS_POLICY = 1, LINTS_JSON = 2, LINTS_BOTH = 3 };

struct lint {
    const struct diag_kind *kind; /* id and summary; of the compiler's own: its row in diag_kinds */
    enum lint_level level;        /* unless the user says otherwise */
    enum lint_sources sources;
    const char *explanation;
};

extern const struct lint lint_table[LINT_COUNT];

/* LINT_COUNT: there is none of that name. */
enum lint_id lint_by_name(const char *name, size_t len);
/* LINT_COUNT: it is a diagnostic of the compiler's that is no lint. */
enum lint_id lint_of_kind(const struct diag_kind *kind);
/* What may have been meant by a name; NULL: nothing near. */
const char *nearest_lint(const char *name, size_t len);
/* "error", "warning", "off" */
extern const char *const lint_level_names[];

struct lint_options {
    enum lint_level levels[LINT_COUNT];
    bool strict;         /* warnings are errors, also those of the compiler's that are no lint */
    bool shared_defines; /* the compile's defines are for other sources, too: need not be used */
};

/* The table's own levels. */
void lint_options_init(struct lint_options *o);

struct finding {
    struct diag *diag;  /* with a place, be it the beginning of the source */
    const char *reason; /* why it is silenced in place; NULL: it is not */
};

/* One source and what was found in it. */
struct linted {
    struct compile compile;       /* owns all the rest */
    VEC(struct finding) findings; /* by place */
    size_t shown;                 /* those that nothing silences */

    VEC(struct span) comments; /* as the parser tells of them */
};

/* Compiles the text and lints it. 0, or -ENOMEM or -EFBIG; that it does not compile is a finding.
 * What options point to outlives the result; linted is released with lint_release() in any
 * case. */
int lint_source(struct linted *l, const struct compile_options *compile,
                const struct lint_options *options, const char *name, const char *text,
                size_t len) MUST_CHECK;
void lint_release(struct linted *l);

/* --- output ------------------------------------------------------------------------------------
 */

/* What is found in words; notes without a place are part of it, each on a line. */
const char *finding_message(struct arena *a, const struct diag *d);

/* Of all sources together, into out. Text and JSON as base/diag_render.h has them, of what is
 * shown. */
void lint_text(const struct linted *list, size_t count, bool colour, struct strbuf *out);
void lint_json(const struct linted *list, size_t count, struct strbuf *out);
/* SARIF 2.1.0 (OASIS), one run; silenced findings are in it, as suppressed. */
void lint_sarif(const struct linted *list, size_t count, const char *version, struct strbuf *out);

#endif
