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

/* The end of the process by a trap, which takes no system call. quiet_traps() makes the kernel
 * say nothing about it: the signal has a handler, and is blocked, so that it kills. */
static void NORETURN end(struct shared *s)
{
    s->stage = DONE;
    __builtin_trap();
}

static void never_called(int signo)
{
    (void)signo;
}

static void quiet_traps(void)
{
    struct sigaction action = {.sa_handler = never_called};
    sigset_t traps;

    sigemptyset(&traps);
    sigaddset(&traps, SIGILL);
    sigaddset(&traps, SIGTRAP);
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGTRAP, &action, NULL);
    sigprocmask(SIG_BLOCK, &traps, NULL);
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
    end(s);
}

static bool has_listener(enum company c)
{
    return c == WITH_LISTENER_ERRNO || c == WITH_LISTENER_VALUE || c == WITH_LISTENER_GOES_ON;
}

/* The thread under the filter. */
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
    end(s);
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

/* Waits until the listener is asked; a call that is not notified ends the process meanwhile. */
static void serve(struct shared *s)
{
    struct pollfd ready = {.events = POLLIN};

    while (!s->listener && s->stage != BROKEN)
        rest();
    ready.fd = s->listener;
    if (s->stage != BROKEN && poll(&ready, 1, -1) == 1 && ready.revents & POLLIN)
        answer(s);
}

/* The child's main thread, which has no filter. It comes to its end only if the other thread ends
 * alone. */
static void NORETURN watch(struct shared *s)
{
    struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};
    pthread_t thread;

    trap_report = s;
    sigaction(SIGSYS, &action, NULL);
    quiet_traps();
    alarm(TIME_LIMIT);
    if (pthread_create(&thread, NULL, make_call, s) != 0) {
        fail(s, "cannot start a thread");
        _exit(0);
    }
    if (has_listener(s->company))
        serve(s);
    pthread_join(thread, NULL);
    if (s->stage == LOADED)
        s->out.kind = THREAD_KILLED;
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
    unsigned long message = 0;
    bool event;
    int status;

    while (s->stage == STARTING && !has_ended(child))
        rest();
    if (s->stage != WAITING)
        return;
    if (ptrace(PTRACE_SEIZE, s->thread, 0, PTRACE_O_TRACESECCOMP) < 0) {
        fail(s, "PTRACE_SEIZE: %s", strerror(errno));
        s->go = true;
        return;
    }
    s->go = true;
    /* the event, the signal that ends a thread which met no event, or its end */
    if (waitpid(s->thread, &status, __WALL) != s->thread || !WIFSTOPPED(status))
        return;
    event = status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
    if (event && ptrace(PTRACE_GETEVENTMSG, s->thread, 0, &message) == 0) {
        s->out.traced = true;
        s->out.trace_data = message;
    }
    ptrace(PTRACE_DETACH, s->thread, 0, event ? 0 : WSTOPSIG(status));
}

/* How the child ended, where that says what became of the call. */
static void judge_end(struct shared *s, int status)
{
    int signo = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (signo == SIGSYS)
        s->out.kind = PROCESS_KILLED;
    else if (signo == SIGALRM)
        fail(s, "the call neither returned nor ended its thread");
    else if (s->stage == DONE ? signo != SIGILL && signo != SIGTRAP : status != 0)
        fail(s, "the child ended with status %#x", (unsigned)status);
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
    judge_end(s, status);
    out = s->out;
    munmap(s, sizeof(*s));
    return out;
}
