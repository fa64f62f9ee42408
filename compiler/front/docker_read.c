/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/docker_read.h"

#include "compiler/tables/names.h"

#include <string.h>

bool docker_is_profile(const struct json *root)
{
    static const char *const own[] = {"includes", "excludes", "comment", "errno", "name"};
    const struct json *entries = json_member(root, "syscalls");

    if (json_member(root, "archMap") || json_member(root, "defaultErrno"))
        return true;
    for (const struct json *e = entries && entries->kind == JSON_ARRAY ? entries->first : NULL; e;
         e = e->next)
        for (size_t i = 0; i < ARRAY_SIZE(own); i++)
            if (json_member(e, own[i]))
                return true;
    return false;
}

/* --- architectures -----------------------------------------------------------------------------*/

static bool names_arch(const struct json *name, const struct arch *a)
{
    return name->kind == JSON_STRING && arch_by_name(name->text, name->len) == a;
}

void docker_archs(struct oci_reader *r, const struct json *root)
{
    const struct json *archs = oci_member(r, root, "architectures", JSON_ARRAY);
    const struct json *map = oci_member(r, root, "archMap", JSON_ARRAY);

    if (archs && archs->count && map && map->count)
        oci_refused(r, map, "'architectures' and 'archMap' in one profile");
    for (const struct json *a = archs ? archs->first : NULL; a; a = a->next)
        oci_add_arch(r, a);
    for (const struct json *m = map ? map->first : NULL; m; m = m->next) {
        const struct json *main, *subs;

        if (!oci_expect(r, m, JSON_OBJECT, "an entry of 'archMap'"))
            continue;
        main = oci_member(r, m, "architecture", JSON_STRING);
        subs = oci_member(r, m, "subArchitectures", JSON_ARRAY);
        if (!main || !names_arch(main, r->native))
            continue;
        oci_add_arch(r, main);
        for (const struct json *a = subs ? subs->first : NULL; a; a = a->next)
            oci_add_arch(r, a);
        break; /* the first one counts */
    }
}

/* --- selection ---------------------------------------------------------------------------------*/

static bool has_cap(const struct oci_reader *r, const struct json *cap)
{
    for (size_t i = 0; i < r->options->cap_count; i++)
        if (json_is(cap, r->options->caps[i]))
            return true;
    return false;
}

/* How many of the list, of strings, are held to be true. */
static uint32_t count_true(struct oci_reader *r, const struct json *list, const char *what,
                           bool (*test)(const struct oci_reader *, const struct json *))
{
    uint32_t count = 0;

    for (const struct json *v = list ? list->first : NULL; v; v = v->next)
        if (oci_expect(r, v, JSON_STRING, what) && test(r, v))
            count++;
    return count;
}

static bool is_native(const struct oci_reader *r, const struct json *name)
{
    return names_arch(name, r->native);
}

/* "4.8", "5.13.0": false if malformed. */
static bool read_release(const struct json *text, kernel_release *release)
{
    uint32_t part[3] = {0, 0, 0};
    unsigned n = 0;
    bool digits = false;

    for (uint32_t i = 0; i < text->len; i++) {
        char c = text->text[i];

        if (c >= '0' && c <= '9' && part[n] < 1000) {
            part[n] = part[n] * 10 + (uint32_t)(c - '0');
            digits = true;
        } else if (c == '.' && digits && n < 2) {
            n++;
            digits = false;
        } else {
            return false;
        }
    }
    if (!digits || n == 0 || part[0] > 255 || part[1] > 255 || part[2] > 255)
        return false;
    *release = KERNEL_RELEASE(part[0], part[1], part[2]);
    return true;
}

/* minKernel: true if it is there; *holds if the kernel is that new. */
static bool min_kernel(struct oci_reader *r, const struct json *filter, bool *holds)
{
    const struct json *min = oci_member(r, filter, "minKernel", JSON_STRING);
    kernel_release release;

    if (!min || !min->len)
        return false;
    if (!read_release(min, &release)) {
        oci_wrong(r, min, "'%.*s' is no kernel release", json_shown(min), min->text);
        return false;
    }
    *holds = !r->options->kernel || r->options->kernel >= release;
    return true;
}

bool docker_selects(struct oci_reader *r, const struct json *entry)
{
    const struct json *in = oci_member(r, entry, "includes", JSON_OBJECT);
    const struct json *out = oci_member(r, entry, "excludes", JSON_OBJECT), *list;
    bool selected = true, holds = true;

    if (in) {
        list = oci_member(r, in, "arches", JSON_ARRAY);
        if (list && list->count && !count_true(r, list, "an architecture", is_native))
            selected = false;
        list = oci_member(r, in, "caps", JSON_ARRAY);
        if (list && count_true(r, list, "a capability", has_cap) < list->count)
            selected = false;
        if (min_kernel(r, in, &holds) && !holds)
            selected = false;
    }
    if (out) {
        list = oci_member(r, out, "arches", JSON_ARRAY);
        if (count_true(r, list, "an architecture", is_native))
            selected = false;
        list = oci_member(r, out, "caps", JSON_ARRAY);
        if (count_true(r, list, "a capability", has_cap))
            selected = false;
        if (min_kernel(r, out, &holds) && holds)
            selected = false;
    }
    return selected;
}

/* --- errnos ------------------------------------------------------------------------------------*/

bool docker_errno(struct oci_reader *r, const struct json *object, const char *key,
                  uint64_t *number)
{
    const struct json *name = oci_member(r, object, key, JSON_STRING);
    struct json digits;
    uint16_t value;

    if (!name || !name->len)
        return false;
    digits = *name;
    digits.kind = JSON_NUMBER;
    if (json_u64(&digits, number))
        return true;
    if (!errno_value(name->text, name->len, r->native, &value)) {
        oci_wrong(r, name, "'%.*s' is no errno", json_shown(name), name->text);
        return false;
    }
    *number = value;
    return true;
}
