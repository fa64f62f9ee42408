/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of the test against the kernel: a policy, a call, and what the policy's author would
 * expect. For each case four answers have to be the same: what is written here, the reference
 * evaluator's, the simulator's, and what is seen when the kernel runs the filter.
 *
 * Calls are chosen so that making them does no harm, and so that what they return unfiltered
 * cannot be mistaken for what the filter returns; the second is checked.
 */
#ifndef TESTS_KERNEL_CASES_H
#define TESTS_KERNEL_CASES_H

#include "tests/differential/compile_text.h"
#include "tests/differential/kernel_observe.h"
#include "tests/lib/tap.h"

/* No call made here fails by itself with these. */
#define DENIED       77 /* EBADFD */
#define DENIED_TOO   78 /* EREMCHG */
#define RET_DENY     (SECCOMP_RET_ERRNO | DENIED)
#define RET_DENY_TOO (SECCOMP_RET_ERRNO | DENIED_TOO)
#define RET_ALLOW    SECCOMP_RET_ALLOW
#define RET_FOREIGN  SECCOMP_RET_KILL_PROCESS

#define X32 UINT64_C(0x40000000)
/* Bits that a kernel which reads 32 does not see. */
#define JUNK UINT64_C(0xdeadbeef00000000)

struct call_case {
    enum entry entry;
    const char *name; /* NULL: nr is the number; else nr is added to the name's number */
    uint64_t nr;
    uint64_t args[6];
    uint32_t ret;
    enum company company;
};

#define CALL(ret_, name_, ...)                                                                     \
    {                                                                                              \
        .entry = ENTRY_NATIVE, .name = (name_), .args = {__VA_ARGS__}, .ret = (ret_)               \
    }
#define INT80(ret_, name_, ...)                                                                    \
    {                                                                                              \
        .entry = ENTRY_INT80, .name = (name_), .args = {__VA_ARGS__}, .ret = (ret_)                \
    }
#define NUMBER(ret_, entry_, nr_)                                                                  \
    {                                                                                              \
        .entry = (entry_), .nr = (nr_), .ret = (ret_)                                              \
    }

struct policy_case {
    const char *policy;
    const char *targets; /* NULL: this machine */
    const struct call_case *calls;
    size_t count;
};

#define POLICY_CASE(targets_, calls_, policy_)                                                     \
    {                                                                                              \
        .policy = (policy_), .targets = (targets_), .calls = (calls_), .count = ARRAY_SIZE(calls_) \
    }

/* What this machine and its kernel can do; each reason is NULL or why not. */
struct machine {
    const struct arch *native;
    const char *no_int80;
};

/* What calls do without a filter, the latest; the same ones are made again and again. */
struct unfiltered {
    enum entry entry;
    struct kernel_call call;
    struct outcome outcome;
};
#define UNFILTERED_KEPT 16

struct session {
    struct tap tap;
    struct machine machine;
    struct unfiltered unfiltered[UNFILTERED_KEPT];
    size_t unfiltered_count;
};

/* --- kernel_judge.c ------------------------------------------------------------------------------
 */

const struct arch *entry_arch(const struct session *s, enum entry entry);
/* False: the call has no number by its entry. */
bool locate_call(const struct session *s, const struct call_case *call, struct kernel_call *k);
/* The call as a filter sees it. */
struct seccomp_data call_data(const struct session *s, enum entry entry,
                              const struct kernel_call *k);

/* What was seen, in words. */
struct sighting {
    char filtered[200], unfiltered[200];
};
/* Makes the call under the program: is call->ret what the kernel did? seen may be NULL. */
bool kernel_agrees(struct session *s, const struct program *program, const struct call_case *call,
                   struct sighting *seen);

/* --- kernel_test.c -------------------------------------------------------------------------------
 */

/* compile_text(); failing is a failed case. */
bool compile_case(struct session *s, struct compiled *c, const char *policy, const char *targets);
/* One case of the test. */
void check_call(struct session *s, const struct compiled *c, const char *policy,
                const struct call_case *call);
void check_policies(struct session *s, const struct policy_case *policies, size_t count);
/* Whether this test runs here; counts a skip and says why if not. */
bool need_x86_64(struct session *s, const char *what);
bool need_int80(struct session *s, const char *what);

/* --- the cases
 * ------------------------------------------------------------------------------------- */

void check_actions(
    struct session *s); /* kernel_actions.c: every action, with and without company */
void check_language(struct session *s); /* kernel_language.c: conditions as they are written */
void check_values(struct session *s);   /* kernel_values.c: operators at every width */
void check_entries(struct session *s);  /* kernel_entries.c: i386, x32, foreign calls */
void check_programs(struct session *s); /* kernel_programs.c: the harness itself, long programs, the
                                         * instruction pointer, a 32-bit process */

#endif
