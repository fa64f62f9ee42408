/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun create, easyrun run. */
#include "runtime-loader/cli/container.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *bundle, *config, *console_socket, *pid_file, *pidfd_socket;
    unsigned preserve_fds;
    bool no_pivot, no_new_keyring, detach, keep;
    string_list seccomp_bpf;
    const char *complain;
};

#define CREATE_OPTIONS                                                                              \
    {"bundle", 'b', OPTION_TEXT, offsetof(struct options, bundle), "DIR", "bundle (default: .)"},   \
        {"config",    'f',                                                                          \
         OPTION_TEXT, offsetof(struct options, config),                                             \
         "FILE",      "configuration (default: config.json in the bundle)"},                        \
        {"console-socket", 0,                                                                       \
         OPTION_TEXT,      offsetof(struct options, console_socket),                                \
         "SOCKET",         "receives the master of the terminal"},                                  \
        {"pid-file",  0,                                                                            \
         OPTION_TEXT, offsetof(struct options, pid_file),                                           \
         "FILE",      "receives the pid of the container's first process"},                         \
        {"pidfd-socket", 0,                                                                         \
         OPTION_TEXT,    offsetof(struct options, pidfd_socket),                                    \
         "SOCKET",       "receives a pidfd of that process"},                                       \
        {"preserve-fds",                                                                            \
         0,                                                                                         \
         OPTION_NUMBER,                                                                             \
         offsetof(struct options, preserve_fds),                                                    \
         "N",                                                                                       \
         "hand N descriptors from 3 on to the process"},                                            \
        {"no-pivot",  0,                                                                            \
         OPTION_FLAG, offsetof(struct options, no_pivot),                                           \
         NULL,        "move the root instead of pivot_root"},                                       \
        {"no-new-keyring",          0, OPTION_FLAG, offsetof(struct options, no_new_keyring), NULL, \
         "keep the session keyring"},                                                               \
        {"no-subreaper", 0, OPTION_VOID, 0, NULL, "accepted"},                                      \
        {"seccomp-bpf", 0,                                                                          \
         OPTION_LIST,   offsetof(struct options, seccomp_bpf),                                      \
         "FILE",        "load a compiled filter too (may be repeated)"},                            \
    {                                                                                               \
        "seccomp-complain", 0, OPTION_TEXT, offsetof(struct options, complain), "FILE",             \
            "deny nothing, write to FILE what would be denied: no security boundary"                \
    }

static const struct option create_options[] = {CREATE_OPTIONS};
static const struct option run_options[] = {
    CREATE_OPTIONS,
    {"detach", 'd', OPTION_FLAG, offsetof(struct options, detach), NULL,
     "return when the process runs"},
    {"keep", 0, OPTION_FLAG, offsetof(struct options, keep), NULL,
     "do not delete the container at its end"},
};

static int fill_request(struct cli *cli, const struct options *o, const char *id,
                        struct create_request *out, struct error *err)
{
    char *bundle = realpath(o->bundle ? o->bundle : ".", NULL);

    if (!bundle)
        return error_set(err, errno, "bundle '%s'", o->bundle ? o->bundle : ".");
    *out = (struct create_request){
        .id = id,
        .bundle = arena_strdup(cli->arena, bundle),
        .console_socket = o->console_socket,
        .pid_file = o->pid_file,
        .pidfd_socket = o->pidfd_socket,
        .preserve_fds = o->preserve_fds,
        .no_pivot = o->no_pivot,
        .no_new_keyring = o->no_new_keyring,
    };
    free(bundle);
    out->config = o->config ? o->config : arena_printf(cli->arena, "%s/config.json", out->bundle);
    out->complain = o->complain ? o->complain : cli->globals.complain;
    out->seccomp_bpf = join_lists(cli->arena, &cli->globals.seccomp_bpf, &o->seccomp_bpf);
    return 0;
}

static int run_create(struct cli *cli, const void *options, const string_list *operands,
                      struct error *err)
{
    struct create_request request;
    struct container c;
    int rc = fill_request(cli, options, operands->at[0], &request, err);

    request.wait = true;
    if (rc == 0)
        rc = container_create(cli, &request, &c, err);
    if (rc < 0)
        return rc;
    executor_release(&c.executor);
    container_release(&c);
    return 0;
}

/* The container is up and its state is on record: from here on a failure deletes it. */
static int start_and_wait(struct container *c, const struct options *o, struct error *err)
{
    struct executor *x = &c->executor;
    int rc = channel_send(&x->channel, MESSAGE_START, err);

    if (rc == 0)
        rc = channel_await_end(&x->channel, err);
    if (rc < 0)
        return rc;
    container_late_hooks(c, &c->state.poststart, "poststart", STATUS_RUNNING);
    if (o->detach)
        return 0;
    container_release(c); /* while it runs it is for others to change */
    return foreground_wait(x, err);
}

/* Somebody else may have deleted it meanwhile, and that is as good. */
static int delete_by_id(struct cli *cli, const char *id, struct error *err)
{
    struct container c;
    int rc = container_open(cli, id, true, &c, err);

    if (rc == 0)
        rc = container_delete(&c, true, err);
    container_release(&c);
    return rc == -ENOENT ? 0 : rc;
}

static int run_run(struct cli *cli, const void *options, const string_list *operands,
                   struct error *err)
{
    const struct options *o = options;
    struct create_request request;
    struct container c;
    int status;
    int rc = fill_request(cli, o, operands->at[0], &request, err);

    request.foreground = !o->detach;
    if (rc == 0)
        rc = container_create(cli, &request, &c, err);
    if (rc < 0)
        return rc;
    status = start_and_wait(&c, o, err);
    container_release(&c);
    if (status < 0) {
        struct error later;

        executor_abort(&c.executor);
        (void)!delete_by_id(cli, request.id, &later);
    } else if (!o->detach && !o->keep) {
        rc = delete_by_id(cli, request.id, err);
    }
    executor_release(&c.executor);
    return rc < 0 ? rc : status;
}

const struct command command_create = {
    .name = "create",
    .operands = "ID",
    .summary = "make a container from a bundle; it waits for start",
    .options = OPTIONS(create_options),
    .size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_create,
};

const struct command command_run = {
    .name = "run",
    .operands = "ID",
    .summary = "create, start, wait and delete in one",
    .options = OPTIONS(run_options),
    .size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_run,
};
