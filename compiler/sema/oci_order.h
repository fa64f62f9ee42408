/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of several rules with conditions for one call libseccomp tries first. It keeps them as a
 * tree: on each level the comparison of a word of an argument (the high half, then the low one),
 * sorted so that higher arguments come first, then equality before <= before >=, then higher
 * values (lower ones for <=), then what was there first. What fails below goes on with the next.
 * A rule is dropped if a shorter one begins like it.
 *
 * That is exact where conditions of different actions exclude each other, and for equality under
 * masks. Comparisons by order make branches share what is behind them; what then comes out is not
 * modelled here, and warned of (json-order), except where they are alone: rules of one comparison
 * each, those of an argument with the same high half.
 *
 * Its code generator has a fault that goes across calls (measured with 2.5.4). Blocks of code that
 * are equal are made one. A node behind another that asks the same word does not load that word
 * again, although what is below the other one may come to it with another word loaded; whether it
 * loads is settled for each block as it is made, and one from elsewhere may take its place. Such
 * pairs of nodes are collected as followers, and warned of too.
 */
#ifndef SEMA_OCI_ORDER_H
#define SEMA_OCI_ORDER_H

#include "compiler/front/oci_read.h"

struct oci_chain {
    const struct oci_arg *args; /* by ascending index, each once; none matches everything */
    unsigned arg_count;
    uint32_t ret;
    size_t call; /* index of the entry */
};

/* A node that asks the same word as the one before it on its level. */
struct oci_follower {
    uint32_t place, question, mask, value, ret;
    bool behind_branch; /* the one before it goes on to a level of its own */
    size_t call;
    uint32_t slot; /* the caller's: which call */
};
typedef VEC(struct oci_follower) oci_followers;

enum oci_order_fault {
    OCI_ORDER_NONE,
    OCI_ORDER_OVERLAP, /* a later entry goes before an earlier one that holds at once */
    OCI_ORDER_SHARED,  /* comparisons by order that share a branch */
    OCI_ORDER_REFUSED, /* the same conditions with different actions: libseccomp refuses that */
};

struct oci_order {
    enum oci_order_fault fault;
    size_t first, second; /* entries: the fault is between them */
};

/* Sorts the chains of one call in the order in which libseccomp tries them, and drops those that
 * it drops. low: it compares the low half. Followers, of the given slot, are appended. */
struct oci_order oci_order(struct arena *a, struct oci_chain *chains, size_t *count, bool low,
                           uint32_t slot, oci_followers *followers);

/* Followers of different calls of which libseccomp may take one's code for the other's; false if
 * there are none. */
bool oci_order_mixes(const oci_followers *followers, struct oci_order *order);

#endif
