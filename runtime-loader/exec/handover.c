/* SPDX-License-Identifier: Apache-2.0 */
/* The second thread, and what the process does beside it. */
#include "runtime-loader/exec/handover.h"

#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/filter.h"
#include "runtime-loader/proto/rights.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* How far the two are. Each step is taken by one of them and awaited by the other. */
enum progress { BEFORE, LOADED, HANDED, FAILED };

struct second {
    struct executor *x;
    const char *message;
    struct timespec deadline;
    _Atomic enum progress progress;
    int listener;         /* from LOADED on */
    struct error failure; /* when FAILED */
};

int handover_share(struct handover *out, struct error *err)
{
    void *page =
        mmap(NULL, sizeof(pid_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        return error_set(err, errno, "share memory with the container process");
    out->pid = page;
    return 0;
}

void handover_cloned(struct handover *h, pid_t pid)
{
    *h->pid = pid;
    close(steal_fd(&h->agent));
}

/* --- the second thread ------------------------------------------------------------------------ */

NORETURN static void give_up(struct second *s, const struct error *failure)
{
    channel_fail(&s->x->channel, failure);
    _exit(1); /* of both */
}

/* Time that is left; false when none is. */
static bool time_left(const struct second *s, struct timeval *left)
{
    struct timespec now;
    int64_t us;

    clock_gettime(CLOCK_MONOTONIC, &now);
    us = (s->deadline.tv_sec - now.tv_sec) * 1000000LL + (s->deadline.tv_nsec - now.tv_nsec) / 1000;
    *left =
        (struct timeval){.tv_sec = us > 0 ? us / 1000000 : 0, .tv_usec = us > 0 ? us % 1000000 : 0};
    return us > 0;
}

/* Until the process has gone on from where it is. It cannot wake anybody. */
static enum progress await_process(struct second *s, enum progress from)
{
    struct timespec pause = {0, 20000};
    struct timeval left;
    enum progress now;

    while ((now = s->progress) == from && time_left(s, &left)) {
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 2000000)
            pause.tv_nsec *= 2;
    }
    return now;
}

/* Also closes it: when the agent ends, its calls have to fail, not to wait for who could still
 * answer. */
static void send_listener(struct second *s, struct error *err)
{
    const struct handover *h = s->x->handover;
    struct timeval left = {0};
    int rc;

    time_left(s, &left);
    left.tv_usec += left.tv_sec == 0 && left.tv_usec == 0; /* zero is no limit */
    setsockopt(h->agent, SOL_SOCKET, SO_SNDTIMEO, &left, sizeof(left));
    rc = rights_send(h->agent, s->message, strlen(s->message), &s->listener, 1);
    close(s->listener);
    if (rc == -EAGAIN)
        error_text(err, ETIMEDOUT, "the agent at '%s' did not take the listener in %u s",
                   h->agent_name, h->timeout);
    else if (rc < 0)
        error_set(err, -rc, "hand the listener over to the agent at '%s'", h->agent_name);
}

/* A call that is notified fails so when nobody holds the listener any more. */
static void explain(const struct handover *h, struct error *failure)
{
    if (failure->code == ENOSYS)
        error_text(failure, ENOSYS,
                   "execve was not answered: the agent at '%s' has ended, or says that there is no "
                   "such call",
                   h->agent_name);
}

static void *second_thread(void *ctx)
{
    struct second *s = ctx;
    const struct handover *h = s->x->handover;
    struct error err = {0};
    enum progress now = await_process(s, BEFORE);

    if (now == LOADED) {
        send_listener(s, &err);
        if (err.code)
            give_up(s, &err);
        s->progress = HANDED;
        now = await_process(s, HANDED); /* execve(2) ends us in here */
    }
    if (now != FAILED)
        error_text(&s->failure, ETIMEDOUT, "the agent at '%s' did not let execve through in %u s",
                   h->agent_name, h->timeout);
    explain(h, &s->failure);
    give_up(s, &s->failure);
}

/* --- the process ------------------------------------------------------------------------------ */

/* It waits without a call, so the second thread must be able to run meanwhile. */
static int check_scheduling(struct error *err)
{
    int policy = sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
    cpu_set_t cpus;

    if (policy != SCHED_FIFO && policy != SCHED_RR && policy != SCHED_DEADLINE)
        return 0;
    if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) > 1)
        return 0;
    return error_text(
        err, ENOTSUP,
        "process.scheduler: a real-time process on one CPU cannot hand a listener over");
}

static int start_second(struct second *s, struct error *err)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int code = pthread_attr_init(&attributes);

    if (code == 0) {
        pthread_attr_setstacksize(&attributes, 128 << 10);
        code = pthread_create(&thread, &attributes, second_thread, s);
        pthread_attr_destroy(&attributes);
    }
    if (code == EAGAIN)
        return error_text(err, code,
                          "handing the listener over takes a second thread, and a limit of tasks "
                          "or of memory does not let it be made");
    return code ? error_set(err, code, "make a thread to hand the listener over") : 0;
}

/* From the return of seccomp(2) to HANDED there is no call in here. */
static int load(struct second *s, const struct filter_load *load, struct error *err)
{
    size_t last = load->order.count - 1;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < last; i++)
        rc = filter_load(load->order.at[i], NULL, err);
    if (rc == 0)
        rc = filter_load(load->order.at[last], &s->listener, err);
    if (rc < 0)
        return rc;
    s->progress = LOADED;
    while (s->progress == LOADED)
        ;
    return 0;
}

int hand_over(struct executor *x, struct error *err)
{
    const struct handover *h = x->handover;
    struct second *s = ARENA_ARRAY(x->arena, struct second, 1);
    int rc = check_scheduling(err);

    *s = (struct second){.x = x, .listener = -1};
    s->message = state_of_process(x->arena, h->state, status_names[h->status],
                                  h->exec ? h->state->pid : *h->pid, *h->pid, h->metadata);
    clock_gettime(CLOCK_MONOTONIC, &s->deadline);
    s->deadline.tv_sec += h->timeout;
    if (rc == 0)
        rc = start_second(s, err);
    if (rc < 0)
        return rc;
    x->second = s;
    return load(s, x->load, err);
}

void handover_fail(struct executor *x, const struct error *failure)
{
    x->second->failure = *failure;
    x->second->progress = FAILED;
    for (;;)
        ;
}
