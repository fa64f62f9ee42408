/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of org.freedesktop.systemd1(5) that a scope needs. */
#include "runtime-loader/systemd/manager.h"

#include "runtime-loader/systemd/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char service[] = "org.freedesktop.systemd1";
static const char object[] = "/org/freedesktop/systemd1";
static const char interface[] = "org.freedesktop.systemd1.Manager";
static const char no_such_unit[] = "org.freedesktop.systemd1.NoSuchUnit";

static int call_manager(struct manager *m, const char *member, const char *signature,
                        const struct strbuf *arguments, struct bus_message *reply,
                        const char **fault, struct error *err)
{
    const struct bus_call call = {service, object, interface, member, signature, arguments};

    return bus_call(&m->bus, &call, reply, fault, err);
}

/* Where a manager may be reached. It is asked by itself before a bus between is: that is quicker,
 * and there need not be one. */
struct whereabouts {
    const char *address;
    bool broker;
};
typedef VEC(struct whereabouts) whereabouts_list;

static const char *path_address(struct arena *a, const char *directory, const char *name)
{
    return arena_printf(a, "unix:path=%s/%s", directory, name);
}

static void list_whereabouts(struct arena *a, bool user, whereabouts_list *out)
{
    const char *directory = user ? getenv("XDG_RUNTIME_DIR") : "/run";
    const char *bus = getenv(user ? "DBUS_SESSION_BUS_ADDRESS" : "DBUS_SYSTEM_BUS_ADDRESS");

    if (directory && directory[0])
        VEC_PUSH(a, out,
                 ((struct whereabouts){path_address(a, directory, "systemd/private"), false}));
    if (bus && bus[0])
        VEC_PUSH(a, out, ((struct whereabouts){bus, true}));
    if (directory && directory[0])
        VEC_PUSH(a, out,
                 ((struct whereabouts){
                     path_address(a, directory, user ? "bus" : "dbus/system_bus_socket"), true}));
}

static int connect_any(struct arena *a, bool user, struct manager *out, struct error *err)
{
    whereabouts_list places = {0};
    struct error why = {.text = "XDG_RUNTIME_DIR is not set"};
    int rc = -ENOENT;

    list_whereabouts(a, user, &places);
    for (size_t i = 0; rc < 0 && i < places.count; i++)
        rc = bus_connect(a, places.at[i].address, places.at[i].broker, &out->bus, &why);
    if (rc == 0)
        return 0;
    return error_text(err, -rc,
                      "the systemd cgroup manager needs systemd, and %s manager does not answer "
                      "(%s); without it there is --cgroup-manager cgroupfs",
                      user ? "the user's" : "its", why.text);
}

/* Property of the manager that is a text. */
static int get_text(struct manager *m, const char *name, const char **out, struct error *err)
{
    struct strbuf arguments;
    const struct bus_call call = {service, object, "org.freedesktop.DBus.Properties",
                                  "Get",   "ss",   &arguments};
    struct bus_message reply;
    struct wire_reader r;
    int rc;

    strbuf_init(&arguments, m->bus.arena);
    wire_string(&arguments, interface);
    wire_string(&arguments, name);
    rc = bus_call(&m->bus, &call, &reply, NULL, err);
    if (rc < 0)
        return rc;
    r = (struct wire_reader){.bytes = reply.body, .len = reply.body_len};
    if (strcmp(wire_read_signature(&r), "s") != 0)
        return error_text(err, EPROTO, "systemd's property %s is no text", name);
    *out = wire_read_string(&r);
    return 0;
}

int manager_connect(struct arena *a, bool user, struct manager *out, struct error *err)
{
    int rc;

    *out = (struct manager){.user = user, .cgroup = "", .bus = {.fd = -1}};
    rc = connect_any(a, user, out, err);
    if (rc == 0)
        rc = get_text(out, "ControlGroup", &out->cgroup, err);
    if (rc == 0 && strcmp(out->cgroup, "/") == 0)
        out->cgroup = "";
    if (rc < 0)
        manager_release(out);
    return rc;
}

void manager_release(struct manager *m)
{
    bus_release(&m->bus);
}

/* A message bus hands on signals only to those who asked for them. */
static int watch_jobs(struct manager *m, struct error *err)
{
    static const char bus[] = "org.freedesktop.DBus";
    static const char rule[] = "type='signal',interface='org.freedesktop.systemd1.Manager',"
                               "member='JobRemoved'";
    struct strbuf arguments;
    const struct bus_call match = {bus, "/org/freedesktop/DBus", bus, "AddMatch", "s", &arguments};
    struct bus_message reply;
    int rc;

    if (!m->bus.broker)
        return 0;
    strbuf_init(&arguments, m->bus.arena);
    wire_string(&arguments, rule);
    rc = bus_call(&m->bus, &match, &reply, NULL, err);
    if (rc == 0)
        rc = call_manager(m, "Subscribe", NULL, NULL, &reply, NULL, err);
    return rc;
}

/* Waits for the end of the job that a reply names. */
static int await_job(struct manager *m, const char *unit, const struct bus_message *reply,
                     struct error *err)
{
    struct wire_reader r = {.bytes = reply->body, .len = reply->body_len};
    const char *job = wire_read_string(&r);

    for (;;) {
        struct bus_message signal;
        const char *removed, *result;
        int rc = bus_next_signal(&m->bus, &signal, err);

        if (rc < 0)
            return rc;
        if (!signal.member || strcmp(signal.member, "JobRemoved") != 0 ||
            strcmp(signal.signature, "uoss") != 0)
            continue;
        r = (struct wire_reader){.bytes = signal.body, .len = signal.body_len};
        wire_read_u32(&r);
        removed = wire_read_string(&r);
        wire_read_string(&r);
        result = wire_read_string(&r);
        if (strcmp(removed, job) == 0)
            return strcmp(result, "done") == 0
                       ? 0
                       : error_text(err, EREMOTEIO, "systemd: the job for '%s' ended with '%s'",
                                    unit, result);
    }
}

static void property_pid(struct strbuf *out, pid_t pid)
{
    struct wire_array array;

    wire_align(out, 8);
    wire_string(out, "PIDs");
    wire_signature(out, "au");
    array = wire_array_begin(out, 4);
    wire_u32(out, (uint32_t)pid);
    wire_array_end(out, &array);
}

/* The arguments of StartTransientUnit: name, mode, properties, other units. */
static int scope_arguments(struct manager *m, const struct manager_scope *scope,
                           const limit_list *limits, pid_t pid, struct strbuf *out,
                           struct error *err)
{
    struct wire_array properties, others;
    int rc;

    strbuf_init(out, m->bus.arena);
    wire_string(out, scope->name);
    wire_string(out, "replace");
    properties = wire_array_begin(out, 8);
    property_text(out, "Description", scope->description);
    property_text(out, "Slice", scope->slice);
    property_text(out, "CollectMode", "inactive-or-failed");
    property_bool(out, "Delegate", true);
    property_bool(out, "DefaultDependencies", false);
    property_pid(out, pid);
    properties_of_limits(limits, out);
    rc = properties_of_annotations(m->bus.arena, scope->annotations, out, err);
    wire_array_end(out, &properties);
    others = wire_array_begin(out, 8);
    wire_array_end(out, &others);
    return rc;
}

static int about_unit(struct manager *m, const char *member, const char *signature,
                      const char *unit, struct bus_message *reply, const char **fault,
                      struct error *err)
{
    struct strbuf arguments;

    strbuf_init(&arguments, m->bus.arena);
    wire_string(&arguments, unit);
    if (signature[1])
        wire_string(&arguments, "replace");
    return call_manager(m, member, signature, &arguments, reply, fault, err);
}

int manager_start_scope(struct manager *m, const struct manager_scope *scope,
                        const limit_list *limits, pid_t pid, struct error *err)
{
    struct strbuf arguments;
    struct bus_message reply;
    struct error ignored;
    const char *fault;
    int rc = scope_arguments(m, scope, limits, pid, &arguments, err);

    if (rc == 0)
        rc = watch_jobs(m, err);
    for (int tries = 0; rc == 0; tries++) {
        rc = call_manager(m, "StartTransientUnit", "ssa(sv)a(sa(sv))", &arguments, &reply, &fault,
                          err);
        if (rc == 0)
            return await_job(m, scope->name, &reply, err);
        /* One that failed once stays until somebody has looked. */
        if (tries == 0 && strcmp(fault, "org.freedesktop.systemd1.UnitExists") == 0 &&
            about_unit(m, "ResetFailedUnit", "s", scope->name, &reply, NULL, &ignored) == 0)
            rc = 0;
    }
    return rc;
}

int manager_stop_scope(struct manager *m, const char *name, struct error *err)
{
    struct bus_message reply;
    struct error ignored;
    const char *fault;
    int rc = watch_jobs(m, err);

    if (rc < 0)
        return rc;
    rc = about_unit(m, "StopUnit", "ss", name, &reply, &fault, err);
    if (rc < 0)
        return strcmp(fault, no_such_unit) == 0 ? 0 : rc;
    rc = await_job(m, name, &reply, err);
    (void)!about_unit(m, "ResetFailedUnit", "s", name, &reply, NULL, &ignored);
    return rc;
}

int manager_set_limits(struct manager *m, const char *name, const limit_list *limits,
                       struct error *err)
{
    struct strbuf arguments;
    struct wire_array properties;
    struct bus_message reply;

    strbuf_init(&arguments, m->bus.arena);
    wire_string(&arguments, name);
    wire_u32(&arguments, true); /* until the next boot: a scope ends before that */
    properties = wire_array_begin(&arguments, 8);
    properties_of_limits(limits, &arguments);
    wire_array_end(&arguments, &properties);
    return call_manager(m, "SetUnitProperties", "sba(sv)", &arguments, &reply, NULL, err);
}
