/* SPDX-License-Identifier: Apache-2.0 */
/* How often the calls of each number come to the filter. */
#ifndef GRAPH_WEIGHTS_H
#define GRAPH_WEIGHTS_H

#include "compiler/graph/graph.h"
#include "compiler/tables/arch.h"

struct weight {
    uint32_t nr;
    uint64_t up_to; /* the weight of this number and of all below */
};

struct weights {
    const struct weight *at; /* ascending numbers; others weigh nothing */
    size_t count;
};

/* The number of a traced call as in seccomp_data; -1: the architecture has no such call. */
int64_t traced_number(const struct traced_call *call, const struct arch *arch);

/* cuts: what each number leads to. NULL: the tuning does not ask for weights. */
const struct weights *weights_of(const struct graph *g, const struct arch *arch,
                                 const struct cut *cuts, size_t count);

#define WEIGHTS_END (UINT64_C(1) << 32)
/* Of the numbers from .. to - 1. All numbers together weigh less than 2^40. */
uint64_t weights_between(const struct weights *w, uint64_t from, uint64_t to);

#endif
