/* SPDX-License-Identifier: Apache-2.0 */
/* Complain mode: a container whose filters deny nothing and tell what they would deny. */
#include "compiler/include/easyseccomp.h"
#include "runtime-loader/cli/container.h"
#include "runtime-loader/complain/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_MAP ((size_t)16 << 20)

static const char annotation[] = "run.easyrun.seccomp.complain";

int complain_choose(struct container *c, const char *option, struct error *err)
{
    const char *file = option ? option : spec_annotation(&c->spec, annotation);

    if (!file)
        return 0;
    if (!option && file[0] != '/')
        return error_text(err, EINVAL, "config.json: annotations.%s: '%s' is not an absolute path",
                          annotation, file);
    if (!c->filters.list.count)
        return error_text(err, EINVAL, "complain mode: the container has no seccomp filter");
    c->complain = file;
    return 0;
}

/* Those of exec alone stay as they are: nobody knows them but this command. */
int complain_filters(struct container *c, size_t count, struct seccomp_filters *out,
                     struct error *err)
{
    struct arena *a = c->cli->arena;
    filter_stack stack = {.at = ARENA_ARRAY(a, const struct seccomp_filter *, count + 1)};
    struct seccomp_filter combined;
    int rc;

    *out = (struct seccomp_filters){0};
    for (size_t i = 0; i < count; i++)
        stack.at[stack.count++] = &c->filters.list.at[i];
    rc = complain_combine(a, &stack, &combined, err);
    if (rc < 0)
        return rc;
    for (size_t i = count; i < c->filters.list.count; i++)
        VEC_PUSH(a, &out->list, c->filters.list.at[i]);
    VEC_PUSH(a, &out->list, combined);
    return 0;
}

static int make_socket(int dir, int *out, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    CLEANUP_FD
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/complain", dir);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 16) < 0)
        return error_set(err, errno, "complain mode: make the supervisor's socket");
    *out = steal_fd(&fd);
    return 0;
}

int complain_connect(struct container *c, struct error *err)
{
    const char *path = arena_printf(c->cli->arena, "%s/%s/complain", c->cli->root, c->state.id);
    struct error why;
    int rc = connect_unix(path, &c->handover.agent, &why);

    c->handover.agent_name = "complain";
    return rc < 0 ? error_text(err, -rc, "complain mode: %s", why.text) : 0;
}

/* What the filters of files were compiled from, where a source map is beside them that fits. */
static void read_maps(struct container *c)
{
    for (size_t i = 0; i < c->filters.list.count; i++) {
        struct seccomp_filter *f = &c->filters.list.at[i];
        const char *name = f->file ? arena_printf(c->cli->arena, "%s.map", f->file) : NULL;
        CLEANUP_FREE char *text = NULL;
        struct error err = {0};
        size_t len;
        int rc;

        if (!name || access(name, F_OK) < 0)
            continue;
        rc = read_file(name, MAX_MAP, &text, &len, &err);
        if (rc == 0)
            rc = es_parse_map(text, len, name, f->code, f->count * sizeof(*f->code), &f->policy);
        if (rc < 0)
            cli_log(c->cli, LOG_WARNING, "complain mode: %s",
                    err.code ? err.text
                             : arena_printf(c->cli->arena, "the source map '%s' does not fit '%s'",
                                            name, f->file));
    }
}

static void forget_maps(struct container *c)
{
    for (size_t i = 0; i < c->filters.list.count; i++) {
        es_policy_free(c->filters.list.at[i].policy);
        c->filters.list.at[i].policy = NULL;
    }
}

int complain_start(struct container *c, struct error *err)
{
    struct supervisor s = {.container = c->state.id};
    CLEANUP_FD
    int socket = -1;
    CLEANUP_FD
    int out = -1;
    int rc;

    if (!c->complain)
        return 0;
    out = open(c->complain, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
               0600);
    if (out < 0)
        return error_set(err, errno, "complain mode: '%s'", c->complain);
    rc = make_socket(c->dir, &socket, err);
    if (rc == 0)
        rc = complain_connect(c, err);
    if (rc < 0)
        return rc;
    (void)filter_order(c->cli->arena, &c->filters, &s.originals);
    s.socket = socket;
    s.out = out;
    read_maps(c);
    rc = supervisor_start(&s, err);
    forget_maps(c); /* the supervisor has its own */
    return rc;
}
