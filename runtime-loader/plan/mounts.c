/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts, devices and hidden paths of a plan. */
#include "runtime-loader/plan/plan.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>

size_t plan_source(struct plan *plan, const char *path, bool recursive,
                   const struct mount_flags *flags)
{
    struct step *s = plan_add(plan, plan->source_phase, STEP_OPEN_SOURCE);

    s->source = (struct step_source){
        .index = plan->source_count++, .path = path, .recursive = recursive, .flags = *flags};
    return s->source.index;
}

static const char *absolute(struct plan *plan, const char *base, const char *path)
{
    return path[0] == '/' ? path : arena_printf(plan->arena, "%s/%s", base, path);
}

static int plan_bind(struct plan *plan, const struct plan_options *options, size_t number,
                     const struct mount_request *request, struct error *err)
{
    const struct spec_mount *m = &plan->spec->mounts.at[number];
    struct step *attach;
    struct step *source;
    size_t index;

    if (!m->source || !m->source[0])
        return error_text(err, EINVAL, "config.json: mounts[%zu].source: missing for a bind mount",
                          number);
    index = plan_source(plan, absolute(plan, options->bundle, m->source), request->recursive,
                        &request->flags);
    source = &plan->phases[plan->source_phase].at[plan->phases[plan->source_phase].count - 1];
    if (m->uid_mappings.count) {
        source->source.uids = &m->uid_mappings;
        source->source.gids = &m->gid_mappings;
    } else if (request->idmap) {
        if (!plan->spec->os.uid_mappings.count)
            return error_text(err, EINVAL,
                              "config.json: mounts[%zu].options: 'idmap' needs mappings of the "
                              "mount or of the container",
                              number);
        source->source.uids = &plan->spec->os.uid_mappings;
        source->source.gids = &plan->spec->os.gid_mappings;
    }
    source->source.map_recursive = request->idmap_recursive;
    attach = plan_add(plan, PHASE_SETUP, STEP_ATTACH);
    attach->attach = (struct step_attach){index, m->destination};
    return 0;
}

/* File systems that take a context from SELinux. */
static bool takes_label(const char *type)
{
    static const char *const types[] = {"tmpfs", "mqueue", "devpts", "overlay"};

    for (size_t i = 0; i < ARRAY_SIZE(types); i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

static int plan_file_system(struct plan *plan, const struct plan_options *options, size_t number,
                            const struct mount_request *request, struct error *err)
{
    const struct spec_mount *m = &plan->spec->mounts.at[number];
    const char *label = plan->spec->os.mount_label;
    bool is_cgroup = m->type && (strcmp(m->type, "cgroup") == 0 || strcmp(m->type, "cgroup2") == 0);
    struct step *s;

    if (!m->type || !m->type[0])
        return error_text(err, EINVAL, "config.json: mounts[%zu].type: missing", number);
    if (m->uid_mappings.count || request->idmap)
        return error_text(err, ENOTSUP,
                          "config.json: mounts[%zu]: id mappings of a mount that is not a bind "
                          "mount are not supported",
                          number);
    s = plan_add(plan, PHASE_SETUP, is_cgroup ? STEP_MOUNT_CGROUP : STEP_MOUNT);
    s->mount = (struct step_mount){
        .type = m->type,
        .source = m->source && m->source[0] ? m->source : m->type,
        .target = m->destination,
        .data = request->data,
        .flags = request->flags,
        .copy_up = request->copy_up,
        .plain_target = strcmp(m->type, "proc") == 0 || strcmp(m->type, "sysfs") == 0,
    };
    if (label && options->selinux && takes_label(m->type)) {
        s->mount.data.at = arena_array(plan->arena, request->data.count + 2, sizeof(char *));
        memcpy(s->mount.data.at, request->data.at, request->data.count * sizeof(char *));
        s->mount.data.at[s->mount.data.count++] = arena_printf(plan->arena, "context=%s", label);
    }
    return 0;
}

int plan_mounts(struct plan *plan, const struct plan_options *options, struct error *err)
{
    const struct spec *spec = plan->spec;
    int rc = 0;

    if (spec->os.mount_label && spec->os.mount_label[0] && !options->selinux)
        return error_text(err, ENOTSUP,
                          "config.json: linux.mountLabel: SELinux is not enabled on this host");
    for (size_t i = 0; rc == 0 && i < spec->mounts.count; i++) {
        const struct spec_mount *m = &spec->mounts.at[i];
        struct mount_request request;

        mount_options_sort(plan->arena, &m->options, &request);
        if (request.bind || (m->type && strcmp(m->type, "bind") == 0))
            rc = plan_bind(plan, options, i, &request, err);
        else
            rc = plan_file_system(plan, options, i, &request, err);
    }
    return rc;
}

static const struct step_device default_devices[] = {
    {"/dev/null", 'c', 1, 3, 0666, 0, 0, true},    {"/dev/zero", 'c', 1, 5, 0666, 0, 0, true},
    {"/dev/full", 'c', 1, 7, 0666, 0, 0, true},    {"/dev/random", 'c', 1, 8, 0666, 0, 0, true},
    {"/dev/urandom", 'c', 1, 9, 0666, 0, 0, true}, {"/dev/tty", 'c', 5, 0, 0666, 0, 0, true},
};

static const struct step_link default_links[] = {
    {"/dev/fd", "/proc/self/fd"},       {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"}, {"/dev/stderr", "/proc/self/fd/2"},
    {"/dev/core", "/proc/kcore"},       {"/dev/ptmx", "pts/ptmx"},
};

/* Making nodes needs CAP_MKNOD in the first user namespace; elsewhere the host's are bound. */
static void plan_device(struct plan *plan, const struct step_device *device, bool by_bind)
{
    static const struct mount_flags device_file = {.set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC};

    if (by_bind && device->type != 'p') {
        size_t source = plan_source(plan, device->path, false, &device_file);

        plan_add(plan, PHASE_SETUP, STEP_ATTACH)->attach =
            (struct step_attach){source, device->path};
        return;
    }
    plan_add(plan, PHASE_SETUP, STEP_DEVICE)->device = *device;
}

static bool overridden(const struct spec *spec, const char *path)
{
    for (size_t i = 0; i < spec->os.devices.count; i++)
        if (strcmp(spec->os.devices.at[i].path, path) == 0)
            return true;
    for (size_t i = 0; i < spec->mounts.count; i++)
        if (strcmp(spec->mounts.at[i].destination, path) == 0)
            return true;
    return false;
}

/* A /dev that is bound from somewhere has what its owner put there. */
static bool has_own_dev(const struct spec *spec)
{
    for (size_t i = 0; i < spec->mounts.count; i++)
        if (strcmp(spec->mounts.at[i].destination, "/dev") == 0 && spec->mounts.at[i].type &&
            strcmp(spec->mounts.at[i].type, "tmpfs") != 0)
            return true;
    return false;
}

void plan_devices(struct plan *plan, const struct plan_options *options)
{
    const struct spec *spec = plan->spec;
    bool by_bind = !options->privileged || spec_namespace(spec, NS_USER);

    if (!has_own_dev(spec)) {
        for (size_t i = 0; i < ARRAY_SIZE(default_devices); i++)
            if (!overridden(spec, default_devices[i].path))
                plan_device(plan, &default_devices[i], by_bind);
        for (size_t i = 0; i < ARRAY_SIZE(default_links); i++)
            if (!overridden(spec, default_links[i].path))
                plan_add(plan, PHASE_SETUP, STEP_LINK)->link = default_links[i];
    }
    for (size_t i = 0; i < spec->os.devices.count; i++) {
        const struct spec_device *d = &spec->os.devices.at[i];
        struct step_device device = {
            .path = d->path,
            .type = d->type,
            .major = (uint32_t)d->major.value,
            .minor = (uint32_t)d->minor.value,
            .mode = d->file_mode.set ? (uint32_t)d->file_mode.value & 07777 : 0666,
            .uid = (uint32_t)d->uid.value,
            .gid = (uint32_t)d->gid.value,
        };

        plan_device(plan, &device, by_bind);
    }
}
