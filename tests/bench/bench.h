/* SPDX-License-Identifier: Apache-2.0 */
/* What the benchmark is made of: peers, and clocks. */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include "compiler/cbpf/program.h"

#include <time.h>

static inline uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Sorts the samples. */
uint64_t median(uint64_t *samples, size_t count);

/* --- bench_libseccomp.c -------------------------------------------------------------------------
 */

/* A plain OCI profile (JSON text) through libseccomp in this process. optimize: 1 a list, 2 a tree.
 * Malloc'ed code; false: libseccomp refused. */
bool libseccomp_build(const char *json, unsigned optimize, struct program *out);

/* --- bench_kernel.c -----------------------------------------------------------------------------
 */

#define MAX_BLOBS 8
#define ROUNDS    25

struct kernel_times {
    uint64_t load_ns;     /* of seccomp(2) */
    uint64_t answered_ns; /* a call that the bitmap answers */
    uint64_t run_ns;      /* a call that runs the filter */
};

/* Medians over fresh children, the order of the blobs rotated each round. False, with a reason: the
 * kernel lets no filter be loaded. */
bool kernel_times(const struct program *const *blobs, size_t count, struct kernel_times *times,
                  const char **why);

#endif
