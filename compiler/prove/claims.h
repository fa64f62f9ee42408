/* SPDX-License-Identifier: Apache-2.0 */
/* The proof of a policy's `expect never`. */
#ifndef PROVE_CLAIMS_H
#define PROVE_CLAIMS_H

#include "compiler/prove/prove.h"

/* One claim of p's target. Where it does not hold, the differences are calls that it speaks of and
 * that get the claim's action. */
void prove_claim(struct arena *a, struct terms *t, const struct policy *p,
                 const struct target *target, const struct claim *claim, struct proof *proof);

#endif
