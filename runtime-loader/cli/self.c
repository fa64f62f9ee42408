/* SPDX-License-Identifier: Apache-2.0 */
/* Running from a read-only mount of the program's own file. */
#include "runtime-loader/cli/self.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int run_read_only(char **argv)
{
    struct mount_attr readonly = {.attr_set = MOUNT_ATTR_RDONLY};
    CLEANUP_FD
    int copy = open_tree(AT_FDCWD, "/proc/self/exe", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

    if (copy < 0 || mount_setattr(copy, "", AT_EMPTY_PATH, &readonly, sizeof(readonly)) < 0)
        return -errno;
    execveat(copy, "", argv, environ, AT_EMPTY_PATH);
    return -errno;
}

int protect_self(char **argv)
{
    struct statvfs fs;

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return -errno;
    if (statvfs("/proc/self/exe", &fs) < 0)
        return -errno;
    if (fs.f_flag & ST_RDONLY || geteuid() != 0)
        return 0;
    return run_read_only(argv);
}
