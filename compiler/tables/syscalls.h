/* SPDX-License-Identifier: Apache-2.0 */
/* System calls: names, numbers, first kernel release, signatures. Generated from syscalls.tsv and
 * syscall-args.tsv by generate.py. Lookups are O(log n) or better. */
#ifndef TABLES_SYSCALLS_H
#define TABLES_SYSCALLS_H

#include "compiler/tables/arch.h"

/* 5.3 is 0x00050300, 2.6.12 is 0x0002060c; 0 is "unknown, taken as old". */
typedef uint32_t kernel_release;
#define KERNEL_RELEASE(major, minor, patch)                                                        \
    ((kernel_release)(major) << 16 | (kernel_release)(minor) << 8 | (kernel_release)(patch))

enum arg_class { ARG_INT, ARG_UINT, ARG_PTR };

struct syscall_arg {
    char name[18];
    uint8_t class; /* enum arg_class */
    uint8_t bits;  /* width at which a 64-bit kernel reads it: 8, 16, 32 or 64 */
};

#define SYSCALL_ARGS_UNKNOWN 0xff
#define SYSCALL_MAX_ARGS     6

struct syscall_info {
    char name[31];
    uint8_t nargs;      /* SYSCALL_ARGS_UNKNOWN: signature not known */
    uint16_t first_arg; /* into syscall_args_table; places and not pointers, here as in names.h, so
                         * that nothing is to be relocated when a program starts */
    kernel_release since;
};
extern const struct syscall_arg syscall_args_table[];

/* The arguments, nargs of them. */
static inline const struct syscall_arg *syscall_args(const struct syscall_info *s)
{
    return syscall_args_table + s->first_arg;
}

extern const struct syscall_info syscall_table[]; /* sorted by name (strcmp) */
extern const size_t syscall_count;
/* Release of the kernel that the table describes. */
extern const kernel_release syscall_table_release;

/* NULL: the table does not have it. */
const struct syscall_info *syscall_by_name(const char *name, size_t len);
/* Number as it stands in seccomp_data (nr_base added); -1: none on that architecture. */
int64_t syscall_number(const struct syscall_info *s, const struct arch *a);
/* NULL: no name. nr as in seccomp_data. */
const struct syscall_info *syscall_by_number(const struct arch *a, uint32_t nr);

/*
 * libseccomp answers what the table does not have. It is loaded when first asked (dlopen), so
 * that programs that never meet an unknown name never load it; where it is missing, it knows
 * nothing. Not shared between threads: each compile opens its own.
 */
struct syscall_fallback {
    void *library;
    bool tried;
    int (*resolve)(uint32_t token, const char *name);
    char *(*name)(uint32_t token, int nr);
};
void syscall_fallback_release(struct syscall_fallback *f);
/* Number as in seccomp_data, or -1. */
int64_t syscall_fallback_number(struct syscall_fallback *f, const char *name, const struct arch *a);
/* Does any architecture of the table's have it, by libseccomp's word? */
bool syscall_fallback_knows(struct syscall_fallback *f, const char *name);

#endif
