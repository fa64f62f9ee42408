/* SPDX-License-Identifier: Apache-2.0 */
/* What a program inherits of signals, and must not: those that whoever started the runtime ignores.
 */
#include "runtime-loader/exec/executor.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LAST_SIGNAL 64 /* the kernel's, on all architectures but MIPS, which has 128 */

/* The set as proc(5) has it, bit n - 1 for signal n; all, where that is not known. */
static uint64_t ignored_signals(void)
{
    static const char key[] = "\nSigIgn:\t";
    CLEANUP_FD int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    char text[4096];
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    const char *line;

    if (len <= 0)
        return UINT64_MAX;
    text[len] = '\0';
    line = strstr(text, key);
    return line ? strtoull(line + strlen(key), NULL, 16) : UINT64_MAX;
}

void note_signals(struct executor *x)
{
    sigprocmask(SIG_SETMASK, NULL, &x->signals);
    x->ignored = ignored_signals();
}

int restore_signals(struct executor *x, struct error *err)
{
    static const unsigned long by_default[16]; /* struct sigaction as the kernel has it */

    /* signal(3) refuses the two that the C library keeps for itself */
    for (int n = 1; n <= LAST_SIGNAL; n++)
        if (x->ignored & UINT64_C(1) << (n - 1))
            syscall(SYS_rt_sigaction, n, by_default, NULL, sizeof(uint64_t));
    if (sigprocmask(SIG_SETMASK, &x->signals, NULL) < 0)
        return error_set(err, errno, "sigprocmask");
    return 0;
}
