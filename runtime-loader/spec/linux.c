/* SPDX-License-Identifier: Apache-2.0 */
/* The linux object of config.json. */
#include "runtime-loader/spec/spec.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>

static const struct name_value namespace_names[] = {
#define NAMESPACE(name, text, file, flag) {text, NS_##name},
#include "runtime-loader/spec/namespaces.def"
#undef NAMESPACE
    {0},
};

static const struct name_value device_types[] = {
    {"c", 'c'}, {"b", 'b'}, {"u", 'u'}, {"p", 'p'}, {0},
};

static const struct name_value propagations[] = {
    {"shared", MS_SHARED},
    {"rshared", MS_SHARED},
    {"slave", MS_SLAVE},
    {"rslave", MS_SLAVE},
    {"private", MS_PRIVATE},
    {"rprivate", MS_PRIVATE},
    {"unbindable", MS_UNBINDABLE},
    {"runbindable", MS_UNBINDABLE},
    {"", 0},
    {0},
};

static const struct name_value personalities[] = {
    {"LINUX", PERSONALITY_LINUX},
    {"LINUX32", PERSONALITY_LINUX32},
    {0},
};

static const struct field id_mapping_fields[] = {
    F_NEED_INT(struct spec_id_mapping, container_id, "containerID", 0, UINT32_MAX - 1),
    F_NEED_INT(struct spec_id_mapping, host_id, "hostID", 0, UINT32_MAX - 1),
    F_NEED_INT(struct spec_id_mapping, size, "size", 0, UINT32_MAX),
};
const struct record spec_id_mapping_record = RECORD(struct spec_id_mapping, id_mapping_fields);

static const struct field namespace_fields[] = {
    F_NEED_ENUM(struct spec_namespace, kind, "type", namespace_names),
    F_STRING(struct spec_namespace, path, "path"),
};
static const struct record namespace_record = RECORD(struct spec_namespace, namespace_fields);

static const struct field device_fields[] = {
    F_NEED_STRING(struct spec_device, path, "path"),
    F_NEED_ENUM(struct spec_device, type, "type", device_types),
    F_OPT_INT(struct spec_device, major, "major", 0, UINT32_MAX),
    F_OPT_INT(struct spec_device, minor, "minor", 0, UINT32_MAX),
    F_OPT_INT(struct spec_device, file_mode, "fileMode", 0, UINT32_MAX),
    F_OPT_INT(struct spec_device, uid, "uid", 0, UINT32_MAX - 1),
    F_OPT_INT(struct spec_device, gid, "gid", 0, UINT32_MAX - 1),
};
static const struct record device_record = RECORD(struct spec_device, device_fields);

static const struct field time_offset_fields[] = {
    F_INT(struct spec_time_offset, secs, "secs", INT64_MIN, INT64_MAX),
    F_INT(struct spec_time_offset, nanosecs, "nanosecs", 0, 999999999),
};
static const struct record time_offset_record = RECORD(struct spec_time_offset, time_offset_fields);

/* Its flags: the specification defines none so far. */
struct personality {
    int domain;
};
static const struct field personality_fields[] = {
    F_NEED_ENUM(struct personality, domain, "domain", personalities),
    F_UNSUPPORTED("flags"),
};
static const struct record personality_record = RECORD(struct personality, personality_fields);

static const struct field listener_fields[] = {
    F_STRING(struct spec_listener, path, "listenerPath"),
    F_STRING(struct spec_listener, metadata, "listenerMetadata"),
};
static const struct record listener_record = RECORD(struct spec_listener, listener_fields);

int spec_listener(struct arena *a, const struct spec *spec, struct spec_listener *out,
                  struct error *err)
{
    static const char name[] = "config.json: linux.seccomp";
    const char *text = spec->os.seccomp;
    warning_list ignored = {0};
    int rc;

    *out = (struct spec_listener){0};
    if (!text)
        return 0;
    rc = record_read(a, &listener_record, name, text, strlen(text), out, &ignored, err);
    if (rc == 0 && out->metadata && !out->path)
        rc = error_text(err, EINVAL, "%s.listenerMetadata: there is no listenerPath", name);
    return rc;
}

static const struct field linux_fields[] = {
    F_LIST(struct spec_linux, uid_mappings, "uidMappings", spec_id_mapping_record),
    F_LIST(struct spec_linux, gid_mappings, "gidMappings", spec_id_mapping_record),
    F_LIST(struct spec_linux, namespaces, "namespaces", namespace_record),
    F_LIST(struct spec_linux, devices, "devices", device_record),
    F_NAMED(struct spec_linux, time_offsets, "timeOffsets", time_offset_record),
    F_STRING(struct spec_linux, cgroups_path, "cgroupsPath"),
    F_RECORD(struct spec_linux, resources, "resources", spec_resources_record),
    F_MAP(struct spec_linux, sysctl, "sysctl"),
    F_OBJECT(struct spec_linux, seccomp, "seccomp"),
    F_STRINGS(struct spec_linux, masked_paths, "maskedPaths"),
    F_STRINGS(struct spec_linux, readonly_paths, "readonlyPaths"),
    F_ENUM(struct spec_linux, rootfs_propagation, "rootfsPropagation", propagations),
    F_STRING(struct spec_linux, mount_label, "mountLabel"),
    F_RECORD(struct spec_linux, personality, "personality", personality_record),
    F_UNSUPPORTED("intelRdt"),
    F_UNSUPPORTED("netDevices"),
    F_UNSUPPORTED("memoryPolicy"),
};
const struct record spec_linux_record = RECORD(struct spec_linux, linux_fields);
