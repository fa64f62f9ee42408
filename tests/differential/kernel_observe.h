/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel does with one call under one filter, seen from outside.
 *
 * A child process starts a thread; the thread alone loads the filter and makes the call, so that
 * the rest of the child is free to look whether the thread returns, traps or is gone, to answer
 * notifications. The thread never makes another call: what it has to tell goes through shared
 * memory, and then it ends the process by a trap.
 */
#ifndef TESTS_KERNEL_OBSERVE_H
#define TESTS_KERNEL_OBSERVE_H

#include "compiler/cbpf/program.h"
#include "tests/differential/kernel_entry.h"

#include <stdbool.h>

enum entry { ENTRY_NATIVE, ENTRY_INT80 };

/* Who is there while the call is made. */
enum company {
    ALONE,
    WITH_TRACER,          /* PTRACE_O_TRACESECCOMP; it lets the call go on */
    WITH_LISTENER_ERRNO,  /* answers notifications with LISTENER_ERRNO */
    WITH_LISTENER_VALUE,  /* ... with the value LISTENER_VALUE */
    WITH_LISTENER_GOES_ON /* ... with SECCOMP_USER_NOTIF_FLAG_CONTINUE */
};
#define LISTENER_ERRNO 112 /* EHOSTDOWN: no call of the tests fails with it */
#define LISTENER_VALUE 4711

enum outcome_kind {
    CALL_RETURNED,
    CALL_TRAPPED,    /* SIGSYS was caught */
    THREAD_KILLED,   /* the thread is gone, its process is not */
    PROCESS_KILLED,  /* by SIGSYS */
    NOTHING_OBSERVED /* the harness failed; `why` says how */
};

struct outcome {
    enum outcome_kind kind;
    int64_t result;                /* CALL_RETURNED */
    struct seccomp_data trap;      /* CALL_TRAPPED: nr and arch */
    uint32_t trap_data, trap_code; /* CALL_TRAPPED: si_errno, si_code */
    bool traced;                   /* the tracer saw PTRACE_EVENT_SECCOMP with trace_data */
    uint64_t trace_data;
    bool notified; /* the listener was asked about this call */
    struct seccomp_data notification;
    char why[160];
};

struct outcome observe(const struct program *program, enum entry entry,
                       const struct kernel_call *call, enum company company);

#endif
