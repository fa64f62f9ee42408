/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/watch.h"

#include "base/str.h"
#include "base/strmap.h"
#include "compiler/cbpf/disassemble.h"
#include "compiler/cbpf/run.h"
#include "compiler/cli/cli.h"
#include "compiler/cli/show.h"
#include "compiler/graph/call_text.h"
#include "compiler/sema/eval.h"
#include "compiler/tables/names.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

/* Stops of PTRACE_SEIZE carry the event above the signal, ptrace(2). */
#define EVENT_OF(status) ((unsigned)(status) >> 16)
/* Set by PTRACE_O_TRACESYSGOOD in the signal of a stop at a call. */
#define SYSCALL_STOP (SIGTRAP | 0x80)

struct watch {
    const struct policy *policy; /* NULL: only the program is known */
    const struct program *program;
    pid_t child;
    struct arena arena;
    struct strmap told;   /* "place call-number" */
    bool loading, loaded; /* the child is in seccomp(2); the filter is in force */
    int result;           /* the child's, once it has ended */
};

/* ctx of tell() */
struct denial {
    struct watch *w;
    const struct seccomp_data *call;
    const struct verdict *verdict;
};

static bool is_new(struct watch *w, const struct denial *d)
{
    const char *key = arena_printf(&w->arena, "%p %u %d", (const void *)d->verdict->rule,
                                   d->call->arch, d->call->nr);

    if (strmap_get(&w->told, key, (uint32_t)strlen(key)))
        return false;
    strmap_put(&w->arena, &w->told, key, (uint32_t)strlen(key), w);
    return true;
}

/* The call without what merely lay in registers: where it was made, arguments that it has not. */
static struct seccomp_data as_declared(const struct seccomp_data *call, const struct arch *arch)
{
    const struct syscall_info *info = arch ? syscall_by_number(arch, (uint32_t)call->nr) : NULL;
    const struct signature s = syscall_signature(info, arch);
    struct seccomp_data declared = *call;

    declared.instruction_pointer = 0;
    if (s.known)
        memset(&declared.args[s.count], 0, (SYSCALL_MAX_ARGS - s.count) * sizeof(*declared.args));
    return declared;
}

static int tell(void *ctx)
{
    const struct denial *d = ctx;
    const struct verdict *v = d->verdict;
    const struct arch *arch = arch_of_call(d->call->arch, (uint32_t)d->call->nr);
    struct seccomp_data call = as_declared(d->call, arch);
    struct strbuf line;

    if (!is_new(d->w, d))
        return 0;
    strbuf_init(&line, &d->w->arena);
    strbuf_printf(&line, "easyseccomp: denied: %s => ", call_text(&d->w->arena, &call));
    action_text(v->ret, arch ? ARCH_BIT(arch_id(arch)) : 0, &line);
    if (v->rule) {
        strbuf_puts(&line, "  ");
        show_place(v->rule->span, &line);
        if (v->rule->reason)
            strbuf_printf(&line, "  \"%s\"", v->rule->reason);
    }
    fprintf(stderr, "%s\n", strbuf_text(&line));
    return 0;
}

static void judge(struct watch *w, const struct seccomp_data *call)
{
    struct verdict v = {.decided = true};

    if (w->policy)
        v = eval_policy(w->policy, call);
    else
        v.ret = run_program(w->program, call, HOST_BIG_ENDIAN).ret;
    if (!lets_through(v.ret) && arena_run(&w->arena, tell, &(struct denial){w, call, &v}) < 0)
        fputs("easyseccomp: out of memory while telling of a denial\n", stderr);
}

/* At the entry of a call, before the filter sees it, and at its exit. */
static void on_call(struct watch *w, pid_t pid)
{
    struct __ptrace_syscall_info info;
    struct seccomp_data call = {0};
    unsigned i;

    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) <= 0)
        return;
    if (info.op == PTRACE_SYSCALL_INFO_EXIT && w->loading) {
        w->loading = false;
        w->loaded = !info.exit.is_error;
    }
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
        return;
    w->loading = !w->loaded && info.entry.nr == SYS_seccomp;
    call.nr = (int)info.entry.nr;
    call.arch = info.arch;
    call.instruction_pointer = info.instruction_pointer;
    for (i = 0; i < 6; i++)
        call.args[i] = info.entry.args[i];
    if (w->loaded)
        judge(w, &call);
}

/* What to do with a stopped task: the request to go on with, and the signal to deliver. */
static void on_stop(struct watch *w, pid_t pid, int status)
{
    int signal = WSTOPSIG(status), deliver = 0;
    enum __ptrace_request go_on = PTRACE_SYSCALL;

    if (signal == SYSCALL_STOP)
        on_call(w, pid);
    else if (EVENT_OF(status) == PTRACE_EVENT_STOP && signal != SIGTRAP)
        go_on = PTRACE_LISTEN; /* stopped by SIGSTOP and its like: stays so until SIGCONT */
    else if (EVENT_OF(status) == 0)
        deliver = signal;
    /* a task may be gone by now: killed, or replaced by the exec of another thread */
    ptrace(go_on, pid, NULL, (void *)(long)deliver);
}

static void on_end(struct watch *w, pid_t pid, int status)
{
    if (pid != w->child)
        return;
    w->result = shell_status(status);
}

static int seize(pid_t child, struct error *err)
{
    const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                         PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    int status;

    if (waitpid(child, &status, WUNTRACED) < 0 || !WIFSTOPPED(status))
        return error_set(err, errno, "cannot wait for the command");
    if (ptrace(PTRACE_SEIZE, child, NULL, (void *)options) < 0)
        return error_set(err, errno, "cannot trace the command (try --quiet)");
    kill(child, SIGCONT);
    return 0;
}

int watch(pid_t child, const struct policy *policy, const struct program *program,
          struct error *err)
{
    struct watch w = {.policy = policy, .program = program, .child = child, .result = -1};
    int ret = seize(child, err), status;
    pid_t pid;

    if (ret < 0) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        return ret;
    }
    /* as a shell in front of its job: signals of the terminal are for the command */
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    arena_init(&w.arena);
    while ((pid = waitpid(-1, &status, __WALL)) > 0 || (pid < 0 && errno == EINTR)) {
        if (pid < 0)
            continue;
        if (WIFSTOPPED(status))
            on_stop(&w, pid, status);
        else
            on_end(&w, pid, status);
    }
    arena_release(&w.arena);
    return w.result;
}
