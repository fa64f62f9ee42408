/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions as authors write them: calls and sets of calls, named arguments, constants, boolean
 * algebra, masks, lists and ranges. Values at every width are kernel_values.c. */
#include "tests/differential/kernel_cases.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>

#define BAD     UINT32_MAX /* a descriptor that is not open */
#define HIGH(n) ((uint64_t)(n) << 32)

/* --- which call ------------------------------------------------------------------------------- */

static const struct call_case numbers[] = {
    CALL(RET_DENY, "getpid"),      CALL(RET_ALLOW, "getppid"),   CALL(RET_DENY, "gettid"),
    CALL(RET_DENY, "getuid"),      CALL(RET_DENY, "geteuid"),    CALL(RET_DENY_TOO, "getgid"),
    CALL(RET_DENY_TOO, "getegid"), CALL(RET_ALLOW, "getsid", 0), CALL(RET_ALLOW, "sched_yield"),
    CALL(RET_ALLOW, "read", BAD),
};

static const struct call_case not_in[] = {
    CALL(RET_ALLOW, "getpid"),   CALL(RET_ALLOW, "gettid"),    CALL(RET_DENY, "getppid"),
    CALL(RET_DENY, "read", BAD), CALL(RET_DENY, "write", BAD), CALL(RET_DENY, "sched_yield"),
};

static const struct call_case kernel[] = {
    CALL(RET_ALLOW, "getpid"),
    CALL(RET_ALLOW, "read", BAD),
    CALL(RET_DENY, "openat2", BAD),
    CALL(RET_DENY, "close_range", BAD, 0),
    CALL(RET_DENY, "faccessat2", BAD, 0, 0, 0),
    CALL(RET_ALLOW, "pidfd_open", 0, 0), /* 5.3 itself */
    NUMBER(RET_DENY, ENTRY_NATIVE, 900),
};

static const struct call_case pseudo[] = {
    /* socketcall and ipc have no number here: their rules match nothing */
    CALL(RET_ALLOW, "getpid"),
    CALL(RET_DENY, "getuid"),
    CALL(RET_ALLOW, "read", BAD),
};

static const struct call_case unknown[] = {
    CALL(RET_ALLOW, "getpid"),
    NUMBER(RET_DENY, ENTRY_NATIVE, 900),
    NUMBER(RET_DENY, ENTRY_NATIVE, 0xffff),
    NUMBER(RET_DENY, ENTRY_NATIVE, 0x3fffffff),
    NUMBER(RET_DENY_TOO, ENTRY_NATIVE, 901),
};

static const struct call_case known[] = {
    CALL(RET_ALLOW, "getpid"),
    CALL(RET_ALLOW, "pidfd_open", 0, 0),
    CALL(RET_DENY, "openat2", BAD),
    CALL(RET_ALLOW, "close_range", BAD, 0), /* named by a rule */
    NUMBER(RET_DENY, ENTRY_NATIVE, 900),
};

/* --- arguments ---------------------------------------------------------------------------------
 */

static const struct call_case sockets[] = {
    CALL(RET_DENY, "socket", AF_VSOCK, SOCK_STREAM, 0),
    CALL(RET_DENY, "socket", HIGH(1) | AF_VSOCK, SOCK_STREAM, 0),
    CALL(RET_DENY, "socket", JUNK | AF_VSOCK, SOCK_STREAM, 0),
    CALL(RET_DENY, "socket", HIGH(0x80000000) | AF_VSOCK, SOCK_STREAM, 0),
    CALL(RET_ALLOW, "socket", AF_VSOCK - 1, SOCK_STREAM, 0),
    CALL(RET_ALLOW, "socket", AF_UNIX, SOCK_STREAM, 0),
    CALL(RET_ALLOW, "socket", JUNK | AF_UNIX, SOCK_STREAM, 0),
    CALL(RET_DENY_TOO, "socket", AF_NETLINK, SOCK_RAW, NETLINK_AUDIT),
    CALL(RET_DENY_TOO, "socket", JUNK | AF_NETLINK, SOCK_RAW, JUNK | NETLINK_AUDIT),
    CALL(RET_ALLOW, "socket", AF_NETLINK, SOCK_RAW, NETLINK_ROUTE),
    CALL(RET_ALLOW, "socket", AF_NETLINK, JUNK | SOCK_RAW, HIGH(NETLINK_AUDIT)),
    CALL(RET_ALLOW, "socket", AF_INET, SOCK_STREAM, 0),
};

static const struct call_case open_flags[] = {
    CALL(RET_ALLOW, "openat", BAD, 0, O_RDONLY),
    CALL(RET_ALLOW, "openat", BAD, 0, O_RDONLY | O_CLOEXEC),
    CALL(RET_ALLOW, "openat", BAD, 0, JUNK | O_RDONLY),
    CALL(RET_DENY, "openat", BAD, 0, O_WRONLY),
    CALL(RET_DENY, "openat", BAD, 0, O_RDWR | O_CLOEXEC),
    CALL(RET_DENY, "openat", BAD, 0, O_ACCMODE),
    CALL(RET_DENY_TOO, "openat", BAD, 0, O_RDONLY | O_CREAT),
    CALL(RET_DENY_TOO, "openat", BAD, 0, O_RDWR | O_CREAT | O_EXCL),
    CALL(RET_ALLOW, "openat", BAD, 0, HIGH(O_CREAT)),
};

static const struct call_case mappings[] = {
    CALL(RET_ALLOW, "mmap", 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_ALLOW, "mmap", 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_DENY, "mmap", 0, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_DENY, "mmap", 0, 4096, 7, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_DENY, "mmap", 0, 4096, JUNK | 7, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_DENY_TOO, "mmap", 0, 0x20000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_ALLOW, "mmap", 0, 0x10000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_DENY_TOO, "mmap", 0, 0x10001, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_DENY_TOO, "mmap", 0, HIGH(1), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
    CALL(RET_DENY, "mmap", 0, HIGH(1), 7, MAP_PRIVATE | MAP_ANONYMOUS, BAD, 0),
};

static const struct call_case commands[] = {
    CALL(RET_ALLOW, "ioctl", BAD, 0x5401), /* TCGETS */
    CALL(RET_ALLOW, "ioctl", BAD, 0x5413), /* TIOCGWINSZ */
    CALL(RET_ALLOW, "ioctl", BAD, 0x541b), /* FIONREAD */
    CALL(RET_ALLOW, "ioctl", BAD, JUNK | 0x5401),
    CALL(RET_DENY, "ioctl", BAD, 0x5412), /* TIOCSTI */
    CALL(RET_DENY, "ioctl", BAD, JUNK | 0x5412),
    CALL(RET_DENY, "ioctl", BAD, 0x5402),
    CALL(RET_DENY, "ioctl", BAD, 0),
    CALL(RET_ALLOW, "fcntl", BAD, F_GETFD),
    CALL(RET_DENY, "fcntl", BAD, F_DUPFD),
};

static const struct call_case domains[] = {
    CALL(RET_ALLOW, "personality", 0xffffffff),
    CALL(RET_ALLOW, "personality", UINT64_MAX),
    CALL(RET_ALLOW, "personality", PER_LINUX),
    CALL(RET_ALLOW, "personality", HIGH(1)),
    CALL(RET_ALLOW, "personality", PER_LINUX32),
    CALL(RET_DENY, "personality", ADDR_NO_RANDOMIZE),
    CALL(RET_DENY, "personality", PER_LINUX32 | ADDR_NO_RANDOMIZE),
    CALL(RET_DENY, "personality", JUNK | ADDR_NO_RANDOMIZE),
};

/* --- boolean algebra ----------------------------------------------------------------------------
 */

static const struct call_case algebra[] = {
    /* (whence == 0 && offset > 10) || (whence == 1 && !(offset in 5..7)) || offset == 99 */
    CALL(RET_DENY, "lseek", BAD, 11, 0),          CALL(RET_ALLOW, "lseek", BAD, 10, 0),
    CALL(RET_DENY, "lseek", BAD, 4, 1),           CALL(RET_ALLOW, "lseek", BAD, 5, 1),
    CALL(RET_ALLOW, "lseek", BAD, 6, 1),          CALL(RET_ALLOW, "lseek", BAD, 7, 1),
    CALL(RET_DENY, "lseek", BAD, 8, 1),           CALL(RET_DENY, "lseek", BAD, 99, 2),
    CALL(RET_ALLOW, "lseek", BAD, 98, 2),         CALL(RET_ALLOW, "lseek", BAD, 0, 0),
    CALL(RET_DENY, "lseek", BAD, HIGH(1) | 5, 1), CALL(RET_ALLOW, "lseek", BAD, HIGH(1) | 99, 2),
    CALL(RET_DENY, "lseek", BAD, 4, JUNK | 1),
};

static const struct call_case denied_pairs[] = {
    /* !(a && b) is !a || !b; the whole stands under ! */
    CALL(RET_DENY, "lseek", BAD, 1, 1),  CALL(RET_ALLOW, "lseek", BAD, 1, 2),
    CALL(RET_ALLOW, "lseek", BAD, 2, 1), CALL(RET_ALLOW, "lseek", BAD, 2, 2),
    CALL(RET_ALLOW, "getpid"),
};

static const struct call_case many_calls[] = {
    CALL(RET_DENY, "lseek", BAD, 5),
    CALL(RET_ALLOW, "lseek", BAD, 6),
    CALL(RET_DENY, "read", BAD, 5),
    CALL(RET_ALLOW, "read", BAD, 4),
    CALL(RET_ALLOW, "write", BAD, 5),
    CALL(RET_DENY_TOO, "getpid"),
    CALL(RET_DENY_TOO, "close", HIGH(5) | BAD),
    CALL(RET_ALLOW, "close", BAD),
};

static const struct call_case six[] = {
    CALL(RET_DENY, "mmap", 1, 2, 3, 4, 5, 6),
    CALL(RET_ALLOW, "mmap", 0, 2, 3, 4, 5, 6),
    CALL(RET_ALLOW, "mmap", 1, 0, 3, 4, 5, 6),
    CALL(RET_ALLOW, "mmap", 1, 2, 0, 4, 5, 6),
    CALL(RET_ALLOW, "mmap", 1, 2, 3, 0, 5, 6),
    CALL(RET_ALLOW, "mmap", 1, 2, 3, 4, 0, 6),
    CALL(RET_ALLOW, "mmap", 1, 2, 3, 4, 5, 0),
    CALL(RET_ALLOW, "mmap", HIGH(1) | 1, 2, 3, 4, 5, 6),
    CALL(RET_ALLOW, "mmap", 1, 2, 3, 4, 5, HIGH(1) | 6),
};

/* --- lists, ranges, macros
 * ------------------------------------------------------------------------ */

static const struct call_case ranges[] = {
    CALL(RET_DENY, "lseek", BAD, 9),
    CALL(RET_ALLOW, "lseek", BAD, 10),
    CALL(RET_ALLOW, "lseek", BAD, 20),
    CALL(RET_DENY, "lseek", BAD, 21),
    CALL(RET_ALLOW, "lseek", BAD, 30),
    CALL(RET_DENY, "lseek", BAD, 31),
    CALL(RET_ALLOW, "lseek", BAD, 0xffffffff),
    CALL(RET_ALLOW, "lseek", BAD, HIGH(1)),
    CALL(RET_ALLOW, "lseek", BAD, HIGH(1) | 5),
    CALL(RET_DENY, "lseek", BAD, HIGH(1) | 6),
    CALL(RET_DENY, "lseek", BAD, 0xfffffffe),
    CALL(RET_DENY, "lseek", BAD, HIGH(2)),
    CALL(RET_ALLOW, "lseek", BAD, UINT64_MAX),
    CALL(RET_DENY, "lseek", BAD, UINT64_MAX - 1),
    CALL(RET_DENY, "lseek", BAD, 0),
};

static const struct call_case constants[] = {
    CALL(RET_DENY, "fchmod", BAD, 06000),
    CALL(RET_DENY, "fchmod", BAD, 04755),
    CALL(RET_DENY, "fchmod", BAD, 02000),
    CALL(RET_ALLOW, "fchmod", BAD, 01777),
    CALL(RET_ALLOW, "fchmod", BAD, 0755),
    CALL(RET_DENY_TOO, "fchmod", BAD, 0644),
    CALL(RET_DENY_TOO, "fchmod", BAD, JUNK | 0x10000 | 0644),
    CALL(RET_ALLOW, "fchmod", BAD, 0x40000000),
};

static const struct call_case conditional[] = {
    CALL(RET_DENY, "getpid"),
    CALL(RET_ALLOW, "getuid"),
    CALL(RET_DENY_TOO, "getgid"),
    CALL(RET_ALLOW, "gettid"),
};

static const struct policy_case policies[] = {
    POLICY_CASE(NULL, numbers,
                "set %ids = (@getuid, @geteuid);\n"
                "set %groups = (@getgid, @getegid);\n"
                "@getpid || $syscall == @gettid => ERRNO(77);\n"
                "%ids => ERRNO(77);\n"
                "$syscall in (%groups, @socketcall) => ERRNO(78);\n"
                "=> ALLOW();"),
    POLICY_CASE(NULL, not_in, "$syscall not in (@getpid, @gettid) => ERRNO(77); => ALLOW();"),
    POLICY_CASE(NULL, kernel, "$syscall in KERNEL(5.3) => ALLOW(); => ERRNO(77);"),
    POLICY_CASE(NULL, pseudo,
                "$syscall == @socketcall => KILL_PROCESS();\n"
                "$syscall == @ipc && $arg0 == 1 => KILL_PROCESS();\n"
                "$syscall != @socketcall && @getuid => ERRNO(77);\n"
                "=> ALLOW();"),
    POLICY_CASE(NULL, unknown, "$syscall == 901 => ERRNO(78); unknown ERRNO(77); default ALLOW();"),
    POLICY_CASE(NULL, known,
                "@close_range => ALLOW(); known KERNEL(5.3); unknown ERRNO(77); default ALLOW();"),
    POLICY_CASE(NULL, sockets,
                "@socket(family == AF_VSOCK) => ERRNO(77);\n"
                "@socket(family == AF_NETLINK && protocol == NETLINK_AUDIT) => ERRNO(78);\n"
                "default ALLOW();"),
    POLICY_CASE(NULL, sockets,
                "$syscall == @socket && $arg0 == 40 => ERRNO(77);\n"
                "$syscall == @socket && $arg0 == 16 && $arg2 == 9 => ERRNO(78);\n"
                "=> ALLOW();"),
    POLICY_CASE(NULL, open_flags,
                "@openat(flags & O_CREAT != 0) => ERRNO(78);\n"
                "@openat(flags & O_ACCMODE == O_RDONLY) || @open(flags & O_ACCMODE == O_RDONLY)\n"
                "    => ALLOW();\n"
                "@openat => ERRNO(77); default ALLOW();"),
    POLICY_CASE(NULL, mappings,
                "macro wx(p) = p & (PROT_WRITE | PROT_EXEC) == (PROT_WRITE | PROT_EXEC);\n"
                "@mmap(len in 0..0x10000 && !wx(prot)) => ALLOW();\n"
                "@mmap(wx(prot)) => ERRNO(77);\n"
                "@mmap => ERRNO(78); default ALLOW();"),
    POLICY_CASE(NULL, commands,
                "@ioctl(cmd in (TCGETS, TIOCGWINSZ, FIONREAD)) => ALLOW();\n"
                "@fcntl(cmd in (F_GETFD, F_GETFL)) => ALLOW();\n"
                "$syscall in (@ioctl, @fcntl) => ERRNO(77); default ALLOW();"),
    POLICY_CASE(NULL, domains,
                "@personality($arg0 in (PER_LINUX, PER_LINUX32, 0xffffffff)) => ALLOW();\n"
                "@personality => ERRNO(77); default ALLOW();"),
    POLICY_CASE(NULL, algebra,
                "@lseek((whence == 0 && offset > 10) || (whence == 1 && !(offset in 5..7))\n"
                "    || offset == 99) => ERRNO(77);\n"
                "default ALLOW();"),
    POLICY_CASE(NULL, denied_pairs,
                "@lseek && !($arg1 != 1 || !($arg2 == 1)) => ERRNO(77); => ALLOW();"),
    POLICY_CASE(NULL, many_calls,
                "$syscall in (@lseek, @read) && $arg1 == 5 => ERRNO(77);\n"
                "@getpid || (@close && high($arg0) == 5) => ERRNO(78);\n"
                "=> ALLOW();"),
    POLICY_CASE(NULL, six,
                "@mmap && $arg0 == 1 && $arg1 == 2 && $arg2 == 3 && $arg3 == 4 && $arg4 == 5\n"
                "    && $arg5 == 6 => ERRNO(77);\n"
                "=> ALLOW();"),
    POLICY_CASE(NULL, ranges,
                "@lseek(offset in (10..20, 30, 0xffff_ffff..0x1_0000_0005,\n"
                "    0xffff_ffff_ffff_ffff)) => ALLOW();\n"
                "@lseek => ERRNO(77); default ALLOW();"),
    POLICY_CASE(NULL, constants,
                "const SETID = 0o4000 | 0o2000;\n"
                "const PLAIN = (1 << 8) + (1 << 7) + 0b100100;\n"
                "@fchmod(mode & SETID != 0) => ERRNO(77);\n"
                "@fchmod(mode == PLAIN) => ERRNO(78);\n"
                "default ALLOW();"),
    POLICY_CASE(NULL, conditional,
                "#if NOT_DEFINED\r\n@gettid => KILL_PROCESS();\r\n#else\r\n"
                "@getpid => ERRNO(77);\r\n#endif\r\n"
                "#ifdef NOT_DEFINED\n@getuid => KILL_PROCESS();\n#endif\n"
                "#ifndef NOT_DEFINED\n@getgid => ERRNO(78);\n#endif\n"
                "/* a comment => KILL(); */ => ALLOW(); // and another"),
};

void check_language(struct session *s)
{
    check_policies(s, policies, ARRAY_SIZE(policies));
}
