/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a fixed list of calls of x86_64 and writes after each what it returned, 8 bytes: what a
 * filter says is seen without a C library that makes calls of its own. With -DLOADER it becomes
 * user 1000 and loads the filter on standard input first: what the kernel makes of the same bytes
 * outside of a container. It ends with 100 if the kernel refuses them.
 */
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <stddef.h>

static long call(long nr, long a, long b, long c)
{
    register long r10 __asm__("r10") = 0, r8 __asm__("r8") = 0, r9 __asm__("r9") = 0;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

enum { READ = 0, WRITE = 1, SETREUID = 113, SETREGID = 114, PRCTL = 157, EXIT_GROUP = 231 };

/* number, first argument; tests/runtime/blobs.test has the same list */
static const long calls[][2] = {
    {102, 0}, {107, 0}, {104, 7}, {104, 8}, {104, 0x100000007}, {0x40000000 + 102, 0},
    {108, 0}, {83, 1}};

#ifdef LOADER
static void load(void)
{
    static char bytes[(BPF_MAXINSNS + 2) * sizeof(struct sock_filter)];
    long len = 0, n;
    struct sock_fprog program;

    while ((n = call(READ, 0, (long)bytes + len, (long)sizeof(bytes) - len)) > 0)
        len += n;
    program.len = (unsigned short)(len / 8);
    program.filter = (struct sock_filter *)bytes;
    call(SETREGID, 1000, 1000, 0);
    call(SETREUID, 1000, 1000, 0);
    call(PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0);
    if (len % 8 || call(PRCTL, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (long)&program) < 0)
        call(EXIT_GROUP, 100, 0, 0);
}
#endif

void _start(void);
__attribute__((force_align_arg_pointer)) void _start(void)
{
#ifdef LOADER
    load();
#endif
    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
        long result = call(calls[i][0], calls[i][1], 0, 0);

        call(WRITE, 1, (long)&result, sizeof(result));
    }
    call(EXIT_GROUP, 42, 0, 0);
    __builtin_trap();
}
