/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one system call is allowed, as entries of OCI JSON: products, each a comparison for some of
 * the arguments, that libseccomp (2.5.4) loads with exactly this meaning.
 *
 * libseccomp makes a tree of the products of a call: a level for each word that they begin with,
 * from the highest argument to the lowest, then equality before <= before >=, then from the highest
 * value; what fails below goes on with the next node. Comparisons by order make two branches of
 * the tree share what is behind them, which then goes wrong. By experiment (differential test
 * oci_test) it is exact for
 * - equality under masks, if products that overlap have the same action;
 * - one product alone, of any comparisons;
 * - comparisons by order at the end of a product, and x > 0xffffffff anywhere, if the products come
 *   in the order of the tree;
 * - one x >= 0 for a product that comes last in that order and may overlap all others.
 * On 32-bit architectures it leaves out the high halves of values and masks.
 */
#ifndef EMIT_OCI_COVER_H
#define EMIT_OCI_COVER_H

#include "compiler/emit/oci_sum.h"

enum cover_result {
    COVER_DONE,
    COVER_TOO_MANY, /* more than the limit */
    COVER_HIGH,     /* COMPARED_MIXED, and a high half would be left out that matters */
};

struct cover {
    VEC(struct product) products; /* in an order in which libseccomp may take them */
    uint64_t count;               /* COVER_TOO_MANY: how many it would be, saturated */
};

/* f: over argument bits only, with return values as leaves; `rest` is the leaf that needs no
 * entry. COMPARED_LOW: f asks no bit of a high half. */
enum cover_result cover_make(struct diagrams *d, diagram f, diagram rest, enum compared compared,
                             uint64_t limit, struct cover *cover);

/* About how many instructions libseccomp makes of the products for one call, on an architecture of
 * which it compares the low half or the whole of arguments: seldom too few. */
uint64_t cover_instructions(const struct cover *cover, bool low);

#endif
