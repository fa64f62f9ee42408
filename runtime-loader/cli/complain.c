/* SPDX-License-Identifier: Apache-2.0 */
/* Complain mode: a container whose filters deny nothing and tell what they would deny. */
#include "runtime-loader/cli/container.h"
#include "runtime-loader/complain/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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

static const struct complain_program *programs_of(struct container *c, size_t count)
{
    struct complain_program *programs =
        ARENA_ARRAY(c->cli->arena, struct complain_program, count + 1);

    for (size_t i = 0; i < count; i++)
        programs[i] =
            (struct complain_program){c->filters.list.at[i].code, c->filters.list.at[i].count};
    return programs;
}

/* Those of exec alone stay as they are: nobody knows them but this command. */
int complain_filters(struct container *c, size_t count, struct seccomp_filters *out,
                     struct error *err)
{
    struct arena *a = c->cli->arena;
    struct complain_program combined;
    uint32_t flags = 0;
    int rc = complain_combine(a, programs_of(c, count), count, &combined, err);

    *out = (struct seccomp_filters){0};
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < count; i++)
        flags |= c->filters.list.at[i].flags;
    for (size_t i = count; i < c->filters.list.count; i++)
        VEC_PUSH(a, &out->list, c->filters.list.at[i]);
    VEC_PUSH(a, &out->list,
             ((struct seccomp_filter){
                 .code = combined.code, .count = (uint16_t)combined.count, .flags = flags}));
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

int complain_start(struct container *c, struct error *err)
{
    struct supervisor s = {
        .container = c->state.id,
        .originals = programs_of(c, c->filters.list.count),
        .count = c->filters.list.count,
    };
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
    s.socket = socket;
    s.out = out;
    return supervisor_start(&s, err);
}
