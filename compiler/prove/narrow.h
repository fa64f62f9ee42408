/* SPDX-License-Identifier: Apache-2.0 */
/* From a formula that holds of some calls of a class to boxes of calls, simple and wide. */
#ifndef PROVE_NARROW_H
#define PROVE_NARROW_H

#include "compiler/prove/prove.h"

/* Calls of a class of which a formula holds. */
struct region {
    const struct call_class *class;
    Z3_ast formula;
};

/* Finds a box of calls of which the formula holds: small values first, then as wide as it goes.
 * Each time another, for as long as *formula is what the last left there. UNSATISFIABLE: there is
 * none; UNKNOWN: time is up. */
enum answer narrow(struct terms *t, struct region *region, struct difference *found);

#endif
