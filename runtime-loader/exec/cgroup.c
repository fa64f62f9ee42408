/* SPDX-License-Identifier: Apache-2.0 */
/* Which control groups this host has, and their files. */
#include "runtime-loader/exec/cgroup.h"

#include "base/io.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define CGROUP_ROOT "/sys/fs/cgroup"

static bool is_mounted(const char *path, long magic)
{
    struct statfs fs;

    return statfs(path, &fs) == 0 && fs.f_type == magic;
}

static void add_hierarchy(struct arena *a, struct cgroup_host *host, const char *controllers,
                          const char *directory, bool v2)
{
    struct hierarchy h = {
        .controllers = controllers,
        .mount = directory[0] ? arena_printf(a, CGROUP_ROOT "/%s", directory) : CGROUP_ROOT,
        .directory = directory,
        .v2 = v2,
    };

    if (is_mounted(h.mount, v2 ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC))
        VEC_PUSH(a, &host->hierarchies, h);
}

/* A line "N:controllers:path" of /proc/self/cgroup names a hierarchy; its directory is called
 * after the controllers. */
static void read_hierarchies(struct arena *a, char *text, struct cgroup_host *host)
{
    char *lines;

    for (char *line = strtok_r(text, "\n", &lines); line; line = strtok_r(NULL, "\n", &lines)) {
        char *controllers = strchr(line, ':');
        char *end = controllers ? strchr(controllers + 1, ':') : NULL;
        const char *name;

        if (!end)
            continue;
        name = arena_strndup(a, controllers + 1, (size_t)(end - controllers - 1));
        if (!name[0])
            add_hierarchy(a, host, "", "unified", true);
        else
            add_hierarchy(a, host, name, strncmp(name, "name=", 5) == 0 ? name + 5 : name, false);
    }
}

int cgroup_detect(struct arena *a, struct cgroup_host *out, struct error *err)
{
    char *text = NULL;
    size_t len;
    bool v1 = false, v2 = false;
    int rc;

    memset(out, 0, sizeof(*out));
    if (is_mounted(CGROUP_ROOT, CGROUP2_SUPER_MAGIC)) {
        out->mode = CGROUP_V2;
        add_hierarchy(a, out, "", "", true);
        return 0;
    }
    rc = read_file("/proc/self/cgroup", 1 << 20, &text, &len, err);
    if (rc < 0)
        return rc;
    read_hierarchies(a, text, out);
    cleanup_free(&text);
    for (size_t i = 0; i < out->hierarchies.count; i++)
        *(out->hierarchies.at[i].v2 ? &v2 : &v1) = true;
    out->mode = v1 && v2 ? CGROUP_HYBRID : v2 ? CGROUP_V2 : v1 ? CGROUP_V1 : CGROUP_NONE;
    return 0;
}

const char *cgroup_directory(struct arena *a, const struct hierarchy *h, const char *path)
{
    return arena_printf(a, "%s%s", h->mount, path);
}

bool hierarchy_has(const struct hierarchy *h, const char *controller)
{
    size_t len = strlen(controller);

    for (const char *at = h->controllers; (at = strstr(at, controller)); at += len)
        if ((at == h->controllers || at[-1] == ',') && (at[len] == ',' || !at[len]))
            return true;
    return false;
}

const struct hierarchy *cgroup_v2(const struct cgroup_host *host)
{
    for (size_t i = 0; i < host->hierarchies.count; i++)
        if (host->hierarchies.at[i].v2)
            return &host->hierarchies.at[i];
    return NULL;
}

const struct hierarchy *cgroup_v1(const struct cgroup_host *host, const char *controller)
{
    for (size_t i = 0; i < host->hierarchies.count; i++)
        if (!host->hierarchies.at[i].v2 && hierarchy_has(&host->hierarchies.at[i], controller))
            return &host->hierarchies.at[i];
    return NULL;
}

bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = words; *at; at += strspn(at, " \n")) {
        size_t n = strcspn(at, " \n");

        if (n == len && strncmp(at, word, n) == 0)
            return true;
        at += n;
    }
    return false;
}

const char *cgroup_of(struct arena *a, pid_t pid)
{
    const char *file = pid ? arena_printf(a, "/proc/%d/cgroup", pid) : "/proc/self/cgroup";
    const char *found = NULL;
    struct error ignored;
    char *text = NULL;
    char *line;
    size_t len;

    if (read_file(file, 1 << 20, &text, &len, &ignored) < 0)
        return NULL;
    line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
    if (line) {
        line += line == text ? 3 : 4;
        found = arena_strndup(a, line, strcspn(line, "\n"));
    }
    cleanup_free(&text);
    return found;
}

int cgroup_write(const char *directory, const char *file, const char *text, struct error *err)
{
    char path[PATH_MAX];
    CLEANUP_FD
    int fd = -1;

    if (snprintf(path, sizeof(path), "%s/%s", directory, file) >= (int)sizeof(path))
        return error_set(err, ENAMETOOLONG, "cgroup file '%s'", file);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, errno, "open '%s'", path);
    if (write(fd, text, strlen(text)) < 0)
        return error_set(err, errno, "write '%s' to '%s'", text, path);
    return 0;
}

ssize_t cgroup_read(const char *directory, const char *file, char *text, size_t size)
{
    char path[PATH_MAX];
    CLEANUP_FD
    int fd = -1;
    ssize_t n;

    if (snprintf(path, sizeof(path), "%s/%s", directory, file) >= (int)sizeof(path))
        return -1;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? -1 : read(fd, text, size - 1);
    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return n;
}
