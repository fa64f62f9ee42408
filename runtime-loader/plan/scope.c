/* SPDX-License-Identifier: Apache-2.0 */
/* linux.cgroupsPath as "slice:prefix:name", and where systemd has that unit. */
#include "runtime-loader/plan/plan.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static const char where[] = "config.json: linux.cgroupsPath";

/* Characters that systemd allows in the names of units. */
static bool is_unit_name(const char *name)
{
    for (const char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr(":-_.\\@", *at))
            return false;
    return name[0] && strlen(name) < 256;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);

    return len > end_len && strcmp(text + len - end_len, end) == 0;
}

/* "a-b.slice" is below "a.slice"; "-.slice" is the root of them all. */
static int slice_path(struct arena *a, const char *slice, const char **out, struct error *err)
{
    static const char suffix[] = ".slice";
    size_t len = strlen(slice) - strlen(suffix);
    struct strbuf path;

    strbuf_init(&path, a);
    *out = "";
    if (strcmp(slice, "-.slice") == 0)
        return 0;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && slice[i] != '-')
            continue;
        if (i == 0 || slice[i - 1] == '-')
            return error_text(err, EINVAL, "%s: '%s' is no slice: an empty part", where, slice);
        strbuf_printf(&path, "/%.*s%s", (int)i, slice, suffix);
    }
    *out = strbuf_text(&path);
    return 0;
}

/* systemd puts an underscore before names that could be files of the kernel's. */
static bool is_escaped(const char *name)
{
    static const char *const kernel[] = {"cgroup.", "cpu.",    "cpuacct.", "cpuset.", "io.",
                                         "blkio.",  "memory.", "devices.", "pids."};

    for (size_t i = 0; i < ARRAY_SIZE(kernel); i++)
        if (strncmp(name, kernel[i], strlen(kernel[i])) == 0)
            return true;
    return name[0] == '_' || name[0] == '.';
}

static int split(struct arena *a, const char *path, const char *parts[3], struct error *err)
{
    const char *first = strchr(path, ':');
    const char *second = first ? strchr(first + 1, ':') : NULL;

    if (!second || strchr(second + 1, ':'))
        return error_text(
            err, EINVAL,
            "%s: '%s' is not slice:prefix:name, as the systemd cgroup manager wants it", where,
            path);
    parts[0] = arena_strndup(a, path, (size_t)(first - path));
    parts[1] = arena_strndup(a, first + 1, (size_t)(second - first - 1));
    parts[2] = second + 1;
    return 0;
}

int plan_scope(struct arena *a, const struct spec *spec, const struct plan_options *options,
               struct scope *out, struct error *err)
{
    const char *path = spec->os.cgroups_path;
    const char *parts[3] = {"", "easyrun", options->id};
    const char *directory;
    int rc = path && path[0] ? split(a, path, parts, err) : 0;

    if (rc < 0)
        return rc;
    out->slice = parts[0][0] ? parts[0] : options->systemd_user ? "user.slice" : "system.slice";
    out->name = arena_printf(a, "%s%s%s.scope", parts[1], parts[1][0] ? "-" : "", parts[2]);
    if (!parts[2][0] || ends_with(parts[2], ".slice") || !is_unit_name(out->name))
        return error_text(err, EINVAL, "%s: '%s' cannot be the name of a scope", where, out->name);
    if (!ends_with(out->slice, ".slice") || !is_unit_name(out->slice))
        return error_text(err, EINVAL, "%s: '%s' is no slice", where, out->slice);
    rc = slice_path(a, out->slice, &directory, err);
    if (rc == 0)
        out->cgroup = arena_printf(a, "%s%s/%s%s", options->systemd, directory,
                                   is_escaped(out->name) ? "_" : "", out->name);
    return rc;
}
