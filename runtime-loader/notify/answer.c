/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime-loader/notify/answer.h"

#include <sys/ioctl.h>

bool still_waits(const struct notified *n)
{
    __u64 id = n->call->id;

    return ioctl(n->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

void answer_errno(const struct notified *n, int error)
{
    n->answer->error = -error;
}

void answer_continue(const struct notified *n)
{
    n->answer->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
}
