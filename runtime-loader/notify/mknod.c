/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The path is copied once and then only used by its copy: nothing that the caller changes later has
 * an effect. It is resolved by a child that has the caller's root and working directory, by
 * descriptors that are known to be his, and no right but CAP_MKNOD and those of his ids.
 */
#include "runtime-loader/notify/mknod.h"

#include "base/io.h"
#include "compiler/include/easyseccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

enum { GROUPS_MAX = 256, PAGE = 4096 };

struct request {
    char path[PATH_MAX];
    mode_t mode; /* with the caller's umask */
    dev_t device;
    int root, base; /* base: where a relative path begins */
    uid_t uid;      /* his ids for files */
    gid_t gid;
    gid_t groups[GROUPS_MAX];
    size_t group_count;
};

static bool is_safe(dev_t device)
{
    static const struct {
        unsigned major, minor;
    } safe[] = {{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}};

    for (size_t i = 0; i < ARRAY_SIZE(safe); i++)
        if (device == makedev(safe[i].major, safe[i].minor))
            return true;
    return false;
}

/* Page by page: behind the end of the text there may be no memory. */
static int copy_path(pid_t pid, uint64_t address, char *path)
{
    for (size_t len = 0; len < PATH_MAX;) {
        size_t room = PAGE - (size_t)((address + len) % PAGE);
        struct iovec local = {path + len, room < PATH_MAX - len ? room : PATH_MAX - len};
        struct iovec remote = {(void *)(uintptr_t)(address + len), local.iov_len};
        ssize_t n = process_vm_readv(pid, &local, 1, &remote, 1, 0);

        if (n <= 0)
            return n < 0 && errno != EFAULT ? -EPERM : -EFAULT;
        if (memchr(path + len, '\0', (size_t)n))
            return path[0] ? 0 : -ENOENT;
        len += (size_t)n;
    }
    return -ENAMETOOLONG;
}

static const char *line_of(const char *text, const char *key)
{
    const char *line = strstr(text, key);

    return line ? line + strlen(key) : NULL;
}

/* The fourth of "real effective saved of-files". */
static unsigned long fourth(const char *line)
{
    char *end = (char *)(uintptr_t)line;
    unsigned long value = 0;

    for (int i = 0; i < 4; i++)
        value = strtoul(end, &end, 10);
    return value;
}

/* Ids and umask, from proc(5). */
static int read_status(pid_t pid, struct request *r)
{
    char path[64], text[8192];
    CLEANUP_FD int fd = -1;
    const char *uid, *gid, *groups, *mask;
    ssize_t n;

    snprintf(path, sizeof(path), "/proc/%d/status", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (n <= 0)
        return -EPERM;
    text[n] = '\0';
    uid = line_of(text, "\nUid:");
    gid = line_of(text, "\nGid:");
    groups = line_of(text, "\nGroups:");
    mask = line_of(text, "\nUmask:");
    if (!uid || !gid || !groups || !mask)
        return -EPERM;
    r->uid = (uid_t)fourth(uid);
    r->gid = (gid_t)fourth(gid);
    r->mode &= ~(mode_t)strtoul(mask, NULL, 8);
    while (r->group_count < GROUPS_MAX) {
        char *end;
        unsigned long group;

        groups += strspn(groups, " \t");
        group = strtoul(groups, &end, 10);
        if (end == groups)
            break;
        r->groups[r->group_count++] = (gid_t)group;
        groups = end;
    }
    return 0;
}

static int open_of(pid_t pid, const char *what)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
    return open(path, O_PATH | O_CLOEXEC);
}

static int open_places(pid_t pid, int dir, struct request *r)
{
    char name[32] = "cwd";

    if (dir != AT_FDCWD)
        snprintf(name, sizeof(name), "fd/%d", dir);
    r->root = open_of(pid, "root");
    r->base = r->path[0] == '/' ? open_of(pid, "root") : open_of(pid, name);
    if (r->root < 0)
        return -EPERM;
    return r->base < 0 ? -EBADF : 0;
}

/* Only CAP_MKNOD stays of what the agent may do. */
static int become_caller(const struct request *r)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct caps[2] = {{1U << CAP_MKNOD, 1U << CAP_MKNOD, 0}, {0, 0, 0}};

    if (fchdir(r->root) < 0 || chroot(".") < 0)
        return -errno;
    if (fchdir(r->base) < 0) /* ENOTDIR is the caller's own fault */
        return -errno;
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setgroups(r->group_count, r->groups) < 0 ||
        setresgid(r->gid, r->gid, r->gid) < 0 || setresuid(r->uid, r->uid, r->uid) < 0 ||
        syscall(SYS_capset, &header, caps) < 0)
        return -EPERM;
    return 0;
}

/* In the child. Links of procfs would lead to what is the child's, not the caller's. */
static int make_node(struct request *r)
{
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                           .resolve = RESOLVE_NO_MAGICLINKS};
    size_t len = strlen(r->path);
    char *slash;
    const char *name, *parent = ".";
    int dir;
    int rc = become_caller(r);

    if (rc < 0)
        return rc;
    if (r->path[len - 1] == '/')
        return -ENOENT; /* as the kernel has it for what is no directory */
    slash = strrchr(r->path, '/');
    name = slash ? slash + 1 : r->path;
    if (slash) {
        parent = slash == r->path ? "/" : r->path;
        *slash = slash == r->path ? '/' : '\0';
    }
    dir = (int)syscall(SYS_openat2, AT_FDCWD, parent, &how, sizeof(how));
    if (dir < 0)
        return -errno;
    umask(0);
    if (slash == r->path)
        name = r->path + 1;
    return mknodat(dir, name, r->mode, r->device) < 0 ? -errno : 0;
}

/* Of what the agent has open, nothing but the caller's places is the child's business. */
static void close_others(struct request *r)
{
    int low = r->root < r->base ? r->root : r->base, high = r->root + r->base - low;

    if (low > 0)
        close_range(0, (unsigned)low - 1, 0);
    if (high > low + 1)
        close_range((unsigned)low + 1, (unsigned)high - 1, 0);
    close_range((unsigned)high + 1, ~0U, 0);
}

/* In a child: its root is not the agent's any more, and a file system of the caller's may let it
 * wait for ever. */
static int in_child(struct notified *n, struct request *r)
{
    pid_t agent = getpid(), child = n->may_work ? fork() : -1;

    if (child == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != agent)
            _exit(EIO);
        close_others(r);
        _exit(-make_node(r));
    }
    n->worker = child < 0 ? 0 : child;
    return child < 0 ? -EAGAIN : 0;
}

static int emulate(struct notified *n, struct request *r, int dir, uint64_t path)
{
    pid_t pid = (pid_t)n->call->pid;
    int rc = copy_path(pid, path, r->path);

    if (rc == 0)
        rc = read_status(pid, r);
    if (rc == 0)
        rc = open_places(pid, dir, r);
    if (rc == 0 && !still_waits(n))
        rc = -ENOENT; /* nobody will hear of it */
    if (rc == 0)
        rc = in_child(n, r);
    if (r->root >= 0)
        close(r->root);
    if (r->base >= 0)
        close(r->base);
    return rc;
}

void mknod_answer(struct notified *n)
{
    const struct seccomp_data *d = &n->call->data;
    const __u64 *args = d->args;
    int dir = AT_FDCWD;
    struct request r = {.root = -1, .base = -1};

    if (d->arch == es_native_arch() && d->nr == SYS_mknodat)
        dir = (int)*args++;
#ifdef SYS_mknod
    else if (d->arch == es_native_arch() && d->nr == SYS_mknod)
        ;
#endif
    else {
        answer_errno(n, ENOSYS);
        return;
    }
    r.mode = (mode_t)args[1];
    r.device = makedev(args[2] >> 8 & 0xfff, (args[2] & 0xff) | (args[2] >> 12 & 0xfff00));
    if (!S_ISCHR(r.mode) && !S_ISBLK(r.mode))
        answer_continue(n); /* decided by a register, which nobody can change any more */
    else if (!S_ISCHR(r.mode) || !is_safe(r.device))
        answer_errno(n, EPERM);
    else
        answer_errno(n, -emulate(n, &r, dir, args[0]));
}
