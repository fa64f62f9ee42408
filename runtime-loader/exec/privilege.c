/* SPDX-License-Identifier: Apache-2.0 */
/* What this process may do. */
#include "runtime-loader/exec/privilege.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Number of the first user namespace (linux/proc_ns.h: PROC_USER_INIT_INO). */
static const ino_t first_user_namespace = 0xEFFFFFFD;

bool have_capability(int capability)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];

    return syscall(SYS_capget, &header, data) == 0 &&
           (data[capability / 32].effective >> capability % 32 & 1);
}

/* By doing: a copy that nobody sees and that goes with its descriptor. */
static bool may_mount(void)
{
    int fd = open_tree(AT_FDCWD, "/", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

bool in_first_user_namespace(void)
{
    struct stat st;

    return stat("/proc/self/ns/user", &st) < 0 || st.st_ino == first_user_namespace;
}

void privilege_find(struct privilege *out)
{
    out->admin = have_capability(CAP_SYS_ADMIN);
    out->host = out->admin && in_first_user_namespace();
    out->mount = out->host || (out->admin && may_mount());
}
