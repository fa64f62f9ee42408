/* SPDX-License-Identifier: Apache-2.0 */
/* Finding containers, looking at them, ending them. */
#include "runtime-loader/cli/container.h"

#include "runtime-loader/exec/hooks.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As long as the death of a process may take, with much to be torn down. */
enum { END_MS = 10000 };

bool wants_systemd(const struct cli *cli)
{
    const char *manager = cli->globals.cgroup_manager;

    return manager ? strcmp(manager, "systemd") == 0 : cli->globals.systemd_cgroup;
}

int detect_cgroups(struct cli *cli, struct cgroup_host *out, struct error *err)
{
    const char *manager = cli->globals.cgroup_manager;

    if (manager && strcmp(manager, "disabled") == 0) {
        *out = (struct cgroup_host){.mode = CGROUP_NONE};
        return 0;
    }
    if (manager && strcmp(manager, "cgroupfs") != 0 && !wants_systemd(cli))
        return error_text(err, EINVAL, "unknown cgroup manager '%s'", manager);
    return cgroup_detect(cli->arena, out, err);
}

int container_open(struct cli *cli, const char *id, bool lock, struct container *c,
                   struct error *err)
{
    int rc = state_check_id(id, err);

    memset(c, 0, sizeof(*c));
    c->cli = cli;
    c->dir = c->manager.bus.fd = -1;
    if (rc == 0)
        rc = state_open(cli->root, id, lock, &c->dir, err);
    if (rc == 0)
        rc = state_read(cli->arena, c->dir, id, &c->state, err);
    if (rc == -ENODATA) {
        /* Killed before anything was created: only the directory is there. */
        c->state = (struct state){.id = id, .oci_version = SPEC_VERSION, .bundle = "/"};
        rc = 0;
    }
    if (rc == 0 && c->state.cgroup)
        rc = cgroup_detect(cli->arena, &c->cgroups, err);
    return rc;
}

int container_resources(struct container *c, struct spec_resources *out, struct error *err)
{
    struct arena *a = c->cli->arena;
    warning_list ignored = {0};
    const char *text;
    size_t len;
    int rc = state_read_resources(a, c->dir, out, err);

    if (rc != -ENODATA)
        return rc;
    rc = state_read_file(a, c->dir, "config.json", &text, &len, err);
    if (rc == 0)
        rc = spec_read(a, "config.json", text, len, &c->spec, &ignored, err);
    if (rc == 0)
        *out = c->spec.os.resources;
    return rc;
}

void container_release(struct container *c)
{
    if (c->dir >= 0)
        close(steal_fd(&c->dir));
    manager_release(&c->manager);
}

int container_manager(struct container *c, struct error *err)
{
    if (c->manager.bus.fd >= 0)
        return 0;
    return manager_connect(c->cli->arena, c->state.user_manager, &c->manager, err);
}

static int stop_scope(struct container *c, struct error *err)
{
    int rc = container_manager(c, err);

    return rc == 0 ? manager_stop_scope(&c->manager, c->state.scope, err) : rc;
}

int container_remove_cgroup(struct container *c, struct error *err)
{
    struct error why;
    int rc = 0;

    if (c->state.cgroup)
        rc = cgroup_remove(c->cli->arena, &c->cgroups, c->state.cgroup, err);
    /* systemd notices by itself that a scope is empty: without it there is only nobody to wait
     * for. */
    if (rc == 0 && c->state.scope && stop_scope(c, &why) < 0)
        cli_log(c->cli, LOG_WARNING, "%s", why.text);
    return rc;
}

enum status container_status(struct container *c)
{
    enum status status = state_status(c->dir, &c->state);

    if ((status == STATUS_RUNNING || status == STATUS_CREATED) && c->state.cgroup &&
        cgroup_is_frozen(c->cli->arena, &c->cgroups, c->state.cgroup))
        return STATUS_PAUSED;
    return status;
}

int container_signal(struct container *c, int signal, bool all, struct error *err)
{
    CLEANUP_FD
    int pidfd = -1;
    int rc;

    if (all && c->state.cgroup)
        return cgroup_signal(c->cli->arena, &c->cgroups, c->state.cgroup, signal, err);
    if (container_status(c) == STATUS_STOPPED || c->state.pid == 0)
        return error_text(err, ESRCH, "container '%s' is not running", c->state.id);
    rc = process_open(c->state.pid, c->state.start_time, &pidfd, err);
    if (rc < 0)
        return error_text(err, ESRCH, "container '%s' is not running", c->state.id);
    if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0)
        return error_set(err, errno, "send signal %d to container '%s'", signal, c->state.id);
    return 0;
}

void container_late_hooks(struct container *c, const hook_list *list, const char *name,
                          enum status status)
{
    const char *json = state_json(c->cli->arena, &c->state, status_names[status],
                                  status == STATUS_STOPPED ? 0 : c->state.pid);

    for (size_t i = 0; i < list->count; i++) {
        hook_list one = {&list->at[i], 1};
        struct error err;

        if (hooks_run(&one, name, json, &err) < 0)
            cli_log(c->cli, LOG_WARNING, "%s", err.text);
    }
}

void container_await_end(const struct container *c)
{
    CLEANUP_FD
    int pidfd = -1;
    struct error ignored;

    if (process_open(c->state.pid, c->state.start_time, &pidfd, &ignored) == 0)
        poll(&(struct pollfd){.fd = pidfd, .events = POLLIN}, 1, END_MS);
}

/* Kills init and waits for its end, then whatever else is in the cgroup. */
static int end_processes(struct container *c, struct error *err)
{
    CLEANUP_FD
    int pidfd = -1;
    struct error ignored;

    if (c->state.pid && process_open(c->state.pid, c->state.start_time, &pidfd, &ignored) == 0) {
        struct pollfd end = {.fd = pidfd, .events = POLLIN};

        if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) < 0 && errno != ESRCH)
            return error_set(err, errno, "kill container '%s'", c->state.id);
        /* A frozen process dies when it is thawed. */
        if (c->state.cgroup && cgroup_is_frozen(c->cli->arena, &c->cgroups, c->state.cgroup))
            (void)!cgroup_freeze(c->cli->arena, &c->cgroups, c->state.cgroup, false, &ignored);
        if (poll(&end, 1, END_MS) == 0)
            return error_text(err, ETIMEDOUT, "container '%s' does not die", c->state.id);
    }
    if (!c->state.cgroup)
        return 0;
    return cgroup_signal(c->cli->arena, &c->cgroups, c->state.cgroup, SIGKILL, err);
}

int container_delete(struct container *c, bool force, struct error *err)
{
    enum status status = container_status(c);
    int rc;

    if (status != STATUS_STOPPED && !force)
        return error_text(err, EBUSY, "container '%s' is not stopped but %s", c->state.id,
                          status_names[status]);
    rc = end_processes(c, err);
    if (rc == 0)
        rc = container_remove_cgroup(c, err);
    if (rc < 0)
        return rc;
    rc = state_remove(c->cli->root, c->state.id, c->dir, err);
    if (rc == 0)
        container_late_hooks(c, &c->state.poststop, "poststop", STATUS_STOPPED);
    return rc;
}
