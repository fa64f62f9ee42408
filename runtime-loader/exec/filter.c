/* SPDX-License-Identifier: Apache-2.0 */
/* Loading filters, the last thing before execve(2). */
#include "runtime-loader/exec/executor.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

int step_filter(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    for (size_t i = 0; i < x->filters->list.count; i++) {
        const struct seccomp_filter *f = &x->filters->list.at[i];
        struct sock_fprog program = {f->count, (struct sock_filter *)(uintptr_t)f->code};

        if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, f->flags, &program) < 0)
            return error_set(err, errno, "load seccomp filter %zu", i);
    }
    return 0;
}
