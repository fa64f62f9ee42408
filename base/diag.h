/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics as records: what is wrong, where, and notes that help. Made anywhere, collected in
 * the order of making, shown by whoever asked for the work (diag_render.h); nobody else prints.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"
#include "base/source.h"
#include "base/strmap.h"
#include "base/vec.h"

#include <stdbool.h>

enum diag_id {
#define DIAG(name, id, severity, summary) DIAG_##name,
#include "base/diag.def"
#undef DIAG
    DIAG_COUNT
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct diag_kind {
    const char *id;
    enum severity severity;
    const char *summary;
};

extern const struct diag_kind diag_kinds[DIAG_COUNT];

struct diag_note {
    struct span span; /* may be nowhere */
    const char *text;
    struct diag_note *next;
};

/* An edit of the source after which the fault is gone, and nothing else has changed. */
struct diag_fix {
    struct span span; /* what is replaced; empty: the place where the text goes */
    const char *text; /* "": the span is removed */
    const char *what; /* in words: "remove the rule" */
};

struct diag {
    enum diag_id id;              /* DIAG_COUNT: of another table than diag.def */
    const struct diag_kind *kind; /* its row there */
    enum severity severity;
    struct span span; /* may be nowhere */
    const char *text; /* lower case, no full stop, subject in 'quotes' */
    struct diag_note *notes;
    const struct diag_fix *fix; /* NULL: none is sure */
    bool repeated; /* recorded again, as a macro expanded twice does: its notes are there */
};

struct diags {
    struct arena *arena;
    VEC(struct diag *) list;
    unsigned errors, warnings;
    struct strmap seen; /* struct diag by all that makes it the same */
};

void diags_init(struct diags *d, struct arena *a);

/* Records one. The same id with the same text at the same place is recorded once: a policy is
 * resolved once per target, and a fault is told once. Returns the record, to hang notes on. */
struct diag *diag_add(struct diags *d, enum diag_id id, struct span span, const char *fmt, ...)
    PRINTF(4, 5);
/* The same with a kind that is not in diag.def, but in a table that outlives d. */
struct diag *diag_add_kind(struct diags *d, const struct diag_kind *kind, struct span span,
                           const char *fmt, ...) PRINTF(4, 5);
/* Adds a note behind those it has; a note equal to one it has is dropped. */
void diag_note(struct diags *d, struct diag *diag, struct span span, const char *fmt, ...)
    PRINTF(4, 5);
/* Gives it a fix, if it has none. The texts are kept, not copied. */
void diag_fix(struct diags *d, struct diag *diag, struct span span, const char *text,
              const char *what);

/* Orders by source and place, errors of one place in order of making. */
void diags_sort(struct diags *d);

#endif
