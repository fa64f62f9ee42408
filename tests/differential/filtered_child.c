/* SPDX-License-Identifier: Apache-2.0 */
/* Children under filters, and system calls made by hand. */
#include "tests/differential/filtered_child.h"

#include <errno.h>
#include <linux/audit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void NORETURN give_up(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

struct page *page_new(void)
{
    struct page *page =
        mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        give_up("mmap");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        give_up("no_new_privs");
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* many children die: no cores */
    return page;
}

/* Not sanitized: what is told before a trap makes a system call, and insists on it. */
static void NORETURN __attribute__((no_sanitize("address")))
child(struct page *page, const struct program *p, void (*body)(struct page *page))
{
    const struct sock_fprog prog = {(unsigned short)p->count, p->code};
    const struct rlimit limit = {10, 10}; /* seconds: whatever goes wrong comes to an end */

    /* A sanitizer would look into how this ends. */
    signal(SIGILL, SIG_DFL);
    signal(SIGSYS, SIG_DFL);
    setrlimit(RLIMIT_CPU, &limit);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0) {
        page->loaded = -errno;
        _exit(EXIT_SUCCESS);
    }
    page->loaded = 1;
    if (body)
        body(page);
    __builtin_trap();
}

int run_filtered(struct page *page, const struct program *p, void (*body)(struct page *page))
{
    pid_t pid;
    int status;

    page->loaded = 0;
    page->made = 0;
    /* Not fork(): there are thousands of children, and this one needs no memory of its own. The
     * filter and the signal handlers are its own all the same. */
    pid = vfork();
    if (pid == 0)
        child(page, p, body);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        give_up("child");
    return status;
}

#if HAVE_EXACT_CALLS

int64_t call_x86_64(const struct seccomp_data *data);
int64_t call_i386(const struct seccomp_data *data);
extern const char call_x86_64_returns[], call_i386_returns[];

/* clang-format off */
__asm__(".text\n"
        "call_x86_64:\n"
        "    mov %rdi, %rax\n"
        "    mov 16(%rax), %rdi\n"
        "    mov 24(%rax), %rsi\n"
        "    mov 32(%rax), %rdx\n"
        "    mov 40(%rax), %r10\n"
        "    mov 48(%rax), %r8\n"
        "    mov 56(%rax), %r9\n"
        "    movslq (%rax), %rax\n"
        "    syscall\n"
        "call_x86_64_returns:\n"
        "    ret\n"
        "call_i386:\n"
        "    push %rbx\n"
        "    push %rbp\n"
        "    mov %rdi, %rax\n"
        "    mov 16(%rax), %ebx\n"
        "    mov 24(%rax), %ecx\n"
        "    mov 32(%rax), %edx\n"
        "    mov 40(%rax), %esi\n"
        "    mov 48(%rax), %edi\n"
        "    mov 56(%rax), %ebp\n"
        "    mov (%rax), %eax\n"
        "    int $0x80\n"
        "call_i386_returns:\n"
        "    cltq\n"
        "    pop %rbp\n"
        "    pop %rbx\n"
        "    ret\n");
/* clang-format on */

int64_t make_call(const struct seccomp_data *data)
{
    return data->arch == AUDIT_ARCH_I386 ? call_i386(data) : call_x86_64(data);
}

uint64_t instruction_pointer(const struct seccomp_data *data)
{
    return (uintptr_t)(data->arch == AUDIT_ARCH_I386 ? call_i386_returns : call_x86_64_returns);
}

bool takes_i386_calls(void)
{
    const struct seccomp_data i386_getpid = {.nr = 20, .arch = AUDIT_ARCH_I386};
    const pid_t pid = fork();
    int status;

    if (pid == 0) {
        signal(SIGSEGV, SIG_DFL);
        _exit(make_call(&i386_getpid) == getpid() ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        give_up("child");
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

#else

int64_t make_call(const struct seccomp_data *data)
{
    (void)data;
    return -ENOSYS;
}

uint64_t instruction_pointer(const struct seccomp_data *data)
{
    (void)data;
    return 0;
}

bool takes_i386_calls(void)
{
    return false;
}

#endif
