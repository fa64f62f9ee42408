/* SPDX-License-Identifier: Apache-2.0 */
/* Going through the phases of a plan, on both sides of the clone. */
#include "runtime-loader/exec/executor.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int (*const step_functions[STEP_COUNT])(struct executor *, const struct step *,
                                               struct error *) = {
#define STEP(name, function, word, member) [STEP_##name] = step_##function,
#include "runtime-loader/plan/steps.def"
#undef STEP
};

void executor_init(struct executor *x, struct arena *a, const struct plan *plan,
                   const struct plan_options *options)
{
    memset(x, 0, sizeof(*x));
    x->arena = a;
    x->plan = plan;
    x->options = options;
    x->environment = plan->process->env;
    x->sources = ARENA_ARRAY(a, struct tree, plan->source_count);
    for (size_t i = 0; i < plan->source_count; i++)
        x->sources[i].fd = -1;
    for (int kind = 0; kind < NS_COUNT; kind++)
        x->saved_namespaces[kind] = -1;
    x->channel.fd = x->container = x->console_socket = x->listener = x->lock = -1;
    x->pidfd = x->console = x->root = x->proc = x->mask = -1;
    note_signals(x);
}

void executor_set_env(struct executor *x, const char *entry)
{
    string_list *env = &x->environment;
    const char **longer = ARENA_ARRAY(x->arena, const char *, env->count + 2);

    if (env->count)
        memcpy(longer, env->at, env->count * sizeof(*longer));
    longer[env->count++] = entry;
    env->at = longer;
}

static void close_sources(struct executor *x)
{
    for (size_t i = 0; i < x->plan->source_count; i++)
        if (x->sources[i].fd >= 0)
            close(steal_fd(&x->sources[i].fd));
}

void executor_release(struct executor *x)
{
    int *const owned[] = {&x->container, &x->console_socket, &x->listener, &x->pidfd, &x->console};

    close_sources(x);
    channel_close(&x->channel);
    for (size_t i = 0; i < ARRAY_SIZE(owned); i++)
        if (*owned[i] >= 0)
            close(steal_fd(owned[i]));
}

int run_phase(struct executor *x, enum phase phase, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < x->plan->phases[phase].count; i++) {
        const struct step *s = &x->plan->phases[phase].at[i];

        rc = step_functions[s->op](x, s, err);
    }
    return rc;
}

/* An error of init says more than the runtime's "it went away" or "broken pipe". */
static int prefer_error_of_init(struct executor *x, int rc, struct error *err)
{
    struct error told = {0};

    if (rc != -EPIPE && rc != -ESRCH)
        return rc;
    for (;;) {
        int end = channel_await_end(&x->channel, &told);

        if (end == -EPROTO)
            continue;
        if (end < 0 && told.code != EPIPE) {
            *err = told;
            return end;
        }
        return rc;
    }
}

int executor_launch(struct executor *x, struct error *err)
{
    int rc = run_phase(x, PHASE_PREPARE, err);

    if (rc == 0)
        rc = clone_init(x, err);
    if (rc == 0 && x->handover)
        handover_cloned(x->handover, x->pid);
    if (rc == 0) {
        close_sources(x);
        rc = run_phase(x, PHASE_ATTEND, err);
        if (rc < 0) {
            rc = prefer_error_of_init(x, rc, err);
            executor_abort(x);
        }
    }
    return rc;
}

void executor_abort(struct executor *x)
{
    if (x->pid <= 0)
        return;
    kill(x->pid, SIGKILL);
    while (waitpid(x->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    x->pid = 0;
}

struct init_run {
    struct executor *x;
    struct error err;
};

static int init_phases(void *ctx)
{
    struct init_run *run = ctx;
    int rc = run_phase(run->x, PHASE_ENTER, &run->err);

    if (rc == 0)
        rc = run_phase(run->x, PHASE_SETUP, &run->err);
    return rc < 0 ? rc : run_phase(run->x, PHASE_FINISH, &run->err);
}

NORETURN void init_main(struct executor *x)
{
    struct init_run run = {.x = x};
    int rc;

    if (x->lock >= 0)
        close(x->lock);
    /* An arena that runs out must not bring init back into the runtime's code. */
    rc = arena_run(x->arena, init_phases, &run);
    if (rc == -ENOMEM && run.err.code == 0)
        error_set(&run.err, ENOMEM, "set up the container");
    if (x->second)
        handover_fail(x, &run.err);
    channel_fail(&x->channel, &run.err);
    _exit(1);
}

int step_send(struct executor *x, const struct step *s, struct error *err)
{
    return channel_send(&x->channel, s->message, err);
}

/* On the way to READY the master of the terminal may come, when the runtime is to have it. */
int step_await(struct executor *x, const struct step *s, struct error *err)
{
    bool console =
        s->message == MESSAGE_READY && x->plan->process->terminal && x->console_socket < 0;

    if (console) {
        int rc = channel_await_fd(&x->channel, MESSAGE_CONSOLE, &x->console, err);

        if (rc < 0)
            return rc;
    }
    return channel_await(&x->channel, s->message, err);
}
