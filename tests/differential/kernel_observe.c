/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel does with one call under one filter, seen from outside. */
#include "tests/differential/kernel_observe.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIME_LIMIT 20 /* seconds; a call takes some 0.0001 */

enum stage {
    STARTING,
    WAITING, /* for the tracer */
    LOADED,
    DONE, /* returned or trapped */
    BROKEN
};

/* Between the three parties. Fields but `stage`, `go` and `listener` belong to who sets the
 * stage. */
struct shared {
    _Atomic(enum stage) stage;
    atomic_bool go;
    atomic_int listener; /* descriptor of the child, 0 while there is none */
    pid_t thread;
    const struct program *program;
    const struct kernel_call *call;
    enum entry entry;
    enum company company;
    struct outcome out;
};

static struct shared *trap_report; /* the handler has no other way to it */

static void PRINTF(2, 3) fail(struct shared *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(s->out.why, sizeof(s->out.why), fmt, ap);
    va_end(ap);
    s->out.kind = NOTHING_OBSERVED;
    s->stage = BROKEN;
}

/* Leaves the processor to the other parties for a moment. */
static void rest(void)
{
    struct timespec moment = {.tv_nsec = 10000};

    nanosleep(&moment, NULL);
}

/* No system call is made from here on. */
static void NORETURN stay(void)
{
    for (;;)
        __asm__ volatile("");
}

static void on_sigsys(int signo, siginfo_t *info, void *context)
{
    struct shared *s = trap_report;

    (void)signo;
    (void)context;
    s->out.kind = CALL_TRAPPED;
    s->out.trap.nr = info->si_syscall;
    s->out.trap.arch = info->si_arch;
    s->out.trap_data = (uint32_t)info->si_errno;
    s->out.trap_code = (uint32_t)info->si_code;
    s->stage = DONE;
    stay();
}

static bool has_listener(enum company c)
{
    return c == WITH_LISTENER_ERRNO || c == WITH_LISTENER_VALUE || c == WITH_LISTENER_GOES_ON;
}

static void *make_call(void *arg)
{
    struct shared *s = arg;
    struct sock_fprog filter = {(unsigned short)s->program->count, s->program->code};
    unsigned flags = has_listener(s->company) ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
    long loaded;
    int64_t result;

    s->thread = (pid_t)syscall(SYS_gettid);
    if (s->company == WITH_TRACER) {
        s->stage = WAITING;
        while (!s->go)
            rest();
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
        fail(s, "PR_SET_NO_NEW_PRIVS: %s", strerror(errno));
        return NULL;
    }
    loaded = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
    if (loaded < 0) {
        fail(s, "seccomp: %s", strerror(errno));
        return NULL;
    }
    if (flags)
        s->listener = (int)loaded;
    s->stage = LOADED;
    result = s->entry == ENTRY_INT80 ? enter_int80(s->call) : enter_native(s->call);
    s->out.kind = CALL_RETURNED;
    s->out.result = result;
    s->stage = DONE;
    stay();
}

static void answer(struct shared *s)
{
    struct seccomp_notif ask = {0};
    struct seccomp_notif_resp reply = {0};

    if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_RECV, &ask) < 0) {
        fail(s, "receiving a notification: %s", strerror(errno));
        return;
    }
    s->out.notified = true;
    s->out.notification = ask.data;
    reply.id = ask.id;
    if (s->company == WITH_LISTENER_ERRNO)
        reply.error = -LISTENER_ERRNO;
    else if (s->company == WITH_LISTENER_VALUE)
        reply.val = LISTENER_VALUE;
    else
        reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, &reply) < 0)
        fail(s, "answering a notification: %s", strerror(errno));
}

/* Is the listener to be asked now? */
static bool notification_waits(const struct shared *s)
{
    struct pollfd listener = {.fd = s->listener, .events = POLLIN};

    if (!s->listener || s->out.notified)
        return false;
    return poll(&listener, 1, 0) == 1 && listener.revents & POLLIN;
}

/* The child's main thread, which has no filter. */
static void NORETURN watch(struct shared *s)
{
    struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};
    time_t end = time(NULL) + TIME_LIMIT;
    pthread_t thread;

    trap_report = s;
    sigaction(SIGSYS, &action, NULL);
    if (pthread_create(&thread, NULL, make_call, s) != 0) {
        fail(s, "cannot start a thread");
        _exit(0);
    }
    while (s->stage != DONE && s->stage != BROKEN) {
        if (notification_waits(s))
            answer(s);
        if (pthread_tryjoin_np(thread, NULL) == 0) {
            if (s->stage == LOADED)
                s->out.kind = THREAD_KILLED;
            break;
        }
        if (time(NULL) > end)
            fail(s, "the call neither returned nor ended its thread");
        else
            rest();
    }
    _exit(0);
}

/* Leaves it to be waited for. */
static bool has_ended(pid_t child)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid;
}

/* Attaches to the thread, lets it make the call and waits for the event of the filter. */
static void trace(struct shared *s, pid_t child)
{
    pid_t thread;
    int status;
    unsigned long message = 0;

    while (s->stage == STARTING && !has_ended(child))
        rest();
    if (s->stage != WAITING)
        return;
    thread = s->thread;
    if (ptrace(PTRACE_SEIZE, thread, 0, PTRACE_O_TRACESECCOMP) < 0) {
        fail(s, "PTRACE_SEIZE: %s", strerror(errno));
        s->go = true;
        return;
    }
    s->go = true;
    /* A thread that never meets the event spins until its process ends, and that is the end of
     * the waiting here too. */
    if (waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status))
        return;
    if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8) &&
        ptrace(PTRACE_GETEVENTMSG, thread, 0, &message) == 0) {
        s->out.traced = true;
        s->out.trace_data = message;
    }
    ptrace(PTRACE_DETACH, thread, 0, WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status));
}

struct outcome observe(const struct program *program, enum entry entry,
                       const struct kernel_call *call, enum company company)
{
    /* 1 and not 0: with a core pattern that is a pipe, 0 still means a dump */
    struct rlimit no_core = {1, 1};
    struct shared *s =
        mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct outcome out = {.kind = NOTHING_OBSERVED};
    int status;
    pid_t child;

    if (s == MAP_FAILED) {
        snprintf(out.why, sizeof(out.why), "mmap: %s", strerror(errno));
        return out;
    }
    s->out = (struct outcome){.kind = NOTHING_OBSERVED, .why = "the thread ended early"};
    s->program = program;
    s->call = call;
    s->entry = entry;
    s->company = company;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        watch(s);
    }
    if (company == WITH_TRACER)
        trace(s, child);
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        s->out.kind = PROCESS_KILLED;
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail(s, "the child ended with status %#x", (unsigned)status);
    out = s->out;
    munmap(s, sizeof(*s));
    return out;
}
