/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision graph: what a filter tests in which order. A node tests one 32-bit word of
 * seccomp_data and goes to one of two nodes, or is a leaf with the value to return. Nodes are
 * hash-consed: equal nodes are one node, and a node whose branches are equal is its branch. They
 * are numbered in order of creation, children before parents, so the graph has no cycles and
 * output is the same on every run.
 */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include "base/arena.h"
#include "base/source.h"
#include "base/vec.h"
#include "compiler/cbpf/program.h"
#include "compiler/graph/tuning.h"

enum node_kind {
    NODE_LEAF, /* returns k */
    NODE_EQ,   /* (word & mask) == k */
    NODE_GT,   /* (word & mask) >  k, unsigned */
    NODE_GE,   /* (word & mask) >= k, unsigned */
    NODE_SET,  /* (word & k) != 0; mask is all ones */
};

struct node {
    enum node_kind kind;
    enum word word;
    uint32_t mask;
    uint32_t k;
    const struct node *yes, *no; /* NULL for a leaf */
    uint32_t id;                 /* order of creation */
    struct span origin;          /* of the first rule that asked for it; not part of identity */
};

struct graph {
    struct arena *arena;
    const struct node **buckets;
    size_t bucket_count, node_count;
    struct span origin; /* given to nodes made from now on */
    struct tuning tuning;
};

void graph_init(struct graph *g, struct arena *a);
const struct node *graph_leaf(struct graph *g, uint32_t ret);
/* Normalises, so that equal tests are equal nodes: what the mask and k decide alone is decided, GT
 * becomes GE, k a value that occurs under the mask, and where a test without an `and` in front
 * says the same (SET, or GE without mask), it is that one. */
const struct node *graph_test(struct graph *g, enum node_kind kind, enum word word, uint32_t mask,
                              uint32_t k, const struct node *yes, const struct node *no);

/* Where a number line changes: values from `from` up to the next cut go to `to`. */
struct cut {
    uint32_t from;
    const struct node *to;
    struct span origin; /* of the tests that tell it from what is before; nowhere: the graph's */
};
struct weights;
/* The search over a word & mask: cuts sorted by from, the first from 0. What weighs more is found
 * with fewer tests; weights NULL: all pieces weigh the same. */
const struct node *graph_search(struct graph *g, enum word word, uint32_t mask,
                                const struct cut *cuts, size_t count, const struct weights *w);

/* The graph with the node `from` replaced wherever root reaches it. */
const struct node *graph_replace(struct graph *g, const struct node *root, const struct node *from,
                                 const struct node *to);

/* Number of nodes reachable from root; they are listed parents before children in order[]. */
size_t graph_order(struct arena *a, const struct node *root, const struct node ***order);

/* Reference walk, for tests and `eval --why`. */
uint32_t graph_eval(const struct node *root, const struct seccomp_data *call);

#endif
