/* SPDX-License-Identifier: Apache-2.0 */
/* Names with values: errnos, the kernel's uapi constants, system call groups, actions, filter
 * flags. Lookups take (name, length), are O(log n) or better, and give NULL/false for unknown. */
#ifndef TABLES_NAMES_H
#define TABLES_NAMES_H

#include "compiler/tables/arch.h"
#include "compiler/tables/syscalls.h"

/* --- errnos: asm/errno.h of each architecture ------------------------------------------------ */
#define MAX_ERRNO 4095 /* linux/err.h */

bool errno_value(const char *name, size_t len, const struct arch *a, uint16_t *value);
/* The usual name (EAGAIN, not EWOULDBLOCK); NULL if the value has none. */
const char *errno_name(uint16_t value, const struct arch *a);
/* For listing and "did you mean": i from 0 until NULL, sorted. */
const char *errno_at(size_t i);

/* --- uapi constants --------------------------------------------------------------------------- */
#define CONSTANT_NAME_SIZE   55
#define CONSTANT_FAMILY_SIZE 20
struct constant {
    char name[CONSTANT_NAME_SIZE];
    bool negative;  /* the header defines it as a negative number */
    uint64_t value; /* on most architectures; negative ones are two's complement in 64 bits */
    char
        family[CONSTANT_FAMILY_SIZE]; /* "AF", "O", "CLONE" ...: which set of names it belongs to */
    uint16_t first_override, override_count; /* into constant_overrides */
};
struct constant_override {
    arch_set archs;
    bool absent; /* those architectures do not define it */
    uint64_t value;
};
extern const struct constant constant_table[]; /* sorted by name (strcmp) */
extern const size_t constant_count;
extern const struct constant_override constant_overrides[];

const struct constant *constant_by_name(const char *name, size_t len);
/* false: that architecture does not define it. */
bool constant_value(const struct constant *c, const struct arch *a, uint64_t *value);
/* Name for showing a value of a known family (e.g. "AF", 16 -> "AF_NETLINK"); NULL if none. */
const char *constant_name(const char *family, uint64_t value, const struct arch *a);

/* Which family the constants of an argument belong to ("socket", "family" -> "AF"),
 * and whether they are or-ed together. NULL: none known. From argument-families.tsv. */
#define ARGUMENT_CALL_SIZE 24
struct argument_family {
    char syscall[ARGUMENT_CALL_SIZE];
    char arg[SYSCALL_ARG_SIZE];
    char family[CONSTANT_FAMILY_SIZE];
    bool flags; /* bits to be or-ed; else one value */
};
const struct argument_family *argument_family(const char *syscall, const char *arg);

/* --- groups of system calls ------------------------------------------------------------------- */
#define GROUP_MEMBER_SIZE 32
struct syscall_group {
    const char *name; /* "basic-io" */
    const char *summary;
    const char (
        *members)[GROUP_MEMBER_SIZE]; /* names of calls, and "%group" for nested groups; sorted */
    size_t count;
};
extern const struct syscall_group group_table[]; /* sorted by name */
extern const size_t group_count;
const struct syscall_group *group_by_name(const char *name, size_t len);

/* --- actions: actions.def, from linux/seccomp.h ----------------------------------------------- */
enum action_data { DATA_NONE, DATA_ERRNO, DATA_U16 };
enum action_id {
#define ACTION(id, ...) ACTION_##id,
#include "compiler/tables/actions.def"
#undef ACTION
    ACTION_COUNT
};
struct action_info {
    const char *name;      /* "ERRNO": the language's */
    const char *oci;       /* "SCMP_ACT_ERRNO" */
    uint32_t ret;          /* SECCOMP_RET_*, data 0 */
    enum action_data data; /* what its parentheses hold */
    bool data_optional;
    const char *summary;
};
extern const struct action_info action_table[ACTION_COUNT];
const struct action_info *action_by_name(const char *name, size_t len);
/* By the action part of a return value; unknown values are what the kernel makes of them:
 * KILL_PROCESS (kernel/seccomp.c, __seccomp_filter). */
const struct action_info *action_of_ret(uint32_t ret);
/* "ALLOW()", "ERRNO(EPERM)", "TRACE(3)": a return value as policies have it, with the errnos of an
 * architecture. Cut if size is too small; ACTION_TEXT never is. */
enum { ACTION_TEXT = 48 };
void action_source(uint32_t ret, const struct arch *arch, char *text, size_t size);
/* Is the call made, whoever looks on? */
bool lets_through(uint32_t ret);

/* --- variables: variables.def ------------------------------------------------------------------
 */
struct variable {
    const char *name; /* without the $ */
    const char *summary;
};
extern const struct variable variable_table[];
extern const size_t variable_count;

/* --- filter flags: filter-flags.def ----------------------------------------------------------- */
struct filter_flag {
    const char *name; /* "LOG" */
    const char *oci;  /* "SECCOMP_FILTER_FLAG_LOG" */
    uint32_t bit;     /* SECCOMP_FILTER_FLAG_* */
    const char *summary;
};
enum filter_flag_id {
#define FILTER_FLAG(id, ...) FILTER_FLAG_##id,
#include "compiler/tables/filter-flags.def"
#undef FILTER_FLAG
    FILTER_FLAG_COUNT
};
extern const struct filter_flag filter_flags[FILTER_FLAG_COUNT];
extern const size_t filter_flag_count;
const struct filter_flag *filter_flag_by_name(const char *name, size_t len);

#endif
