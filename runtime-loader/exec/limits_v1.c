/* SPDX-License-Identifier: Apache-2.0 */
/* linux.resources in the files of version 1; what both versions share. */
#include "runtime-loader/exec/limits.h"

#include <inttypes.h>

void limit_add(struct arena *a, limit_list *out, struct limit limit)
{
    if (!limit.file || (limit.text && limit.text[0]))
        VEC_PUSH(a, out, limit);
}

void limit_number(struct arena *a, limit_list *out, const struct opt_int *number,
                  struct limit limit)
{
    if (!number->set)
        return;
    limit.text = arena_printf(a, "%" PRId64, number->value);
    limit_add(a, out, limit);
}

void limit_missing(struct arena *a, limit_list *out, const struct opt_int *number,
                   const char *controller, const char *member)
{
    /* No limit is what there is without one. */
    if (number->set && number->value > 0)
        limit_add(a, out, (struct limit){.controller = controller, .member = member});
}

const char *limit_device(struct arena *a, int64_t major, int64_t minor, const char *key,
                         uint64_t value)
{
    return arena_printf(a, "%" PRId64 ":%" PRId64 " %s%" PRIu64, major, minor, key, value);
}

void limits_hugepages(struct arena *a, const struct spec_resources *r, const char *ending,
                      limit_list *out)
{
    for (size_t i = 0; i < r->hugepage_limits.count; i++) {
        const struct spec_hugepage_limit *h = &r->hugepage_limits.at[i];
        struct limit limit = {"hugetlb", arena_printf(a, "hugetlb.%s.%s", h->page_size, ending),
                              arena_printf(a, "%" PRIu64, h->limit), .member = "hugepageLimits"};

        limit_add(a, out, limit);
        limit.file = arena_printf(a, "hugetlb.%s.rsvd.%s", h->page_size, ending);
        limit.optional = true;
        limit_add(a, out, limit);
    }
}

/* rdma.max is the same file in both versions. */
void limits_rdma(struct arena *a, const struct spec_resources *r, limit_list *out)
{
    for (size_t i = 0; i < r->rdma.count; i++) {
        const struct spec_rdma *d = &r->rdma.at[i];
        const char *text = d->device;

        if (d->handles.set)
            text = arena_printf(a, "%s hca_handle=%" PRId64, text, d->handles.value);
        if (d->objects.set)
            text = arena_printf(a, "%s hca_object=%" PRId64, text, d->objects.value);
        if (text != d->device)
            limit_add(a, out, (struct limit){"rdma", "rdma.max", text, .member = "rdma"});
    }
}

/* Memory alone may never be above memory and swap together: one of them has to go first. */
static void list_memory(struct arena *a, const struct spec_memory *m, limit_list *out)
{
    bool unlimited = m->limit.set && m->limit.value < 0 && !m->swap.set;

    limit_number(a, out, unlimited ? &m->limit : &m->swap,
                 (struct limit){"memory", "memory.memsw.limit_in_bytes", .member = "memory.swap",
                                .may_wait = true, .optional = unlimited});
    limit_number(a, out, &m->limit,
                 (struct limit){"memory", "memory.limit_in_bytes", .member = "memory.limit"});
    limit_number(
        a, out, &m->reservation,
        (struct limit){"memory", "memory.soft_limit_in_bytes", .member = "memory.reservation"});
    limit_number(
        a, out, &m->kernel_tcp,
        (struct limit){"memory", "memory.kmem.tcp.limit_in_bytes", .member = "memory.kernelTCP"});
    limit_number(a, out, &m->swappiness,
                 (struct limit){"memory", "memory.swappiness", .member = "memory.swappiness"});
    limit_number(
        a, out, &m->disable_oom_killer,
        (struct limit){"memory", "memory.oom_control", .member = "memory.disableOOMKiller"});
}

/* A shorter period can be too much beside the old quota; a burst is at most the quota. */
static void list_cpu(struct arena *a, const struct spec_cpu *c, limit_list *out)
{
    const struct limit idle = {"cpu", "cpu.idle", .member = "cpu.idle", .optional = !c->idle.value};

    limit_number(a, out, &c->idle, idle);
    if (!c->idle.value)
        limit_number(a, out, &c->shares,
                     (struct limit){"cpu", "cpu.shares", .member = "cpu.shares"});
    limit_number(a, out, &c->burst,
                 (struct limit){"cpu", "cpu.cfs_burst_us", .member = "cpu.burst", .may_wait = true,
                                .optional = !c->burst.value});
    limit_number(
        a, out, &c->period,
        (struct limit){"cpu", "cpu.cfs_period_us", .member = "cpu.period", .may_wait = true});
    limit_number(a, out, &c->quota,
                 (struct limit){"cpu", "cpu.cfs_quota_us", .member = "cpu.quota"});
    limit_number(a, out, &c->realtime_period,
                 (struct limit){"cpu", "cpu.rt_period_us", .member = "cpu.realtimePeriod",
                                .may_wait = true});
    limit_number(a, out, &c->realtime_runtime,
                 (struct limit){"cpu", "cpu.rt_runtime_us", .member = "cpu.realtimeRuntime"});
    limit_add(a, out, (struct limit){"cpuset", "cpuset.cpus", c->cpus, .member = "cpu.cpus"});
    limit_add(a, out, (struct limit){"cpuset", "cpuset.mems", c->mems, .member = "cpu.mems"});
}

static void list_throttles(struct arena *a, const throttle_list *list, const char *file,
                           const char *member, limit_list *out)
{
    for (size_t i = 0; i < list->count; i++)
        limit_add(a, out,
                  (struct limit){
                      "blkio", file,
                      limit_device(a, list->at[i].major, list->at[i].minor, "", list->at[i].rate),
                      .member = member});
}

static void list_weight_devices(struct arena *a, const struct spec_block_io *io, limit_list *out)
{
    for (size_t i = 0; i < io->weight_devices.count; i++) {
        const struct spec_weight_device *d = &io->weight_devices.at[i];

        if (d->weight.set) {
            const char *text = limit_device(a, d->major, d->minor, "", (uint64_t)d->weight.value);

            limit_add(a, out,
                      (struct limit){"blkio", "blkio.weight_device", text,
                                     .member = "blockIO.weightDevice",
                                     .other_file = "blkio.bfq.weight_device"});
        }
        if (d->leaf_weight.set)
            limit_add(a, out,
                      (struct limit){
                          "blkio", "blkio.leaf_weight_device",
                          limit_device(a, d->major, d->minor, "", (uint64_t)d->leaf_weight.value),
                          .member = "blockIO.weightDevice"});
    }
}

static void list_block_io(struct arena *a, const struct spec_block_io *io, limit_list *out)
{
    if (!io)
        return;
    limit_number(a, out, &io->weight,
                 (struct limit){"blkio", "blkio.weight", .member = "blockIO.weight",
                                .other_file = "blkio.bfq.weight"});
    limit_number(a, out, &io->leaf_weight,
                 (struct limit){"blkio", "blkio.leaf_weight", .member = "blockIO.leafWeight"});
    list_weight_devices(a, io, out);
    list_throttles(a, &io->read_bps, "blkio.throttle.read_bps_device",
                   "blockIO.throttleReadBpsDevice", out);
    list_throttles(a, &io->write_bps, "blkio.throttle.write_bps_device",
                   "blockIO.throttleWriteBpsDevice", out);
    list_throttles(a, &io->read_iops, "blkio.throttle.read_iops_device",
                   "blockIO.throttleReadIOPSDevice", out);
    list_throttles(a, &io->write_iops, "blkio.throttle.write_iops_device",
                   "blockIO.throttleWriteIOPSDevice", out);
}

static void list_network(struct arena *a, const struct spec_network *n, limit_list *out)
{
    if (!n)
        return;
    limit_number(a, out, &n->class_id,
                 (struct limit){"net_cls", "net_cls.classid", .member = "network.classID"});
    for (size_t i = 0; i < n->priorities.count; i++)
        limit_add(a, out,
                  (struct limit){"net_prio", "net_prio.ifpriomap",
                                 arena_printf(a, "%s %u", n->priorities.at[i].name,
                                              n->priorities.at[i].priority),
                                 .member = "network.priorities"});
}

void limits_v1(struct arena *a, const struct spec_resources *r, limit_list *out)
{
    list_memory(a, &r->memory, out);
    list_cpu(a, &r->cpu, out);
    if (r->pids_limit.set)
        limit_add(a, out,
                  (struct limit){"pids", "pids.max",
                                 r->pids_limit.value < 0
                                     ? "max"
                                     : arena_printf(a, "%" PRId64, r->pids_limit.value),
                                 .member = "pids.limit"});
    list_block_io(a, r->block_io, out);
    limits_hugepages(a, r, "limit_in_bytes", out);
    list_network(a, r->network, out);
    limits_rdma(a, r, out);
}
