/* SPDX-License-Identifier: Apache-2.0 */
/* Making, changing and attaching mounts with the file descriptor API of Linux 5.2 and later. */
#include "runtime-loader/exec/mount.h"

#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/target.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel copies a value into 256 bytes with its NUL. */
enum { FSCONFIG_VALUE_MAX = 255 };

int mount_clone(int dir, const char *path, bool recursive, int *mount, struct error *err)
{
    unsigned flags =
        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);

    *mount = open_tree(dir, path, flags);
    return *mount < 0 ? error_set(err, errno, "open the mount source '%s'", path) : 0;
}

static int set_attributes(int mount, unsigned flags, struct mount_attr *attr, const char *name,
                          struct error *err)
{
    if (mount_setattr(mount, "", AT_EMPTY_PATH | flags, attr, sizeof(*attr)) < 0)
        return error_set(err, errno, "change the attributes of mount '%s'", name);
    return 0;
}

/* Times of access are one value, not bits: to set one clears the others. */
static uint64_t with_atime(uint64_t set, uint64_t clear)
{
    return set & MOUNT_ATTR__ATIME ? clear | MOUNT_ATTR__ATIME : clear;
}

int mount_change(int mount, const struct mount_flags *f, const char *name, struct error *err)
{
    struct mount_attr here = {.attr_set = f->set, .attr_clr = with_atime(f->set, f->clear)};
    struct mount_attr below = {.attr_set = f->recursive_set,
                               .attr_clr = with_atime(f->recursive_set, f->recursive_clear)};
    int rc = 0;

    if (f->propagation_recursive)
        below.propagation = f->propagation;
    else
        here.propagation = f->propagation;
    if (below.attr_set || below.attr_clr || below.propagation)
        rc = set_attributes(mount, AT_RECURSIVE, &below, name, err);
    if (rc == 0 && (here.attr_set || here.attr_clr || here.propagation))
        rc = set_attributes(mount, 0, &here, name, err);
    return rc;
}

static bool is_directory(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

int mount_change_attached(int mount, const struct mount_flags *flags, const char *name,
                          struct error *err)
{
    int rc = mount_change(mount, flags, name, err);

    return rc == -ENOSYS ? mount_change_legacy(mount, flags, name, err) : rc;
}

int mount_attach(int mount, int target, const struct mount_flags *flags, const char *name,
                 struct error *err)
{
    int rc = flags ? mount_change(mount, flags, name, err) : 0;
    int code;

    if (rc < 0 && rc != -ENOSYS)
        return rc;
    if (move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0)
        return rc == -ENOSYS ? mount_change_legacy(mount, flags, name, err) : 0;
    code = errno;
    /* The kernel says only EINVAL to a directory on a file and the other way round. */
    if (code == EINVAL && is_directory(mount) != is_directory(target))
        code = is_directory(mount) ? ENOTDIR : EISDIR;
    return error_set(err, code, "mount on '%s'", name);
}

/* What the file system has to say about it: lines "e text" behind its descriptor. */
static int context_error(int context, int code, const struct step_mount *m, const char *word,
                         struct error *err)
{
    char text[256];
    ssize_t n = read(context, text, sizeof(text) - 1);

    if (n <= 2)
        return error_set(err, code, "mount '%s' on '%s'%s%s", m->type, m->target,
                         word ? ": option " : "", word ? word : "");
    text[n] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return error_set(err, code, "mount '%s' on '%s': %s", m->type, m->target, text + 2);
}

static int set_parameter(int context, const struct step_mount *m, const char *word,
                         struct error *err)
{
    const char *equals = strchr(word, '=');
    char name[256];
    int rc;

    if (!equals) {
        rc = fsconfig(context, FSCONFIG_SET_FLAG, word, NULL, 0);
    } else {
        snprintf(name, sizeof(name), "%.*s", (int)(equals - word), word);
        rc = fsconfig(context, FSCONFIG_SET_STRING, name, equals + 1, 0);
    }
    return rc < 0 ? context_error(context, errno, m, word, err) : 0;
}

static bool has_long_value(const struct step_mount *m)
{
    for (size_t i = 0; i < m->data.count; i++) {
        const char *equals = strchr(m->data.at[i], '=');

        if (equals && strlen(equals + 1) > FSCONFIG_VALUE_MAX)
            return true;
    }
    return false;
}

static int mount_configured(const struct step_mount *m, const char *extra, int *mount,
                            struct error *err)
{
    CLEANUP_FD
    int context = fsopen(m->type, FSOPEN_CLOEXEC);
    int rc = 0;

    if (context < 0)
        return error_set(err, errno, "mount '%s' on '%s'", m->type, m->target);
    if (fsconfig(context, FSCONFIG_SET_STRING, "source", m->source, 0) < 0)
        return context_error(context, errno, m, "source", err);
    for (size_t i = 0; rc == 0 && i < m->data.count; i++)
        rc = set_parameter(context, m, m->data.at[i], err);
    if (rc == 0 && extra)
        rc = set_parameter(context, m, extra, err);
    if (rc < 0)
        return rc;
    if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return context_error(context, errno, m, NULL, err);
    *mount = fsmount(context, FSMOUNT_CLOEXEC, (unsigned)m->flags.set);
    return *mount < 0 ? context_error(context, errno, m, NULL, err) : 0;
}

int mount_new(const struct step_mount *m, const char *extra, int *mount, struct error *err)
{
    return has_long_value(m) ? mount_new_legacy(m, extra, mount, err)
                             : mount_configured(m, extra, mount, err);
}

int step_open_source(struct executor *x, const struct step *s, struct error *err)
{
    struct tree *source = &x->sources[s->source.index];
    int rc = mount_clone(AT_FDCWD, s->source.path, s->source.recursive, &source->fd, err);

    if (rc == -EINVAL && !s->source.recursive && !x->options->privileged)
        return error_text(err, EINVAL,
                          "mount source '%s': mounts below it, which a user namespace may not take "
                          "off: use 'rbind'",
                          s->source.path);
    if (rc < 0)
        return rc;
    source->is_directory = is_directory(source->fd);
    if (s->source.uids) {
        rc = mount_map_ids(x->arena, source->fd, &s->source, err);
        if (rc < 0)
            return rc;
    }
    rc = mount_change(source->fd, &s->source.flags, s->source.path, err);
    if (rc == -ENOSYS) {
        source->later = &s->source.flags;
        rc = 0;
    }
    return rc;
}

int step_attach(struct executor *x, const struct step *s, struct error *err)
{
    struct tree *source = &x->sources[s->attach.source];
    enum target_kind kind = source->is_directory ? TARGET_DIRECTORY : TARGET_FILE;
    CLEANUP_FD
    int target = -1;
    int rc = target_make(x->root, s->attach.target, kind, false, &target, err);

    if (rc >= 0)
        rc = mount_attach(source->fd, target, source->later, s->attach.target, err);
    if (rc == 0)
        close(steal_fd(&source->fd));
    return rc;
}

/* A tmpfs over a directory that is there takes its mode, unless one is asked for. */
static const char *mode_of(struct executor *x, const struct step_mount *m, int target)
{
    struct stat st;

    if (strcmp(m->type, "tmpfs") != 0 || fstat(target, &st) < 0)
        return NULL;
    for (size_t i = 0; i < m->data.count; i++)
        if (strncmp(m->data.at[i], "mode=", 5) == 0)
            return NULL;
    return arena_printf(x->arena, "mode=%04o", st.st_mode & 07777);
}

int step_mount(struct executor *x, const struct step *s, struct error *err)
{
    const struct step_mount *m = &s->mount;
    CLEANUP_FD
    int target = -1, mount = -1;
    struct step_mount fresh = *m;
    struct mount_flags later = m->flags;
    int made = target_make(x->root, m->target, TARGET_DIRECTORY, m->plain_target, &target, err);
    int rc;

    if (made == -ELOOP && m->plain_target)
        return error_text(err, ELOOP, "mount '%s' on '%s': a symbolic link is on the way", m->type,
                          m->target);
    if (made < 0)
        return made;
    /* Most attributes come with the mount; read-only has to wait for what is copied into it. */
    later.set = later.clear = 0;
    if (m->copy_up) {
        later.set = m->flags.set & MOUNT_ATTR_RDONLY;
        fresh.flags.set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
    }
    rc = mount_new(&fresh, made ? NULL : mode_of(x, m, target), &mount, err);
    if (rc < 0)
        rc = mount_instead(x->plan->spec, &fresh, &mount, &later, err);
    if (rc == 0 && m->copy_up && !made)
        rc = copy_tree(target, mount, err);
    return rc < 0 ? rc : mount_attach(mount, target, &later, m->target, err);
}

static int open_private_proc(int *proc)
{
    static const struct step_mount m = {.type = "proc", .source = "proc", .target = "(private)"};
    struct error ignored;

    return mount_new(&m, NULL, proc, &ignored);
}

int private_proc(struct executor *x, int *proc, struct error *err)
{
    if (x->proc < 0 && open_private_proc(&x->proc) < 0) {
        x->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (x->proc < 0 || !is_on(x->proc, PROC_SUPER_MAGIC))
            return error_text(err, ENOENT, "/proc is not a procfs");
    }
    *proc = x->proc;
    return 0;
}
