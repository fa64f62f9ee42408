/* SPDX-License-Identifier: Apache-2.0 */
/* Calls at which a policy and a filter could differ, and whether they do. */
#ifndef TESTS_OCI_CALLS_H
#define TESTS_OCI_CALLS_H

#include "base/str.h"
#include "compiler/cbpf/program.h"
#include "compiler/sema/policy.h"

struct calls_filter {
    struct program program;
    /* by target: what a stub before it does (runtime_runc_stub()); 0: no stub */
    uint32_t enosys_above[ARCH_COUNT];
};

/*
 * Compares both for all numbers that have a name that libseccomp knows, and some that have none,
 * with arguments at the boundaries of what the policy compares them with. On 32-bit architectures
 * as libseccomp sees them the high halves are 0. A difference is described in report.
 */
bool calls_same(struct arena *a, const struct policy *p, const struct calls_filter *filter,
                uint64_t seed, struct strbuf *report);

#endif
