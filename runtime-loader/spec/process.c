/* SPDX-License-Identifier: Apache-2.0 */
/* The process object of config.json. */
#include "runtime-loader/spec/spec.h"

#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/sched.h>
#include <sys/resource.h>

const struct name_value capability_names[] = {
#define CAPABILITY(name) {#name, name},
#include "runtime-loader/spec/capabilities.def"
#undef CAPABILITY
    {0},
};

const struct name_value rlimit_names[] = {
    {"RLIMIT_AS", RLIMIT_AS},
    {"RLIMIT_CORE", RLIMIT_CORE},
    {"RLIMIT_CPU", RLIMIT_CPU},
    {"RLIMIT_DATA", RLIMIT_DATA},
    {"RLIMIT_FSIZE", RLIMIT_FSIZE},
    {"RLIMIT_LOCKS", RLIMIT_LOCKS},
    {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
    {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
    {"RLIMIT_NICE", RLIMIT_NICE},
    {"RLIMIT_NOFILE", RLIMIT_NOFILE},
    {"RLIMIT_NPROC", RLIMIT_NPROC},
    {"RLIMIT_RSS", RLIMIT_RSS},
    {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
    {"RLIMIT_RTTIME", RLIMIT_RTTIME},
    {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
    {"RLIMIT_STACK", RLIMIT_STACK},
    {0},
};

static const struct name_value scheduler_policies[] = {
    {"SCHED_OTHER", SCHED_NORMAL},
    {"SCHED_FIFO", SCHED_FIFO},
    {"SCHED_RR", SCHED_RR},
    {"SCHED_BATCH", SCHED_BATCH},
    {"SCHED_ISO", 4},
    {"SCHED_IDLE", SCHED_IDLE},
    {"SCHED_DEADLINE", SCHED_DEADLINE},
    {0},
};

/* Numbers of bits, as FIELD_ENUM_BITS has them. */
static const struct name_value scheduler_flags[] = {
    {"SCHED_FLAG_RESET_ON_FORK", 0},  {"SCHED_FLAG_RECLAIM", 1},
    {"SCHED_FLAG_DL_OVERRUN", 2},     {"SCHED_FLAG_KEEP_POLICY", 3},
    {"SCHED_FLAG_KEEP_PARAMS", 4},    {"SCHED_FLAG_UTIL_CLAMP_MIN", 5},
    {"SCHED_FLAG_UTIL_CLAMP_MAX", 6}, {0},
};

static const struct name_value io_classes[] = {
    {"IOPRIO_CLASS_RT", IOPRIO_CLASS_RT},
    {"IOPRIO_CLASS_BE", IOPRIO_CLASS_BE},
    {"IOPRIO_CLASS_IDLE", IOPRIO_CLASS_IDLE},
    {0},
};

static const struct field console_fields[] = {
    F_NEED_INT(struct spec_console, height, "height", 0, UINT16_MAX),
    F_NEED_INT(struct spec_console, width, "width", 0, UINT16_MAX),
};
static const struct record console_record = RECORD(struct spec_console, console_fields);

static const struct field user_fields[] = {
    F_INT(struct spec_user, uid, "uid", 0, UINT32_MAX - 1),
    F_INT(struct spec_user, gid, "gid", 0, UINT32_MAX - 1),
    F_OPT_INT(struct spec_user, umask, "umask", 0, 07777),
    F_IDS(struct spec_user, additional_gids, "additionalGids"),
};
static const struct record user_record = RECORD(struct spec_user, user_fields);

static const struct field capability_fields[] = {
    F_BITS(struct spec_capabilities, bounding, "bounding", capability_names),
    F_BITS(struct spec_capabilities, effective, "effective", capability_names),
    F_BITS(struct spec_capabilities, inheritable, "inheritable", capability_names),
    F_BITS(struct spec_capabilities, permitted, "permitted", capability_names),
    F_BITS(struct spec_capabilities, ambient, "ambient", capability_names),
};
static const struct record capability_record = RECORD(struct spec_capabilities, capability_fields);

static const struct field rlimit_fields[] = {
    F_NEED_ENUM(struct spec_rlimit, type, "type", rlimit_names),
    F_U64(struct spec_rlimit, soft, "soft"),
    F_U64(struct spec_rlimit, hard, "hard"),
};
static const struct record rlimit_record = RECORD(struct spec_rlimit, rlimit_fields);

static const struct field scheduler_fields[] = {
    F_NEED_ENUM(struct spec_scheduler, policy, "policy", scheduler_policies),
    F_INT(struct spec_scheduler, nice, "nice", -20, 19),
    F_INT(struct spec_scheduler, priority, "priority", 0, 99),
    F_ENUM_BITS(struct spec_scheduler, flags, "flags", scheduler_flags),
    F_OPT_INT(struct spec_scheduler, runtime, "runtime", 0, INT64_MAX),
    F_OPT_INT(struct spec_scheduler, deadline, "deadline", 0, INT64_MAX),
    F_OPT_INT(struct spec_scheduler, period, "period", 0, INT64_MAX),
};
static const struct record scheduler_record = RECORD(struct spec_scheduler, scheduler_fields);

static const struct field io_priority_fields[] = {
    F_NEED_ENUM(struct spec_io_priority, class, "class", io_classes),
    F_INT(struct spec_io_priority, priority, "priority", 0, 7),
};
static const struct record io_priority_record = RECORD(struct spec_io_priority, io_priority_fields);

static const struct field affinity_fields[] = {
    F_STRING(struct spec_cpu_affinity, initial, "initial"),
    F_STRING(struct spec_cpu_affinity, final, "final"),
};
static const struct record affinity_record = RECORD(struct spec_cpu_affinity, affinity_fields);

static const struct field process_fields[] = {
    F_BOOL(struct spec_process, terminal, "terminal"),
    F_RECORD(struct spec_process, console_size, "consoleSize", console_record),
    F_RECORD(struct spec_process, user, "user", user_record),
    F_STRINGS(struct spec_process, args, "args"),
    F_STRINGS(struct spec_process, env, "env"),
    F_NEED_STRING(struct spec_process, cwd, "cwd"),
    F_POINTER(struct spec_process, capabilities, "capabilities", capability_record),
    F_LIST(struct spec_process, rlimits, "rlimits", rlimit_record),
    F_BOOL(struct spec_process, no_new_privileges, "noNewPrivileges"),
    F_STRING(struct spec_process, apparmor_profile, "apparmorProfile"),
    F_STRING(struct spec_process, selinux_label, "selinuxLabel"),
    F_OPT_INT(struct spec_process, oom_score_adj, "oomScoreAdj", -1000, 1000),
    F_POINTER(struct spec_process, scheduler, "scheduler", scheduler_record),
    F_POINTER(struct spec_process, io_priority, "ioPriority", io_priority_record),
    F_POINTER(struct spec_process, cpu_affinity, "execCPUAffinity", affinity_record),
};
const struct record spec_process_record = RECORD(struct spec_process, process_fields);
