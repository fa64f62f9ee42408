/* SPDX-License-Identifier: Apache-2.0 */
/* Differences as people read them, and as JSON. */
#ifndef PROVE_REPORT_H
#define PROVE_REPORT_H

#include "base/str.h"
#include "compiler/prove/prove.h"

/*
 * A line for each: "socket(0x100000028, *, *) on x86_64, x32: A ALLOW, B ERRNO(EPERM)", what does
 * not matter as *. The same of several architectures is one line, and so are neighbouring numbers
 * without a name, and all calls of an architecture.
 */
void report_text(struct arena *a, const struct proof *proof, struct strbuf *out);

/* Likewise, without the actions: "ptrace(16, *, *, *) on x86_64". */
void report_calls(struct arena *a, const struct proof *proof, struct strbuf *out);

/* An array of {"call", "archs", "a", "b"}. */
void report_json(struct arena *a, const struct proof *proof, struct strbuf *out);

#endif
