/* SPDX-License-Identifier: Apache-2.0 */
/* From a bundle to a container that waits for its start. */
#include "runtime-loader/cli/container.h"
#include "runtime-loader/exec/start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t config_limit = 16 << 20;

int read_config(struct cli *cli, const char *path, struct spec *out, const char **text, size_t *len,
                struct error *err)
{
    warning_list warnings = {0};
    char *bytes = NULL;
    int rc = read_file(path, config_limit, &bytes, len, err);

    if (rc < 0)
        return rc;
    *text = arena_strndup(cli->arena, bytes, *len);
    cleanup_free(&bytes);
    rc = spec_read(cli->arena, "config.json", *text, *len, out, &warnings, err);
    for (size_t i = 0; i < warnings.count; i++)
        cli_log(cli, LOG_WARNING, "%s", warnings.at[i]);
    return rc;
}

void fill_options(struct container *c, struct plan_options *out)
{
    const char *keep_groups = spec_annotation(&c->spec, "run.oci.keep_original_groups");

    out->privileged = c->cli->privilege.host;
    out->admin = c->cli->privilege.admin;
    out->may_mount = c->cli->privilege.mount;
    out->keep_groups = keep_groups && strcmp(keep_groups, "1") == 0;
    out->cgroups = c->cgroups.mode;
    out->selinux = access("/sys/fs/selinux/enforce", F_OK) == 0;
}

static void fill_state(struct container *c, const struct create_request *request)
{
    struct arena *a = c->cli->arena;

    c->state = (struct state){
        .oci_version = SPEC_VERSION,
        .id = request->id,
        .bundle = request->bundle,
        .rootfs = c->spec.root.path[0] == '/'
                      ? c->spec.root.path
                      : arena_printf(a, "%s/%s", request->bundle, c->spec.root.path),
        .created = timestamp(a),
        .complain = c->complain != NULL,
        .cgroup = c->plan.cgroup,
        .scope = c->plan.scope ? c->plan.scope->name : NULL,
        .user_manager = c->options.systemd_user,
        .annotations = c->spec.annotations,
        .poststart = c->spec.hooks.poststart,
        .poststop = c->spec.hooks.poststop,
    };
    for (size_t i = 0; i < c->spec.os.namespaces.count; i++)
        c->state.namespaces |= 1 << c->spec.os.namespaces.at[i].kind;
    c->state.filters.count = c->filters.list.count;
    c->state.filters.at = ARENA_ARRAY(a, struct state_filter, c->filters.list.count);
    for (size_t i = 0; i < c->filters.list.count; i++) {
        const struct seccomp_filter *f = &c->filters.list.at[i];

        c->state.filters.at[i] = (struct state_filter){
            state_filter_digest(a, f->code, f->count * sizeof(*f->code)), f->flags};
    }
}

static int collect_filters(struct container *c, const struct create_request *request,
                           struct error *err)
{
    struct cli *cli = c->cli;
    struct seccomp_sources sources = {request->seccomp_bpf, precompiled_places(cli)};
    warning_list warnings = {0};
    int rc = seccomp_collect(cli->arena, &c->spec, &sources, &warnings, &c->filters, err);

    for (size_t i = 0; i < warnings.count; i++)
        cli_log(cli, LOG_WARNING, "%s", warnings.at[i]);
    return rc;
}

/* Whether systemd is there, and where it has its cgroups. */
static int use_systemd(struct container *c, struct error *err)
{
    int rc;

    if (c->options.cgroups == CGROUP_NONE)
        return error_text(err, ENOTSUP, "this host has no cgroups for the systemd cgroup manager");
    c->options.systemd_user = !c->options.privileged;
    rc = manager_connect(c->cli->arena, c->options.systemd_user, &c->manager, err);
    c->options.systemd = c->manager.cgroup;
    return rc;
}

/* Without rights on the host: what was delegated to the user, or none. Rules for devices take an
 * eBPF program, which he may not load; he may not make device nodes either, so that what is bound
 * into the container is all there is. */
static int choose_cgroup(struct container *c, struct error *err)
{
    struct spec_linux *os = &c->spec.os;
    struct cgroup_choice choice;
    int rc;

    if (!c->options.privileged)
        memset(&os->resources.devices, 0, sizeof(os->resources.devices));
    if (wants_systemd(c->cli))
        return use_systemd(c, err);
    if (c->options.privileged || c->options.cgroups == CGROUP_NONE)
        return 0;
    rc = cgroup_choose(c->cli->arena, &c->cgroups, os->cgroups_path, c->options.id, &os->resources,
                       &choice, err);
    c->options.cgroup = choice.path;
    c->options.vacate = choice.vacate;
    if (rc == 0 && !choice.path)
        c->options.cgroups = CGROUP_NONE;
    return rc;
}

/* Everything that can be known to be wrong before anything is created. */
static int prepare(struct container *c, const struct create_request *request, const char **text,
                   size_t *len, struct error *err)
{
    struct cli *cli = c->cli;
    int rc = state_check_id(request->id, err);

    if (rc == 0)
        rc = read_config(cli, request->config, &c->spec, text, len, err);
    if (rc == 0)
        rc = detect_cgroups(cli, &c->cgroups, err);
    if (rc == 0)
        rc = collect_filters(c, request, err);
    if (rc == 0)
        rc = complain_choose(c, request->complain, err);
    if (rc < 0)
        return rc;
    if (c->spec.process.terminal && !request->console_socket && !request->foreground)
        return error_text(err, EINVAL,
                          "config.json: process.terminal: needs --console-socket when detached");
    if (!c->spec.process.terminal && request->console_socket)
        return error_text(err, EINVAL,
                          "--console-socket: process.terminal is not set in config.json");
    c->options = (struct plan_options){
        .id = request->id,
        .bundle = request->bundle,
        .no_pivot = request->no_pivot,
        .no_new_keyring = request->no_new_keyring,
        .filters = c->filters.list.count > 0,
    };
    fill_options(c, &c->options);
    rc = choose_cgroup(c, err);
    if (rc < 0)
        return rc;
    return preserved_descriptors(request->preserve_fds, &c->options.preserve_fds, err);
}

static int connect_executor(struct container *c, const struct create_request *request,
                            struct error *err)
{
    struct executor *x = &c->executor;
    int rc = 0;

    x->state = &c->state;
    x->cgroups = &c->cgroups;
    x->manager = &c->manager;
    container_use_filters(c);
    x->lock = c->dir;
    if (request->console_socket)
        rc = connect_unix(request->console_socket, &x->console_socket, err);
    if (rc == 0 && request->wait)
        rc = start_listen(c->dir, &x->listener, err);
    return rc;
}

static int commit(struct container *c, const struct create_request *request, struct error *err)
{
    struct executor *x = &c->executor;
    int rc = 0;

    c->state.pid = x->pid;
    c->state.start_time = process_start_time(x->pid);
    if (request->pid_file)
        rc = write_pid_file(request->pid_file, x->pid, err);
    if (rc == 0 && request->pidfd_socket)
        rc = send_pidfd(request->pidfd_socket, x->pidfd, err);
    if (rc == 0)
        rc = state_write(c->cli->arena, c->dir, &c->state, err);
    return rc < 0 ? rc : channel_send(&x->channel, MESSAGE_COMMITTED, err);
}

/* All filters go on record for exec: what they came from may change. */
static int store_filters(struct container *c, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < c->filters.list.count; i++) {
        const struct seccomp_filter *f = &c->filters.list.at[i];

        rc = state_write_filter(c->dir, c->state.filters.at[i].digest, f->code,
                                f->count * sizeof(*f->code), err);
    }
    return rc;
}

/* The failure that brought us here is what will be told. */
static void undo(struct container *c)
{
    struct error ignored;

    executor_abort(&c->executor);
    executor_release(&c->executor);
    if (c->plan.cgroup) {
        (void)!cgroup_signal(c->cli->arena, &c->cgroups, c->plan.cgroup, SIGKILL, &ignored);
        (void)!container_remove_cgroup(c, &ignored);
    }
    (void)!state_remove(c->cli->root, c->state.id, c->dir, &ignored);
    container_release(c);
}

int container_create(struct cli *cli, const struct create_request *request, struct container *c,
                     struct error *err)
{
    const char *text = NULL;
    size_t len = 0;
    int rc;

    memset(c, 0, sizeof(*c));
    c->cli = cli;
    c->dir = c->manager.bus.fd = -1;
    rc = prepare(c, request, &text, &len, err);
    if (rc == 0)
        rc = plan_create(cli->arena, &c->spec, &c->options, &c->plan, err);
    if (rc < 0)
        return rc;
    fill_state(c, request);
    rc = container_filters(c, false, err);
    if (rc < 0)
        return rc;
    executor_init(&c->executor, cli->arena, &c->plan, &c->options);
    if (request->foreground)
        foreground_prepare();
    rc = state_make(cli->root, request->id, &c->dir, err);
    if (rc < 0)
        return rc;
    rc = state_write(cli->arena, c->dir, &c->state, err);
    if (rc == 0)
        rc = state_write_file(c->dir, "config.json", text, len, err);
    if (rc == 0)
        rc = store_filters(c, err);
    if (rc == 0)
        rc = complain_start(c, err);
    if (rc == 0)
        rc = connect_executor(c, request, err);
    if (rc == 0)
        rc = executor_launch(&c->executor, err);
    if (rc == 0)
        rc = commit(c, request, err);
    if (rc < 0)
        undo(c);
    return rc;
}
