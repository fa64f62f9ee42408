/* SPDX-License-Identifier: Apache-2.0 */
/* config.json as a whole. */
#include "runtime-loader/spec/spec.h"

#include <sched.h>
#include <string.h>
#include <linux/sched.h>

const struct namespace_info namespace_infos[NS_COUNT] = {
#define NAMESPACE(name, text, file, flag) [NS_##name] = {text, file, flag},
#include "runtime-loader/spec/namespaces.def"
#undef NAMESPACE
};

static const struct field root_fields[] = {
    F_NEED_STRING(struct spec_root, path, "path"),
    F_BOOL(struct spec_root, readonly, "readonly"),
};
static const struct record root_record = RECORD(struct spec_root, root_fields);

static const struct field mount_fields[] = {
    F_NEED_STRING(struct spec_mount, destination, "destination"),
    F_STRING(struct spec_mount, type, "type"),
    F_STRING(struct spec_mount, source, "source"),
    F_STRINGS(struct spec_mount, options, "options"),
    F_LIST(struct spec_mount, uid_mappings, "uidMappings", spec_id_mapping_record),
    F_LIST(struct spec_mount, gid_mappings, "gidMappings", spec_id_mapping_record),
};
static const struct record mount_record = RECORD(struct spec_mount, mount_fields);

static const struct field hook_fields[] = {
    F_NEED_STRING(struct spec_hook, path, "path"),
    F_STRINGS(struct spec_hook, args, "args"),
    F_STRINGS(struct spec_hook, env, "env"),
    F_OPT_INT(struct spec_hook, timeout, "timeout", 1, INT32_MAX),
};
const struct record spec_hook_record = RECORD(struct spec_hook, hook_fields);

static const struct field hooks_fields[] = {
    F_LIST(struct spec_hooks, prestart, "prestart", spec_hook_record),
    F_LIST(struct spec_hooks, create_runtime, "createRuntime", spec_hook_record),
    F_LIST(struct spec_hooks, create_container, "createContainer", spec_hook_record),
    F_LIST(struct spec_hooks, start_container, "startContainer", spec_hook_record),
    F_LIST(struct spec_hooks, poststart, "poststart", spec_hook_record),
    F_LIST(struct spec_hooks, poststop, "poststop", spec_hook_record),
};
const struct record spec_hooks_record = RECORD(struct spec_hooks, hooks_fields);

static const struct field spec_fields[] = {
    F_NEED_STRING(struct spec, oci_version, "ociVersion"),
    F_NEED_RECORD(struct spec, process, "process", spec_process_record),
    F_NEED_RECORD(struct spec, root, "root", root_record),
    F_STRING(struct spec, hostname, "hostname"),
    F_STRING(struct spec, domainname, "domainname"),
    F_LIST(struct spec, mounts, "mounts", mount_record),
    F_RECORD(struct spec, hooks, "hooks", spec_hooks_record),
    F_MAP(struct spec, annotations, "annotations"),
    F_RECORD(struct spec, os, "linux", spec_linux_record),
    F_UNSUPPORTED("solaris"),
    F_UNSUPPORTED("windows"),
    F_UNSUPPORTED("vm"),
    F_UNSUPPORTED("zos"),
    F_UNSUPPORTED("freebsd"),
};
static const struct record spec_record = RECORD(struct spec, spec_fields);

int spec_read(struct arena *a, const char *name, const char *text, size_t len, struct spec *out,
              warning_list *warnings, struct error *err)
{
    int rc;

    memset(out, 0, sizeof(*out));
    rc = record_read(a, &spec_record, name, text, len, out, warnings, err);
    if (rc < 0)
        return rc;
    return spec_check(out, name, warnings, a, err);
}

int spec_read_process(struct arena *a, const char *name, const char *text, size_t len,
                      struct spec_process *out, warning_list *warnings, struct error *err)
{
    int rc;

    memset(out, 0, sizeof(*out));
    rc = record_read(a, &spec_process_record, name, text, len, out, warnings, err);
    if (rc < 0)
        return rc;
    return spec_check_process(out, name, err);
}

int spec_read_resources(struct arena *a, const char *name, const char *text, size_t len,
                        struct spec_resources *out, warning_list *warnings, struct error *err)
{
    memset(out, 0, sizeof(*out));
    return record_read(a, &spec_resources_record, name, text, len, out, warnings, err);
}

const struct spec_namespace *spec_namespace(const struct spec *spec, enum namespace_kind kind)
{
    for (size_t i = 0; i < spec->os.namespaces.count; i++)
        if (spec->os.namespaces.at[i].kind == (int)kind)
            return &spec->os.namespaces.at[i];
    return NULL;
}

bool spec_has_new(const struct spec *spec, enum namespace_kind kind)
{
    const struct spec_namespace *ns = spec_namespace(spec, kind);

    return ns && !ns->path;
}

const char *spec_annotation(const struct spec *spec, const char *key)
{
    for (size_t i = 0; i < spec->annotations.count; i++)
        if (strcmp(spec->annotations.at[i].key, key) == 0)
            return spec->annotations.at[i].value;
    return NULL;
}
