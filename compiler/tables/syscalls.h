/* SPDX-License-Identifier: Apache-2.0 */
/* System calls: names, numbers, first kernel release, signatures. Generated from syscalls.tsv,
 * syscall-args.tsv and syscall-args-arch.tsv by generate.py. Lookups are O(log n) or better. */
#ifndef TABLES_SYSCALLS_H
#define TABLES_SYSCALLS_H

#include "compiler/tables/arch.h"

/* 5.3 is 0x00050300, 2.6.12 is 0x0002060c; 0 is "unknown, taken as old". */
typedef uint32_t kernel_release;
#define KERNEL_RELEASE(major, minor, patch)                                                        \
    ((kernel_release)(major) << 16 | (kernel_release)(minor) << 8 | (kernel_release)(patch))

enum arg_class { ARG_INT, ARG_UINT, ARG_PTR };

#define SYSCALL_ARG_SIZE 18
struct syscall_arg {
    char name[SYSCALL_ARG_SIZE]; /* "-": a register that the kernel does not read */
    uint8_t class;               /* enum arg_class */
    uint8_t bits;                /* width at which a 64-bit kernel reads it: 8, 16, 32 or 64 */
};

#define SYSCALL_ARGS_UNKNOWN 0xff
#define SYSCALL_NO_VARIANT   0xff
#define SYSCALL_MAX_ARGS     6

/* A row of the table. Its places are for syscall_signature(). */
struct syscall_info {
    char name[31];
    uint8_t nargs;         /* SYSCALL_ARGS_UNKNOWN: signature not known */
    uint16_t first_arg;    /* places and not pointers, here as in names.h, so that nothing is to be
                            * relocated when a program starts */
    uint8_t first_variant; /* the first of another signature; SYSCALL_NO_VARIANT: none */
    kernel_release since;
};

/* The arguments that the kernel reads from the registers, in order. */
struct signature {
    const struct syscall_arg *args;
    unsigned count;
    bool known; /* false: the count is 0 */
};
/* On an architecture; NULL: on most. s NULL: not known. */
struct signature syscall_signature(const struct syscall_info *s, const struct arch *a);
/* Has it an argument of that name on any architecture? */
bool syscall_has_argument(const struct syscall_info *s, const char *name, size_t len);
/* Place of the argument of that name; -1: there is none. */
int signature_find(const struct signature *s, const char *name, size_t len);

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
