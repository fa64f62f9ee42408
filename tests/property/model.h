/* SPDX-License-Identifier: Apache-2.0 */
/* What a random policy means, as random_policy.c builds it and model.c evaluates it: a tree of
 * conditions that knows nothing of the compiler but its tables. */
#ifndef TESTS_PROPERTY_MODEL_H
#define TESTS_PROPERTY_MODEL_H

#include "tests/property/random_policy.h"

typedef __int128 value_t;

enum kind { M_AND, M_OR, M_NOT, M_NAMES, M_NUMBER, M_KERNEL, M_ARCH, M_ARG };
enum op { M_EQ, M_NE, M_LT, M_LE, M_GT, M_GE, M_IN, M_NOT_IN, M_OPS };
enum half { M_AUTO, M_FULL, M_LOW, M_HIGH };

struct span_of_values {
    value_t low, high;
};

#define MAX_NAMES 6

struct cond {
    enum kind kind;
    struct cond *kids[3];
    unsigned kid_count;
    const struct syscall_info *names[MAX_NAMES]; /* NAMES */
    unsigned name_count;
    enum op op;      /* NUMBER, ARG, ARCH (EQ, NE) */
    uint32_t number; /* NUMBER; KERNEL: release */
    const struct arch *arch;
    /* ARG */
    unsigned arg;
    enum half half;
    bool is_signed, has_mask;
    bool known; /* the condition around it says which call it is */
    uint64_t mask;
    value_t value;
    struct span_of_values list[4];
    unsigned list_count;
};

struct model_rule {
    const struct cond *cond;     /* NULL: always */
    const struct arch *only_for; /* #if ARCH_…; NULL: all */
    bool unknown_only;           /* `unknown`: numbers without a name, or newer than known */
    kernel_release known;
    uint32_t ret;
};

#endif
