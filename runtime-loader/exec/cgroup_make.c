/* SPDX-License-Identifier: Apache-2.0 */
/* Making, entering and removing control groups; handing controllers of version 2 down to them. */
#include "runtime-loader/exec/cgroup.h"

#include "base/io.h"
#include "runtime-loader/exec/executor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A new cpuset of version 1 is empty, and takes no process until it has what its parent has. */
static int inherit_cpuset(const char *parent, const char *directory, struct error *err)
{
    static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
    char text[4096];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(files); i++) {
        if (cgroup_read(directory, files[i], text, sizeof(text)) < 0 || text[0])
            continue;
        if (cgroup_read(parent, files[i], text, sizeof(text)) > 0 && text[0])
            rc = cgroup_write(directory, files[i], text, err);
    }
    return rc;
}

/* A cgroup with processes of its own would become threaded by handing down what it may, and its
 * children would take no process. The root of all may do both. */
static bool must_be_leaf(const char *directory)
{
    char text[32];

    return cgroup_read(directory, "cgroup.type", text, sizeof(text)) > 0 &&
           cgroup_read(directory, "cgroup.procs", text, sizeof(text)) > 0;
}

/* Hands all controllers of a version 2 cgroup down to its children, those that it can; a limit that
 * needs another one says so (cgroup_explain). */
static void delegate_controllers(struct arena *a, const char *directory)
{
    struct error ignored;
    char all[512], given[512];
    struct strbuf missing;
    char *words;

    if (must_be_leaf(directory) ||
        cgroup_read(directory, "cgroup.controllers", all, sizeof(all)) <= 0 ||
        cgroup_read(directory, "cgroup.subtree_control", given, sizeof(given)) < 0)
        return;
    strbuf_init(&missing, a);
    for (char *word = strtok_r(all, " ", &words); word; word = strtok_r(NULL, " ", &words))
        if (!has_word(given, word))
            strbuf_printf(&missing, "+%s ", word);
    if (!missing.len ||
        cgroup_write(directory, "cgroup.subtree_control", missing.text, &ignored) == 0)
        return;
    /* All or nothing; so one by one. */
    for (char *word = strtok_r(missing.text, " ", &words); word; word = strtok_r(NULL, " ", &words))
        (void)!cgroup_write(directory, "cgroup.subtree_control", word, &ignored);
}

static int explain_level(const char *directory, const char *controller, const char *what,
                         struct error *err)
{
    char words[512], enable[64];
    int rc;

    if (cgroup_read(directory, "cgroup.controllers", words, sizeof(words)) < 0)
        return error_set(err, errno, "%s: read cgroup.controllers of '%s'", what, directory);
    if (!has_word(words, controller))
        return error_text(
            err, ENOTSUP,
            "%s: cgroup controller '%s' is missing: it is not in cgroup.controllers of "
            "'%s'",
            what, controller, directory);
    if (cgroup_read(directory, "cgroup.subtree_control", words, sizeof(words)) >= 0 &&
        has_word(words, controller))
        return 0;
    snprintf(enable, sizeof(enable), "+%s", controller);
    rc = must_be_leaf(directory) ? -EBUSY
                                 : cgroup_write(directory, "cgroup.subtree_control", enable, err);
    if (rc == -EBUSY)
        return error_text(
            err, EBUSY,
            "%s: cgroup controller '%s' cannot be handed down in '%s': it has processes "
            "of its own, and version 2 allows them in leaves only",
            what, controller, directory);
    if (rc == -EACCES || rc == -EPERM || rc == -EROFS)
        return error_text(err, -rc,
                          "%s: cgroup controller '%s' is missing: no permission to hand it down in "
                          "cgroup.subtree_control of '%s'",
                          what, controller, directory);
    if (rc < 0)
        return error_set(err, -rc, "%s: hand cgroup controller '%s' down in '%s'", what, controller,
                         directory);
    return 0;
}

/* Where the part of a path after `begin` ends; begin itself where there is none. */
static size_t next_level(const char *path, size_t begin)
{
    size_t end = begin + strspn(path + begin, "/");

    return path[end] ? end + strcspn(path + end, "/") : begin;
}

int cgroup_explain(struct arena *a, const struct hierarchy *h, const char *path,
                   const char *controller, const char *what, struct error *err)
{
    const char *whole = cgroup_directory(a, h, path);
    size_t begin = strlen(h->mount);
    size_t end;
    int rc = 0;

    for (; rc == 0 && (end = next_level(whole, begin)) > begin; begin = end)
        rc = explain_level(arena_strndup(a, whole, begin), controller, what, err);
    return rc;
}

static int make_level(struct arena *a, const struct hierarchy *h, const char *parent,
                      const char *directory, struct error *err)
{
    if (h->v2)
        delegate_controllers(a, parent);
    if (mkdir(directory, 0755) < 0 && errno != EEXIST)
        return error_set(err, errno, "make cgroup '%s'", directory);
    return hierarchy_has(h, "cpuset") ? inherit_cpuset(parent, directory, err) : 0;
}

static int create_in(struct arena *a, const struct hierarchy *h, const char *path,
                     struct error *err)
{
    const char *whole = cgroup_directory(a, h, path);
    size_t begin = strlen(h->mount);
    size_t end;
    int rc = 0;

    if (!h->v2 && !hierarchy_has(h, "cpuset") && (mkdir(whole, 0755) == 0 || errno == EEXIST))
        return 0;
    for (; rc == 0 && (end = next_level(whole, begin)) > begin; begin = end)
        rc = make_level(a, h, arena_strndup(a, whole, begin), arena_strndup(a, whole, end), err);
    return rc;
}

/* A path with ".." would leave the hierarchy. */
static int check_path(const char *path, struct error *err)
{
    for (const char *at = path; *at; at += strcspn(at, "/")) {
        at += strspn(at, "/");
        if (at[0] == '.' && at[1] == '.' && (at[2] == '/' || !at[2]))
            return error_text(err, EINVAL, "config.json: linux.cgroupsPath: '%s' has a '..'", path);
    }
    return 0;
}

int cgroup_create(struct arena *a, const struct cgroup_host *host, const char *path,
                  struct error *err)
{
    int rc = check_path(path, err);

    for (size_t i = 0; rc == 0 && i < host->hierarchies.count; i++)
        rc = create_in(a, &host->hierarchies.at[i], path, err);
    /* Of a cgroup that was there before: a process would never leave the clone. */
    if (rc == 0 && cgroup_is_frozen(a, host, path))
        rc = error_text(err, EBUSY, "config.json: linux.cgroupsPath: cgroup '%s' is frozen", path);
    return rc;
}

int cgroup_open(struct arena *a, const struct cgroup_host *host, const char *path)
{
    const struct hierarchy *h = cgroup_v2(host);

    return h ? open(cgroup_directory(a, h, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

/* The version 2 cgroup of a process, if it is below path; else NULL. */
static const char *cgroup_below(struct arena *a, pid_t pid, const char *path)
{
    const char *found = cgroup_of(a, pid);
    size_t prefix = strlen(path);

    return found && strncmp(found, path, prefix) == 0 && found[prefix] == '/' ? found : NULL;
}

static int attach_in(struct arena *a, const struct hierarchy *h, const char *path,
                     const struct cgroup_entrant *entrant, struct error *err)
{
    const char *below;
    char text[16];
    int rc;

    snprintf(text, sizeof(text), "%d", entrant->pid);
    rc = cgroup_write(cgroup_directory(a, h, path), "cgroup.procs", text, err);
    if (rc != -EBUSY || !h->v2 || !entrant->instead)
        return rc;
    below = cgroup_below(a, entrant->instead, path);
    return below ? cgroup_write(cgroup_directory(a, h, below), "cgroup.procs", text, err) : rc;
}

int cgroup_attach(struct arena *a, const struct cgroup_host *host, const char *path,
                  const struct cgroup_entrant *entrant, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < host->hierarchies.count; i++)
        if (!entrant->born || !host->hierarchies.at[i].v2)
            rc = attach_in(a, &host->hierarchies.at[i], path, entrant, err);
    return rc;
}

static void pause_briefly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

/* Removes what is below, then the cgroup. */
static int remove_directory(const char *directory, int tries, struct error *err)
{
    struct dirent *entry;
    DIR *dir;
    int rc = 0;

    if (rmdir(directory) == 0 || errno == ENOENT)
        return 0;
    dir = opendir(directory);
    while (dir && rc == 0 && (entry = readdir(dir))) {
        char path[PATH_MAX];

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        if (snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) < (int)sizeof(path))
            rc = remove_directory(path, tries, err);
    }
    if (dir)
        closedir(dir);
    if (rc < 0)
        return rc;
    for (int i = 0; rmdir(directory) < 0; i++) {
        if (errno == ENOENT)
            return 0;
        if (errno != EBUSY || i >= tries)
            return error_set(err, errno, "remove cgroup '%s'", directory);
        pause_briefly();
    }
    return 0;
}

int cgroup_remove(struct arena *a, const struct cgroup_host *host, const char *path,
                  struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < host->hierarchies.count; i++) {
        int one = remove_directory(cgroup_directory(a, &host->hierarchies.at[i], path), 400, err);

        rc = one < 0 ? one : rc;
    }
    return rc;
}

int step_cgroup_create(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    return cgroup_create(x->arena, x->cgroups, x->plan->cgroup, err);
}

int step_cgroup_attach(struct executor *x, const struct step *s, struct error *err)
{
    struct cgroup_entrant entrant = {
        .pid = x->pid,
        .born = x->born_in_cgroup,
        .instead = x->container >= 0 ? process_of(x->container) : 0,
    };

    (void)s;
    return cgroup_attach(x->arena, x->cgroups, x->plan->cgroup, &entrant, err);
}
