/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter in the running kernel, and calls made under it.
 *
 * Every filter is loaded in a child of its own. Behind that, the child makes no system call but
 * those that are the test, writes to a page that it shares with its parent, and leaves by an
 * illegal instruction, as the filter may refuse it every other way out.
 */
#ifndef TESTS_DIFFERENTIAL_FILTERED_CHILD_H
#define TESTS_DIFFERENTIAL_FILTERED_CHILD_H

#include "compiler/cbpf/program.h"

#define MOST_CALLS 32

/* What a child is to do, and what it did. */
struct page {
    uint32_t calls;
    struct filtered_call {
        struct seccomp_data data; /* the call, as the kernel should see it */
        int64_t result;
    } call[MOST_CALLS];
    int loaded;    /* 1: the kernel took the filter, -errno: it did not, 0: not known */
    uint32_t made; /* calls that came back */
};

/* Shared memory for all children; sets no_new_privs. Ends the program if it cannot. */
struct page *page_new(void);

/* Loads the filter in a child, runs body (if any) there, and returns the child's wait status. The
 * body may call nothing of libc that makes a system call. */
int run_filtered(struct page *page, const struct program *p, void (*body)(struct page *page));

/* Calls need assembly to be made exactly as told, instruction pointer and all. */
#ifdef __x86_64__
#define HAVE_EXACT_CALLS 1
#else
#define HAVE_EXACT_CALLS 0
#endif

/* Number, architecture (x86_64's or i386's) and arguments are taken from data. */
int64_t make_call(const struct seccomp_data *data);
/* The instruction pointer that the kernel will see in make_call(data). */
uint64_t instruction_pointer(const struct seccomp_data *data);
/* Can this process make i386 calls, by int 0x80? */
bool takes_i386_calls(void);

#endif
