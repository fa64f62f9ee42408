/* SPDX-License-Identifier: Apache-2.0 */
/* What a filter is made good at. All zero is the default. */
#ifndef GRAPH_TUNING_H
#define GRAPH_TUNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tuning_level {
    TUNE_DEFAULT, /* -O2: the fewest tests, common calls early */
    TUNE_NONE,    /* -O0: plain binary searches */
    TUNE_LITTLE,  /* -O1: single values apart */
    TUNE_SIZE,    /* -Os: the fewest tests, then the shallowest tree */
};

/* How often a call was made. It is known by name; one without a name by its number. */
struct traced_call {
    const char *name; /* NULL: none */
    uint32_t nr;      /* as in seccomp_data, where the trace was taken */
    uint64_t count;   /* in any unit */
    uint64_t args[6];
};

struct tuning {
    enum tuning_level level;
    bool no_bitmap; /* the kernel is older than 5.11: every call runs the filter */
    /* A trace to be fast for, above size; none: what is common, below size. */
    const struct traced_call *trace;
    size_t trace_count;
};

#endif
