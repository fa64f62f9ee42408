/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cgroups of a runtime without rights on the host: below the cgroup that it is in itself, where
 * that was delegated to its user. There nothing has to be delegated any further as long as no limit
 * is asked for; for a limit the controller has to be handed down, which the kernel does only for a
 * cgroup without processes of its own, and those are the caller and the runtime: they move into a
 * leaf.
 */
#include "base/io.h"
#include "runtime-loader/exec/executor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the caller is moved to. */
#define LEAF "easyrun-caller"

const char *cgroup_own(struct arena *a)
{
    const char *own = cgroup_of(a, 0);

    /* Outside of the cgroup namespace. */
    return own && strncmp(own, "/..", 3) == 0 ? NULL : own;
}

/* The runtime was called from a leaf into which it has moved its caller before. */
static const char *without_leaf(struct arena *a, const char *own)
{
    size_t len = strlen(own), leaf = strlen("/" LEAF);

    if (len > leaf && strcmp(own + len - leaf, "/" LEAF) == 0)
        return arena_strndup(a, own, len - leaf);
    return strcmp(own, "/") == 0 ? "" : own;
}

static bool may_write(struct arena *a, const char *directory, const char *file)
{
    return faccessat(AT_FDCWD, arena_printf(a, "%s/%s", directory, file), W_OK, AT_EACCESS) == 0;
}

/* The nearest above a path that is there. */
static const char *existing_above(struct arena *a, const struct hierarchy *h, const char *path)
{
    char *copy = (char *)(uintptr_t)arena_strdup(a, path);

    for (char *slash; (slash = strrchr(copy, '/'));) {
        *slash = '\0';
        if (access(cgroup_directory(a, h, copy), F_OK) == 0)
            break;
    }
    return copy;
}

/* A process is moved by who may write to the nearest cgroup that is above both its places. */
static const char *common_part(struct arena *a, const char *one, const char *other)
{
    size_t len = 0, end = 0;

    while (one[len] && one[len] == other[len]) {
        len++;
        if ((!one[len] || one[len] == '/') && (!other[len] || other[len] == '/'))
            end = len;
    }
    return arena_strndup(a, one, end);
}

/* Below a threaded one no process can live. */
static bool takes_children(const char *directory)
{
    char type[32];

    return cgroup_read(directory, "cgroup.type", type, sizeof(type)) < 0 || /* the root of all */
           strcmp(type, "domain") == 0;
}

static bool is_usable(struct arena *a, const struct hierarchy *h, const char *own,
                      const char *above)
{
    const char *directory = cgroup_directory(a, h, above);

    if (!may_write(a, directory, "."))
        return false;
    if (!h->v2)
        return true;
    return own && takes_children(directory) &&
           may_write(a, cgroup_directory(a, h, common_part(a, own, above)), "cgroup.procs");
}

/* A file that cannot be read lists none. */
static const char *first_missing(const char *directory, const char *file,
                                 const controller_list *wanted)
{
    char words[512] = "";

    (void)cgroup_read(directory, file, words, sizeof(words));
    for (size_t i = 0; i < wanted->count; i++)
        if (!has_word(words, wanted->at[i]))
            return wanted->at[i];
    return NULL;
}

const char *cgroup_missing(const char *directory, const controller_list *wanted)
{
    return first_missing(directory, "cgroup.controllers", wanted);
}

static int not_delegated(const char *controller, const char *path, bool v2, struct error *err)
{
    if (!v2)
        return error_text(err, EACCES,
                          "config.json: linux.resources: '%s' takes a cgroup that this user may "
                          "write to; cgroups of version 1 are not delegated to users",
                          controller);
    return error_text(err, EACCES,
                      "config.json: linux.resources: '%s' takes a cgroup that this user may write "
                      "to, and '%.120s' is not: with systemd, '" CGROUP_DELEGATE
                      "' in " CGROUP_DROP_IN ", then systemd-run --user --scope -p Delegate=yes …",
                      controller, path[0] ? path : "/");
}

/* Version 2 and limits: can the controllers be handed down from there? */
static int check_controllers(struct arena *a, const struct hierarchy *h, const char *above,
                             const controller_list *wanted, struct cgroup_choice *out,
                             struct error *err)
{
    const char *directory = cgroup_directory(a, h, above);
    const char *missing = cgroup_missing(directory, wanted);
    pid_list pids = {0};

    if (missing)
        return error_text(err, ENOTSUP,
                          "config.json: linux.resources: cgroup '%.120s' has no controller '%s': "
                          "with systemd, '" CGROUP_DELEGATE "' in " CGROUP_DROP_IN
                          " hands it to users",
                          directory, missing);
    if (!first_missing(directory, "cgroup.subtree_control", wanted))
        return 0;
    if (cgroup_members(a, directory, &pids, err) < 0)
        return -err->code;
    /* The root of all may have both; in a cgroup namespace what looks like it is not. */
    if (pids.count && access(arena_printf(a, "%s/cgroup.type", directory), F_OK) == 0)
        out->vacate = above;
    return 0;
}

int cgroup_choose(struct arena *a, const struct cgroup_host *host, const char *asked,
                  const char *id, const struct spec_resources *r, struct cgroup_choice *out,
                  struct error *err)
{
    const char *own = cgroup_own(a);
    const char *name = asked && asked[0] ? asked : id;
    const char *base = host->mode == CGROUP_V2 && own ? without_leaf(a, own) : "";
    controller_list wanted;
    int rc = 0;

    *out = (struct cgroup_choice){0};
    out->path = name[0] == '/' ? name : arena_printf(a, "%s/%s", base, name);
    cgroup_controllers(a, host->mode, r, &wanted);
    for (size_t i = 0; i < host->hierarchies.count; i++) {
        const struct hierarchy *h = &host->hierarchies.at[i];

        if (is_usable(a, h, own, existing_above(a, h, out->path)))
            continue;
        if (wanted.count)
            return not_delegated(wanted.at[0], existing_above(a, h, out->path), h->v2, err);
        out->path = NULL;
        return 0;
    }
    if (host->mode == CGROUP_V2 && wanted.count)
        rc = check_controllers(a, &host->hierarchies.at[0],
                               existing_above(a, &host->hierarchies.at[0], out->path), &wanted, out,
                               err);
    return rc;
}

static int move_all(const char *leaf, const pid_list *pids, struct error *err)
{
    for (size_t i = 0; i < pids->count; i++) {
        char text[16];
        int rc;

        snprintf(text, sizeof(text), "%d", pids->at[i]);
        rc = cgroup_write(leaf, "cgroup.procs", text, err);
        if (rc < 0 && rc != -ESRCH)
            return rc;
    }
    return 0;
}

/* What is born while the list is read is on the next one. */
int step_cgroup_vacate(struct executor *x, const struct step *s, struct error *err)
{
    const char *directory = cgroup_directory(x->arena, &x->cgroups->hierarchies.at[0], s->text);
    const char *leaf = arena_printf(x->arena, "%s/" LEAF, directory);

    if (mkdir(leaf, 0755) < 0 && errno != EEXIST)
        return error_set(err, errno, "make cgroup '%s'", leaf);
    for (int rounds = 0; rounds < 100; rounds++) {
        pid_list pids = {0};
        int rc = cgroup_members(x->arena, directory, &pids, err);

        if (rc == 0)
            rc = move_all(leaf, &pids, err);
        if (rc < 0 || pids.count == 0)
            return rc;
    }
    return error_text(err, EBUSY, "cgroup '%s' does not get empty", directory);
}
