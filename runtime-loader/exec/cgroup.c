/* SPDX-License-Identifier: Apache-2.0 */
/* Finding, making, filling and removing control groups. */
#include "runtime-loader/exec/cgroup.h"

#include "base/io.h"
#include "runtime-loader/exec/executor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
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

static ssize_t read_value(const char *directory, const char *file, char *text, size_t size)
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

/* A new cpuset of version 1 is empty, and takes no process until it has what its parent has. */
static int inherit_cpuset(const char *parent, const char *directory, struct error *err)
{
    static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
    char text[4096];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(files); i++) {
        if (read_value(directory, files[i], text, sizeof(text)) < 0 || text[0])
            continue;
        if (read_value(parent, files[i], text, sizeof(text)) > 0 && text[0])
            rc = cgroup_write(directory, files[i], text, err);
    }
    return rc;
}

/* A cgroup with processes of its own would become threaded by handing down what it may, and its
 * children would take no process. The root of all may do both. */
static bool must_be_leaf(const char *directory)
{
    char text[32];

    return read_value(directory, "cgroup.type", text, sizeof(text)) > 0 &&
           read_value(directory, "cgroup.procs", text, sizeof(text)) > 0;
}

/* Hands all controllers of a version 2 cgroup down to its children; which of them are needed shows
 * when a limit is written. */
static void delegate_controllers(const char *directory)
{
    struct error ignored;
    char text[512];
    char *words;

    if (must_be_leaf(directory) ||
        read_value(directory, "cgroup.controllers", text, sizeof(text)) <= 0)
        return;
    for (char *word = strtok_r(text, " ", &words); word; word = strtok_r(NULL, " ", &words)) {
        char enable[64];

        snprintf(enable, sizeof(enable), "+%s", word);
        (void)!cgroup_write(directory, "cgroup.subtree_control", enable, &ignored);
    }
}

static int make_level(const struct hierarchy *h, const char *parent, const char *directory,
                      struct error *err)
{
    if (h->v2)
        delegate_controllers(parent);
    if (mkdir(directory, 0755) < 0 && errno != EEXIST)
        return error_set(err, errno, "make cgroup '%s'", directory);
    return hierarchy_has(h, "cpuset") ? inherit_cpuset(parent, directory, err) : 0;
}

static int create_in(struct arena *a, const struct hierarchy *h, const char *path,
                     struct error *err)
{
    const char *whole = cgroup_directory(a, h, path);
    size_t begin = strlen(h->mount);
    int rc = 0;

    if (!h->v2 && !hierarchy_has(h, "cpuset") && (mkdir(whole, 0755) == 0 || errno == EEXIST))
        return 0;
    for (size_t end = begin; rc == 0 && whole[end]; begin = end) {
        end = begin + strspn(whole + begin, "/");
        end += strcspn(whole + end, "/");
        if (end > begin + 1)
            rc = make_level(h, arena_strndup(a, whole, begin), arena_strndup(a, whole, end), err);
    }
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
    return rc;
}

int cgroup_attach(struct arena *a, const struct cgroup_host *host, const char *path, pid_t pid,
                  struct error *err)
{
    char text[16];
    int rc = 0;

    snprintf(text, sizeof(text), "%d", pid);
    for (size_t i = 0; rc == 0 && i < host->hierarchies.count; i++)
        rc = cgroup_write(cgroup_directory(a, &host->hierarchies.at[i], path), "cgroup.procs", text,
                          err);
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

int step_cgroup_limit(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    return cgroup_limit(x->arena, x->cgroups, x->plan->cgroup, &x->plan->spec->os.resources, err);
}

int step_cgroup_attach(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    return cgroup_attach(x->arena, x->cgroups, x->plan->cgroup, x->pid, err);
}
