/* SPDX-License-Identifier: Apache-2.0 */
/* A profile of podman's, resolved for a machine and a container. */
#include "tests/differential/podman_profile.h"

#include "compiler/tables/names.h"

#include <string.h>

static const char *get_string(struct json_object *o, const char *key)
{
    return json_object_get_string(json_object_object_get(o, key));
}

static size_t length(struct json_object *array)
{
    return array ? json_object_array_length(array) : 0;
}

static const char *string_at(struct json_object *array, size_t i)
{
    return json_object_get_string(json_object_array_get_idx(array, i));
}

static bool array_has(struct json_object *array, const char *text)
{
    for (size_t i = 0; i < length(array); i++) {
        if (!strcmp(string_at(array, i), text))
            return true;
    }
    return false;
}

/* --- which entries ------------------------------------------------------------------------------
 */

static bool has_cap(const struct podman_context *p, const char *cap)
{
    for (const char *const *c = p->caps; *c; c++) {
        if (!strcmp(*c, cap))
            return true;
    }
    return false;
}

static size_t caps_held(const struct podman_context *p, struct json_object *caps)
{
    size_t held = 0;

    for (size_t i = 0; i < length(caps); i++)
        held += has_cap(p, string_at(caps, i));
    return held;
}

/* The names that profiles have for architectures are those of libseccomp's Go bindings: Go's, but
 * for those of x86. */
static const char *profile_name(const struct arch *a)
{
    return !strcmp(a->name, "x86") || !a->docker ? a->name : a->docker;
}

static bool applies(struct json_object *entry, const struct podman_context *p)
{
    struct json_object *includes = json_object_object_get(entry, "includes");
    struct json_object *excludes = json_object_object_get(entry, "excludes");
    struct json_object *arches = json_object_object_get(includes, "arches");
    struct json_object *caps = json_object_object_get(includes, "caps");
    const char *name = profile_name(p->native);

    return !array_has(json_object_object_get(excludes, "arches"), name) &&
           caps_held(p, json_object_object_get(excludes, "caps")) == 0 &&
           (length(arches) == 0 || array_has(arches, name)) && caps_held(p, caps) == length(caps);
}

/* --- what they become ----------------------------------------------------------------------------
 */

static void copy(struct json_object *from, struct json_object *to, const char *key)
{
    struct json_object *value = json_object_object_get(from, key);

    if (value)
        json_object_object_add(to, key, json_object_get(value));
}

/* An errno goes by its name on the machine, where the profile has the name. */
static void copy_errno(struct json_object *from, struct json_object *to, const char *name_key,
                       const char *number_key, const struct arch *native)
{
    const char *name = get_string(from, name_key);
    uint16_t value;

    if (name && errno_value(name, strlen(name), native, &value))
        json_object_object_add(to, number_key, json_object_new_int(value));
    else
        copy(from, to, number_key);
}

/* The machine's own architecture and what archMap adds; without archMap, the list there is. */
static struct json_object *arches_for(struct json_object *profile, const struct arch *native)
{
    struct json_object *map = json_object_object_get(profile, "archMap");
    struct json_object *list = json_object_object_get(profile, "architectures");
    struct json_object *arches;

    if (list)
        return json_object_get(list);
    arches = json_object_new_array();
    json_object_array_add(arches, json_object_new_string(native->oci));
    for (size_t i = 0; i < length(map); i++) {
        struct json_object *entry = json_object_array_get_idx(map, i);
        struct json_object *others = json_object_object_get(entry, "subArchitectures");

        if (strcmp(get_string(entry, "architecture"), native->oci) != 0)
            continue;
        for (size_t j = 0; j < length(others); j++)
            json_object_array_add(arches, json_object_get(json_object_array_get_idx(others, j)));
    }
    return arches;
}

struct json_object *podman_resolve(struct json_object *profile, const struct podman_context *p)
{
    struct json_object *list = json_object_object_get(profile, "syscalls");
    struct json_object *out = json_object_new_object(), *entries = json_object_new_array();

    copy(profile, out, "defaultAction");
    copy_errno(profile, out, "defaultErrno", "defaultErrnoRet", p->native);
    json_object_object_add(out, "architectures", arches_for(profile, p->native));
    for (size_t i = 0; i < length(list); i++) {
        struct json_object *entry = json_object_array_get_idx(list, i);
        struct json_object *plain;

        if (!applies(entry, p))
            continue;
        plain = json_object_new_object();
        copy(entry, plain, "names");
        copy(entry, plain, "action");
        copy_errno(entry, plain, "errno", "errnoRet", p->native);
        copy(entry, plain, "args");
        json_object_array_add(entries, plain);
    }
    json_object_object_add(out, "syscalls", entries);
    return out;
}
