/* SPDX-License-Identifier: Apache-2.0 */
/* From a formula that holds of some calls of a class to boxes of calls, simple and wide. */
#ifndef PROVE_NARROW_H
#define PROVE_NARROW_H

#include "compiler/prove/prove.h"

/* Boxes of one region. */
#define MAX_BOXES 6

/* Calls of a class of which a formula holds. */
struct region {
    const struct call_class *class;
    Z3_ast formula;
    /* Whether the formula holds of a call, found out without Z3, which is sooner. */
    bool (*holds)(const void *ctx, const struct seccomp_data *call);
    const void *ctx;
    /* Boxes that were found, and are no more part of the formula. */
    struct difference shown[MAX_BOXES];
    unsigned shown_count;
};

/* Finds a box of calls of which the formula holds: small values first, then as wide as it goes,
 * or as far as it came in some seconds.
 * Each time another, for as long as *formula is what the last left there. UNSATISFIABLE: there is
 * none; UNKNOWN: time is up. */
enum answer narrow(struct terms *t, struct region *region, struct difference *found);

#endif
