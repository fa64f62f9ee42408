/* SPDX-License-Identifier: Apache-2.0 */
/* Calls whose answer is made by a child, so that one that takes long keeps no other waiting. */
#ifndef NOTIFY_WORKERS_H
#define NOTIFY_WORKERS_H

#include "runtime-loader/notify/answer.h"

#include <stddef.h>

/* In all, and for one listener: when these hang, its container alone waits. */
enum { WORKERS_MOST = 64, WORKERS_OF_LISTENER = 8 };

struct workers {
    struct worker {
        pid_t pid;
        int listener; /* -1: nobody waits any more */
        __u64 id;
    } at[WORKERS_MOST];
    size_t count;
};

/* May a call of the listener have a worker? Asked before it is made: one that hangs in a file
 * system may not even be killed. */
bool workers_have_room(struct workers *w, int listener);
void workers_add(struct workers *w, const struct notified *n);
/* After SIGCHLD: sends the answers of those that are done. */
void workers_reap(struct workers *w, struct seccomp_notif_resp *answer);
/* The listener is about to be closed: its workers are ended. */
void workers_drop(struct workers *w, int listener);
/* All are ended. */
void workers_release(struct workers *w);

#endif
