/* SPDX-License-Identifier: Apache-2.0 */
/* The processes of a cgroup: listing, signalling, freezing. */
#include "base/io.h"
#include "runtime-loader/exec/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The hierarchy that is asked: version 2 where there is one, else that of pids or the first. */
static const struct hierarchy *main_hierarchy(const struct cgroup_host *host)
{
    const struct hierarchy *best = NULL;

    for (size_t i = 0; i < host->hierarchies.count; i++) {
        const struct hierarchy *h = &host->hierarchies.at[i];

        if (h->v2)
            return h;
        if (!best || hierarchy_has(h, "pids"))
            best = h;
    }
    return best;
}

static const struct hierarchy *freezer_hierarchy(const struct cgroup_host *host)
{
    const struct hierarchy *h = cgroup_v2(host);

    return h ? h : cgroup_v1(host, "freezer");
}

int cgroup_members(struct arena *a, const char *directory, pid_list *pids, struct error *err)
{
    char *text = NULL;
    size_t len;
    int rc = read_file(arena_printf(a, "%s/cgroup.procs", directory), 1 << 24, &text, &len, err);

    if (rc < 0)
        /* Of a threaded cgroup the processes are listed where its domain is. */
        return rc == -ENOENT || rc == -ENODEV || rc == -EOPNOTSUPP ? 0 : rc;
    for (char *at = text; *at;) {
        char *end;
        long pid = strtol(at, &end, 10);

        if (end == at)
            break;
        VEC_PUSH(a, pids, (pid_t)pid);
        at = end + strspn(end, "\n");
    }
    cleanup_free(&text);
    return 0;
}

static int collect(struct arena *a, const char *directory, pid_list *pids, struct error *err)
{
    DIR *dir = opendir(directory);
    struct dirent *entry;
    int rc = 0;

    if (!dir)
        return errno == ENOENT ? 0 : error_set(err, errno, "open cgroup '%s'", directory);
    rc = cgroup_members(a, directory, pids, err);
    while (rc == 0 && (entry = readdir(dir)))
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            rc = collect(a, arena_printf(a, "%s/%s", directory, entry->d_name), pids, err);
    closedir(dir);
    return rc;
}

int cgroup_processes(struct arena *a, const struct cgroup_host *host, const char *path,
                     pid_list *pids, struct error *err)
{
    const struct hierarchy *h = main_hierarchy(host);

    memset(pids, 0, sizeof(*pids));
    return h ? collect(a, cgroup_directory(a, h, path), pids, err) : 0;
}

/* Those that are born while the list is read are on the next one. */
enum { KILL_ROUNDS = 200 };

static int signal_each(const pid_list *pids, int signal, struct error *err)
{
    for (size_t i = 0; i < pids->count; i++)
        if (kill(pids->at[i], signal) < 0 && errno != ESRCH)
            return error_set(err, errno, "send signal %d to process %d", signal, pids->at[i]);
    return 0;
}

int cgroup_signal(struct arena *a, const struct cgroup_host *host, const char *path, int signal,
                  struct error *err)
{
    const struct hierarchy *h = main_hierarchy(host);
    struct error ignored;
    pid_list pids;

    if (!h)
        return 0;
    /* One write kills them all, those that are just being born too (Linux 5.14). */
    if (signal == SIGKILL && h->v2 &&
        cgroup_write(cgroup_directory(a, h, path), "cgroup.kill", "1", &ignored) == 0)
        return 0;
    for (int rounds = signal == SIGKILL ? KILL_ROUNDS : 1; rounds > 0; rounds--) {
        int rc = cgroup_processes(a, host, path, &pids, err);

        if (rc == 0)
            rc = signal_each(&pids, signal, err);
        if (rc < 0 || pids.count == 0)
            return rc;
        if (rounds > 1)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return 0;
}

static bool file_says(struct arena *a, const char *path, const char *line)
{
    struct error ignored;
    char *text = NULL;
    size_t len;
    bool found;

    if (read_file(path, 4096, &text, &len, &ignored) < 0)
        return false;
    found = strstr(arena_printf(a, "\n%s", text), arena_printf(a, "\n%s\n", line)) != NULL;
    cleanup_free(&text);
    return found;
}

static bool is_frozen(struct arena *a, const struct hierarchy *h, const char *path)
{
    const char *directory = cgroup_directory(a, h, path);

    if (h->v2)
        return file_says(a, arena_printf(a, "%s/cgroup.events", directory), "frozen 1");
    return file_says(a, arena_printf(a, "%s/freezer.state", directory), "FROZEN");
}

bool cgroup_is_frozen(struct arena *a, const struct cgroup_host *host, const char *path)
{
    const struct hierarchy *h = freezer_hierarchy(host);

    return h && is_frozen(a, h, path);
}

int cgroup_freeze(struct arena *a, const struct cgroup_host *host, const char *path, bool freeze,
                  struct error *err)
{
    const struct hierarchy *h = freezer_hierarchy(host);
    const char *directory;
    int rc;

    if (!h)
        return error_text(err, ENOTSUP, "this host has no cgroup freezer");
    directory = cgroup_directory(a, h, path);
    if (h->v2)
        rc = cgroup_write(directory, "cgroup.freeze", freeze ? "1" : "0", err);
    else
        rc = cgroup_write(directory, "freezer.state", freeze ? "FROZEN" : "THAWED", err);
    for (int tries = 0; rc == 0 && is_frozen(a, h, path) != freeze; tries++) {
        if (tries > 1000)
            return error_set(err, ETIMEDOUT, "%s cgroup '%s'", freeze ? "freeze" : "thaw", path);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return rc;
}
