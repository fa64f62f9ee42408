/* SPDX-License-Identifier: Apache-2.0 */
/* System calls by the machine's own entries. */
#include "tests/differential/kernel_entry.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__x86_64__)

int64_t kernel_enter_native(const struct kernel_call *call);
int64_t kernel_enter_int80(const struct kernel_call *call);
extern const char kernel_enter_native_return[];

/* The offsets are those of struct kernel_call. The kernel leaves rbx, rbp and r12 to r15 as they
 * were, and int $0x80 takes its arguments in ebx, ecx, edx, esi, edi, ebp. */
__asm__(".text\n"
        ".globl kernel_enter_native\n"
        ".type kernel_enter_native, @function\n"
        "kernel_enter_native:\n"
        "    mov %rdi, %r11\n"
        "    mov (%r11), %rax\n"
        "    mov 8(%r11), %rdi\n"
        "    mov 16(%r11), %rsi\n"
        "    mov 24(%r11), %rdx\n"
        "    mov 32(%r11), %r10\n"
        "    mov 40(%r11), %r8\n"
        "    mov 48(%r11), %r9\n"
        "    syscall\n"
        ".globl kernel_enter_native_return\n"
        "kernel_enter_native_return:\n"
        "    ret\n"
        ".size kernel_enter_native, . - kernel_enter_native\n"
        ".globl kernel_enter_int80\n"
        ".type kernel_enter_int80, @function\n"
        "kernel_enter_int80:\n"
        "    push %rbx\n"
        "    push %rbp\n"
        "    push %r12\n"
        "    mov %rdi, %r12\n"
        "    mov (%r12), %rax\n"
        "    mov 8(%r12), %rbx\n"
        "    mov 16(%r12), %rcx\n"
        "    mov 24(%r12), %rdx\n"
        "    mov 32(%r12), %rsi\n"
        "    mov 40(%r12), %rdi\n"
        "    mov 48(%r12), %rbp\n"
        "    int $0x80\n"
        "    movslq %eax, %rax\n"
        "    pop %r12\n"
        "    pop %rbp\n"
        "    pop %rbx\n"
        "    ret\n"
        ".size kernel_enter_int80, . - kernel_enter_int80\n");

int64_t enter_native(const struct kernel_call *call)
{
    return kernel_enter_native(call);
}

uint64_t enter_native_ip(void)
{
    return (uintptr_t)kernel_enter_native_return;
}

int64_t enter_int80(const struct kernel_call *call)
{
    return kernel_enter_int80(call);
}

#else

int64_t enter_native(const struct kernel_call *call)
{
#if defined(__aarch64__)
    register uint64_t x8 __asm__("x8") = call->nr;
    register uint64_t x0 __asm__("x0") = call->args[0];
    register uint64_t x1 __asm__("x1") = call->args[1];
    register uint64_t x2 __asm__("x2") = call->args[2];
    register uint64_t x3 __asm__("x3") = call->args[3];
    register uint64_t x4 __asm__("x4") = call->args[4];
    register uint64_t x5 __asm__("x5") = call->args[5];

    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return (int64_t)x0;
#else
    const uint64_t *a = call->args;
    long ret = syscall((long)call->nr, a[0], a[1], a[2], a[3], a[4], a[5]);

    return ret == -1 ? -errno : ret;
#endif
}

uint64_t enter_native_ip(void)
{
    return 0;
}

int64_t enter_int80(const struct kernel_call *call)
{
    (void)call;
    abort();
}

#endif
