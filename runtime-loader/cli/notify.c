/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers the notified calls of a container: found and reached before anything is created. */
#include "runtime-loader/cli/container.h"

#include <errno.h>
#include <stdlib.h>

/* A place where config.json may name an agent. */
struct receiver {
    const char *member, *path;
};

static int choose(struct container *c, struct receiver *out, struct error *err)
{
    struct spec_listener section;
    struct receiver places[2] = {{"linux.seccomp.listenerPath", NULL},
                                 {"annotations.run.oci.seccomp.receiver", NULL}};
    int rc = spec_listener(c->cli->arena, &c->spec, &section, err);

    if (rc < 0)
        return rc;
    *out = (struct receiver){0};
    c->handover.metadata = section.metadata;
    places[0].path = section.path;
    places[1].path = spec_annotation(&c->spec, "run.oci.seccomp.receiver");
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        if (!places[i].path)
            continue;
        if (out->path)
            return error_text(err, EINVAL, "config.json: %s: there is %s already", places[i].member,
                              out->member);
        if (places[i].path[0] != '/')
            return error_text(err, EINVAL, "config.json: %s: '%s' is not an absolute path",
                              places[i].member, places[i].path);
        *out = places[i];
    }
    if (!out->path)
        return error_text(err, EINVAL,
                          "a seccomp filter notifies calls, and nobody is named who answers them: "
                          "config.json has no linux.seccomp.listenerPath");
    return 0;
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

static int reach(struct container *c, const struct receiver *r, struct error *err)
{
    struct error why;
    int rc = connect_unix(r->path, &c->handover.agent, &why);

    if (rc < 0)
        return error_text(err, -rc, "config.json: %s: %s", r->member, why.text);
    c->handover.agent_name = r->path;
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
    struct receiver receiver;
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
    rc = choose(c, &receiver, err);
    if (rc == 0)
        rc = read_timeout(&c->spec, &c->handover.timeout, err);
    if (rc == 0)
        rc = handover_share(&c->handover, err);
    return rc < 0 ? rc : reach(c, &receiver, err);
}

void container_use_filters(struct container *c)
{
    c->executor.load = &c->load;
    c->executor.handover = c->load.notifies ? &c->handover : NULL;
}
