/* SPDX-License-Identifier: Apache-2.0 */
/* What is known before each instruction of a program, on all paths to it: for those who read
 * programs. */
#ifndef CBPF_FLOW_H
#define CBPF_FLOW_H

#include "compiler/cbpf/program.h"
#include "compiler/tables/arch.h"

/* What a register holds. */
struct flow_value {
    enum word word; /* WORD_COUNT: not known */
    uint32_t mask;  /* bits of the word that were kept */
};

#define FLOW_NR_UNKNOWN (-1)

struct flow_state {
    bool reached; /* false: no path comes here, and the rest means nothing */
    /* Comparisons on the way leave these architectures of the table possible ... */
    arch_set archs;
    /* ... and one that none of them has named. */
    bool any_arch;
    int64_t nr; /* number that the call was found equal to, or FLOW_NR_UNKNOWN */
    struct flow_value a, x;
};

/* A state for each instruction of any program, accepted or not. */
const struct flow_state *flow_of(struct arena *a, const struct program *p, bool big_endian);

#endif
