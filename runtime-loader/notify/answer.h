/* SPDX-License-Identifier: Apache-2.0 */
/* A call that was notified and waits for its answer, seccomp_unotify(2). */
#ifndef NOTIFY_ANSWER_H
#define NOTIFY_ANSWER_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/types.h>

struct notified {
    int listener;
    const struct seccomp_notif *call;
    struct seccomp_notif_resp *answer; /* its id is set, all else zero */
    bool may_work;                     /* a child may be left to make the answer */
    pid_t worker; /* 0: the answer is made; else the child that makes it: its exit status is the
                   * errno */
};

/* Does the caller still wait? What was read of a process by its pid is the caller's own only where
 * this is true afterwards: until then its pid cannot have been given to another. */
bool still_waits(const struct notified *n);

/* error: an errno value; 0 for a call that succeeded. */
void answer_errno(const struct notified *n, int error);
/* The kernel carries the call out. What it then finds behind pointers may have been changed. */
void answer_continue(const struct notified *n);

#endif
