/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter notifies every call, also those that would hand its descriptor over. So there is
 * nothing to hand over: until it executes the command, the child shares the table of descriptors,
 * and it tells the number through shared memory, for which it needs no call.
 */
#include "compiler/cli/supervise.h"

#include "compiler/cli/cli.h"

#include <errno.h>
#include <linux/filter.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#define NOT_YET (-1)

struct shared {
    atomic_int listener; /* the descriptor, or NOT_YET */
    atomic_int failed;   /* an errno: there is no filter */
};

struct supervisor {
    struct shared *shared;
    pid_t child;
    int listener;
    struct seccomp_notif *call;
    struct seccomp_notif_resp *answer;
    struct seccomp_notif_sizes sizes;
    see_call *see;
    void *ctx;
};

/* For the handler of a signal, which has no other way to know. */
static volatile sig_atomic_t command_pid;

/* --- the child -------------------------------------------------------------------------------- */

static int load(unsigned long flags)
{
    struct sock_filter notify = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog filter = {1, &notify};

    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                        flags | SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
}

/* Without no_new_privs where that is allowed, so that set-uid programs stay what they are. */
static int load_as_can(void)
{
    int fd = load(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);

    if (fd < 0 && errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        fd = load(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    return fd < 0 && errno == EINVAL ? load(0) : fd;
}

static void NORETURN be_command(struct shared *shared, char **command)
{
    int fd = load_as_can();

    if (fd < 0) {
        shared->failed = errno;
        _exit(EXIT_CANNOT_EXECUTE);
    }
    shared->listener = fd; /* from here on, each call waits for the supervisor */
    _exit(execute_command(command));
}

/* --- the supervisor --------------------------------------------------------------------------- */

/* Until the child has told the descriptor. It cannot wake anybody. */
static int await_listener(struct supervisor *s, struct error *err)
{
    const struct timespec pause = {0, 200000};
    siginfo_t info;

    while ((s->listener = s->shared->listener) == NOT_YET) {
        info.si_pid = 0;
        if (s->shared->failed)
            return error_set(err, s->shared->failed, "cannot load a filter that notifies");
        if (waitid(P_PID, (id_t)s->child, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid)
            return error_set(err, ESRCH, "the command's process has ended");
        nanosleep(&pause, NULL);
    }
    return 0;
}

static int make_buffers(struct supervisor *s, struct error *err)
{
    size_t call = sizeof(*s->call), answer = sizeof(*s->answer);

    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &s->sizes) < 0)
        return error_set(err, errno, "this kernel does not notify calls");
    s->call = calloc(1, s->sizes.seccomp_notif > call ? s->sizes.seccomp_notif : call);
    s->answer =
        calloc(1, s->sizes.seccomp_notif_resp > answer ? s->sizes.seccomp_notif_resp : answer);
    return s->call && s->answer ? 0 : error_set(err, ENOMEM, "cannot notify");
}

/* 0 also where the caller is gone by now, which is normal: ENOENT. */
static int serve_call(struct supervisor *s, struct error *err)
{
    memset(s->call, 0, s->sizes.seccomp_notif);
    if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_RECV, s->call) < 0)
        return errno == ENOENT || errno == EINTR ? 0 : error_set(err, errno, "cannot receive");
    s->see(s->ctx, &s->call->data);
    memset(s->answer, 0, s->sizes.seccomp_notif_resp);
    s->answer->id = s->call->id;
    s->answer->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, s->answer) < 0 && errno != ENOENT)
        return error_set(err, errno, "cannot answer");
    return 0;
}

/* Until nobody is left under the filter. */
static int serve(struct supervisor *s, struct error *err)
{
    struct pollfd p = {.fd = s->listener, .events = POLLIN};
    int ret = 0;

    while (ret == 0) {
        int n = poll(&p, 1, -1);

        if (n < 0 && errno != EINTR)
            ret = error_set(err, errno, "cannot wait for calls");
        else if (n > 0 && p.revents & POLLIN)
            ret = serve_call(s, err);
        else if (n > 0)
            break;
    }
    return ret;
}

static void hand_on(int signal)
{
    kill((pid_t)command_pid, signal);
}

static int status_of(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return EXIT_CANNOT_EXECUTE;
    return shell_status(status);
}

/* Like fork(), but with one table of descriptors for both. */
static int start(struct supervisor *s, char **command, struct error *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, forward = {.sa_handler = hand_on};

    fflush(NULL);
    s->child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (s->child < 0)
        return error_set(err, errno, "cannot fork");
    if (s->child == 0)
        be_command(s->shared, command);
    command_pid = s->child;
    sigaction(SIGINT, &ignore, NULL);
    sigaction(SIGQUIT, &ignore, NULL);
    sigaction(SIGTERM, &forward, NULL);
    return 0;
}

static int supervise_child(struct supervisor *s, struct error *err)
{
    int ret = await_listener(s, err);

    if (ret == 0)
        ret = serve(s, err);
    if (s->listener >= 0)
        close(s->listener);
    if (ret < 0)
        kill(s->child, SIGKILL);
    return ret < 0 ? (status_of(s->child), ret) : status_of(s->child);
}

int supervise(char **command, see_call *see, void *ctx, struct error *err)
{
    struct supervisor s = {.listener = NOT_YET, .see = see, .ctx = ctx};
    int ret;

    s.shared =
        mmap(NULL, sizeof(*s.shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s.shared == MAP_FAILED)
        return error_set(err, errno, "no memory to share");
    s.shared->listener = NOT_YET;
    ret = make_buffers(&s, err);
    if (ret == 0)
        ret = start(&s, command, err);
    if (ret == 0)
        ret = supervise_child(&s, err);
    free(s.call);
    free(s.answer);
    munmap(s.shared, sizeof(*s.shared));
    return ret;
}
