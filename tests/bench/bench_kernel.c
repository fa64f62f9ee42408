/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's side: what loading a filter takes, and calls under it. */
#include "tests/bench/bench.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS 4000

static int compare(const void *pa, const void *pb)
{
    uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

    return (a > b) - (a < b);
}

uint64_t median(uint64_t *samples, size_t count)
{
    qsort(samples, count, sizeof(*samples), compare);
    return samples[count / 2];
}

static uint64_t per_call(long nr, long argument)
{
    uint64_t begin = now_ns();

    for (unsigned i = 0; i < CALLS; i++)
        syscall(nr, argument, 0, 0);
    return (now_ns() - begin) / CALLS;
}

/* In the child. personality(0xffffffff) asks and changes nothing; every profile looks at it. */
static bool measure(const struct program *p, struct kernel_times *t)
{
    struct sock_fprog prog = {(unsigned short)p->count, p->code};
    uint64_t begin;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return false;
    begin = now_ns();
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0)
        return false;
    t->load_ns = now_ns() - begin;
    t->answered_ns = per_call(SYS_getppid, 0);
    t->run_ns = per_call(SYS_personality, 0xffffffff);
    return true;
}

static bool in_child(const struct program *p, struct kernel_times *t)
{
    int fds[2], status = 0;
    bool got;
    pid_t pid;

    if (pipe(fds) < 0)
        return false;
    pid = fork();
    if (pid == 0) {
        if (measure(p, t) && write(fds[1], t, sizeof(*t)) == sizeof(*t))
            _exit(0);
        _exit(1);
    }
    close(fds[1]);
    got = pid > 0 && read(fds[0], t, sizeof(*t)) == sizeof(*t);
    close(fds[0]);
    if (pid > 0)
        waitpid(pid, &status, 0);
    return got;
}

bool kernel_times(const struct program *const *blobs, size_t count, struct kernel_times *times,
                  const char **why)
{
    static uint64_t load[MAX_BLOBS][ROUNDS], answered[MAX_BLOBS][ROUNDS], run[MAX_BLOBS][ROUNDS];

    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < count; i++) {
            size_t blob = (round + i) % count;
            struct kernel_times t;

            if (!in_child(blobs[blob], &t)) {
                *why = "a filter could not be loaded";
                return false;
            }
            load[blob][round] = t.load_ns;
            answered[blob][round] = t.answered_ns;
            run[blob][round] = t.run_ns;
        }
    for (size_t i = 0; i < count; i++)
        times[i] = (struct kernel_times){median(load[i], ROUNDS), median(answered[i], ROUNDS),
                                         median(run[i], ROUNDS)};
    return true;
}
