/* SPDX-License-Identifier: Apache-2.0 */
/* Resolved policy to a filter: the graph, laid out and within the kernel's limit. */
#ifndef EMIT_CBPF_H
#define EMIT_CBPF_H

#include "base/diag.h"
#include "compiler/emit/layout.h"
#include "compiler/sema/policy.h"

struct filter {
    const struct node *root;
    struct layout layout;
};

/* NULL if a call is left undecided, or the program is over BPF_MAXINSNS: too-large tells its size
 * and the rules that take most of it. */
struct filter *emit_filter(struct arena *a, const struct policy *p, struct diags *diags);

#endif
