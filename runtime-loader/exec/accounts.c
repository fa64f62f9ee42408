/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of /etc/passwd, /etc/subuid and /etc/subgid. */
#include "runtime-loader/exec/accounts.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 1 << 20 };

const char *passwd_field(struct arena *a, char *text, uint32_t uid, enum passwd_field field)
{
    char *lines;

    for (char *line = strtok_r(text, "\n", &lines); line; line = strtok_r(NULL, "\n", &lines)) {
        char *fields[7] = {NULL};
        size_t count = 0;
        char *end;

        for (char *f; count < ARRAY_SIZE(fields) && (f = strsep(&line, ":"));)
            fields[count++] = f;
        if (count < 6 || !fields[2][0] || strtoul(fields[2], &end, 10) != uid || *end)
            continue;
        return fields[field][0] ? arena_strdup(a, fields[field]) : NULL;
    }
    return NULL;
}

const char *user_name(struct arena *a, uint32_t uid)
{
    const char *name = NULL;
    struct error ignored;
    char *text = NULL;
    size_t len;

    if (read_file("/etc/passwd", FILE_LIMIT, &text, &len, &ignored) == 0) {
        name = passwd_field(a, text, uid, PASSWD_NAME);
        cleanup_free(&text);
    }
    return name ? name : arena_printf(a, "%u", uid);
}

/* NAME:FIRST:COUNT, where the name may be a number too. */
static bool read_range(char *line, const char *name, const char *number, struct id_range *out)
{
    char *fields[3] = {NULL};
    char *end;
    size_t count = 0;

    for (char *f; count < ARRAY_SIZE(fields) && (f = strsep(&line, ":"));)
        fields[count++] = f;
    if (count < 3 || line || (strcmp(fields[0], name) != 0 && strcmp(fields[0], number) != 0))
        return false;
    out->first = (uint32_t)strtoul(fields[1], &end, 10);
    if (!fields[1][0] || *end)
        return false;
    out->count = (uint32_t)strtoul(fields[2], &end, 10);
    return fields[2][0] && !*end;
}

void subids_read(struct arena *a, const char *path, uint32_t uid, id_ranges *out)
{
    const char *name = user_name(a, uid), *number = arena_printf(a, "%u", uid);
    struct error ignored;
    char *text = NULL, *lines, *copy;
    size_t len;

    memset(out, 0, sizeof(*out));
    if (read_file(path, FILE_LIMIT, &text, &len, &ignored) < 0)
        return;
    copy = (char *)(uintptr_t)arena_strndup(a, text, len);
    cleanup_free(&text);
    for (char *line = strtok_r(copy, "\n", &lines); line; line = strtok_r(NULL, "\n", &lines)) {
        struct id_range range;

        if (read_range(line, name, number, &range))
            VEC_PUSH(a, out, range);
    }
}

bool subids_cover(const id_ranges *ranges, uint32_t first, uint32_t count)
{
    bool found = true;

    while (count && found) {
        found = false;
        for (size_t i = 0; count && i < ranges->count; i++) {
            const struct id_range *r = &ranges->at[i];
            uint32_t here;

            if (first < r->first || first - r->first >= r->count)
                continue;
            here = r->count - (first - r->first);
            here = here < count ? here : count;
            first += here;
            count -= here;
            found = true;
        }
    }
    return !count;
}
