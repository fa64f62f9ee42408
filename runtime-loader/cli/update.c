/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun update: other limits for a container that is there. */
#include "runtime-loader/cli/container.h"
#include "runtime-loader/exec/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *resources;
    const char *memory, *reservation, *swap;
    const char *shares, *quota, *burst, *period, *rt_runtime, *rt_period, *idle, *cpus, *mems;
    const char *pids, *weight;
    const char *cache_schema, *bandwidth_schema;
};

/* Bytes may have a unit, as with the clients: 64m. */
static int parse_number(const char *name, const char *text, bool bytes, int64_t least,
                        struct opt_int *out, struct error *err)
{
    static const char units[] = "bkmgt";
    const char *unit;
    char *end;
    long long value;
    int shift = 0;

    /* Not asked for, or 0 for the same where 0 is no value. */
    if (!text || (least != 0 && strcmp(text, "0") == 0))
        return 0;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (bytes && *end && end != text && value > 0) {
        unit = strchr(units, *end | 0x20);
        shift = unit ? (int)(unit - units) * 10 : 0;
        end += unit != NULL;
        if (unit && *unit != 'b' && (*end | 0x20) == 'b')
            end++;
    }
    if (end == text || *end || errno || value < least || value > INT64_MAX >> shift)
        return error_text(err, EINVAL, "--%s: '%s' is not %s", name, text,
                          bytes ? "a number of bytes" : "a number for it");
    *out = (struct opt_int){true, value * ((int64_t)1 << shift)};
    return 0;
}

static int single_options(struct arena *a, const struct options *o, struct spec_resources *out,
                          struct error *err)
{
    struct spec_block_io *io = ARENA_NEW(a, struct spec_block_io);
    const struct {
        const char *name, *text;
        struct opt_int *out;
        bool bytes;
        int64_t least;
    } numbers[] = {
        {"memory", o->memory, &out->memory.limit, true, -1},
        {"memory-reservation", o->reservation, &out->memory.reservation, true, -1},
        {"memory-swap", o->swap, &out->memory.swap, true, -1},
        {"cpu-shares", o->shares, &out->cpu.shares, false, 1},
        {"cpu-quota", o->quota, &out->cpu.quota, false, -1},
        {"cpu-burst", o->burst, &out->cpu.burst, false, 0},
        {"cpu-period", o->period, &out->cpu.period, false, 1},
        {"cpu-rt-runtime", o->rt_runtime, &out->cpu.realtime_runtime, false, -1},
        {"cpu-rt-period", o->rt_period, &out->cpu.realtime_period, false, 1},
        {"cpu-idle", o->idle, &out->cpu.idle, false, 0},
        {"pids-limit", o->pids, &out->pids_limit, false, -1},
        {"blkio-weight", o->weight, &io->weight, false, 1},
    };
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(numbers); i++)
        rc = parse_number(numbers[i].name, numbers[i].text, numbers[i].bytes, numbers[i].least,
                          numbers[i].out, err);
    if (io->weight.set)
        out->block_io = io;
    out->cpu.cpus = o->cpus;
    out->cpu.mems = o->mems;
    if (rc == 0 && (o->cache_schema || o->bandwidth_schema))
        rc = error_text(err, ENOTSUP, "--%s: Intel RDT is not supported",
                        o->cache_schema ? "l3-cache-schema" : "mem-bw-schema");
    return rc;
}

static int read_request(struct cli *cli, const char *path, struct spec_resources *out,
                        struct error *err)
{
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    warning_list warnings = {0};
    char *bytes = NULL;
    size_t len;
    int rc = strcmp(path, "-") == 0 ? read_all(STDIN_FILENO, name, 16 << 20, &bytes, &len, err)
                                    : read_file(path, 16 << 20, &bytes, &len, err);

    if (rc < 0)
        return rc;
    rc = spec_read_resources(cli->arena, name, bytes, len, out, &warnings, err);
    cleanup_free(&bytes);
    for (size_t i = 0; i < warnings.count; i++)
        cli_log(cli, LOG_WARNING, "%s", warnings.at[i]);
    return rc;
}

static int check_status(struct container *c, struct error *err)
{
    enum status status = container_status(c);

    if (status == STATUS_STOPPED || status == STATUS_CREATING)
        return error_text(err, EINVAL, "container '%s' is not running but %s", c->state.id,
                          status_names[status]);
    if (!c->state.cgroup)
        return error_text(err, ENOTSUP, "container '%s' has no cgroup with limits", c->state.id);
    return 0;
}

/* systemd would otherwise set what it knows again, at the next daemon-reload. */
static int tell_systemd(struct container *c, const struct spec_resources *after, struct error *err)
{
    limit_list limits = {0};
    int rc = container_manager(c, err);

    if (rc < 0)
        return rc;
    limits_v2(c->cli->arena, after, &limits);
    return manager_set_limits(&c->manager, c->state.scope, &limits, err);
}

static int change(struct container *c, const struct spec_resources *request, struct error *err)
{
    struct arena *a = c->cli->arena;
    struct spec_resources before, after;
    int rc = container_resources(c, &before, err);

    if (rc == 0)
        rc = cgroup_update(a, &c->cgroups, c->state.cgroup, &before, request, &after, err);
    if (rc == 0)
        rc = state_write_resources(a, c->dir, &after, err);
    return rc == 0 && c->state.scope ? tell_systemd(c, &after, err) : rc;
}

static int run_update(struct cli *cli, const void *options, const string_list *operands,
                      struct error *err)
{
    const struct options *o = options;
    struct spec_resources request = {0}, single = {0};
    struct container c;
    int rc = o->resources ? read_request(cli, o->resources, &request, err) : 0;

    if (rc == 0)
        rc = single_options(cli->arena, o, &single, err);
    if (rc < 0)
        return rc;
    rc = container_open(cli, operands->at[0], true, &c, err);
    if (rc == 0)
        rc = check_status(&c, err);
    if (rc == 0) {
        record_merge(cli->arena, &spec_resources_record, &request, &single);
        rc = change(&c, &request, err);
    }
    container_release(&c);
    return rc;
}

#define TEXT(member) OPTION_TEXT, offsetof(struct options, member)
static const struct option update_options[] = {
    {"resources", 'r', TEXT(resources), "FILE",
     "linux.resources as in config.json, '-': from standard input"},
    {"memory", 'm', TEXT(memory), "BYTES", "memory.limit; -1: none"},
    {"memory-reservation", 0, TEXT(reservation), "BYTES", "memory.reservation"},
    {"memory-swap", 0, TEXT(swap), "BYTES", "memory.swap: memory and swap together; -1: none"},
    {"cpu-shares", 0, TEXT(shares), "N", "cpu.shares"},
    {"cpu-share", 0, TEXT(shares), "N", "the same"},
    {"cpu-quota", 0, TEXT(quota), "MICROSECONDS", "cpu.quota; -1: none"},
    {"cpu-period", 0, TEXT(period), "MICROSECONDS", "cpu.period"},
    {"cpu-burst", 0, TEXT(burst), "MICROSECONDS", "cpu.burst"},
    {"cpu-idle", 0, TEXT(idle), "0|1", "cpu.idle"},
    {"cpu-rt-runtime", 0, TEXT(rt_runtime), "MICROSECONDS", "cpu.realtimeRuntime"},
    {"cpu-rt-period", 0, TEXT(rt_period), "MICROSECONDS", "cpu.realtimePeriod"},
    {"cpuset-cpus", 0, TEXT(cpus), "LIST", "cpu.cpus"},
    {"cpuset-mems", 0, TEXT(mems), "LIST", "cpu.mems"},
    {"pids-limit", 0, TEXT(pids), "N", "pids.limit; -1: none"},
    {"blkio-weight", 0, TEXT(weight), "N", "blockIO.weight"},
    {"l3-cache-schema", 0, TEXT(cache_schema), "SCHEMA", "not supported"},
    {"mem-bw-schema", 0, TEXT(bandwidth_schema), "SCHEMA", "not supported"},
    {"kernel-memory", 0, OPTION_UNUSED, 0, "BYTES", "accepted"},
    {"kernel-memory-tcp", 0, OPTION_UNUSED, 0, "BYTES", "accepted"},
};

const struct command command_update = {
    .name = "update",
    .operands = "ID",
    .summary = "change the limits of a container",
    .options = OPTIONS(update_options),
    .size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_update,
};
