/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime-loader/complain/supervisor.h"

#include "base/io.h"
#include "base/str.h"
#include "base/vec.h"
#include "compiler/include/easyseccomp.h"
#include "runtime-loader/proto/rights.h"
#include "runtime-loader/state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A denied call with those of its arguments that select what it does. It is written when it is met
 * first, and whenever the count has doubled: a busy program does not wait for the disk. */
struct seen {
    struct es_call_info call;
    uint32_t ret;
    uint64_t count, written;
    pid_t pid;
    char comm[32];
    struct seccomp_data data;            /* of the first */
    const struct seccomp_filter *filter; /* whose result it is; NULL: all allow */
};

#define MOST_SEEN 4096 /* different ones; what comes then is written each time, and not kept */

struct serving {
    const struct supervisor *s;
    struct arena *arena;
    VEC(struct pollfd) fds; /* the socket, connections, listeners */
    VEC(bool) listens;      /* which of them are listeners */
    VEC(struct seen *) seen;
};

/* --- records ---------------------------------------------------------------------------------- */

static void read_comm(pid_t pid, char *out, size_t size)
{
    char path[64];
    CLEANUP_FD
    int fd = -1;
    ssize_t n;

    snprintf(path, sizeof(path), "/proc/%d/comm", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? 0 : read(fd, out, size - 1);
    out[n > 0 ? n : 0] = '\0';
    out[strcspn(out, "\n")] = '\0';
}

static void put_text(struct strbuf *out, const char *name, const char *text)
{
    strbuf_printf(out, ",\"%s\":", name);
    strbuf_json_string(out, text);
}

static void put_arguments(struct strbuf *out, const struct seen *seen)
{
    strbuf_puts(out, ",\"args\":{");
    for (unsigned i = 0; i < seen->call.arg_count; i++) {
        strbuf_puts(out, i ? "," : "");
        strbuf_json_string(out, seen->call.args[i].name);
        strbuf_printf(out, ":%llu", (unsigned long long)seen->call.args[i].value);
    }
    strbuf_puts(out, "},\"data\":[");
    for (unsigned i = 0; i < 6; i++)
        strbuf_printf(out, "%s%llu", i ? "," : "", (unsigned long long)seen->data.args[i]);
    strbuf_putc(out, ']');
}

/* Which filter it is that would have decided and, by its source map, which rule. */
static void put_origin(struct strbuf *out, struct arena *a, const struct seen *seen)
{
    const struct seccomp_filter *f = seen->filter;
    struct es_verdict verdict;

    if (f && f->name)
        put_text(out, "filter", f->name);
    if (!f || !f->policy || es_eval(f->policy, &seen->data, &verdict) < 0 || !verdict.file ||
        verdict.ret != seen->ret)
        return;
    put_text(out, "rule", arena_printf(a, "%s:%u", verdict.file, verdict.line));
    if (verdict.reason)
        put_text(out, "reason", verdict.reason);
}

static void write_record(struct serving *v, struct seen *seen)
{
    struct arena own;
    struct strbuf out;
    char action[64];
    struct error ignored;

    arena_init(&own);
    strbuf_init(&out, &own);
    strbuf_puts(&out, "{\"time\":");
    strbuf_json_string(&out, timestamp(&own));
    put_text(&out, "container", v->s->container);
    strbuf_printf(&out, ",\"pid\":%d", seen->pid);
    put_text(&out, "comm", seen->comm);
    if (seen->call.arch)
        put_text(&out, "arch", seen->call.arch);
    if (seen->call.name)
        put_text(&out, "syscall", seen->call.name);
    strbuf_printf(&out, ",\"audit\":%u,\"nr\":%d", seen->data.arch, seen->data.nr);
    put_arguments(&out, seen);
    es_action_text(seen->ret, action, sizeof(action));
    put_text(&out, "action", action);
    put_origin(&out, &own, seen);
    strbuf_printf(&out, ",\"count\":%llu}\n", (unsigned long long)seen->count);
    (void)!write_all(v->s->out, out.text, out.len, &ignored);
    seen->written = seen->count;
    arena_release(&own);
}

/* --- calls ------------------------------------------------------------------------------------ */

static bool is_alike(const struct seen *a, const struct seen *b)
{
    if (a->ret != b->ret || a->data.nr != b->data.nr || a->data.arch != b->data.arch)
        return false;
    for (unsigned i = 0; i < a->call.arg_count; i++)
        if (a->call.args[i].selects && a->call.args[i].value != b->call.args[i].value)
            return false;
    return true;
}

static void note(struct serving *v, const struct seccomp_notif *n)
{
    struct seen now = {.data = n->data, .pid = (pid_t)n->pid};
    struct seen *found = NULL;

    now.ret = stack_result(&v->s->originals, &n->data, &now.filter);
    es_call_info(&n->data, &now.call);
    for (size_t i = 0; i < v->seen.count && !found; i++)
        if (is_alike(v->seen.at[i], &now))
            found = v->seen.at[i];
    if (!found) {
        read_comm(now.pid, now.comm, sizeof(now.comm));
        found = &now;
        if (v->seen.count < MOST_SEEN) {
            found = arena_copy(v->arena, &now, sizeof(now));
            VEC_PUSH(v->arena, &v->seen, found);
        }
    }
    found->count++;
    if (found->count >= 2 * found->written)
        write_record(v, found);
}

/* The record comes first: who reads it when the container has ended misses nothing. */
static void answer(struct serving *v, int listener)
{
    struct seccomp_notif call = {0};
    struct seccomp_notif_resp response = {.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};

    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
        return; /* it was interrupted meanwhile, or is dead */
    note(v, &call);
    response.id = call.id;
    (void)!ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* --- serving ---------------------------------------------------------------------------------- */

static void watch(struct serving *v, int fd, bool listens)
{
    VEC_PUSH(v->arena, &v->fds, ((struct pollfd){.fd = fd, .events = POLLIN}));
    VEC_PUSH(v->arena, &v->listens, listens);
}

static void drop(struct serving *v, size_t i)
{
    close(v->fds.at[i].fd);
    v->fds.at[i] = v->fds.at[--v->fds.count];
    v->listens.at[i] = v->listens.at[--v->listens.count];
}

/* A connection brings one listener. What is said of the process is known otherwise. */
static void take_listener(struct serving *v, size_t i)
{
    char state[65536];
    int fd = -1;
    ssize_t n = rights_receive(v->fds.at[i].fd, state, sizeof(state), &fd);

    (void)n;
    drop(v, i);
    if (fd >= 0)
        watch(v, fd, true);
}

static int serve(void *ctx)
{
    struct serving *v = ctx;
    int fd = accept4(v->s->socket, NULL, NULL, SOCK_CLOEXEC);

    watch(v, v->s->socket, false);
    if (fd >= 0)
        watch(v, fd, false);
    while (v->fds.count > 1) {
        if (poll(v->fds.at, v->fds.count, -1) < 0)
            continue;
        for (size_t i = v->fds.count; i-- > 1;) {
            short events = v->fds.at[i].revents;

            if (events & POLLIN && v->listens.at[i])
                answer(v, v->fds.at[i].fd);
            else if (events & POLLIN)
                take_listener(v, i);
            else if (events)
                drop(v, i);
        }
        if (v->fds.at[0].revents & POLLIN) {
            fd = accept4(v->s->socket, NULL, NULL, SOCK_CLOEXEC);
            if (fd >= 0)
                watch(v, fd, false);
        }
    }
    for (size_t i = 0; i < v->seen.count; i++)
        if (v->seen.at[i]->count != v->seen.at[i]->written)
            write_record(v, v->seen.at[i]);
    return 0;
}

/* Nothing of the caller's is held: engines wait for the end of its streams. */
static void leave_caller(struct supervisor *s)
{
    enum { SOCKET = 3, OUT = 4, FIRST_FREE = 5 };
    int null = open("/dev/null", O_RDWR);
    int sock = fcntl(s->socket, F_DUPFD, 16), out = fcntl(s->out, F_DUPFD, 16);
    sigset_t none;

    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    s->socket = dup3(sock, SOCKET, O_CLOEXEC);
    s->out = dup3(out, OUT, O_CLOEXEC);
    syscall(SYS_close_range, FIRST_FREE, ~0U, 0);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_IGN);
    setsid();
    (void)!chdir("/");
}

NORETURN static void run(struct supervisor s)
{
    struct arena arena;
    struct serving v = {.s = &s, .arena = &arena};

    leave_caller(&s);
    arena_init(&arena);
    _exit(arena_run(&arena, serve, &v) < 0);
}

int supervisor_start(const struct supervisor *s, struct error *err)
{
    pid_t pid = fork();

    if (pid == 0) {
        pid = fork(); /* whoever waits for children of the caller has none of us */
        if (pid == 0)
            run(*s);
        _exit(pid < 0 ? errno : 0);
    }
    if (pid > 0) {
        int status = 0;

        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return 0;
        errno = WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
    }
    return error_set(err, errno, "complain mode: start the supervisor");
}
