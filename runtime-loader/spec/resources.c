/* SPDX-License-Identifier: Apache-2.0 */
/* linux.resources of config.json. */
#include "runtime-loader/spec/spec.h"

static const struct name_value rule_types[] = {{"a", 'a'}, {"c", 'c'}, {"b", 'b'}, {0}};

static const struct field device_rule_fields[] = {
    F_BOOL(struct spec_device_rule, allow, "allow"),
    F_ENUM(struct spec_device_rule, type, "type", rule_types),
    F_OPT_INT(struct spec_device_rule, major, "major", -1, UINT32_MAX),
    F_OPT_INT(struct spec_device_rule, minor, "minor", -1, UINT32_MAX),
    F_STRING(struct spec_device_rule, access, "access"),
};
static const struct record device_rule_record = RECORD(struct spec_device_rule, device_rule_fields);

static const struct field memory_fields[] = {
    F_LIMIT(struct spec_memory, limit, "limit", -1, INT64_MAX),
    F_LIMIT(struct spec_memory, reservation, "reservation", -1, INT64_MAX),
    F_LIMIT(struct spec_memory, swap, "swap", -1, INT64_MAX),
    F_LIMIT(struct spec_memory, kernel, "kernel", -1, INT64_MAX),
    F_LIMIT(struct spec_memory, kernel_tcp, "kernelTCP", -1, INT64_MAX),
    F_OPT_INT(struct spec_memory, swappiness, "swappiness", 0, 200),
    F_OPT_BOOL(struct spec_memory, disable_oom_killer, "disableOOMKiller"),
    F_OPT_BOOL(struct spec_memory, use_hierarchy, "useHierarchy"),
    F_OPT_BOOL(struct spec_memory, check_before_update, "checkBeforeUpdate"),
};
static const struct record memory_record = RECORD(struct spec_memory, memory_fields);

static const struct field cpu_fields[] = {
    F_LIMIT(struct spec_cpu, shares, "shares", 0, INT64_MAX),
    F_LIMIT(struct spec_cpu, quota, "quota", -1, INT64_MAX),
    F_OPT_INT(struct spec_cpu, burst, "burst", 0, INT64_MAX),
    F_LIMIT(struct spec_cpu, period, "period", 0, INT64_MAX),
    F_LIMIT(struct spec_cpu, realtime_runtime, "realtimeRuntime", -1, INT64_MAX),
    F_LIMIT(struct spec_cpu, realtime_period, "realtimePeriod", 0, INT64_MAX),
    F_OPT_INT(struct spec_cpu, idle, "idle", 0, 1),
    F_STRING(struct spec_cpu, cpus, "cpus"),
    F_STRING(struct spec_cpu, mems, "mems"),
};
static const struct record cpu_record = RECORD(struct spec_cpu, cpu_fields);

struct pids {
    struct opt_int limit;
};
static const struct field pids_fields[] = {
    F_LIMIT(struct pids, limit, "limit", -1, INT64_MAX),
};
static const struct record pids_record = RECORD(struct pids, pids_fields);

static const struct field weight_device_fields[] = {
    F_NEED_INT(struct spec_weight_device, major, "major", 0, UINT32_MAX),
    F_NEED_INT(struct spec_weight_device, minor, "minor", 0, UINT32_MAX),
    F_LIMIT(struct spec_weight_device, weight, "weight", 0, 1000),
    F_LIMIT(struct spec_weight_device, leaf_weight, "leafWeight", 0, 1000),
};
static const struct record weight_device_record =
    RECORD(struct spec_weight_device, weight_device_fields);

static const struct field throttle_fields[] = {
    F_NEED_INT(struct spec_throttle_device, major, "major", 0, UINT32_MAX),
    F_NEED_INT(struct spec_throttle_device, minor, "minor", 0, UINT32_MAX),
    F_U64(struct spec_throttle_device, rate, "rate"),
};
static const struct record throttle_record = RECORD(struct spec_throttle_device, throttle_fields);

static const struct field block_io_fields[] = {
    F_LIMIT(struct spec_block_io, weight, "weight", 0, 1000),
    F_LIMIT(struct spec_block_io, leaf_weight, "leafWeight", 0, 1000),
    F_LIST(struct spec_block_io, weight_devices, "weightDevice", weight_device_record),
    F_LIST(struct spec_block_io, read_bps, "throttleReadBpsDevice", throttle_record),
    F_LIST(struct spec_block_io, write_bps, "throttleWriteBpsDevice", throttle_record),
    F_LIST(struct spec_block_io, read_iops, "throttleReadIOPSDevice", throttle_record),
    F_LIST(struct spec_block_io, write_iops, "throttleWriteIOPSDevice", throttle_record),
};
static const struct record block_io_record = RECORD(struct spec_block_io, block_io_fields);

static const struct field hugepage_fields[] = {
    F_NEED_STRING(struct spec_hugepage_limit, page_size, "pageSize"),
    F_U64(struct spec_hugepage_limit, limit, "limit"),
};
static const struct record hugepage_record = RECORD(struct spec_hugepage_limit, hugepage_fields);

static const struct field network_priority_fields[] = {
    F_NEED_STRING(struct spec_network_priority, name, "name"),
    F_NEED_INT(struct spec_network_priority, priority, "priority", 0, UINT32_MAX),
};
static const struct record network_priority_record =
    RECORD(struct spec_network_priority, network_priority_fields);

static const struct field network_fields[] = {
    F_LIMIT(struct spec_network, class_id, "classID", 0, UINT32_MAX),
    F_LIST(struct spec_network, priorities, "priorities", network_priority_record),
};
static const struct record network_record = RECORD(struct spec_network, network_fields);

static const struct field rdma_fields[] = {
    F_OPT_INT(struct spec_rdma, handles, "hcaHandles", 0, UINT32_MAX),
    F_OPT_INT(struct spec_rdma, objects, "hcaObjects", 0, UINT32_MAX),
};
static const struct record rdma_record = RECORD(struct spec_rdma, rdma_fields);

static const struct field resources_fields[] = {
    F_LIST(struct spec_resources, devices, "devices", device_rule_record),
    F_RECORD(struct spec_resources, memory, "memory", memory_record),
    F_RECORD(struct spec_resources, cpu, "cpu", cpu_record),
    F_RECORD(struct spec_resources, pids_limit, "pids", pids_record),
    F_POINTER(struct spec_resources, block_io, "blockIO", block_io_record),
    F_LIST(struct spec_resources, hugepage_limits, "hugepageLimits", hugepage_record),
    F_POINTER(struct spec_resources, network, "network", network_record),
    F_NAMED(struct spec_resources, rdma, "rdma", rdma_record),
    F_MAP(struct spec_resources, unified, "unified"),
};
const struct record spec_resources_record = RECORD(struct spec_resources, resources_fields);
