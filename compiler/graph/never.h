/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy never does: the question of `expect never`, decided on a graph. */
#ifndef GRAPH_NEVER_H
#define GRAPH_NEVER_H

#include "compiler/graph/witness.h"
#include "compiler/sema/policy.h"

/* A call of the target for which the condition holds and that gets this return value. Every call
 * is decided; on architectures of 32 bits registers are no wider. */
enum witness find_exception(struct arena *a, const struct target *t, const struct claim *claim,
                            struct seccomp_data *call);

#endif
