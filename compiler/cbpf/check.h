/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel would say of a program: bpf_check_classic() of net/core/filter.c and
 * seccomp_check_filter() of kernel/seccomp.c, with the reason. */
#ifndef CBPF_CHECK_H
#define CBPF_CHECK_H

#include "base/error.h"
#include "compiler/cbpf/program.h"

/* 0: accepted; -EINVAL: refused, *at is the instruction and err says why. Allocates nothing. */
int check_program(const struct program *p, uint32_t *at, struct error *err) MUST_CHECK;

/* Every path to a return of anything milder than KILL passes a comparison of the architecture
 * word: true, else false. The word is followed through A and X, not through scratch memory. Only
 * for accepted programs. */
bool checks_architecture(const struct program *p);

#endif
