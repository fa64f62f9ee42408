/* SPDX-License-Identifier: Apache-2.0 */
/* Running from a copy of the program's own file that cannot be written to. */
#include "runtime-loader/cli/self.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const int all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

/* A detached read-only mount of the file: nothing is copied. */
static int read_only_mount(int *copy)
{
    struct mount_attr readonly = {.attr_set = MOUNT_ATTR_RDONLY};
    CLEANUP_FD
    int fd = open_tree(AT_FDCWD, "/proc/self/exe", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

    if (fd < 0 || mount_setattr(fd, "", AT_EMPTY_PATH, &readonly, sizeof(readonly)) < 0)
        return -errno;
    *copy = steal_fd(&fd);
    return 0;
}

/* Where that is not possible: Linux before 5.12, a user without rights. */
static int sealed_copy(int *copy)
{
    CLEANUP_FD
    int fd = memfd_create("easyrun", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    CLEANUP_FD
    int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || self < 0 || fstat(self, &st) < 0)
        return -errno;
    for (off_t left = st.st_size; left > 0;) {
        ssize_t n = sendfile(fd, self, NULL, (size_t)left);

        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        left -= n;
    }
    if (fcntl(fd, F_ADD_SEALS, all_seals) < 0)
        return -errno;
    *copy = steal_fd(&fd);
    return 0;
}

static bool is_sealed(void)
{
    CLEANUP_FD
    int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

    return self >= 0 && fcntl(self, F_GET_SEALS) == all_seals;
}

/* The program may belong to a user without rights, and the container's root be that user. */
static bool is_in_danger(void)
{
    struct stat st;

    return geteuid() == 0 || access("/proc/self/exe", W_OK) == 0 ||
           (stat("/proc/self/exe", &st) == 0 && st.st_uid == geteuid());
}

int protect_self(char **argv)
{
    CLEANUP_FD
    int copy = -1;
    struct statvfs fs;
    int rc;

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return -errno;
    if (statvfs("/proc/self/exe", &fs) < 0)
        return -errno;
    if (fs.f_flag & ST_RDONLY || !is_in_danger() || is_sealed())
        return 0;
    rc = read_only_mount(&copy);
    if (rc == -ENOSYS || rc == -EPERM)
        rc = sealed_copy(&copy);
    if (rc == 0 && execveat(copy, "", argv, environ, AT_EMPTY_PATH) < 0)
        rc = -errno;
    return rc;
}
