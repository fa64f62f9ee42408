/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of graph and emit share: values and calls near the constants that matter, random
 * conditions and policies. */
#ifndef TESTS_UNIT_GRAPH_RANDOM_H
#define TESTS_UNIT_GRAPH_RANDOM_H

#include "base/arena.h"
#include "compiler/graph/graph.h"
#include "compiler/sema/policy.h"
#include "tests/lib/rng.h"

/* Small, large, near powers of two, or anything. */
uint64_t random_value(struct rng *r);
uint32_t random_mask(struct rng *r);

/* Constants worth trying. */
typedef VEC(uint64_t) values;

struct atom random_atom(struct rng *r, struct arena *a, enum field field);
/* The atom's constants and masks. */
void atom_constants(struct arena *a, const struct atom *atom, values *v);
const struct cond *random_cond(struct rng *r, struct arena *a, unsigned depth);
void cond_constants(struct arena *a, const struct cond *c, values *v);
const struct cond *cond_atom(struct arena *a, struct atom atom);
const struct cond *cond_join(struct arena *a, enum cond_kind kind, const struct cond *x,
                             const struct cond *y);

/* One target, `count` rules with random conditions; a default if wanted. */
struct policy *random_policy(struct rng *r, struct arena *a, size_t count, bool has_default);
struct rule *make_rule(struct arena *a, const struct cond *c, uint32_t ret);
struct policy *make_policy(struct arena *a, enum arch_id arch, const struct rule *const *rules,
                           size_t count);

/* Any graph of about that many nodes, also such as no policy makes, and its constants. */
const struct node *random_graph(struct rng *r, struct graph *g, size_t count);
void graph_constants(struct arena *a, const struct node *root, values *v);

/* k - 1, k or k + 1 of a constant, in one half or the other, or with garbage above; or 0 or
 * anything. */
uint64_t near_value(struct rng *r, const values *v);
struct seccomp_data near_call(struct rng *r, const values *v, uint32_t audit);

#endif
