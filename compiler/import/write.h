/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of writing a policy, in the order of the text. */
#ifndef IMPORT_WRITE_H
#define IMPORT_WRITE_H

#include "base/strmap.h"
#include "compiler/import/behaviour.h"
#include "compiler/import/import.h"

typedef VEC(uint64_t) cut_list;

struct writer {
    struct arena *arena;
    struct strbuf *out;
    struct strmap texts;
    const struct policy *policy;
    /* by call and target: what it gets, as statements without the name; NULL: it is not there.
     * Equal ones are the same pointer. */
    const char **behaviours;
    uint32_t *defaults;  /* by target */
    const char *numbers; /* statements for numbers without names, from the head on */
    bool has_numbers;
};

/* Works out what each call gets. A later policy of the same targets takes the place of the one
 * before; its texts can be compared with those by pointer. */
void writer_take(struct writer *w, const struct policy *p);
const char *writer_intern(struct writer *w, const char *text);

void writer_head(struct writer *w, const struct import_options *o);
/* Those of the calls that do not get the default. */
void writer_calls(struct writer *w, const bool *among);
void writer_numbers(struct writer *w);
void writer_tail(struct writer *w);

#endif
