/* SPDX-License-Identifier: Apache-2.0 */
/* The state as JSON, on disk and for others. */
#include "runtime-loader/state/state.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *const status_names[] = {
    [STATUS_CREATING] = "creating", [STATUS_CREATED] = "created", [STATUS_RUNNING] = "running",
    [STATUS_PAUSED] = "paused",     [STATUS_STOPPED] = "stopped",
};

static const struct field filter_fields[] = {
    F_NEED_STRING(struct state_filter, digest, "digest"),
    F_INT(struct state_filter, flags, "flags", 0, UINT32_MAX),
};
static const struct record filter_record = RECORD(struct state_filter, filter_fields);

static const struct field state_fields[] = {
    F_NEED_STRING(struct state, oci_version, "ociVersion"),
    F_NEED_STRING(struct state, id, "id"),
    F_NEED_STRING(struct state, bundle, "bundle"),
    F_NEED_STRING(struct state, rootfs, "rootfs"),
    F_NEED_STRING(struct state, created, "created"),
    F_INT(struct state, pid, "pid", 0, INT32_MAX),
    {FIELD_AT(struct state, start_time, "startTime", FIELD_U64)},
    F_INT(struct state, namespaces, "namespaces", 0, INT32_MAX),
    F_LIST(struct state, filters, "filters", filter_record),
    F_BOOL(struct state, complain, "complain"),
    F_STRING(struct state, cgroup, "cgroup"),
    F_STRING(struct state, scope, "scope"),
    F_BOOL(struct state, user_manager, "userManager"),
    F_MAP(struct state, annotations, "annotations"),
    F_LIST(struct state, poststart, "poststart", spec_hook_record),
    F_LIST(struct state, poststop, "poststop", spec_hook_record),
};
static const struct record state_record = RECORD(struct state, state_fields);

/* What `state` and hooks get to see. */
struct report {
    const char *oci_version, *id, *status, *bundle;
    int32_t pid;
    string_map annotations;
    const char *rootfs, *created, *owner;
};

static const struct field report_fields[] = {
    F_STRING(struct report, oci_version, "ociVersion"),
    F_STRING(struct report, id, "id"),
    F_STRING(struct report, status, "status"),
    {FIELD_AT(struct report, pid, "pid", FIELD_INT), .max = INT32_MAX, .always = true},
    F_STRING(struct report, bundle, "bundle"),
    F_MAP(struct report, annotations, "annotations"),
    F_STRING(struct report, rootfs, "rootfs"),
    F_STRING(struct report, created, "created"),
    F_STRING(struct report, owner, "owner"),
};
static const struct record report_record = RECORD(struct report, report_fields);

/* Of one process, with the names of the descriptors that come along. */
struct process_report {
    const char *oci_version;
    string_list fds;
    int32_t pid;
    const char *metadata;
    struct report state;
};

static const struct field process_report_fields[] = {
    F_STRING(struct process_report, oci_version, "ociVersion"),
    F_STRINGS(struct process_report, fds, "fds"),
    F_INT(struct process_report, pid, "pid", 0, INT32_MAX),
    F_STRING(struct process_report, metadata, "metadata"),
    F_RECORD(struct process_report, state, "state", report_record),
};
static const struct record process_report_record =
    RECORD(struct process_report, process_report_fields);

int state_write(struct arena *a, int dir, const struct state *state, struct error *err)
{
    struct strbuf text;

    strbuf_init(&text, a);
    record_write(&state_record, state, &text);
    return state_write_file(dir, "state", text.text, text.len, err);
}

int state_read(struct arena *a, int dir, const char *id, struct state *out, struct error *err)
{
    warning_list warnings = {0};
    const char *text;
    size_t len;
    int rc = state_read_file(a, dir, "state", &text, &len, err);

    if (rc < 0)
        return rc;
    memset(out, 0, sizeof(*out));
    rc = record_read(a, &state_record, "state", text, len, out, &warnings, err);
    if (rc < 0)
        return rc;
    if (strcmp(out->id, id) != 0)
        return error_text(err, EINVAL, "state of container '%s' is one of '%s'", id, out->id);
    return 0;
}

int state_write_resources(struct arena *a, int dir, const struct spec_resources *resources,
                          struct error *err)
{
    struct strbuf text;

    strbuf_init(&text, a);
    record_write(&spec_resources_record, resources, &text);
    return state_write_file(dir, "resources", text.text, text.len, err);
}

int state_read_resources(struct arena *a, int dir, struct spec_resources *out, struct error *err)
{
    warning_list ignored = {0};
    const char *text;
    size_t len;
    int rc = state_read_file(a, dir, "resources", &text, &len, err);

    return rc < 0 ? rc : spec_read_resources(a, "resources", text, len, out, &ignored, err);
}

enum status state_status(int dir, const struct state *state)
{
    if (state->pid == 0)
        return STATUS_CREATING;
    if (process_start_time(state->pid) != state->start_time)
        return STATUS_STOPPED;
    return faccessat(dir, "start", F_OK, 0) == 0 ? STATUS_CREATED : STATUS_RUNNING;
}

static struct report report_of(const struct state *state, const char *status, pid_t pid)
{
    return (struct report){
        .oci_version = state->oci_version,
        .id = state->id,
        .status = status,
        .bundle = state->bundle,
        .pid = pid,
        .annotations = state->annotations,
    };
}

static const char *report_text(struct arena *a, const struct report *report)
{
    struct strbuf text;

    strbuf_init(&text, a);
    record_write(&report_record, report, &text);
    return strbuf_text(&text);
}

const char *state_json(struct arena *a, const struct state *state, const char *status, pid_t pid)
{
    struct report report = report_of(state, status, pid);

    return report_text(a, &report);
}

const char *state_json_full(struct arena *a, const struct state *state, const char *status)
{
    bool stopped = strcmp(status, status_names[STATUS_STOPPED]) == 0;
    struct report report = report_of(state, status, stopped ? 0 : state->pid);

    report.rootfs = state->rootfs;
    report.created = state->created;
    report.owner = "";
    return report_text(a, &report);
}

const char *state_of_process(struct arena *a, const struct state *state, const char *status,
                             pid_t pid, pid_t process, const char *metadata)
{
    const char *fds[] = {"seccompFd", NULL};
    struct process_report report = {
        .oci_version = state->oci_version,
        .fds = {fds, 1},
        .pid = process,
        .metadata = metadata,
        .state = report_of(state, status, pid),
    };
    struct strbuf text;

    strbuf_init(&text, a);
    record_write(&process_report_record, &report, &text);
    return strbuf_text(&text);
}

const char *timestamp(struct arena *a)
{
    struct timespec now;
    struct tm parts;
    char text[32];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
    return arena_printf(a, "%s.%09ldZ", text, now.tv_nsec);
}
