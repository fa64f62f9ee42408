/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tables of fields cannot say of a config.json: relations between members. One small
 * function a rule, listed in the order of the document.
 */
#include "runtime-loader/spec/spec.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct checker {
    const struct spec *spec;
    const char *name;
    struct arena *arena;
    warning_list *warnings;
    struct error *err;
};

#define FAULT(c, ...) fault((c)->name, (c)->err, __VA_ARGS__)

static int fault(const char *name, struct error *err, const char *fmt, ...) PRINTF(3, 4);
static int fault(const char *name, struct error *err, const char *fmt, ...)
{
    char text[320];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    return error_text(err, EINVAL, "%s: %s", name, text);
}

static bool is_absolute(const char *path)
{
    return path && path[0] == '/';
}

static bool is_empty(const char *text)
{
    return !text || !text[0];
}

static int check_version(const struct checker *c)
{
    const char *version = c->spec->oci_version;
    size_t minor = strncmp(version, "1.", 2) == 0 ? strspn(version + 2, "0123456789") : 0;
    const char *rest = version + 2 + minor;
    size_t patch = minor && *rest == '.' ? strspn(rest + 1, "0123456789") : 0;

    if (!patch || !strchr("-+", rest[1 + patch]))
        return FAULT(c, "ociVersion: '%s' is not a version 1.x.y of the specification", version);
    return 0;
}

static int check_env(const char *name, const string_list *env, const char *path, struct error *err)
{
    for (size_t i = 0; i < env->count; i++)
        if (!strchr(env->at[i], '=') || env->at[i][0] == '=')
            return fault(name, err, "%s[%zu]: '%s' is not of the form NAME=VALUE", path, i,
                         env->at[i]);
    return 0;
}

int spec_check_process(const struct spec_process *p, const char *name, struct error *err)
{
    if (!is_absolute(p->cwd))
        return fault(name, err, "process.cwd: '%s' is not an absolute path", p->cwd);
    if (p->args.count == 0)
        return fault(name, err, "process.args: missing or empty");
    if (!p->args.at[0][0])
        return fault(name, err, "process.args[0]: empty");
    for (size_t i = 0; i < p->rlimits.count; i++) {
        const struct spec_rlimit *limit = &p->rlimits.at[i];

        if (limit->soft > limit->hard)
            return fault(name, err, "process.rlimits[%zu]: soft is greater than hard", i);
        for (size_t j = 0; j < i; j++)
            if (p->rlimits.at[j].type == limit->type)
                return fault(name, err, "process.rlimits[%zu].type: '%s' is there twice", i,
                             name_of(rlimit_names, limit->type));
    }
    return check_env(name, &p->env, "process.env", err);
}

static int check_process(const struct checker *c)
{
    return spec_check_process(&c->spec->process, c->name, c->err);
}

static int check_root(const struct checker *c)
{
    return is_empty(c->spec->root.path) ? FAULT(c, "root.path: empty") : 0;
}

static int check_names(const struct checker *c)
{
    bool uts = spec_namespace(c->spec, NS_UTS);

    if (!is_empty(c->spec->hostname) && !uts)
        return FAULT(c, "hostname: needs a uts namespace in linux.namespaces");
    if (!is_empty(c->spec->domainname) && !uts)
        return FAULT(c, "domainname: needs a uts namespace in linux.namespaces");
    return 0;
}

static int check_mounts(const struct checker *c)
{
    for (size_t i = 0; i < c->spec->mounts.count; i++) {
        const struct spec_mount *m = &c->spec->mounts.at[i];

        if (is_empty(m->destination))
            return FAULT(c, "mounts[%zu].destination: empty", i);
        if (!is_absolute(m->destination))
            VEC_PUSH(c->arena, c->warnings,
                     arena_printf(c->arena,
                                  "%s: mounts[%zu].destination: '%s' is not absolute, taken from /",
                                  c->name, i, m->destination));
        if ((m->uid_mappings.count == 0) != (m->gid_mappings.count == 0))
            return FAULT(c, "mounts[%zu]: needs both uidMappings and gidMappings or neither", i);
    }
    return 0;
}

static int check_hook_list(const struct checker *c, const hook_list *hooks, const char *kind)
{
    char path[64];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < hooks->count; i++) {
        if (!is_absolute(hooks->at[i].path))
            return FAULT(c, "hooks.%s[%zu].path: '%s' is not an absolute path", kind, i,
                         hooks->at[i].path);
        snprintf(path, sizeof(path), "hooks.%s[%zu].env", kind, i);
        rc = check_env(c->name, &hooks->at[i].env, path, c->err);
    }
    return rc;
}

static int check_hooks(const struct checker *c)
{
    const struct spec_hooks *hooks = &c->spec->hooks;

    for (size_t i = 0; i < spec_hooks_record.count; i++) {
        const struct field *f = &spec_hooks_record.fields[i];
        const char *at = (const char *)hooks + f->offset;
        hook_list list;
        int rc;

        memcpy(&list, at, sizeof(list));
        rc = check_hook_list(c, &list, f->name);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int check_annotations(const struct checker *c)
{
    for (size_t i = 0; i < c->spec->annotations.count; i++)
        if (!c->spec->annotations.at[i].key[0])
            return FAULT(c, "annotations: a key is empty");
    return 0;
}

static int check_namespaces(const struct checker *c)
{
    const struct spec_linux *l = &c->spec->os;
    unsigned seen = 0;

    for (size_t i = 0; i < l->namespaces.count; i++) {
        const struct spec_namespace *ns = &l->namespaces.at[i];

        if (seen >> ns->kind & 1)
            return FAULT(c, "linux.namespaces[%zu].type: '%s' is there twice", i,
                         namespace_infos[ns->kind].name);
        seen |= 1U << ns->kind;
        if (ns->path && !is_absolute(ns->path))
            return FAULT(c, "linux.namespaces[%zu].path: '%s' is not an absolute path", i,
                         ns->path);
    }
    if (!(seen >> NS_MOUNT & 1))
        return FAULT(c, "linux.namespaces: a mount namespace is needed");
    return 0;
}

static int check_mapping_list(const struct checker *c, const id_mappings *list, const char *path)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].size == 0)
            return FAULT(c, "linux.%s[%zu].size: 0", path, i);
    return 0;
}

static int check_mappings(const struct checker *c)
{
    const struct spec_linux *l = &c->spec->os;
    bool given = l->uid_mappings.count || l->gid_mappings.count;
    int rc;

    if (given && !spec_namespace(c->spec, NS_USER))
        return FAULT(c, "linux.uidMappings: need a user namespace in linux.namespaces");
    if (spec_has_new(c->spec, NS_USER) && !l->uid_mappings.count)
        return FAULT(c, "linux.uidMappings: missing for the new user namespace");
    if (spec_has_new(c->spec, NS_USER) && !l->gid_mappings.count)
        return FAULT(c, "linux.gidMappings: missing for the new user namespace");
    rc = check_mapping_list(c, &l->uid_mappings, "uidMappings");
    return rc < 0 ? rc : check_mapping_list(c, &l->gid_mappings, "gidMappings");
}

static int check_time_offsets(const struct checker *c)
{
    const struct spec_linux *l = &c->spec->os;

    if (l->time_offsets.count && !spec_has_new(c->spec, NS_TIME))
        return FAULT(c, "linux.timeOffsets: need a new time namespace in linux.namespaces");
    for (size_t i = 0; i < l->time_offsets.count; i++)
        if (strcmp(l->time_offsets.at[i].clock, "monotonic") != 0 &&
            strcmp(l->time_offsets.at[i].clock, "boottime") != 0)
            return FAULT(c, "linux.timeOffsets.%s: not a clock with an offset",
                         l->time_offsets.at[i].clock);
    return 0;
}

static int check_devices(const struct checker *c)
{
    const struct spec_linux *l = &c->spec->os;

    for (size_t i = 0; i < l->devices.count; i++) {
        const struct spec_device *d = &l->devices.at[i];

        if (!is_absolute(d->path))
            return FAULT(c, "linux.devices[%zu].path: '%s' is not an absolute path", i, d->path);
        if (d->type != 'p' && (!d->major.set || !d->minor.set))
            return FAULT(c, "linux.devices[%zu]: major or minor missing", i);
    }
    return 0;
}

/* Names of a namespaced sysctl, and the namespace that has to be the container's own. */
static const struct {
    const char *prefix;
    bool whole;
    enum namespace_kind kind;
} sysctl_rules[] = {
    {"net.", false, NS_NETWORK},          {"kernel.shm", false, NS_IPC},
    {"kernel.msg", false, NS_IPC},        {"kernel.sem", true, NS_IPC},
    {"kernel.sem_next_id", true, NS_IPC}, {"fs.mqueue.", false, NS_IPC},
    {"kernel.domainname", true, NS_UTS},
};

static int check_sysctl_name(const struct checker *c, const char *key)
{
    char dotted[256];

    if (strlen(key) >= sizeof(dotted) || strstr(key, "..") || key[0] == '.' || key[0] == '/')
        return FAULT(c, "linux.sysctl: '%s' is not a name of a sysctl", key);
    for (size_t i = 0; i <= strlen(key); i++)
        dotted[i] = key[i] == '/' ? '.' : key[i];
    for (size_t i = 0; i < ARRAY_SIZE(sysctl_rules); i++) {
        const char *prefix = sysctl_rules[i].prefix;

        if (sysctl_rules[i].whole ? strcmp(dotted, prefix) != 0
                                  : strncmp(dotted, prefix, strlen(prefix)) != 0)
            continue;
        if (!spec_namespace(c->spec, sysctl_rules[i].kind))
            return FAULT(c, "linux.sysctl.%s: needs a %s namespace in linux.namespaces", key,
                         namespace_infos[sysctl_rules[i].kind].name);
        return 0;
    }
    return FAULT(c, "linux.sysctl.%s: is not of a namespace and would change the host", key);
}

static int check_sysctl(const struct checker *c)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < c->spec->os.sysctl.count; i++)
        rc = check_sysctl_name(c, c->spec->os.sysctl.at[i].key);
    return rc;
}

static int check_paths(const struct checker *c, const string_list *list, const char *path)
{
    for (size_t i = 0; i < list->count; i++)
        if (!is_absolute(list->at[i]))
            return FAULT(c, "linux.%s[%zu]: '%s' is not an absolute path", path, i, list->at[i]);
    return 0;
}

static int check_hidden_paths(const struct checker *c)
{
    int rc = check_paths(c, &c->spec->os.masked_paths, "maskedPaths");

    return rc < 0 ? rc : check_paths(c, &c->spec->os.readonly_paths, "readonlyPaths");
}

static int check_memory(const struct spec_memory *m, const char *name, struct error *err)
{
    if (!m->swap.set || m->swap.value < 0)
        return 0;
    if (!m->limit.set || m->limit.value < 0)
        return fault(name, err, "linux.resources.memory.swap: needs a memory.limit");
    if (m->swap.value < m->limit.value)
        return fault(name, err,
                     "linux.resources.memory.swap: less than memory.limit, which it "
                     "counts too");
    return 0;
}

int spec_check_resources(const struct spec_resources *r, const char *name, struct error *err)
{
    int rc = check_memory(&r->memory, name, err);

    for (size_t i = 0; rc == 0 && i < r->devices.count; i++) {
        const char *access = r->devices.at[i].access;

        if (access && strspn(access, "rwm") != strlen(access))
            rc =
                fault(name, err, "linux.resources.devices[%zu].access: '%s' is not made of r, w, m",
                      i, access);
    }
    for (size_t i = 0; rc == 0 && i < r->hugepage_limits.count; i++)
        if (strchr(r->hugepage_limits.at[i].page_size, '/'))
            rc = fault(name, err, "linux.resources.hugepageLimits[%zu].pageSize: '%s' is no size",
                       i, r->hugepage_limits.at[i].page_size);
    for (size_t i = 0; rc == 0 && i < r->unified.count; i++)
        if (!r->unified.at[i].key[0] || strchr(r->unified.at[i].key, '/'))
            rc = fault(name, err, "linux.resources.unified: '%s' is not a name of a file",
                       r->unified.at[i].key);
    return rc;
}

static int check_resources(const struct checker *c)
{
    const struct spec_resources *r = &c->spec->os.resources;

    if (r->memory.kernel.value > 0)
        VEC_PUSH(c->arena, c->warnings,
                 arena_printf(c->arena,
                              "%s: linux.resources.memory.kernel: ignored, kernels have no such "
                              "limit any more",
                              c->name));
    return spec_check_resources(r, c->name, c->err);
}

int spec_check(const struct spec *spec, const char *name, warning_list *warnings, struct arena *a,
               struct error *err)
{
    static int (*const rules[])(const struct checker *) = {
        check_version, check_process,     check_root,         check_names,     check_mounts,
        check_hooks,   check_annotations, check_namespaces,   check_mappings,  check_time_offsets,
        check_devices, check_sysctl,      check_hidden_paths, check_resources,
    };
    struct checker c = {spec, name, a, warnings, err};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(rules); i++)
        rc = rules[i](&c);
    return rc;
}
