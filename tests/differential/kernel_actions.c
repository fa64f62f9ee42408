/* SPDX-License-Identifier: Apache-2.0 */
/* Every action that a policy can take, seen for real. */
#include "tests/differential/kernel_cases.h"

#include <errno.h>

/* A call that fails with EBADF when it is made. */
#define BAD_READ(ret_) CALL(ret_, "read", UINT32_MAX, 0, 0)

static const struct call_case simple[] = {
    CALL(RET_ALLOW, "getppid"),
    BAD_READ(RET_ALLOW),
    CALL(RET_DENY, "getpid"),
    CALL(SECCOMP_RET_ERRNO | EPERM, "getuid"),
    CALL(SECCOMP_RET_ERRNO | 4095, "geteuid"),
    CALL(SECCOMP_RET_ERRNO | 1, "getgid"),
    CALL(SECCOMP_RET_KILL_THREAD, "getegid"),
    CALL(SECCOMP_RET_KILL_THREAD, "gettid"),
    CALL(SECCOMP_RET_KILL_PROCESS, "sched_yield"),
    CALL(SECCOMP_RET_LOG, "getpgid", 0),
    CALL(SECCOMP_RET_LOG, "getsid", UINT32_MAX),
};

static const struct call_case stopped[] = {
    BAD_READ(SECCOMP_RET_TRAP),
    CALL(SECCOMP_RET_TRAP | 1, "getpid"),
    CALL(SECCOMP_RET_TRAP | 0x7fff, "gettid"),
    CALL(SECCOMP_RET_TRAP | 0xffff, "getuid"),
    CALL(SECCOMP_RET_ALLOW, "getppid"),
};

/* Without a tracer the call fails with ENOSYS; with one it is made when the tracer says so. */
static const struct call_case traced[] = {
    BAD_READ(SECCOMP_RET_TRACE | 5),
    {ENTRY_NATIVE, "read", 0, {UINT32_MAX}, SECCOMP_RET_TRACE | 5, WITH_TRACER},
    CALL(SECCOMP_RET_TRACE, "getpid"),
    {ENTRY_NATIVE, "getpid", 0, {0}, SECCOMP_RET_TRACE, WITH_TRACER},
    CALL(SECCOMP_RET_TRACE | 0xffff, "getuid"),
    {ENTRY_NATIVE, "getuid", 0, {0}, SECCOMP_RET_TRACE | 0xffff, WITH_TRACER},
    CALL(SECCOMP_RET_ALLOW, "getgid"),
    {ENTRY_NATIVE, "getgid", 0, {0}, SECCOMP_RET_ALLOW, WITH_TRACER},
    {ENTRY_NATIVE, "getsid", 0, {0}, RET_DENY, WITH_TRACER},
};

/* Without a listener the call fails with ENOSYS. */
static const struct call_case notified[] = {
    BAD_READ(SECCOMP_RET_USER_NOTIF),
    {ENTRY_NATIVE, "read", 0, {UINT32_MAX}, SECCOMP_RET_USER_NOTIF, WITH_LISTENER_ERRNO},
    {ENTRY_NATIVE, "read", 0, {UINT32_MAX}, SECCOMP_RET_USER_NOTIF, WITH_LISTENER_VALUE},
    {ENTRY_NATIVE, "read", 0, {UINT32_MAX}, SECCOMP_RET_USER_NOTIF, WITH_LISTENER_GOES_ON},
    {ENTRY_NATIVE,
     "lseek",
     0,
     {JUNK | UINT32_MAX, 1, 2, 3, 4, 5},
     SECCOMP_RET_USER_NOTIF,
     WITH_LISTENER_ERRNO},
    {ENTRY_NATIVE, "lseek", 0, {UINT32_MAX, 2}, RET_ALLOW, WITH_LISTENER_ERRNO},
    {ENTRY_NATIVE, "getpid", 0, {0}, RET_DENY, WITH_LISTENER_VALUE},
    {ENTRY_NATIVE, "getuid", 0, {0}, RET_ALLOW, WITH_LISTENER_VALUE},
};

/* KILL is the older name of KILL_THREAD; errnos by name and by number. */
static const struct call_case names[] = {
    CALL(SECCOMP_RET_KILL_THREAD, "getpid"),    CALL(SECCOMP_RET_KILL_THREAD, "gettid"),
    CALL(SECCOMP_RET_ERRNO | EACCES, "getuid"), CALL(SECCOMP_RET_ERRNO | 0x7b, "getgid"),
    CALL(SECCOMP_RET_ALLOW, "getppid"),
};

/* `default` stands for the end wherever it is written, and the first rule that matches decides. */
static const struct call_case order[] = {
    CALL(RET_DENY, "getpid"),
    CALL(RET_DENY_TOO, "getuid"),
    CALL(RET_ALLOW, "getppid"),
};

static const struct call_case kills_the_rest[] = {
    CALL(RET_ALLOW, "getpid"),
    CALL(SECCOMP_RET_KILL_PROCESS, "getuid"),
    BAD_READ(SECCOMP_RET_KILL_PROCESS),
    CALL(SECCOMP_RET_KILL_PROCESS, "exit_group"),
};

static const struct call_case kills_threads[] = {
    CALL(RET_ALLOW, "getpid"),
    CALL(SECCOMP_RET_KILL_THREAD, "getuid"),
    BAD_READ(SECCOMP_RET_KILL_THREAD),
};

static const struct call_case traps_the_rest[] = {
    CALL(RET_ALLOW, "getpid"),
    CALL(SECCOMP_RET_TRAP | 9, "getuid"),
    CALL(SECCOMP_RET_TRAP | 9, "rt_sigreturn"),
};

static const struct policy_case policies[] = {
    POLICY_CASE(NULL, simple,
                "@getpid => ERRNO(77); @getuid => ERRNO(EPERM); @geteuid => ERRNO(4095);\n"
                "@getgid => ERRNO(1); @getegid => KILL(); @gettid => KILL_THREAD();\n"
                "@sched_yield => KILL_PROCESS(); $syscall in (@getpgid, @getsid) => LOG();\n"
                "=> ALLOW();"),
    POLICY_CASE(NULL, stopped,
                "@read => TRAP(); @getpid => TRAP(1); @gettid => TRAP(0x7fff);\n"
                "@getuid => TRAP(65535); default ALLOW();"),
    POLICY_CASE(NULL, traced,
                "@read => TRACE(5); @getpid => TRACE(0); @getuid => TRACE(0xffff);\n"
                "@getsid => ERRNO(77); default ALLOW();"),
    POLICY_CASE(NULL, notified,
                "@read => NOTIFY(); @lseek(offset == 1) => NOTIFY(); @getpid => ERRNO(77);\n"
                "default ALLOW();"),
    POLICY_CASE(NULL, names,
                "@getpid => KILL(); @gettid => KILL_THREAD(); @getuid => ERRNO(EACCES) \"no\";\n"
                "@getgid => ERRNO(0b1111011); => ALLOW();"),
    POLICY_CASE(NULL, order,
                "default ALLOW();\n"
                "@getpid => ERRNO(77);\n"
                "@getuid => ERRNO(78);\n"
                "$syscall in (@getpid, @getuid) => KILL_PROCESS();"),
    POLICY_CASE(NULL, kills_the_rest, "@getpid => ALLOW(); default KILL_PROCESS();"),
    POLICY_CASE(NULL, kills_threads, "@getpid => ALLOW(); default KILL_THREAD();"),
    POLICY_CASE(NULL, traps_the_rest, "@getpid => ALLOW(); default TRAP(9);"),
};

void check_actions(struct session *s)
{
    check_policies(s, policies, ARRAY_SIZE(policies));
}
