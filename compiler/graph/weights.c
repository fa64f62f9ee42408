/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/weights.h"

#include "base/sort.h"
#include "compiler/tables/syscalls.h"

#include <string.h>

/*
 * A call that is always allowed is answered from the kernel's bitmap (5.11 and later): it runs the
 * filter only while the bitmap is made. So it weighs next to nothing; not nothing, since among
 * filters that are as good for the others the one that is good for it too is better.
 */
#define RUNS_THE_FILTER 8192

#define MAX_TOTAL (UINT64_C(1) << 40)

static const struct traced_call common[] = {
#define CALL(call, in_a_million) {.name = #call, .count = in_a_million},
#include "compiler/graph/common-calls.def"
#undef CALL
};

static bool is_always_allowed(const struct cut *cuts, size_t count, uint32_t nr)
{
    size_t low = 0, high = count; /* the cut is in low .. high - 1 */

    while (high - low > 1) {
        size_t half = low + (high - low) / 2;

        if (cuts[half].from <= nr)
            low = half;
        else
            high = half;
    }
    return cuts[low].to->kind == NODE_LEAF && cuts[low].to->k == SECCOMP_RET_ALLOW;
}

int64_t traced_number(const struct traced_call *call, const struct arch *arch)
{
    const struct syscall_info *s;

    if (!call->name)
        return call->nr;
    s = syscall_by_name(call->name, strlen(call->name));
    return s ? syscall_number(s, arch) : -1;
}

/* From weights of single numbers, in any order, to sums. */
static size_t sum_up(struct arena *a, struct weight *at, size_t count)
{
    uint64_t total = 0, sum = 0;
    unsigned shift = 0;

    for (size_t i = 0; i < count; i++)
        total = total + at[i].up_to < total ? UINT64_MAX : total + at[i].up_to;
    while (total >> shift >= MAX_TOTAL)
        shift++;
    SORT_BY(a, at, count, nr);
    for (size_t i = 0; i < count; i++)
        at[i].up_to = sum += at[i].up_to >> shift;
    return count;
}

const struct weights *weights_of(const struct graph *g, const struct arch *arch,
                                 const struct cut *cuts, size_t count)
{
    const struct tuning *t = &g->tuning;
    const struct traced_call *calls = t->trace ? t->trace : common;
    size_t call_count = t->trace ? t->trace_count : sizeof(common) / sizeof(*common), n = 0;
    struct weights *w;
    struct weight *at;

    if (t->level != TUNE_DEFAULT)
        return NULL;
    at = ARENA_ARRAY(g->arena, struct weight, call_count);
    for (size_t i = 0; i < call_count; i++) {
        int64_t nr = traced_number(&calls[i], arch);
        uint64_t scale = 1;

        if (nr < 0)
            continue;
        if (!t->trace && (t->no_bitmap || !is_always_allowed(cuts, count, (uint32_t)nr)))
            scale = RUNS_THE_FILTER;
        at[n++] = (struct weight){(uint32_t)nr, calls[i].count * scale};
    }
    w = ARENA_NEW(g->arena, struct weights);
    *w = (struct weights){at, sum_up(g->arena, at, n)};
    return w;
}

static uint64_t below(const struct weights *w, uint64_t nr)
{
    size_t low = 0, high = w->count; /* the first that is not below is in low .. high */

    while (low < high) {
        size_t half = low + (high - low) / 2;

        if (w->at[half].nr < nr)
            low = half + 1;
        else
            high = half;
    }
    return low ? w->at[low - 1].up_to : 0;
}

uint64_t weights_between(const struct weights *w, uint64_t from, uint64_t to)
{
    return below(w, to) - below(w, from);
}
