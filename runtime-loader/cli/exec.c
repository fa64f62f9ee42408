/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun exec: another process in a container that runs. */
#include "runtime-loader/cli/container.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct options {
    const char *process, *console_socket, *pid_file, *cwd, *user, *process_label, *apparmor;
    const char *cgroup;
    unsigned preserve_fds;
    bool tty, detach, no_new_privs, ignore_paused;
    string_list env, groups, caps, seccomp_bpf;
};

static int parse_id(const char *text, size_t len, uint32_t *id)
{
    uint64_t value = 0;

    if (len == 0 || len > 10)
        return -EINVAL;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -EINVAL;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    if (value >= UINT32_MAX)
        return -EINVAL;
    *id = (uint32_t)value;
    return 0;
}

/* Digits only: what is not a number is not taken for 0 or for a name. */
static int parse_user(const char *text, struct spec_user *user, struct error *err)
{
    size_t len = strcspn(text, ":");

    if (parse_id(text, len, &user->uid) < 0 ||
        (text[len] && parse_id(text + len + 1, strlen(text + len + 1), &user->gid) < 0))
        return error_text(err, EINVAL, "--user: '%s' is not of the form UID[:GID]", text);
    return 0;
}

static int parse_groups(struct arena *a, const string_list *groups, struct spec_user *user,
                        struct error *err)
{
    if (!groups->count)
        return 0;
    user->additional_gids.at = ARENA_ARRAY(a, uint32_t, groups->count);
    user->additional_gids.count = groups->count;
    for (size_t i = 0; i < groups->count; i++)
        if (parse_id(groups->at[i], strlen(groups->at[i]), &user->additional_gids.at[i]) < 0)
            return error_text(err, EINVAL, "--additional-gids: '%s' is not a group id",
                              groups->at[i]);
    return 0;
}

static int add_capabilities(struct arena *a, const string_list *caps, struct spec_process *p,
                            struct error *err)
{
    struct spec_capabilities *more;

    if (!caps->count || !p->capabilities)
        return 0;
    more = arena_copy(a, p->capabilities, sizeof(*more));
    for (size_t i = 0; i < caps->count; i++) {
        const struct name_value *n = capability_names;

        while (n->name && strcasecmp(n->name, caps->at[i]) != 0)
            n++;
        if (!n->name)
            return error_text(err, EINVAL, "--cap: unknown capability '%s'", caps->at[i]);
        more->bounding |= (uint64_t)1 << n->value;
        more->permitted |= (uint64_t)1 << n->value;
        more->effective |= (uint64_t)1 << n->value;
    }
    p->capabilities = more;
    return 0;
}

/* A process like the container's own, but for what the command line says. */
static int process_of_options(struct cli *cli, const struct options *o, const string_list *operands,
                              const struct spec *spec, struct spec_process *p, struct error *err)
{
    int rc;

    *p = spec->process;
    if (operands->count < 2)
        return error_text(err, EINVAL, "exec needs a program or --process");
    p->args.at = operands->at + 1;
    p->args.count = operands->count - 1;
    p->terminal = o->tty;
    p->env = join_lists(cli->arena, &p->env, &o->env);
    p->cwd = o->cwd ? o->cwd : p->cwd;
    p->no_new_privileges = p->no_new_privileges || o->no_new_privs;
    p->selinux_label = o->process_label ? o->process_label : p->selinux_label;
    p->apparmor_profile = o->apparmor ? o->apparmor : p->apparmor_profile;
    p->oom_score_adj.set = false;
    rc = o->user ? parse_user(o->user, &p->user, err) : 0;
    if (rc == 0)
        rc = parse_groups(cli->arena, &o->groups, &p->user, err);
    if (rc == 0)
        rc = add_capabilities(cli->arena, &o->caps, p, err);
    return rc < 0 ? rc : spec_check_process(p, "exec", err);
}

static int process_of_file(struct cli *cli, const char *path, struct spec_process *p,
                           struct error *err)
{
    warning_list warnings = {0};
    char *bytes = NULL;
    size_t len;
    int rc = read_file(path, 16 << 20, &bytes, &len, err);

    if (rc < 0)
        return rc;
    rc = spec_read_process(cli->arena, path, bytes, len, p, &warnings, err);
    cleanup_free(&bytes);
    for (size_t i = 0; i < warnings.count; i++)
        cli_log(cli, LOG_WARNING, "%s", warnings.at[i]);
    return rc;
}

/* Those named in config.json that the runtime is not in anyway. */
static unsigned foreign_namespaces(const struct state *state)
{
    unsigned result = 0;

    for (int kind = 0; kind < NS_COUNT; kind++) {
        struct stat own, theirs;
        char path[64];

        if (!(state->namespaces >> kind & 1))
            continue;
        snprintf(path, sizeof(path), "/proc/self/ns/%s", namespace_infos[kind].file);
        if (stat(path, &own) < 0)
            continue;
        snprintf(path, sizeof(path), "/proc/%d/ns/%s", state->pid, namespace_infos[kind].file);
        if (stat(path, &theirs) < 0 || own.st_ino != theirs.st_ino)
            result |= 1U << kind;
    }
    return result;
}

static int check_status(struct container *c, const struct options *o, struct error *err)
{
    enum status status = container_status(c);

    if (status == STATUS_RUNNING || status == STATUS_CREATED ||
        (status == STATUS_PAUSED && o->ignore_paused))
        return 0;
    return error_text(err, EINVAL, "container '%s' is not running but %s", c->state.id,
                      status_names[status]);
}

/* The filters that the container was started with; without any of them there is no exec. */
static int stored_filters(struct container *c, struct error *err)
{
    struct arena *a = c->cli->arena;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < c->state.filters.count; i++) {
        const struct state_filter *f = &c->state.filters.at[i];
        const char *bytes;
        size_t len;

        rc = state_read_filter(a, c->dir, f->digest, &bytes, &len, err);
        if (rc == 0)
            rc = seccomp_add_blob(a, f->digest, bytes, len, &c->filters, err);
        if (rc == 0)
            c->filters.list.at[i].flags = (uint32_t)f->flags;
    }
    return rc;
}

/* And those of this command. */
static int more_filters(struct container *c, const struct options *o, struct error *err)
{
    string_list files = join_lists(c->cli->arena, &c->cli->globals.seccomp_bpf, &o->seccomp_bpf);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < files.count; i++)
        rc = seccomp_add_file(c->cli->arena, files.at[i], &c->filters, err);
    return rc;
}

static int make_plan(struct container *c, const struct options *o, const string_list *operands,
                     struct spec_process *process, struct error *err)
{
    struct cli *cli = c->cli;
    struct plan_container facts;
    const char *text;
    size_t len;
    warning_list ignored = {0};
    int rc = state_read_file(cli->arena, c->dir, "config.json", &text, &len, err);

    if (rc == 0)
        rc = spec_read(cli->arena, "config.json", text, len, &c->spec, &ignored, err);
    if (rc == 0)
        rc = stored_filters(c, err);
    if (rc == 0)
        rc = more_filters(c, o, err);
    if (rc == 0)
        rc = container_filters(c, true, err);
    if (rc == 0)
        rc = o->process ? process_of_file(cli, o->process, process, err)
                        : process_of_options(cli, o, operands, &c->spec, process, err);
    if (rc < 0)
        return rc;
    process->terminal = process->terminal || o->tty;
    if (process->terminal && o->detach && !o->console_socket)
        return error_text(err, EINVAL, "exec: a detached terminal needs --console-socket");
    facts.namespaces = foreign_namespaces(&c->state);
    facts.cgroup = c->state.cgroup;
    facts.uid_mappings = &c->spec.os.uid_mappings;
    if (o->cgroup && c->state.cgroup)
        facts.cgroup = arena_printf(cli->arena, "%s/%s", c->state.cgroup, o->cgroup);
    c->options.id = c->state.id;
    c->options.filters = c->filters.list.count > 0;
    c->options.no_new_keyring = true;
    fill_options(c, &c->options);
    return plan_exec(cli->arena, process, &facts, &c->options, &c->plan, err);
}

static int commit(struct executor *x, const struct options *o, struct error *err)
{
    int rc = o->pid_file ? write_pid_file(o->pid_file, x->pid, err) : 0;

    if (rc == 0)
        rc = channel_send(&x->channel, MESSAGE_COMMITTED, err);
    return rc < 0 ? rc : channel_await_end(&x->channel, err);
}

static int execute(struct container *c, const struct options *o, struct error *err)
{
    struct executor *x = &c->executor;
    int rc;

    executor_init(x, c->cli->arena, &c->plan, &c->options);
    if (!o->detach)
        foreground_prepare();
    x->cgroups = &c->cgroups;
    container_use_filters(c);
    x->lock = c->dir;
    rc = process_open(c->state.pid, c->state.start_time, &x->container, err);
    if (rc == 0 && o->console_socket)
        rc = connect_unix(o->console_socket, &x->console_socket, err);
    if (rc == 0)
        rc = executor_launch(x, err);
    if (rc == 0)
        rc = commit(x, o, err);
    if (rc == 0 && !o->detach)
        rc = foreground_wait(x, err);
    if (rc < 0)
        executor_abort(x);
    executor_release(x);
    return rc;
}

static int run_exec(struct cli *cli, const void *options, const string_list *operands,
                    struct error *err)
{
    const struct options *o = options;
    struct spec_process process;
    struct container c;
    int rc = container_open(cli, operands->at[0], false, &c, err);

    if (rc == 0)
        rc = check_status(&c, o, err);
    if (rc == 0)
        rc = preserved_descriptors(o->preserve_fds, &c.options.preserve_fds, err);
    if (rc == 0)
        rc = make_plan(&c, o, operands, &process, err);
    if (rc == 0)
        rc = execute(&c, o, err);
    container_release(&c);
    return rc;
}

static const struct option exec_options[] = {
    {"process", 'p', OPTION_TEXT, offsetof(struct options, process), "FILE",
     "the process object of config.json"},
    {"tty", 't', OPTION_FLAG, offsetof(struct options, tty), NULL, "with a terminal"},
    {"console-socket", 0, OPTION_TEXT, offsetof(struct options, console_socket), "SOCKET",
     "receives the master of the terminal"},
    {"detach", 'd', OPTION_FLAG, offsetof(struct options, detach), NULL,
     "return when the process runs"},
    {"pid-file", 0, OPTION_TEXT, offsetof(struct options, pid_file), "FILE",
     "receives the pid of the process"},
    {"preserve-fds", 0, OPTION_NUMBER, offsetof(struct options, preserve_fds), "N",
     "hand N descriptors from 3 on to the process"},
    {"cwd", 0, OPTION_TEXT, offsetof(struct options, cwd), "DIR", "working directory"},
    {"env", 'e', OPTION_LIST, offsetof(struct options, env), "NAME=VALUE",
     "add to the environment (may be repeated)"},
    {"user", 'u', OPTION_TEXT, offsetof(struct options, user), "UID[:GID]", "ids as numbers"},
    {"additional-gids", 'g', OPTION_LIST, offsetof(struct options, groups), "GID",
     "one more group (may be repeated)"},
    {"cap", 'c', OPTION_LIST, offsetof(struct options, caps), "CAP_NAME",
     "one more capability (may be repeated)"},
    {"no-new-privs", 0, OPTION_FLAG, offsetof(struct options, no_new_privs), NULL,
     "set no_new_privs"},
    {"process-label", 0, OPTION_TEXT, offsetof(struct options, process_label), "LABEL",
     "SELinux label"},
    {"apparmor", 0, OPTION_TEXT, offsetof(struct options, apparmor), "PROFILE", "AppArmor profile"},
    {"cgroup", 0, OPTION_TEXT, offsetof(struct options, cgroup), "PATH",
     "a cgroup below the container's"},
    {"ignore-paused", 0, OPTION_FLAG, offsetof(struct options, ignore_paused), NULL,
     "also where the container is paused"},
    {"no-subreaper", 0, OPTION_VOID, 0, NULL, "accepted"},
    {"seccomp-bpf", 0, OPTION_LIST, offsetof(struct options, seccomp_bpf), "FILE",
     "load a compiled filter too (may be repeated)"},
};

const struct command command_exec = {
    .name = "exec",
    .operands = "ID [PROGRAM ARGS…]",
    .summary = "run another process in a container",
    .options = OPTIONS(exec_options),
    .size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .in_order = true,
    .run = run_exec,
};
