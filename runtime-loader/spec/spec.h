/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.json as a structure, after the runtime specification 1.3 (config.md, config-linux.md).
 * Immutable once read. Everything lives in the arena it was read into. Missing strings are NULL,
 * missing numbers zero or a struct opt_int that is not set.
 */
#ifndef SPEC_SPEC_H
#define SPEC_SPEC_H

#include "runtime-loader/spec/record.h"

#define SPEC_VERSION "1.3.0"

enum namespace_kind {
#define NAMESPACE(name, text, file, flag) NS_##name,
#include "runtime-loader/spec/namespaces.def"
#undef NAMESPACE
    NS_COUNT
};

struct namespace_info {
    const char *name; /* in config.json */
    const char *file; /* in /proc/PID/ns */
    uint64_t flag;    /* of clone3 */
};
extern const struct namespace_info namespace_infos[NS_COUNT];
extern const struct name_value capability_names[];
extern const struct name_value rlimit_names[];

struct spec_console {
    int32_t height, width;
};

struct spec_user {
    uint32_t uid, gid;
    struct opt_int umask;
    LIST(uint32_t) additional_gids;
};

struct spec_capabilities {
    uint64_t bounding, effective, inheritable, permitted, ambient; /* bit n: capability n */
};

struct spec_rlimit {
    int type;
    uint64_t soft, hard;
};

struct spec_scheduler {
    int policy;
    int32_t nice, priority;
    uint64_t flags; /* SCHED_FLAG_* */
    struct opt_int runtime, deadline, period;
};

struct spec_io_priority {
    int class;
    int32_t priority;
};

struct spec_cpu_affinity {
    const char *initial, *final; /* lists of CPUs, "0-3,7" */
};

struct spec_process {
    bool terminal;
    struct spec_console console_size;
    struct spec_user user;
    string_list args, env;
    const char *cwd;
    const struct spec_capabilities *capabilities; /* NULL: keep what the runtime has */
    LIST(struct spec_rlimit) rlimits;
    bool no_new_privileges;
    const char *apparmor_profile, *selinux_label;
    struct opt_int oom_score_adj;
    const struct spec_scheduler *scheduler;
    const struct spec_io_priority *io_priority;
    const struct spec_cpu_affinity *cpu_affinity;
};

struct spec_root {
    const char *path;
    bool readonly;
};

struct spec_id_mapping {
    uint32_t container_id, host_id, size;
};
typedef LIST(struct spec_id_mapping) id_mappings;

struct spec_mount {
    const char *destination, *type, *source;
    string_list options;
    id_mappings uid_mappings, gid_mappings;
};

struct spec_hook {
    const char *path;
    string_list args, env;
    struct opt_int timeout; /* seconds */
};
typedef LIST(struct spec_hook) hook_list;

/* In the order in which they run. */
struct spec_hooks {
    hook_list prestart, create_runtime, create_container, start_container, poststart, poststop;
};

struct spec_namespace {
    int kind; /* enum namespace_kind */
    const char *path;
};

struct spec_device {
    const char *path;
    int type; /* 'c', 'b', 'u' or 'p' */
    struct opt_int major, minor, file_mode, uid, gid;
};

struct spec_device_rule {
    bool allow;
    int type; /* 'a', 'c' or 'b'; 0: all */
    struct opt_int major, minor;
    const char *access; /* of r, w, m */
};

struct spec_memory {
    struct opt_int limit, reservation, swap, kernel, kernel_tcp, swappiness;
    struct opt_int disable_oom_killer, use_hierarchy, check_before_update;
};

struct spec_cpu {
    struct opt_int shares, quota, burst, period, realtime_runtime, realtime_period, idle;
    const char *cpus, *mems;
};

struct spec_weight_device {
    int64_t major, minor;
    struct opt_int weight, leaf_weight;
};

struct spec_throttle_device {
    int64_t major, minor;
    uint64_t rate;
};
typedef LIST(struct spec_throttle_device) throttle_list;

struct spec_block_io {
    struct opt_int weight, leaf_weight;
    LIST(struct spec_weight_device) weight_devices;
    throttle_list read_bps, write_bps, read_iops, write_iops;
};

struct spec_hugepage_limit {
    const char *page_size;
    uint64_t limit;
};

struct spec_rdma {
    const char *device;
    struct opt_int handles, objects;
};

struct spec_network_priority {
    const char *name;
    uint32_t priority;
};

struct spec_network {
    struct opt_int class_id;
    LIST(struct spec_network_priority) priorities;
};

struct spec_resources {
    LIST(struct spec_device_rule) devices;
    struct spec_memory memory;
    struct spec_cpu cpu;
    struct opt_int pids_limit;
    const struct spec_block_io *block_io;
    LIST(struct spec_hugepage_limit) hugepage_limits;
    const struct spec_network *network;
    LIST(struct spec_rdma) rdma;
    string_map unified;
};

struct spec_time_offset {
    const char *clock; /* "monotonic" or "boottime" */
    int64_t secs;
    uint32_t nanosecs;
};

enum { PERSONALITY_NONE, PERSONALITY_LINUX, PERSONALITY_LINUX32 };

struct spec_linux {
    id_mappings uid_mappings, gid_mappings;
    LIST(struct spec_namespace) namespaces;
    LIST(struct spec_device) devices;
    LIST(struct spec_time_offset) time_offsets;
    const char *cgroups_path;
    struct spec_resources resources;
    string_map sysctl;
    const char *seccomp; /* JSON text for the compiler */
    string_list masked_paths, readonly_paths;
    uint64_t rootfs_propagation; /* MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE; 0: none given */
    const char *mount_label;
    int personality;
};

struct spec {
    const char *oci_version;
    struct spec_process process;
    struct spec_root root;
    const char *hostname, *domainname;
    LIST(struct spec_mount) mounts;
    struct spec_hooks hooks;
    string_map annotations;
    struct spec_linux os; /* "linux", a macro of the compiler */
};

/* Reads and checks a config.json. Warnings are for the log. */
int spec_read(struct arena *a, const char *name, const char *text, size_t len, struct spec *out,
              warning_list *warnings, struct error *err) MUST_CHECK;
/* Reads and checks a process object by itself, as `exec --process` has it. */
int spec_read_process(struct arena *a, const char *name, const char *text, size_t len,
                      struct spec_process *out, warning_list *warnings,
                      struct error *err) MUST_CHECK;

/* The entry of that kind, or NULL. */
const struct spec_namespace *spec_namespace(const struct spec *spec, enum namespace_kind kind);
/* True where the container gets a new namespace of that kind. */
bool spec_has_new(const struct spec *spec, enum namespace_kind kind);
/* Value of an annotation, or NULL. */
const char *spec_annotation(const struct spec *spec, const char *key);

/* What linux.seccomp says of who is to answer notified calls. */
struct spec_listener {
    const char *path, *metadata;
};
int spec_listener(struct arena *a, const struct spec *spec, struct spec_listener *out,
                  struct error *err) MUST_CHECK;

/* Tables shared by the files of this room. */
extern const struct record spec_process_record, spec_linux_record, spec_resources_record,
    spec_hooks_record, spec_hook_record, spec_id_mapping_record;
/* What a table of fields cannot say; name is the document's. */
int spec_check(const struct spec *spec, const char *name, warning_list *warnings, struct arena *a,
               struct error *err) MUST_CHECK;
int spec_check_process(const struct spec_process *process, const char *name,
                       struct error *err) MUST_CHECK;
int spec_check_resources(const struct spec_resources *r, const char *name,
                         struct error *err) MUST_CHECK;
/* Reads a resources object by itself, as `update` has it; what it is put over gets the check. */
int spec_read_resources(struct arena *a, const char *name, const char *text, size_t len,
                        struct spec_resources *out, warning_list *warnings,
                        struct error *err) MUST_CHECK;

#endif
