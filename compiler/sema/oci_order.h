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
 * modelled here, and warned of (json-order).
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

enum oci_order_fault {
    OCI_ORDER_NONE,
    OCI_ORDER_OVERLAP, /* conditions of different actions hold at once: the order counts */
    OCI_ORDER_SHARED,  /* comparisons by order that share a branch */
    OCI_ORDER_REFUSED, /* the same conditions with different actions: libseccomp refuses that */
};

struct oci_order {
    enum oci_order_fault fault;
    size_t first, second; /* entries: the fault is between them */
};

/* Sorts the chains of one call in the order in which libseccomp tries them, and drops those that
 * it drops. low: it compares the low half. */
struct oci_order oci_order(struct arena *a, struct oci_chain *chains, size_t *count, bool low);

#endif
