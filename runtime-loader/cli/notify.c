/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers the notified calls of a container: found and reached before anything is created. */
#include "runtime-loader/cli/container.h"
#include "runtime-loader/proto/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where config.json may name who answers. */
enum answered_by { LISTENER_PATH, RECEIVER, HANDLERS, PLUGINS, PLACE_COUNT };
static const char *const place_names[PLACE_COUNT] = {
    [LISTENER_PATH] = "linux.seccomp.listenerPath",
    [RECEIVER] = "annotations.run.oci.seccomp.receiver",
    [HANDLERS] = "annotations.run.easyrun.seccomp.handlers",
    [PLUGINS] = "annotations.run.oci.seccomp.plugins",
};

struct answerers {
    const char *at[PLACE_COUNT]; /* NULL: not named there */
};

static bool is_socket(enum answered_by p)
{
    return p == LISTENER_PATH || p == RECEIVER;
}

/* One socket, or handlers and plugins, which one agent of easyrun's own has. */
static int check_answerers(const struct answerers *r, struct error *err)
{
    int first = -1;

    for (int i = 0; i < PLACE_COUNT; i++) {
        if (!r->at[i])
            continue;
        if (first >= 0 && is_socket((enum answered_by)first))
            return error_text(err, EINVAL, "config.json: %s: there is %s already", place_names[i],
                              place_names[first]);
        if (is_socket((enum answered_by)i) && r->at[i][0] != '/')
            return error_text(err, EINVAL, "config.json: %s: '%s' is not an absolute path",
                              place_names[i], r->at[i]);
        if (first < 0)
            first = i;
    }
    if (first < 0)
        return error_text(err, EINVAL,
                          "a seccomp filter notifies calls, and nobody is named who answers them: "
                          "config.json has no linux.seccomp.listenerPath");
    return 0;
}

static int find_answerers(struct container *c, struct answerers *out, struct error *err)
{
    struct spec_listener section;
    int rc = spec_listener(c->cli->arena, &c->spec, &section, err);

    if (rc < 0)
        return rc;
    c->handover.metadata = section.metadata;
    out->at[LISTENER_PATH] = section.path;
    for (int i = RECEIVER; i < PLACE_COUNT; i++)
        out->at[i] = spec_annotation(&c->spec, place_names[i] + strlen("annotations."));
    return check_answerers(out, err);
}

static int read_timeout(const struct spec *spec, unsigned *seconds, struct error *err)
{
    static const char key[] = "run.easyrun.seccomp.timeout";
    const char *text = spec_annotation(spec, key);
    char *end;
    unsigned long value = text ? strtoul(text, &end, 10) : HANDOVER_TIMEOUT;

    if (text && (*end || text[0] < '0' || text[0] > '9' || value < 1 || value > 3600))
        return error_text(err, EINVAL,
                          "config.json: annotations.%s: '%s' is not a number of seconds from 1 to "
                          "3600",
                          key, text);
    *seconds = (unsigned)value;
    return 0;
}

static int reach(struct container *c, const struct answerers *r, struct error *err)
{
    enum answered_by place = r->at[LISTENER_PATH] ? LISTENER_PATH : RECEIVER;
    struct error why;
    int rc = connect_unix(r->at[place], &c->handover.agent, &why);

    if (rc < 0)
        return error_text(err, -rc, "config.json: %s: %s", place_names[place], why.text);
    c->handover.agent_name = r->at[place];
    return 0;
}

/* --- an agent of our own ---------------------------------------------------------------------- */

enum { AGENT_CONNECTION = 3 };

/* It keeps nothing of ours open, above all no pipe that somebody reads to its end. log: where
 * its messages go, -1: nowhere. */
static int spawn_agent(const char *path, char *const *argv, int log, int connection,
                       struct error *err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t pid;
    int code;

    sigemptyset(&none);
    if (posix_spawn_file_actions_init(&actions) || posix_spawnattr_init(&attributes))
        return error_set(err, ENOMEM, "start '%s'", path);
    for (int fd = 0; fd < 3; fd++)
        posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    if (log >= 0)
        posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, connection, AGENT_CONNECTION);
    posix_spawn_file_actions_addclosefrom_np(&actions, AGENT_CONNECTION + 1);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    code = posix_spawn(&pid, path, &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return code ? error_set(err, code, "start '%s', which answers notified calls", path) : 0;
}

/* easyrun's log; -1: there is none, or it is of JSON and holds objects only. */
static int open_agent_log(const struct cli *cli)
{
    const char *format = cli->globals.log_format;

    if (!cli->globals.log || (format && strcmp(format, "json") == 0))
        return -1;
    return open(cli->globals.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

/* An empty text when it is ready. */
static int await_agent(int connection, const char *path, struct error *err)
{
    char text[sizeof(err->text)] = "";
    int fd;
    ssize_t n = rights_receive(connection, text, sizeof(text) - 1, &fd);

    if (n <= 0)
        return error_text(err, ECHILD, "'%s', which answers notified calls, has ended", path);
    return text[0] ? error_text(err, EINVAL, "config.json: annotations: %s", text) : 0;
}

const char *agent_program(void)
{
    const char *named = getenv("EASYSECCOMP_AGENT");

    return named && named[0] ? named : AGENT_PROGRAM;
}

/* It ends when nobody is left under the filter, or when init ends without having been started. */
static int start_agent(struct container *c, const struct answerers *r, struct error *err)
{
    const char *path = agent_program();
    const char *argv[] = {path,        "--connection", "3",  "--root",   c->cli->root, "--name",
                          c->state.id, "--bundle",     NULL, "--config", NULL,         NULL,
                          NULL,        NULL,           NULL, NULL};
    size_t count = 11;
    CLEANUP_FD
    int ours = -1, theirs = -1;
    CLEANUP_FD
    int log = open_agent_log(c->cli);
    int pair[2];
    int rc;

    argv[8] = c->state.bundle;
    argv[10] = arena_printf(c->cli->arena, "%s/config.json", c->state.bundle);
    for (int i = HANDLERS; i <= PLUGINS; i++) {
        if (!r->at[i])
            continue;
        argv[count++] = i == HANDLERS ? "--handlers" : "--plugins";
        argv[count++] = r->at[i];
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return error_set(err, errno, "socketpair");
    ours = pair[0];
    theirs = pair[1];
    rc = spawn_agent(path, (char *const *)(uintptr_t)argv, log, theirs, err);
    close(steal_fd(&theirs));
    if (rc == 0)
        rc = await_agent(ours, path, err);
    if (rc < 0)
        return rc;
    c->handover.agent_name = path;
    c->handover.agent = steal_fd(&ours);
    return 0;
}

/* In complain mode the supervisor is the agent. */
static int plan_complaining(struct container *c, bool exec, struct error *err)
{
    struct seccomp_filters *filters = arena_alloc(c->cli->arena, sizeof(*filters));
    int rc = complain_filters(c, c->state.filters.count, filters, err);

    if (rc == 0)
        rc = filter_load_plan(c->cli->arena, filters, &c->load, err);
    if (rc < 0 || !c->load.notifies)
        return rc;
    c->handover.state = &c->state;
    c->handover.exec = exec;
    c->handover.status = exec ? container_status(c) : STATUS_CREATED;
    c->handover.timeout = HANDOVER_TIMEOUT;
    rc = handover_share(&c->handover, err);
    return rc == 0 && exec ? complain_connect(c, err) : rc;
}

int container_filters(struct container *c, bool exec, struct error *err)
{
    struct answerers answerers = {0};
    int rc;

    c->handover.agent = -1;
    if (c->state.complain)
        return plan_complaining(c, exec, err);
    rc = filter_load_plan(c->cli->arena, &c->filters, &c->load, err);
    if (rc < 0 || !c->load.notifies)
        return rc;
    c->handover.state = &c->state;
    c->handover.exec = exec;
    c->handover.status = exec ? container_status(c) : STATUS_CREATED;
    rc = find_answerers(c, &answerers, err);
    if (rc == 0)
        rc = read_timeout(&c->spec, &c->handover.timeout, err);
    if (rc == 0)
        rc = handover_share(&c->handover, err);
    if (rc < 0)
        return rc;
    return answerers.at[HANDLERS] || answerers.at[PLUGINS] ? start_agent(c, &answerers, err)
                                                           : reach(c, &answerers, err);
}

void container_use_filters(struct container *c)
{
    c->executor.load = &c->load;
    c->executor.handover = c->load.notifies ? &c->handover : NULL;
}
