/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of a policy for one number: rules about arguments alone, and those as text. */
#ifndef IMPORT_BEHAVIOUR_H
#define IMPORT_BEHAVIOUR_H

#include "base/str.h"
#include "compiler/sema/policy.h"

/* Tried from the top; the last one holds always. */
struct residual {
    struct residual_rule {
        const struct cond *cond; /* about arguments and the instruction pointer */
        uint32_t ret;
    } * at;
    size_t count;
};

/* Consecutive rules of one action that differ in one set of values are one, and what the rules
 * behind say anyway is left out. */
struct residual residual_of(struct arena *a, const struct target *t, uint32_t nr);

/* The rules as they are: for conditions that are no policy's. */
void residual_tidy(struct arena *a, struct residual *r);

/* "ERRNO(EPERM)" */
void write_action(struct strbuf *out, uint32_t ret, const struct arch *arch);
/* The condition in the language, with the argument names and constants of the call (NULL: none). */
void write_condition(struct strbuf *out, const struct cond *cond, const struct syscall_info *call,
                     const struct arch *arch);
/* 12, 0x10000 */
void write_number(struct strbuf *out, uint64_t value);

#endif
