/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order in which filters are loaded. Each is loaded under those before it, so what denies
 * seccomp(2) comes last; and so does the filter that notifies, for under it nothing is called any
 * more but execve(2). Where several have to be the last one they are made one (combine.h).
 */
#ifndef EXEC_FILTER_H
#define EXEC_FILTER_H

#include "runtime-loader/exec/combine.h"

struct filter_load {
    filter_stack order;
    bool notifies; /* the last one does: it gets the listener (seccomp_unotify(2)) */
};

/* All filters, those that have to be last behind the others: how many these are. */
size_t filter_order(struct arena *a, const struct seccomp_filters *filters, filter_stack *order);
/* -ENOTSUP for flags that this kernel does not know, and where filters cannot be made one. */
int filter_load_plan(struct arena *a, const struct seccomp_filters *filters,
                     struct filter_load *out, struct error *err) MUST_CHECK;

/* Does this kernel know a SECCOMP_FILTER_FLAG_*? */
bool filter_flag_known(uint32_t flag);

/* Loads one. listener: where to put the descriptor of its notified calls; NULL: it has none. */
int filter_load(const struct seccomp_filter *filter, int *listener, struct error *err) MUST_CHECK;

#endif
