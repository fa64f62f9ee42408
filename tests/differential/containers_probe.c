/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs in a container: makes the calls that standard input lists, a line of a number and six
 * arguments each, and writes what each got: the errno, 0 for none. A call that kills is made in a
 * child and is "killed".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    unsigned long long c[7];

    while (scanf("%llu %llu %llu %llu %llu %llu %llu", &c[0], &c[1], &c[2], &c[3], &c[4], &c[5],
                 &c[6]) == 7) {
        int status;
        pid_t child = fork();

        if (child == 0) {
            long ret = syscall((long)c[0], c[1], c[2], c[3], c[4], c[5], c[6]);

            _exit(ret < 0 ? errno : 0);
        }
        if (child < 0 || waitpid(child, &status, 0) < 0)
            return 1;
        if (WIFSIGNALED(status))
            puts("killed");
        else
            printf("%d\n", WEXITSTATUS(status));
    }
    return 0;
}
