/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ids of a new user namespace. Who has CAP_SETUID and CAP_SETGID writes the maps; anybody may
 * map his own two ids, if setgroups(2) is denied there for good; for more there are newuidmap(1)
 * and newgidmap(1), which look into /etc/subuid and /etc/subgid.
 */
#include "base/io.h"
#include "runtime-loader/exec/accounts.h"
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The two kinds of ids. */
static const struct kind {
    const char *file, *member, *helper, *ranges, *option;
    int capability;
    bool groups;
} kinds[] = {
    {"gid_map", "gidMappings", "newgidmap", "/etc/subgid", "--add-subgids", CAP_SETGID, true},
    {"uid_map", "uidMappings", "newuidmap", "/etc/subuid", "--add-subuids", CAP_SETUID, false},
};

static uint32_t own_id(const struct kind *kind)
{
    return kind->groups ? getegid() : geteuid();
}

static bool is_own_only(const struct kind *kind, const id_mappings *map)
{
    return map->count == 1 && map->at[0].size == 1 && map->at[0].host_id == own_id(kind);
}

static int write_proc(pid_t pid, const char *file, const char *text, size_t len, struct error *err)
{
    char path[64];
    CLEANUP_FD
    int fd = -1;

    snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, errno, "open '%s'", path);
    /* One write: the kernel takes a map whole. */
    return write(fd, text, len) == (ssize_t)len ? 0 : error_set(err, errno, "write '%s'", path);
}

static int write_map(const struct kind *kind, pid_t pid, const id_mappings *map, struct error *err)
{
    char text[4096];
    size_t len = 0;

    for (size_t i = 0; i < map->count; i++) {
        int n = snprintf(text + len, sizeof(text) - len, "%u %u %u\n", map->at[i].container_id,
                         map->at[i].host_id, map->at[i].size);

        if ((size_t)n >= sizeof(text) - len)
            return error_set(err, E2BIG, "write '%s'", kind->file);
        len += (size_t)n;
    }
    return write_proc(pid, kind->file, text, len, err);
}

/* Starts the helper with its standard error in a pipe, whose first line goes to text. */
static int run_helper(const char *const *args, char *text, size_t size, int *status)
{
    posix_spawn_file_actions_t actions;
    int ends[2];
    ssize_t n;
    pid_t pid;
    int code;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return errno;
    code = posix_spawn_file_actions_init(&actions);
    if (code == 0) {
        code = posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
        if (code == 0)
            code = posix_spawnp(&pid, args[0], &actions, NULL, (char *const *)(uintptr_t)args,
                                environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    close(ends[1]);
    n = code == 0 ? read(ends[0], text, size - 1) : 0;
    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    close(ends[0]);
    while (code == 0 && waitpid(pid, status, 0) < 0)
        if (errno != EINTR)
            code = errno;
    return code;
}

/* Why the helper refused: most often a range is not the user's. */
static int explain_refusal(struct arena *a, const struct kind *kind, const id_mappings *map,
                           const char *text, struct error *err)
{
    id_ranges ranges;

    subids_read(a, kind->ranges, getuid(), &ranges);
    for (size_t i = 0; i < map->count; i++) {
        uint32_t first = map->at[i].host_id, size = map->at[i].size;

        if ((first == own_id(kind) && size == 1) || subids_cover(&ranges, first, size))
            continue;
        return error_text(
            err, EPERM,
            "config.json: linux.%s[%zu]: %s does not give user '%s' the ids %u-%u (as "
            "root: usermod %s %u-%u %s)",
            kind->member, i, kind->ranges, user_name(a, getuid()), first, first + size - 1,
            kind->option, first, first + size - 1, user_name(a, getuid()));
    }
    return error_text(err, EPERM, "config.json: linux.%s: %s", kind->member,
                      text[0] ? text : arena_printf(a, "%s failed", kind->helper));
}

static int map_by_helper(struct arena *a, const struct kind *kind, pid_t pid,
                         const id_mappings *map, struct error *err)
{
    const char **args = ARENA_ARRAY(a, const char *, 3 + map->count * 3);
    size_t count = 0;
    char text[256];
    int status = 0;
    int code;

    args[count++] = kind->helper;
    args[count++] = arena_printf(a, "%d", pid);
    for (size_t i = 0; i < map->count; i++) {
        args[count++] = arena_printf(a, "%u", map->at[i].container_id);
        args[count++] = arena_printf(a, "%u", map->at[i].host_id);
        args[count++] = arena_printf(a, "%u", map->at[i].size);
    }
    args[count] = NULL;
    code = run_helper(args, text, sizeof(text), &status);
    if (code == ENOENT)
        return error_text(err, ENOENT,
                          "config.json: linux.%s: to map more than one's own id takes %s, which is "
                          "not installed (package uidmap or shadow-utils)",
                          kind->member, kind->helper);
    if (code != 0)
        return error_set(err, code, "start '%s'", kind->helper);
    return status == 0 ? 0 : explain_refusal(a, kind, map, text, err);
}

static int map_kind(struct arena *a, const struct kind *kind, pid_t pid, const id_mappings *map,
                    struct error *err)
{
    int rc = 0;

    if (have_capability(kind->capability))
        return write_map(kind, pid, map, err);
    if (!is_own_only(kind, map))
        return map_by_helper(a, kind, pid, map, err);
    if (kind->groups)
        rc = write_proc(pid, "setgroups", "deny", 4, err);
    return rc < 0 ? rc : write_map(kind, pid, map, err);
}

int write_id_maps(struct arena *a, pid_t pid, const id_mappings *uids, const id_mappings *gids,
                  struct error *err)
{
    int rc = map_kind(a, &kinds[0], pid, gids, err);

    return rc < 0 ? rc : map_kind(a, &kinds[1], pid, uids, err);
}
