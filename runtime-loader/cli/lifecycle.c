/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun start, state, kill, delete, pause, resume. */
#include "runtime-loader/cli/container.h"
#include "runtime-loader/exec/start.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    bool all, force;
};

static int with_container(struct cli *cli, const string_list *operands, bool lock,
                          int (*body)(struct container *, const struct options *,
                                      const string_list *, struct error *),
                          const struct options *options, struct error *err)
{
    struct container c;
    int rc = container_open(cli, operands->at[0], lock, &c, err);

    if (rc == 0)
        rc = body(&c, options, operands, err);
    container_release(&c);
    return rc;
}

static int start(struct container *c, const struct options *o, const string_list *operands,
                 struct error *err)
{
    enum status status = container_status(c);
    int rc;

    (void)o;
    (void)operands;
    if (status != STATUS_CREATED)
        return error_text(err, EINVAL, "container '%s' is not created but %s", c->state.id,
                          status_names[status]);
    rc = start_send(c->dir, err);
    if (rc == 0)
        container_late_hooks(c, &c->state.poststart, "poststart", STATUS_RUNNING);
    else if (container_status(c) != STATUS_CREATED)
        container_await_end(c); /* it has told what failed: whoever looks next finds it stopped */
    return rc;
}

static int print_state(struct container *c, const struct options *o, const string_list *operands,
                       struct error *err)
{
    (void)o;
    (void)operands;
    (void)err;
    printf("%s\n", state_json_full(c->cli->arena, &c->state, status_names[container_status(c)]));
    return 0;
}

int parse_signal(const char *text, int *number, struct error *err)
{
    const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;
    char *end;
    long value = strtol(text, &end, 10);

    if (text[0] >= '0' && text[0] <= '9' && !*end && value > 0 && value <= SIGRTMAX) {
        *number = (int)value;
        return 0;
    }
    for (int i = 1; i < NSIG; i++) {
        const char *known = sigabbrev_np(i);

        if (known && strcasecmp(known, name) == 0) {
            *number = i;
            return 0;
        }
    }
    if (strncasecmp(name, "RTMIN", 5) == 0 || strncasecmp(name, "RTMAX", 5) == 0) {
        int base = strncasecmp(name, "RTMIN", 5) == 0 ? SIGRTMIN : SIGRTMAX;

        value = name[5] ? strtol(name + 5, &end, 10) : 0;
        if ((!name[5] || !*end) && base + value >= SIGRTMIN && base + value <= SIGRTMAX) {
            *number = base + (int)value;
            return 0;
        }
    }
    return error_text(err, EINVAL, "unknown signal '%s'", text);
}

static int send_signal(struct container *c, const struct options *o, const string_list *operands,
                       struct error *err)
{
    int number = SIGTERM;
    int rc = operands->count > 1 ? parse_signal(operands->at[1], &number, err) : 0;

    return rc < 0 ? rc : container_signal(c, number, o->all, err);
}

static int delete (struct container *c, const struct options *o, const string_list *operands,
                   struct error *err)
{
    (void)operands;
    return container_delete(c, o->force, err);
}

static int change_freezer(struct container *c, bool freeze, struct error *err)
{
    enum status status = container_status(c);
    enum status wanted = freeze ? STATUS_RUNNING : STATUS_PAUSED;

    if (status != wanted && !(freeze && status == STATUS_CREATED))
        return error_text(err, EINVAL, "container '%s' is not %s but %s", c->state.id,
                          status_names[wanted], status_names[status]);
    if (!c->state.cgroup)
        return error_text(err, ENOTSUP, "container '%s' has no cgroup to be frozen", c->state.id);
    return cgroup_freeze(c->cli->arena, &c->cgroups, c->state.cgroup, freeze, err);
}

static int freeze(struct container *c, const struct options *o, const string_list *operands,
                  struct error *err)
{
    (void)o;
    (void)operands;
    return change_freezer(c, true, err);
}

static int thaw(struct container *c, const struct options *o, const string_list *operands,
                struct error *err)
{
    (void)o;
    (void)operands;
    return change_freezer(c, false, err);
}

static int run_start(struct cli *cli, const void *options, const string_list *operands,
                     struct error *err)
{
    return with_container(cli, operands, true, start, options, err);
}

static int run_state(struct cli *cli, const void *options, const string_list *operands,
                     struct error *err)
{
    return with_container(cli, operands, false, print_state, options, err);
}

static int run_kill(struct cli *cli, const void *options, const string_list *operands,
                    struct error *err)
{
    return with_container(cli, operands, false, send_signal, options, err);
}

static int run_delete(struct cli *cli, const void *options, const string_list *operands,
                      struct error *err)
{
    const struct options *o = options;
    int rc = with_container(cli, operands, true, delete, o, err);

    return rc == -ENOENT && o->force ? 0 : rc;
}

static int run_pause(struct cli *cli, const void *options, const string_list *operands,
                     struct error *err)
{
    return with_container(cli, operands, true, freeze, options, err);
}

static int run_resume(struct cli *cli, const void *options, const string_list *operands,
                      struct error *err)
{
    return with_container(cli, operands, true, thaw, options, err);
}

static const struct option kill_options[] = {
    {"all", 'a', OPTION_FLAG, offsetof(struct options, all), NULL,
     "signal every process of the container"},
};
static const struct option delete_options[] = {
    {"force", 'f', OPTION_FLAG, offsetof(struct options, force), NULL,
     "kill it first; a container that is not there is no fault"},
};

#define ONE_OPERAND                                                                                \
    .operands = "ID", .size = sizeof(struct options), .min_operands = 1, .max_operands = 1

const struct command command_start = {.name = "start",
                                      .summary = "run the process of a created container",
                                      ONE_OPERAND,
                                      .run = run_start};
const struct command command_state = {
    .name = "state", .summary = "print the state as JSON", ONE_OPERAND, .run = run_state};
const struct command command_delete = {.name = "delete",
                                       .summary = "remove what is left of a container",
                                       ONE_OPERAND,
                                       .options = OPTIONS(delete_options),
                                       .run = run_delete};
const struct command command_pause = {
    .name = "pause", .summary = "freeze all processes", ONE_OPERAND, .run = run_pause};
const struct command command_resume = {
    .name = "resume", .summary = "thaw all processes", ONE_OPERAND, .run = run_resume};
const struct command command_kill = {
    .name = "kill",
    .operands = "ID [SIGNAL]",
    .summary = "send a signal (default TERM) to the first process",
    .options = OPTIONS(kill_options),
    .size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = 2,
    .run = run_kill,
};
