/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of programs: programs from text, and random ones. */
#ifndef TESTS_UNIT_CBPF_TESTLIB_H
#define TESTS_UNIT_CBPF_TESTLIB_H

#include "compiler/cbpf/program.h"
#include "tests/lib/rng.h"

/* Program of a text that assemble() must be able to read; ends the test program if it cannot. */
struct program assembled(struct arena *a, const char *text);

/* Numbers that matter to filters and their neighbours, now and then any. */
uint32_t rng_constant(struct rng *rng);

/* A length: mostly some tens, seldom thousands, never above BPF_MAXINSNS. */
uint32_t random_length(struct rng *rng);
/* Fills code[0 .. count - 1] by the rules of each instruction alone; whether memory is written
 * before it is read is left to chance. Fields without use are 0. */
void random_program(struct rng *rng, struct sock_filter *code, uint32_t count);
/* Changes one thing somewhere: a field, a bit, the end. */
void mutate_program(struct rng *rng, struct program *p);

#endif
