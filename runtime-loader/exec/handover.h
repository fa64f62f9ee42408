/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the agent gets the descriptor of the notified calls. The filter may notify each call, also
 * those that would hand its descriptor over, and nobody could answer these. So once it is loaded
 * the process makes no call but execve(2); what else there is to do is done by a second thread,
 * made before the filter and therefore not under it:
 *
 *     process                              second thread
 *     seccomp(2) ──── descriptor ────────▶ sends it to the agent
 *     execve(2) ◀──── handed over ──────── waits for its own end, which execve(2) brings
 *          └───────── failure ───────────▶ tells the runtime of it
 *
 * They speak through memory only. What does not come to its end in time, and what fails on the way,
 * ends the container with an error.
 */
#ifndef EXEC_HANDOVER_H
#define EXEC_HANDOVER_H

#include "base/error.h"
#include "runtime-loader/state/state.h"

struct executor;

/* Whom the agent is told about. */
struct handover {
    int agent;              /* socket that is connected to it */
    const char *agent_name; /* for errors */
    const char *metadata;   /* linux.seccomp.listenerMetadata, NULL: none */
    unsigned timeout;       /* seconds from the filter to the running program */
    const struct state *state;
    enum status status;
    bool exec;  /* the process is not the container's first: pid and state->pid are two */
    pid_t *pid; /* of the process as the runtime sees it, in memory that both share */
};

enum { HANDOVER_TIMEOUT = 10 }; /* where nothing else is asked for */

/* Makes the memory for pid. */
int handover_share(struct handover *out, struct error *err) MUST_CHECK;
/* In the runtime, when there is init: the rest is init's. */
void handover_cloned(struct handover *h, pid_t pid);

/* In init: loads the filters and hands the listener of the last one over. Once x->second is set,
 * failures of whatever follows are for handover_fail(). */
int hand_over(struct executor *x, struct error *err) MUST_CHECK;
/* Has the failure told by the second thread, which ends the process. It does not return, and is not
 * declared so: before such calls AddressSanitizer makes system calls, which nobody may answer. */
void handover_fail(struct executor *x, const struct error *failure);

#endif
