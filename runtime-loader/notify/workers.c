/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime-loader/notify/workers.h"

#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

/* It keeps its place until it is dead. */
static void end(struct worker *worker)
{
    kill(worker->pid, SIGKILL);
    worker->listener = -1;
}

/* Those whose caller was killed or interrupted are of no use. */
static void end_useless(struct workers *w)
{
    for (size_t i = 0; i < w->count; i++) {
        struct worker *worker = &w->at[i];
        __u64 id = worker->id;

        if (worker->listener >= 0 && ioctl(worker->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) < 0)
            end(worker);
    }
}

bool workers_have_room(struct workers *w, int listener)
{
    size_t of_listener = 0;

    end_useless(w);
    for (size_t i = 0; i < w->count; i++)
        of_listener += w->at[i].listener == listener;
    return w->count < WORKERS_MOST && of_listener < WORKERS_OF_LISTENER;
}

void workers_add(struct workers *w, const struct notified *n)
{
    w->at[w->count++] = (struct worker){n->worker, n->listener, n->call->id};
}

static void answer_for(const struct worker *worker, int status, struct seccomp_notif_resp *answer)
{
    if (worker->listener < 0)
        return;
    answer->id = worker->id;
    answer->error = WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
    (void)!ioctl(worker->listener, SECCOMP_IOCTL_NOTIF_SEND, answer);
}

void workers_reap(struct workers *w, struct seccomp_notif_resp *answer)
{
    for (size_t i = 0; i < w->count;) {
        int status;

        if (waitpid(w->at[i].pid, &status, WNOHANG) <= 0) {
            i++;
            continue;
        }
        answer_for(&w->at[i], status, answer);
        w->at[i] = w->at[--w->count];
    }
}

void workers_drop(struct workers *w, int listener)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->at[i].listener == listener)
            end(&w->at[i]);
}

void workers_release(struct workers *w)
{
    for (size_t i = 0; i < w->count; i++)
        end(&w->at[i]);
    w->count = 0;
}
