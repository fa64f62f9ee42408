/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions over arguments as sums (unions) of products (conjunctions of comparisons). */
#ifndef EMIT_OCI_SUM_H
#define EMIT_OCI_SUM_H

#include "compiler/emit/oci_diagram.h"
#include "compiler/front/oci_terms.h"

struct product {
    struct oci_arg args[6]; /* ascending index */
    unsigned arg_count;
    uint32_t ret;
};

/* What libseccomp compares of an argument on the architectures that have the call. */
enum compared {
    COMPARED_WHOLE, /* 64 bits on all of them */
    COMPARED_LOW,   /* the low half on all of them */
    COMPARED_MIXED, /* the one here, the other there */
};

/* The comparison as libseccomp makes it, of the whole argument or of its low half. */
diagram diagram_comparison(struct diagrams *d, const struct oci_arg *arg, bool low);

/*
 * Policies compare with numbers below 2^32, so of a high half they mostly ask only whether it is
 * zero. A diagram that does is "folded": the chain of its 32 bits becomes one node, at the highest
 * bit's place, that asks whether any is set. libseccomp can say that in one comparison,
 * x > 0xffffffff, and it is never true on architectures that leave out the high half.
 * False if f asks more of a high half.
 */
bool diagram_fold(struct diagrams *d, diagram f, diagram *folded);

/* Takes the tests of one argument off a condition that asks no argument before it: f is *factor
 * and *rest. False if it is no such conjunction. */
bool diagram_split(struct diagrams *d, diagram f, unsigned arg, diagram *factor, diagram *rest);

/* A sum in the making. Sum 0 is none, sum 1 the one empty product. */
struct sum {
    uint32_t bit;             /* asked: what follows are the products with it set, clear, */
    uint32_t set, clear, any; /* and not asked */
    bool is_comparison;       /* instead: this comparison, then `any`; and all of `other` */
    struct oci_arg comparison;
    uint32_t other;
    uint64_t count; /* of products, saturated */
};

struct sum_memo;

struct sums {
    struct diagrams *d;
    enum compared compared;
    bool folded;   /* the diagrams given are */
    bool end_only; /* a comparison by order ends its product */
    VEC(struct sum) all;
    struct sum_memo *memo; /* newer entries overwrite older ones */
    size_t memo_count, memo_written;
};

void sums_init(struct sums *s, struct diagrams *d, enum compared compared, bool folded);

/* Products whose union lies between the conditions low and high (low implies high). None can be
 * left out, and no bit of a mask. */
uint32_t sum_between(struct sums *s, diagram low, diagram high);

/* One comparison of an argument between low and high, which ask no other argument. */
bool sum_one_comparison(struct sums *s, diagram low, diagram high, unsigned arg,
                        struct oci_arg *out);

enum sum_result { SUM_DONE, SUM_STOPPED, SUM_HIGH };

/* Calls back for each product (of the given action); SUM_STOPPED as soon as that returns false;
 * SUM_HIGH: a product cannot be said where high halves are left out. */
enum sum_result sum_products(struct sums *s, uint32_t sum, uint32_t ret,
                             bool (*each)(void *ctx, const struct product *p), void *ctx);

#endif
