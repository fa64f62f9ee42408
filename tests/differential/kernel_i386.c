/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A 32-bit program for the test against the kernel: makes one system call and exits with its
 * negated result (0 where it succeeds). Compiled by the test with -m32 and without any library:
 *
 *     kernel_i386 NUMBER ARG0 ARG1
 */

static long call(long nr, long a, long b, long c)
{
    long ret;

    __asm__ volatile("int $0x80" : "=a"(ret) : "a"(nr), "b"(a), "c"(b), "d"(c) : "memory");
    return ret;
}

static long number(const char *text)
{
    unsigned long value = 0;

    while (*text)
        value = value * 10 + (unsigned long)(*text++ - '0');
    return (long)value;
}

__attribute__((used, noreturn)) static void run(char **argv)
{
    long ret = call(number(argv[0]), number(argv[1]), number(argv[2]), 0);

    call(1, ret < 0 ? -ret : 0, 0, 0); /* exit */
    for (;;) {
    }
}

/* At the start the stack holds argc and then argv. */
__asm__(".globl _start\n"
        "_start:\n"
        "    lea 4(%esp), %eax\n"
        "    push %eax\n"
        "    call run\n");
