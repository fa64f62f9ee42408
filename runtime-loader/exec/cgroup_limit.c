/* SPDX-License-Identifier: Apache-2.0 */
/* linux.resources: which limit goes to which hierarchy, when a cgroup is new and when it changes.
 */
#include "runtime-loader/exec/cgroup.h"

#include "runtime-loader/exec/devices.h"
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One cgroup, and where limits for it go. */
struct target {
    struct arena *arena;
    const struct cgroup_host *host;
    const char *path;
};

static int no_controller(const struct limit *limit, struct error *err)
{
    return error_text(err, ENOTSUP, "linux.resources.%s: this host has no cgroup controller '%s'",
                      limit->member, limit->controller);
}

/* Writes it; *missing: there is neither the file nor the other. */
static int try_write(const char *directory, const struct limit *limit, bool *missing,
                     struct error *err)
{
    struct error fault;
    int rc = cgroup_write(directory, limit->file, limit->text, &fault);

    if (rc == -ENOENT && limit->other_file)
        rc = cgroup_write(directory, limit->other_file,
                          limit->other_text ? limit->other_text : limit->text, &fault);
    *missing = rc == -ENOENT;
    if (rc == 0 || (*missing && limit->optional))
        return 0;
    return error_text(err, -rc, "linux.resources.%s: %.300s", limit->member, fault.text);
}

static int no_file(const struct target *t, const struct hierarchy *h, const struct limit *limit,
                   struct error *err)
{
    return error_text(err, ENOTSUP, "linux.resources.%s: cgroup '%s' has no file '%s'",
                      limit->member, cgroup_directory(t->arena, h, t->path), limit->file);
}

static int write_v1(const struct target *t, const struct hierarchy *h, const struct limit *limit,
                    struct error *err)
{
    bool missing;
    int rc = try_write(cgroup_directory(t->arena, h, t->path), limit, &missing, err);

    return rc < 0 && missing ? no_file(t, h, limit, err) : rc;
}

/* A file that is not there may be of a controller that has not been handed down. */
static int write_v2(const struct target *t, const struct hierarchy *h, const struct limit *limit,
                    struct error *err)
{
    const char *directory = cgroup_directory(t->arena, h, t->path);
    bool missing;
    int rc;

    if (!limit->file)
        return error_text(
            err, ENOTSUP,
            "linux.resources.%s: cgroup controller '%s' of version 2 has no such limit",
            limit->member, limit->controller);
    rc = try_write(directory, limit, &missing, err);
    if (rc == 0 || !missing)
        return rc;
    if (limit->controller[0]) {
        rc = cgroup_explain(t->arena, h, t->path, limit->controller,
                            arena_printf(t->arena, "linux.resources.%s", limit->member), err);
        if (rc == 0)
            rc = try_write(directory, limit, &missing, err);
        else
            missing = false;
    }
    return rc < 0 && missing ? no_file(t, h, limit, err) : rc;
}

/* On a host with both versions a controller is in one of them. */
static bool in_v2(const struct target *t, const char *controller)
{
    const struct hierarchy *h = cgroup_v2(t->host);
    char words[512];

    if (!h || t->host->mode == CGROUP_V2)
        return h != NULL;
    return cgroup_read(h->mount, "cgroup.controllers", words, sizeof(words)) > 0 &&
           has_word(words, controller);
}

static const char *v1_name(const char *controller)
{
    return strcmp(controller, "io") == 0 ? "blkio" : controller;
}

static int apply_v1(const struct target *t, const struct limit *limit, struct error *err)
{
    const struct hierarchy *h = cgroup_v1(t->host, limit->controller);

    if (h)
        return write_v1(t, h, limit, err);
    if (in_v2(t, strcmp(limit->controller, "blkio") == 0 ? "io" : limit->controller))
        return 0;
    return limit->optional ? 0 : no_controller(limit, err);
}

/* `unified` speaks of version 2, whatever else the host has. */
static int apply_v2(const struct target *t, const struct limit *limit, struct error *err)
{
    const struct hierarchy *h = cgroup_v2(t->host);
    bool unified = strcmp(limit->member, "unified") == 0;

    if (!h)
        return unified
                   ? error_text(err, ENOTSUP,
                                "linux.resources.unified: this host has no cgroups of version 2")
                   : 0;
    if (!unified && t->host->mode != CGROUP_V2 &&
        (cgroup_v1(t->host, v1_name(limit->controller)) || !in_v2(t, limit->controller)))
        return 0;
    return write_v2(t, h, limit, err);
}

/* Those that have to wait for others come again at the end. */
static int apply_all(const struct target *t, const limit_list *limits,
                     int (*apply)(const struct target *, const struct limit *, struct error *),
                     struct error *err)
{
    limit_list waiting = {0};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < limits->count; i++) {
        rc = apply(t, &limits->at[i], err);
        if (rc == -EINVAL && limits->at[i].may_wait) {
            VEC_PUSH(t->arena, &waiting, limits->at[i]);
            rc = 0;
        }
    }
    for (size_t i = 0; rc == 0 && i < waiting.count; i++)
        rc = apply(t, &waiting.at[i], err);
    return rc;
}

static int apply_devices(const struct target *t, const struct spec_resources *r, struct error *err)
{
    const struct hierarchy *h = cgroup_v1(t->host, "devices");

    if (!r->devices.count)
        return 0;
    if (h)
        return devices_v1(t->arena, cgroup_directory(t->arena, h, t->path), r, err);
    h = cgroup_v2(t->host);
    if (!h)
        return no_controller(&(struct limit){"devices", .member = "devices"}, err);
    return devices_v2(t->arena, cgroup_directory(t->arena, h, t->path), r, err);
}

int cgroup_limit(struct arena *a, const struct cgroup_host *host, const char *path,
                 const struct spec_resources *r, struct error *err)
{
    const struct target t = {a, host, path};
    limit_list v1 = {0}, v2 = {0};
    int rc = 0;

    limits_v2(a, r, &v2);
    if (host->mode != CGROUP_V2) {
        limits_v1(a, r, &v1);
        rc = apply_all(&t, &v1, apply_v1, err);
    }
    if (rc == 0)
        rc = apply_all(&t, &v2, apply_v2, err);
    return rc < 0 ? rc : apply_devices(&t, r, err);
}

static void add_controllers(struct arena *a, const limit_list *limits, controller_list *out)
{
    for (size_t i = 0; i < limits->count; i++) {
        const char *name = limits->at[i].controller;
        bool listed = !name[0];

        for (size_t j = 0; !listed && j < out->count; j++)
            listed = strcmp(out->at[j], name) == 0;
        if (!listed)
            VEC_PUSH(a, out, name);
    }
}

void cgroup_controllers(struct arena *a, enum cgroup_mode mode, const struct spec_resources *r,
                        controller_list *out)
{
    limit_list limits = {0};

    memset(out, 0, sizeof(*out));
    if (mode == CGROUP_V2)
        limits_v2(a, r, &limits);
    else
        limits_v1(a, r, &limits);
    if (mode != CGROUP_V2 && r->devices.count)
        limit_add(a, &limits, (struct limit){.controller = "devices"});
    add_controllers(a, &limits, out);
}

static uint64_t read_number(const char *directory, const char *file)
{
    char text[32];

    return cgroup_read(directory, file, text, sizeof(text)) > 0 ? strtoull(text, NULL, 10) : 0;
}

/* checkBeforeUpdate: the kernel would kill processes to get below a limit. */
static int check_usage(const struct target *t, const struct spec_memory *m, struct error *err)
{
    const struct hierarchy *v1 = cgroup_v1(t->host, "memory");
    const struct hierarchy *h = v1 ? v1 : cgroup_v2(t->host);
    const char *directory = h ? cgroup_directory(t->arena, h, t->path) : "";
    uint64_t memory = read_number(directory, v1 ? "memory.usage_in_bytes" : "memory.current");
    uint64_t both = v1 ? read_number(directory, "memory.memsw.usage_in_bytes")
                       : memory + read_number(directory, "memory.swap.current");

    if (m->limit.value > 0 && (uint64_t)m->limit.value < memory)
        return error_text(err, EBUSY,
                          "linux.resources.memory.limit: %" PRId64 " is less than the %" PRIu64
                          " bytes in use",
                          m->limit.value, memory);
    if (m->swap.value > 0 && (uint64_t)m->swap.value < both)
        return error_text(err, EBUSY,
                          "linux.resources.memory.swap: %" PRId64 " is less than the %" PRIu64
                          " bytes in use",
                          m->swap.value, both);
    return 0;
}

/* Values that are written together with those that the request has. */
static void complete(struct spec_resources *request, const struct spec_resources *after)
{
    struct spec_cpu *cpu = &request->cpu;
    struct spec_memory *memory = &request->memory;

    if (memory->limit.set || memory->swap.set) {
        memory->limit = after->memory.limit;
        memory->swap = after->memory.swap;
    }
    if (cpu->quota.set || cpu->period.set || cpu->burst.set) {
        cpu->quota = after->cpu.quota;
        cpu->period = after->cpu.period;
        cpu->burst = after->cpu.burst;
    }
    if (cpu->idle.set || cpu->shares.set) {
        cpu->idle = after->cpu.idle;
        cpu->shares = after->cpu.shares;
    }
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_number(const struct opt_int *a, const struct opt_int *b)
{
    return a->set == b->set && a->value == b->value;
}

/* Clients send the rules again with whatever they change; in version 1 a list cannot be replaced at
 * once, so the same one is left alone. */
static bool same_devices(const struct spec_resources *a, const struct spec_resources *b)
{
    bool same = a->devices.count == b->devices.count;

    for (size_t i = 0; same && i < a->devices.count; i++) {
        const struct spec_device_rule *x = &a->devices.at[i], *y = &b->devices.at[i];

        same = x->allow == y->allow && x->type == y->type && same_number(&x->major, &y->major) &&
               same_number(&x->minor, &y->minor) && same_text(x->access, y->access);
    }
    return same;
}

int cgroup_update(struct arena *a, const struct cgroup_host *host, const char *path,
                  const struct spec_resources *before, const struct spec_resources *request,
                  struct spec_resources *after, struct error *err)
{
    const struct target t = {a, host, path};
    struct spec_resources change = *request;
    int rc;

    *after = *before;
    record_merge(a, &spec_resources_record, after, request);
    complete(&change, after);
    if (same_devices(&change, before))
        change.devices.count = 0;
    rc = spec_check_resources(after, "update", err);
    if (rc == 0 && after->memory.check_before_update.value)
        rc = check_usage(&t, &change.memory, err);
    return rc < 0 ? rc : cgroup_limit(a, host, path, &change, err);
}

int step_cgroup_limit(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    return cgroup_limit(x->arena, x->cgroups, x->plan->cgroup, &x->plan->spec->os.resources, err);
}
