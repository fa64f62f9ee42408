/* SPDX-License-Identifier: Apache-2.0 */
/* linux.resources in the files of version 2. */
#include "runtime-loader/exec/limits.h"

#include <inttypes.h>
#include <string.h>

static const char *or_max(struct arena *a, int64_t value)
{
    return value < 0 ? "max" : arena_printf(a, "%" PRId64, value);
}

static void add_max(struct arena *a, limit_list *out, const struct opt_int *number,
                    struct limit limit)
{
    if (!number->set)
        return;
    limit.text = or_max(a, number->value);
    limit_add(a, out, limit);
}

static int64_t scale(int64_t value, int64_t low, int64_t high)
{
    if (value < low)
        return 1;
    return 1 + ((value > high ? high : value) - low) * 9999 / (high - low);
}

/* Swap goes first: where memory shrinks, more of it may be needed at once. A kernel without swap
 * gives none, and all that there is. */
static void list_memory(struct arena *a, const struct spec_memory *m, limit_list *out)
{
    struct opt_int swap = m->swap;

    if (swap.set && swap.value > 0)
        swap.value = swap.value > m->limit.value ? swap.value - m->limit.value : 0;
    else if (!swap.set && m->limit.set && m->limit.value < 0)
        swap = m->limit;
    add_max(a, out, &swap,
            (struct limit){"memory", "memory.swap.max", .member = "memory.swap",
                           .optional = swap.value <= 0});
    add_max(a, out, &m->limit, (struct limit){"memory", "memory.max", .member = "memory.limit"});
    add_max(a, out, &m->reservation,
            (struct limit){"memory", "memory.low", .member = "memory.reservation"});
    limit_missing(a, out, &m->kernel_tcp, "memory", "memory.kernelTCP");
    if (m->swappiness.set)
        limit_add(a, out, (struct limit){"memory", .member = "memory.swappiness"});
    limit_missing(a, out, &m->disable_oom_killer, "memory", "memory.disableOOMKiller");
}

/* Idle is a weight of its own: while it is set the kernel takes no other, and its end is one of
 * 100. A burst is at most the quota. */
static void list_cpu(struct arena *a, const struct spec_cpu *c, limit_list *out)
{
    limit_number(
        a, out, &c->idle,
        (struct limit){"cpu", "cpu.idle", .member = "cpu.idle", .optional = !c->idle.value});
    if (c->shares.set && !c->idle.value)
        limit_add(a, out,
                  (struct limit){"cpu", "cpu.weight",
                                 arena_printf(a, "%" PRId64, scale(c->shares.value, 2, 262144)),
                                 .member = "cpu.shares"});
    limit_number(a, out, &c->burst,
                 (struct limit){"cpu", "cpu.max.burst", .member = "cpu.burst", .may_wait = true,
                                .optional = !c->burst.value});
    if (c->quota.set || c->period.set)
        limit_add(a, out,
                  (struct limit){"cpu", "cpu.max",
                                 arena_printf(a, "%s %" PRId64,
                                              or_max(a, c->quota.set ? c->quota.value : -1),
                                              c->period.set ? c->period.value : 100000),
                                 .member = c->quota.set ? "cpu.quota" : "cpu.period"});
    limit_missing(a, out, &c->realtime_runtime, "cpu", "cpu.realtimeRuntime");
    limit_missing(a, out, &c->realtime_period, "cpu", "cpu.realtimePeriod");
    limit_add(a, out, (struct limit){"cpuset", "cpuset.cpus", c->cpus, .member = "cpu.cpus"});
    limit_add(a, out, (struct limit){"cpuset", "cpuset.mems", c->mems, .member = "cpu.mems"});
}

static void list_throttles(struct arena *a, const throttle_list *list, const char *key,
                           const char *member, limit_list *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct spec_throttle_device *d = &list->at[i];

        /* As in version 1, where 0 takes the limit away. */
        limit_add(a, out,
                  (struct limit){"io", "io.max",
                                 d->rate ? limit_device(a, d->major, d->minor, key, d->rate)
                                         : arena_printf(a, "%" PRId64 ":%" PRId64 " %smax",
                                                        d->major, d->minor, key),
                                 .member = member});
    }
}

static void list_weights(struct arena *a, const struct spec_block_io *io, limit_list *out)
{
    if (io->weight.set)
        limit_add(
            a, out,
            (struct limit){"io", "io.bfq.weight", arena_printf(a, "%" PRId64, io->weight.value),
                           .member = "blockIO.weight", .other_file = "io.weight",
                           .other_text =
                               arena_printf(a, "%" PRId64, scale(io->weight.value, 10, 1000))});
    limit_missing(a, out, &io->leaf_weight, "io", "blockIO.leafWeight");
    for (size_t i = 0; i < io->weight_devices.count; i++) {
        const struct spec_weight_device *d = &io->weight_devices.at[i];

        if (d->weight.set)
            limit_add(a, out,
                      (struct limit){
                          "io", "io.bfq.weight",
                          limit_device(a, d->major, d->minor, "", (uint64_t)d->weight.value),
                          .member = "blockIO.weightDevice", .other_file = "io.weight",
                          .other_text = limit_device(a, d->major, d->minor, "",
                                                     (uint64_t)scale(d->weight.value, 10, 1000))});
        limit_missing(a, out, &d->leaf_weight, "io", "blockIO.weightDevice");
    }
}

static void list_block_io(struct arena *a, const struct spec_block_io *io, limit_list *out)
{
    if (!io)
        return;
    list_weights(a, io, out);
    list_throttles(a, &io->read_bps, "rbps=", "blockIO.throttleReadBpsDevice", out);
    list_throttles(a, &io->write_bps, "wbps=", "blockIO.throttleWriteBpsDevice", out);
    list_throttles(a, &io->read_iops, "riops=", "blockIO.throttleReadIOPSDevice", out);
    list_throttles(a, &io->write_iops, "wiops=", "blockIO.throttleWriteIOPSDevice", out);
}

/* Line by line: these files take one at a time. */
static void list_unified(struct arena *a, const struct string_pair *pair, limit_list *out)
{
    size_t dot = strcspn(pair->key, ".");
    const char *controller = arena_strndup(a, pair->key, dot);

    if (strcmp(controller, "cgroup") == 0)
        controller = "";
    for (const char *at = pair->value; *at; at += strspn(at, "\n")) {
        size_t len = strcspn(at, "\n");

        limit_add(
            a, out,
            (struct limit){controller, pair->key, arena_strndup(a, at, len), .member = "unified"});
        at += len;
    }
}

void limits_v2(struct arena *a, const struct spec_resources *r, limit_list *out)
{
    list_memory(a, &r->memory, out);
    list_cpu(a, &r->cpu, out);
    add_max(a, out, &r->pids_limit, (struct limit){"pids", "pids.max", .member = "pids.limit"});
    list_block_io(a, r->block_io, out);
    limits_hugepages(a, r, "max", out);
    if (r->network) {
        limit_missing(a, out, &r->network->class_id, "net_cls", "network.classID");
        if (r->network->priorities.count)
            limit_add(a, out, (struct limit){"net_prio", .member = "network.priorities"});
    }
    limits_rdma(a, r, out);
    for (size_t i = 0; i < r->unified.count; i++)
        list_unified(a, &r->unified.at[i], out);
}
