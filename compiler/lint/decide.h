/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rule decides which calls of one target: the question behind most lints.
 *
 * The numbers fall into classes within which every rule behaves the same. Of a class, the rules
 * that may hold there, up to the first that surely does, are a decision graph over the arguments,
 * whose leaves are the rules themselves instead of their actions; which of them a call can come to
 * is found out as for any graph (graph/witness.h).
 */
#ifndef LINT_DECIDE_H
#define LINT_DECIDE_H

#include "compiler/graph/formula.h"
#include "compiler/graph/graph.h"
#include "compiler/graph/witness.h"
#include "compiler/sema/policy.h"
#include "compiler/tables/names.h"

/* Leaf of calls that no rule decides. */
#define NO_RULE UINT32_MAX

struct number_class {
    uint32_t from, to;   /* inclusive */
    bool is_other;       /* numbers of another architecture with the same audit value */
    VEC(uint32_t) rules; /* that may hold: indexes into the target's; ascending */
    bool is_closed;      /* rules.at[count - 1] surely holds */
    size_t count;        /* those that are tried: without those behind it */
    /* made when first asked for: */
    struct graph graph;
    const struct node *root; /* leaves: indexes into the target's rules */
    bool *reached;           /* of count: some call comes to it */
    struct behind *behind;   /* what decides behind each of rules */
};

struct decisions {
    struct arena *arena;
    uint64_t
        budget; /* steps of searches that are left; what is not known then counts as possible */
    const struct target *target;
    const struct formula *const *formulas; /* of the target's rules */
    const uint32_t *by_number; /* the target's (first) rule of that number; NO_RULE: it has none */
    struct number_class *classes; /* ascending */
    size_t class_count;
};

/* Numbers of rules are below `numbers`. NULL: the rules are too many for the classes. */
struct decisions *decisions_of(struct arena *a, const struct target *t, uint32_t numbers);

struct number_class *class_of(struct decisions *d, uint32_t nr);
/* Its graph. */
const struct node *class_root(struct decisions *d, struct number_class *c);
/* Does some call of the class come to rules.at[i], i < count? */
bool class_reaches(struct decisions *d, struct number_class *c, size_t i);

/* Is there a call of the class for which the rule's condition holds and none of the others' does?
 * others: indexes of rules. */
bool class_has_more(struct decisions *d, const struct number_class *c, uint32_t rule,
                    const uint32_t *others, size_t count);
/* Would some call of the class that comes to rules.at[i], i < count, end with another value
 * without it? */
bool class_needs(struct decisions *d, struct number_class *c, size_t i);

/* By index of the target's rules: 1 for those that let through, or that refuse, else 0. */
const uint32_t *leaves_of(struct arena *a, const struct target *t, bool let_through);
/* The graph with other leaves: those of `leaves`, by index of the rule. */
const struct node *map_leaves(struct graph *g, const struct node *root, const uint32_t *leaves);
/* Does a call come from root to the leaf? *found: one that does, if it is known; else what is in it
 * does not matter. */
enum witness seek(struct decisions *d, const struct node *root, const struct node *leaf,
                  struct seccomp_data *found);
/* What the graph is for calls whose word has this value. */
const struct node *fix_word(struct graph *g, const struct node *root, enum word word,
                            uint32_t value);

/* --- what an action does -----------------------------------------------------------------------
 */

/* The call is not made; nobody is asked. */
static inline bool refuses(uint32_t ret)
{
    uint32_t action = ret & SECCOMP_RET_ACTION_FULL;

    return !lets_through(ret) && action != SECCOMP_RET_USER_NOTIF && action != SECCOMP_RET_TRACE;
}

#endif
