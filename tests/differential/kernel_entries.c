/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which architecture a call is of: the entries of one x86_64 process. i386 calls by int $0x80 with
 * all 64 bits of the registers set, x32 numbers (the filter is asked before the kernel looks
 * whether it has x32), and what is said of architectures that a policy is not for.
 */
#include "tests/differential/kernel_cases.h"

#include <errno.h>
#include <sys/socket.h>

#define BAD UINT32_MAX

/* The numbers of getpid, written out: these cases are about numbers. */
#define GETPID_64 39
#define GETPID_32 20

#define X32_CALL(ret_, nr_) NUMBER(ret_, ENTRY_NATIVE, X32 | (nr_))

static const struct call_case only_x86_64[] = {
    CALL(RET_DENY, "getpid"),
    CALL(RET_ALLOW, "getppid"),
    CALL(RET_ALLOW, "read", BAD),
    INT80(RET_FOREIGN, "getpid"),
    INT80(RET_FOREIGN, "getppid"),
    INT80(RET_FOREIGN, "read", BAD),
    NUMBER(RET_FOREIGN, ENTRY_INT80, GETPID_64), /* mkdir there */
    X32_CALL(RET_FOREIGN, GETPID_64),
    X32_CALL(RET_FOREIGN, 0),
    X32_CALL(RET_FOREIGN, 512),
    X32_CALL(RET_FOREIGN, 0x3fffffff),
    NUMBER(RET_FOREIGN, ENTRY_NATIVE, UINT32_MAX), /* has the x32 bit, too */
    NUMBER(RET_FOREIGN, ENTRY_NATIVE, JUNK | X32 | GETPID_64),
    NUMBER(RET_DENY, ENTRY_NATIVE, JUNK | GETPID_64), /* the number is 32 bits */
    NUMBER(RET_ALLOW, ENTRY_NATIVE, 0x80000000 | GETPID_64),
    NUMBER(RET_ALLOW, ENTRY_NATIVE, 512),
};

static const struct call_case foreign[] = {
    CALL(RET_ALLOW, "getpid"),     INT80(RET_DENY, "getpid"),
    INT80(RET_DENY, "write", BAD), X32_CALL(RET_DENY, GETPID_64),
    X32_CALL(RET_DENY, 1),         NUMBER(RET_DENY, ENTRY_NATIVE, UINT32_MAX),
};

static const struct call_case foreign_trap[] = {
    CALL(RET_ALLOW, "getpid"),
    INT80(SECCOMP_RET_TRAP | 6, "getpid"),
    X32_CALL(SECCOMP_RET_TRAP | 6, GETPID_64),
};

static const struct call_case foreign_thread[] = {
    CALL(RET_DENY, "getpid"),
    INT80(SECCOMP_RET_KILL_THREAD, "getpid"),
    X32_CALL(SECCOMP_RET_KILL_THREAD, GETPID_64),
};

/* The same names under both, each with its own number. */
static const struct call_case both[] = {
    CALL(RET_DENY, "getpid"),
    INT80(RET_DENY, "getpid"),
    NUMBER(RET_ALLOW, ENTRY_NATIVE, GETPID_32), /* writev there */
    NUMBER(RET_ALLOW, ENTRY_INT80, GETPID_64),
    NUMBER(RET_DENY, ENTRY_INT80, JUNK | GETPID_32),
    CALL(RET_ALLOW, "getppid"),
    INT80(RET_ALLOW, "getppid"),
    INT80(RET_DENY_TOO, "socketcall", 1, 0),
    INT80(RET_DENY_TOO, "socketcall", JUNK | 1, JUNK),
    INT80(RET_ALLOW, "socketcall", 99, 0),
    INT80(RET_ALLOW, "stat64", 0, 0),
    X32_CALL(RET_FOREIGN, GETPID_64),
};

static const struct call_case i386_arguments[] = {
    INT80(RET_DENY, "socket", AF_VSOCK, SOCK_STREAM, 0),
    INT80(RET_DENY, "socket", JUNK | AF_VSOCK, JUNK | SOCK_STREAM, JUNK),
    INT80(RET_ALLOW, "socket", AF_UNIX, SOCK_STREAM, 0),
    INT80(RET_ALLOW, "socket", JUNK | AF_UNIX, JUNK | SOCK_STREAM, JUNK),
    CALL(RET_DENY, "socket", AF_VSOCK, SOCK_STREAM, 0),
    CALL(RET_DENY, "socket", 0x100000028, 1, 0),
    INT80(RET_DENY, "socket", 0x100000028, 1, 0),
    INT80(RET_DENY_TOO, "mmap2", 0, 0x10001, 3, 0x22, BAD, 0),
    INT80(RET_DENY_TOO, "mmap2", JUNK, JUNK | 0x10001, JUNK | 3, JUNK | 0x22, JUNK | BAD, JUNK),
    INT80(RET_ALLOW, "mmap2", JUNK, JUNK | 0x10000, JUNK | 3, JUNK | 0x22, JUNK | BAD, JUNK),
    INT80(RET_ALLOW, "mmap2", JUNK, JUNK | 0x1000, JUNK | 3, JUNK | 0x22, JUNK | BAD, JUNK),
    CALL(RET_ALLOW, "mmap", 0, 0x20000, 3, 0x22, BAD, 0),
};

/* Without these the high halves that a 64-bit process brings through int $0x80 would make 64-bit
 * arguments differ from what the i386 kernel code reads. */
static const struct call_case i386_pointers[] = {
    INT80(RET_DENY, "read", BAD, 0x1234, 0),
    INT80(RET_DENY, "read", BAD, JUNK | 0x1234, 0),
    INT80(RET_ALLOW, "read", BAD, 0x1235, 0),
    INT80(RET_DENY_TOO, "read", BAD, 0, 0xffffffff),
    INT80(RET_DENY_TOO, "read", BAD, 0, UINT64_MAX),
    INT80(RET_ALLOW, "read", BAD, 0, JUNK | 0x7fffffff),
    CALL(RET_DENY, "read", BAD, 0x1234, 0),
    CALL(RET_ALLOW, "read", BAD, JUNK | 0x1234, 0),
};

static const struct call_case with_x32[] = {
    CALL(RET_DENY, "getpid"),
    X32_CALL(RET_DENY, GETPID_64),
    X32_CALL(RET_ALLOW, 24),     /* sched_yield */
    X32_CALL(RET_DENY_TOO, 514), /* ioctl, x32's own number */
    NUMBER(RET_ALLOW, ENTRY_NATIVE, 514),
    CALL(RET_DENY_TOO, "ioctl", BAD, 0x5412),
    X32_CALL(RET_ALLOW, 16), /* x86_64's number of ioctl */
    INT80(RET_FOREIGN, "getpid"),
};

static const struct call_case by_arch[] = {
    CALL(RET_ALLOW, "getpid"),    INT80(RET_DENY, "getpid"),    INT80(RET_DENY, "getppid"),
    INT80(RET_DENY, "read", BAD), CALL(RET_ALLOW, "read", BAD), X32_CALL(RET_FOREIGN, GETPID_64),
};

static const struct call_case x32_by_arch[] = {
    CALL(RET_ALLOW, "getpid"),
    X32_CALL(RET_DENY, GETPID_64),
    X32_CALL(RET_DENY, 1000),
    INT80(RET_FOREIGN, "getpid"),
};

static const struct call_case literal[] = {
    NUMBER(RET_DENY, ENTRY_INT80, GETPID_64),
    CALL(RET_DENY, "getpid"),
    INT80(RET_ALLOW, "getpid"),
};

static const struct call_case parts[] = {
    CALL(RET_DENY, "getpid"),
    INT80(RET_DENY_TOO, "getpid"),
    CALL(RET_ALLOW, "getppid"),
    INT80(RET_ALLOW, "getppid"),
};

static const struct call_case i386_only[] = {
    INT80(RET_DENY, "getpid"),
    INT80(RET_ALLOW, "getppid"),
    CALL(RET_FOREIGN, "getpid"),
    CALL(RET_FOREIGN, "read", BAD),
};

static const struct call_case i386_actions[] = {
    INT80(SECCOMP_RET_TRAP | 3, "getpid"),
    INT80(SECCOMP_RET_KILL_THREAD, "getuid"),
    INT80(SECCOMP_RET_KILL_PROCESS, "getgid"),
    INT80(SECCOMP_RET_LOG, "gettid"),
    INT80(SECCOMP_RET_TRACE | 4, "getppid"),
    {ENTRY_INT80, "getppid", 0, {0}, SECCOMP_RET_TRACE | 4, WITH_TRACER},
    INT80(SECCOMP_RET_USER_NOTIF, "read", BAD),
    {ENTRY_INT80, "read", 0, {BAD, 1, 2, 3, 4, 5}, SECCOMP_RET_USER_NOTIF, WITH_LISTENER_ERRNO},
    {ENTRY_INT80, "read", 0, {JUNK | BAD, JUNK, JUNK}, SECCOMP_RET_USER_NOTIF, WITH_LISTENER_VALUE},
    {ENTRY_INT80, "read", 0, {BAD}, SECCOMP_RET_USER_NOTIF, WITH_LISTENER_GOES_ON},
    INT80(SECCOMP_RET_ERRNO | EPERM, "sched_yield"),
};

static const struct policy_case x32_policies[] = {
    POLICY_CASE("x86_64,x32", with_x32,
                "@getpid => ERRNO(77); @ioctl => ERRNO(78); default ALLOW();"),
    POLICY_CASE("x86_64", x32_by_arch, "$arch == @x32 => ERRNO(77); default ALLOW();"),
};

static const struct policy_case policies[] = {
    POLICY_CASE("x86_64", only_x86_64, "@getpid => ERRNO(77); default ALLOW();"),
    POLICY_CASE(NULL, only_x86_64, "arch (x86_64); @getpid => ERRNO(77); default ALLOW();"),
    POLICY_CASE("x86_64", foreign, "foreign ERRNO(77); default ALLOW();"),
    POLICY_CASE("x86_64", foreign_trap, "foreign TRAP(6); default ALLOW();"),
    POLICY_CASE("x86_64", foreign_thread,
                "foreign KILL_THREAD(); @getpid => ERRNO(77); default ALLOW();"),
    POLICY_CASE("x86_64,x86", both,
                "@getpid => ERRNO(77); @socketcall(call in 1..20) => ERRNO(78); default ALLOW();"),
    POLICY_CASE(NULL, both,
                "arch (x86, x86_64);\n"
                "@getpid => ERRNO(77); @socketcall(call in 1..20) => ERRNO(78); default ALLOW();"),
    POLICY_CASE("x86_64,x86", i386_arguments,
                "@socket(family == AF_VSOCK) => ERRNO(77); @mmap2(len > 0x10000) => ERRNO(78);\n"
                "default ALLOW();"),
    POLICY_CASE("x86_64,x86", i386_pointers,
                "@read(buf == 0x1234) => ERRNO(77); @read($arg2 == 0xffff_ffff) => ERRNO(78);\n"
                "default ALLOW();"),
    POLICY_CASE("x86_64", by_arch, "$arch == @x86 => ERRNO(77); default ALLOW();"),
    POLICY_CASE("x86_64,x86", literal, "$syscall == @getpid@x86_64 => ERRNO(77); default ALLOW();"),
    POLICY_CASE("x86_64,x86", parts,
                "#if ARCH_X86\n@getpid => ERRNO(78);\n#else\n@getpid => ERRNO(77);\n#endif\n"
                "default ALLOW();"),
    POLICY_CASE("x86", i386_only, "@getpid => ERRNO(77); default ALLOW();"),
    POLICY_CASE("x86_64,x86", i386_actions,
                "#if ARCH_X86\n"
                "@getpid => TRAP(3); @getuid => KILL_THREAD(); @getgid => KILL_PROCESS();\n"
                "@gettid => LOG(); @getppid => TRACE(4); @read => NOTIFY();\n"
                "@sched_yield => ERRNO(EPERM);\n"
                "#endif\n"
                "default ALLOW();"),
};

void check_entries(struct session *s)
{
    if (!need_x86_64(s, "entries of x86_64"))
        return;
    check_policies(s, x32_policies, ARRAY_SIZE(x32_policies));
    check_policies(s, policies, ARRAY_SIZE(policies));
}
