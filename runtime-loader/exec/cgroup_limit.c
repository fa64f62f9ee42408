/* SPDX-License-Identifier: Apache-2.0 */
/* linux.resources: which limit goes to which file, for both versions of control groups. */
#include "runtime-loader/exec/cgroup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* One limit to be written: where, what, and what it is called in config.json. */
struct limit {
    const char *controller, *file, *text, *member;
};

typedef VEC(struct limit) limit_list;

static void add_text(struct arena *a, limit_list *out, const char *controller, const char *file,
                     const char *text, const char *member)
{
    if (text && text[0])
        VEC_PUSH(a, out, ((struct limit){controller, file, text, member}));
}

static void add_number(struct arena *a, limit_list *out, const char *controller, const char *file,
                       const struct opt_int *number, const char *member)
{
    if (number->set)
        add_text(a, out, controller, file, arena_printf(a, "%" PRId64, number->value), member);
}

/* For limits where nothing is 0: clients write that for what they do not ask for, and the other
 * runtimes take it so. */
static void add_nonzero(struct arena *a, limit_list *out, const char *controller, const char *file,
                        const struct opt_int *number, const char *member)
{
    if (number->value != 0)
        add_number(a, out, controller, file, number, member);
}

/* "max" is version 2's word for no limit, and pids.max of version 1 has it too. */
static const char *or_max(struct arena *a, int64_t value)
{
    return value < 0 ? "max" : arena_printf(a, "%" PRId64, value);
}

static void add_max(struct arena *a, limit_list *out, const char *controller, const char *file,
                    const struct opt_int *number, const char *member)
{
    if (number->set && number->value != 0)
        add_text(a, out, controller, file, or_max(a, number->value), member);
}

static const char *rule_text(struct arena *a, const struct spec_device_rule *r)
{
    int type = r->type ? r->type : 'a';
    const char *major =
        r->major.set && r->major.value >= 0 ? arena_printf(a, "%" PRId64, r->major.value) : "*";
    const char *minor =
        r->minor.set && r->minor.value >= 0 ? arena_printf(a, "%" PRId64, r->minor.value) : "*";

    return arena_printf(a, "%c %s:%s %s", type, major, minor,
                        r->access && r->access[0] ? r->access : "rwm");
}

static void list_devices_v1(struct arena *a, const struct spec_resources *r, limit_list *out)
{
    for (size_t i = 0; i < r->devices.count; i++) {
        const struct spec_device_rule *rule = &r->devices.at[i];
        bool all = !rule->type || rule->type == 'a';

        /* "a" stands alone: it switches between all and nothing. */
        add_text(a, out, "devices", rule->allow ? "devices.allow" : "devices.deny",
                 all ? "a" : rule_text(a, rule), "devices");
    }
    for (size_t i = 0; r->devices.count && i < default_device_rule_count; i++)
        add_text(a, out, "devices", "devices.allow", rule_text(a, &default_device_rules[i]),
                 "devices");
}

static void list_throttles_v1(struct arena *a, const throttle_list *list, const char *file,
                              const char *member, limit_list *out)
{
    for (size_t i = 0; i < list->count; i++)
        add_text(a, out, "blkio", file,
                 arena_printf(a, "%" PRId64 ":%" PRId64 " %" PRIu64, list->at[i].major,
                              list->at[i].minor, list->at[i].rate),
                 member);
}

static void list_block_io_v1(struct arena *a, const struct spec_block_io *io, limit_list *out)
{
    if (!io)
        return;
    add_nonzero(a, out, "blkio", "blkio.bfq.weight", &io->weight, "blockIO.weight");
    list_throttles_v1(a, &io->read_bps, "blkio.throttle.read_bps_device",
                      "blockIO.throttleReadBpsDevice", out);
    list_throttles_v1(a, &io->write_bps, "blkio.throttle.write_bps_device",
                      "blockIO.throttleWriteBpsDevice", out);
    list_throttles_v1(a, &io->read_iops, "blkio.throttle.read_iops_device",
                      "blockIO.throttleReadIOPSDevice", out);
    list_throttles_v1(a, &io->write_iops, "blkio.throttle.write_iops_device",
                      "blockIO.throttleWriteIOPSDevice", out);
}

static void list_memory_v1(struct arena *a, const struct spec_memory *m, limit_list *out)
{
    add_nonzero(a, out, "memory", "memory.limit_in_bytes", &m->limit, "memory.limit");
    add_nonzero(a, out, "memory", "memory.memsw.limit_in_bytes", &m->swap, "memory.swap");
    add_nonzero(a, out, "memory", "memory.soft_limit_in_bytes", &m->reservation,
                "memory.reservation");
    add_nonzero(a, out, "memory", "memory.kmem.tcp.limit_in_bytes", &m->kernel_tcp,
                "memory.kernelTCP");
    add_number(a, out, "memory", "memory.swappiness", &m->swappiness, "memory.swappiness");
    if (m->disable_oom_killer.value)
        add_text(a, out, "memory", "memory.oom_control", "1", "memory.disableOOMKiller");
}

static void list_cpu_v1(struct arena *a, const struct spec_cpu *c, limit_list *out)
{
    add_nonzero(a, out, "cpu", "cpu.shares", &c->shares, "cpu.shares");
    add_nonzero(a, out, "cpu", "cpu.cfs_period_us", &c->period, "cpu.period");
    add_nonzero(a, out, "cpu", "cpu.cfs_quota_us", &c->quota, "cpu.quota");
    add_number(a, out, "cpu", "cpu.cfs_burst_us", &c->burst, "cpu.burst");
    add_nonzero(a, out, "cpu", "cpu.rt_period_us", &c->realtime_period, "cpu.realtimePeriod");
    add_nonzero(a, out, "cpu", "cpu.rt_runtime_us", &c->realtime_runtime, "cpu.realtimeRuntime");
    add_number(a, out, "cpu", "cpu.idle", &c->idle, "cpu.idle");
    add_text(a, out, "cpuset", "cpuset.cpus", c->cpus, "cpu.cpus");
    add_text(a, out, "cpuset", "cpuset.mems", c->mems, "cpu.mems");
}

static void list_others_v1(struct arena *a, const struct spec_resources *r, limit_list *out)
{
    add_max(a, out, "pids", "pids.max", &r->pids_limit, "pids.limit");
    for (size_t i = 0; i < r->hugepage_limits.count; i++)
        add_text(a, out, "hugetlb",
                 arena_printf(a, "hugetlb.%s.limit_in_bytes", r->hugepage_limits.at[i].page_size),
                 arena_printf(a, "%" PRIu64, r->hugepage_limits.at[i].limit), "hugepageLimits");
    if (!r->network)
        return;
    add_number(a, out, "net_cls", "net_cls.classid", &r->network->class_id, "network.classID");
    for (size_t i = 0; i < r->network->priorities.count; i++)
        add_text(a, out, "net_prio", "net_prio.ifpriomap",
                 arena_printf(a, "%s %u", r->network->priorities.at[i].name,
                              r->network->priorities.at[i].priority),
                 "network.priorities");
}

/* Weights of version 1 as those of version 2, end to end: 2..262144 to 1..10000, 10..1000 to
 * 1..10000. */
static const char *cpu_weight(struct arena *a, int64_t shares)
{
    int64_t s = shares < 2 ? 2 : shares > 262144 ? 262144 : shares;

    return arena_printf(a, "%" PRId64, 1 + (s - 2) * 9999 / 262142);
}

static const char *io_weight(struct arena *a, int64_t weight)
{
    int64_t w = weight < 10 ? 10 : weight;

    return arena_printf(a, "%" PRId64, 1 + (w - 10) * 9999 / 990);
}

static void list_memory_v2(struct arena *a, const struct spec_memory *m, limit_list *out)
{
    add_max(a, out, "memory", "memory.max", &m->limit, "memory.limit");
    add_max(a, out, "memory", "memory.low", &m->reservation, "memory.reservation");
    /* There swap is counted by itself, here together with memory. */
    if (m->swap.value != 0) {
        int64_t swap = m->swap.value < 0 ? -1 : m->swap.value - (m->limit.set ? m->limit.value : 0);

        add_text(a, out, "memory", "memory.swap.max", or_max(a, swap), "memory.swap");
    }
}

static void list_cpu_v2(struct arena *a, const struct spec_cpu *c, limit_list *out)
{
    if (c->shares.set && c->shares.value)
        add_text(a, out, "cpu", "cpu.weight", cpu_weight(a, c->shares.value), "cpu.shares");
    if (c->quota.set || c->period.set)
        add_text(a, out, "cpu", "cpu.max",
                 arena_printf(a, "%s %" PRId64,
                              or_max(a, c->quota.set && c->quota.value ? c->quota.value : -1),
                              c->period.set && c->period.value ? c->period.value : 100000),
                 "cpu.quota");
    add_number(a, out, "cpu", "cpu.max.burst", &c->burst, "cpu.burst");
    add_number(a, out, "cpu", "cpu.idle", &c->idle, "cpu.idle");
    add_text(a, out, "cpuset", "cpuset.cpus", c->cpus, "cpu.cpus");
    add_text(a, out, "cpuset", "cpuset.mems", c->mems, "cpu.mems");
}

static void list_throttles_v2(struct arena *a, const throttle_list *list, const char *key,
                              limit_list *out)
{
    for (size_t i = 0; i < list->count; i++)
        add_text(a, out, "io", "io.max",
                 arena_printf(a, "%" PRId64 ":%" PRId64 " %s=%" PRIu64, list->at[i].major,
                              list->at[i].minor, key, list->at[i].rate),
                 "blockIO");
}

static void list_others_v2(struct arena *a, const struct spec_resources *r, limit_list *out)
{
    add_max(a, out, "pids", "pids.max", &r->pids_limit, "pids.limit");
    if (r->block_io) {
        if (r->block_io->weight.set && r->block_io->weight.value)
            add_text(a, out, "io", "io.weight", io_weight(a, r->block_io->weight.value),
                     "blockIO.weight");
        list_throttles_v2(a, &r->block_io->read_bps, "rbps", out);
        list_throttles_v2(a, &r->block_io->write_bps, "wbps", out);
        list_throttles_v2(a, &r->block_io->read_iops, "riops", out);
        list_throttles_v2(a, &r->block_io->write_iops, "wiops", out);
    }
    for (size_t i = 0; i < r->hugepage_limits.count; i++)
        add_text(a, out, "hugetlb",
                 arena_printf(a, "hugetlb.%s.max", r->hugepage_limits.at[i].page_size),
                 arena_printf(a, "%" PRIu64, r->hugepage_limits.at[i].limit), "hugepageLimits");
    for (size_t i = 0; i < r->unified.count; i++)
        add_text(a, out, NULL, r->unified.at[i].key, r->unified.at[i].value, "unified");
}

/* rdma.max is the same file in both versions. */
static void list_rdma(struct arena *a, const struct spec_resources *r, limit_list *out)
{
    for (size_t i = 0; i < r->rdma.count; i++) {
        const struct spec_rdma *d = &r->rdma.at[i];

        if (d->handles.set)
            add_text(a, out, "rdma", "rdma.max",
                     arena_printf(a, "%s hca_handle=%" PRId64, d->device, d->handles.value),
                     "rdma");
        if (d->objects.set)
            add_text(a, out, "rdma", "rdma.max",
                     arena_printf(a, "%s hca_object=%" PRId64, d->device, d->objects.value),
                     "rdma");
    }
}

static const struct hierarchy *find_hierarchy(const struct cgroup_host *host,
                                              const char *controller)
{
    for (size_t i = 0; i < host->hierarchies.count; i++) {
        const struct hierarchy *h = &host->hierarchies.at[i];

        if (controller
                ? h->v2 == (host->mode == CGROUP_V2) && (h->v2 || hierarchy_has(h, controller))
                : h->v2)
            return h;
    }
    return NULL;
}

static int apply(struct arena *a, const struct cgroup_host *host, const char *path,
                 const struct limit *limit, struct error *err)
{
    const struct hierarchy *h = find_hierarchy(host, limit->controller);
    const char *directory;
    int rc;

    if (!h)
        return error_text(
            err, ENOTSUP,
            "config.json: linux.resources.%s: this host has no cgroup controller '%s'",
            limit->member, limit->controller ? limit->controller : "of version 2");
    directory = cgroup_directory(a, h, path);
    rc = cgroup_write(directory, limit->file, limit->text, err);
    if (rc == -ENOENT)
        return error_text(err, ENOTSUP,
                          "config.json: linux.resources.%s: cgroup '%s' has no file '%s'; is "
                          "controller '%s' enabled there?",
                          limit->member, directory, limit->file,
                          limit->controller ? limit->controller : "");
    return rc;
}

static void list_limits(struct arena *a, enum cgroup_mode mode, const struct spec_resources *r,
                        limit_list *limits)
{
    if (mode == CGROUP_V2) {
        list_memory_v2(a, &r->memory, limits);
        list_cpu_v2(a, &r->cpu, limits);
        list_others_v2(a, r, limits);
    } else {
        list_devices_v1(a, r, limits);
        list_memory_v1(a, &r->memory, limits);
        list_cpu_v1(a, &r->cpu, limits);
        list_block_io_v1(a, r->block_io, limits);
        list_others_v1(a, r, limits);
        for (size_t i = 0; i < r->unified.count; i++)
            add_text(a, limits, NULL, r->unified.at[i].key, r->unified.at[i].value, "unified");
    }
    list_rdma(a, r, limits);
}

static bool is_listed(const controller_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i], name) == 0)
            return true;
    return false;
}

void cgroup_controllers(struct arena *a, enum cgroup_mode mode, const struct spec_resources *r,
                        controller_list *out)
{
    limit_list limits = {0};

    memset(out, 0, sizeof(*out));
    list_limits(a, mode, r, &limits);
    for (size_t i = 0; i < limits.count; i++) {
        const struct limit *l = &limits.at[i];
        const char *name =
            l->controller ? l->controller : arena_strndup(a, l->file, strcspn(l->file, "."));

        if (strcmp(name, "cgroup") != 0 && !is_listed(out, name))
            VEC_PUSH(a, out, name);
    }
}

int cgroup_limit(struct arena *a, const struct cgroup_host *host, const char *path,
                 const struct spec_resources *r, struct error *err)
{
    limit_list limits = {0};
    int rc = 0;

    list_limits(a, host->mode, r, &limits);
    for (size_t i = 0; rc == 0 && i < limits.count; i++)
        rc = apply(a, host, path, &limits.at[i], err);
    if (rc == 0 && host->mode == CGROUP_V2 && r->devices.count)
        rc = cgroup_devices_v2(a, cgroup_directory(a, &host->hierarchies.at[0], path), r, err);
    return rc;
}
