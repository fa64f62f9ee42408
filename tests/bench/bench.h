/* SPDX-License-Identifier: Apache-2.0 */
/* What the benchmark is made of: subjects, peers, and clocks. */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include "compiler/cbpf/program.h"
#include "compiler/driver.h"

#include <json-c/json.h>
#include <time.h>

static inline uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void add_number(struct json_object *o, const char *name, uint64_t value)
{
    json_object_object_add(o, name, json_object_new_int64((int64_t)value));
}

/* Sorts the samples. */
uint64_t median(uint64_t *samples, size_t count);

/* --- bench_profile.c ---------------------------------------------------------------------------*/

#define MAX_TRACE 1000

struct trace {
    struct traced_call calls[MAX_TRACE];
    struct seccomp_data data[MAX_TRACE];
    size_t count;
};

/* One policy in two forms, texts that end in a NUL. */
struct subject {
    const char *title;
    const char *policy, *json;
    const struct arch *archs[3];
    size_t arch_count;
    const struct trace *trace;
};

/* The capabilities that podman gives a container, for `defines`. */
#define MAX_CAPS 32
size_t container_caps(struct define defines[static MAX_CAPS]);

/* Ours, from the text of a policy or of JSON; malloc'ed code unless out is NULL. */
bool build_ours(const struct subject *s, bool json, const struct tuning *t, struct program *out);
/* Prints the table of sizes, counts and times, and adds it to `all` under the title. */
void bench_profile(const struct subject *s, struct json_object *all);

/* --- bench_growth.c ----------------------------------------------------------------------------*/

void bench_growth(struct json_object *all);

/* --- bench_process.c ---------------------------------------------------------------------------*/

/* The program on the text of a policy beside `true`. */
void bench_process(const char *program, const char *policy, struct json_object *all);
/* Instructions that this program executes from the text to the filter, by callgrind: it runs
 * itself as `bench --build NAME`. */
void bench_instructions(const char *name, struct json_object *all);

/* --- bench_libseccomp.c ------------------------------------------------------------------------*/

/* A plain OCI profile (JSON text) through libseccomp in this process. optimize: 1 a list, 2 a tree.
 * Malloc'ed code; false: libseccomp refused. */
bool libseccomp_build(const char *json, unsigned optimize, struct program *out);

/* --- bench_kernel.c ----------------------------------------------------------------------------*/

#define MAX_BLOBS 12
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
