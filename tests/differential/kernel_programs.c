/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that no table of calls can show: the harness held against programs written by hand,
 * the instruction pointer, a program with jumps beyond a conditional jump's reach, what LOG leaves
 * in the kernel's log, and a 32-bit process.
 */
#include "tests/differential/kernel_cases.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- the harness ---------------------------------------------------------------------------------
 */

/* Each of the kernel's actions by a program of two instructions: the harness tells what it is,
 * and not that it is any of the others. */
static void check_harness(struct session *s)
{
    static const uint32_t rets[] = {
        RET_ALLOW,
        RET_DENY,
        SECCOMP_RET_TRAP | 5,
        SECCOMP_RET_TRACE | 5,
        SECCOMP_RET_USER_NOTIF,
        SECCOMP_RET_KILL_THREAD,
        SECCOMP_RET_KILL_PROCESS,
    };
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct program program = {code, ARRAY_SIZE(code)};

    for (size_t i = 0; i < ARRAY_SIZE(rets); i++) {
        struct call_case call = CALL(rets[i], "lseek", UINT32_MAX, 1, 0);
        char name[40], other[40];

        if (rets[i] == (SECCOMP_RET_TRACE | 5))
            call.company = WITH_TRACER;
        if (rets[i] == SECCOMP_RET_USER_NOTIF)
            call.company = WITH_LISTENER_ERRNO;
        code[1].k = rets[i];
        for (size_t j = 0; j < ARRAY_SIZE(rets); j++) {
            bool same;

            call.ret = rets[j];
            same = kernel_agrees(s, &program, &call, NULL);
            tap_case(&s->tap, same == (i == j), "harness: a filter that returns %s %s %s",
                     ret_text(rets[i], name), i == j ? "is seen to do" : "is not taken for",
                     ret_text(rets[j], other));
        }
    }
}

/* --- the instruction pointer
 * ------------------------------------------------------------------------ */

static void check_instruction_pointer(struct session *s)
{
    static const char *const formats[] = {
        "@getpid && $instruction_pointer == %#" PRIx64 " => ERRNO(77); default ALLOW();",
        "@getpid && $instruction_pointer >= %#" PRIx64 " => ERRNO(77); default ALLOW();",
        "@getpid && $instruction_pointer in 0..%#" PRIx64 " => ERRNO(77); default ALLOW();",
        "@getpid && $instruction_pointer != %#" PRIx64 " => ERRNO(77); default ALLOW();",
        "@getpid && $instruction_pointer > %#" PRIx64 " => ERRNO(77); default ALLOW();",
        "@getpid && $instruction_pointer < %#" PRIx64 " => ERRNO(77); default ALLOW();",
    };

    if (!enter_native_ip()) {
        tap_skip(&s->tap, "instruction pointer", "not known on this machine");
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        struct call_case call = CALL(i < 3 ? RET_DENY : RET_ALLOW, "getpid");
        char policy[120];
        struct compiled c;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(policy, sizeof(policy), formats[i], enter_native_ip());
#pragma GCC diagnostic pop
        if (compile_case(s, &c, policy, NULL))
            check_call(s, &c, policy, &call);
        compiled_release(&c);
    }
}

/* --- long programs
 * ------------------------------------------------------------------------------------ */

/* Numbers that no kernel has, so that making the call is ENOSYS. */
#define FIRST 1000
#define COUNT 300

static char *long_policy(void)
{
    size_t room = COUNT * 120 + 100, used = 0;
    char *text = malloc(room);

    for (unsigned i = 0; text && i < COUNT; i++)
        used += (size_t)snprintf(
            text + used, room - used,
            "$syscall == %u && $arg0 == %u && $arg1 & 0xffff_00ff_ffff != %u => ERRNO(%u);\n",
            FIRST + i, i * 7, i, 200 + i);
    if (text)
        snprintf(text + used, room - used, "default KILL_PROCESS();");
    return text;
}

static void check_long_program(struct session *s)
{
    static const unsigned at[] = {0, 1, 63, 127, 128, 200, 254, 255, 256, 298, 299};
    char *policy = long_policy();
    struct compiled c;

    if (policy && compile_case(s, &c, policy, NULL)) {
        tap_case(&s->tap, c.program->count > 4 * COUNT,
                 "a program of %u instructions is longer than jumps reach", c.program->count);
        for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
            struct call_case call = {
                .nr = FIRST + at[i],
                .args = {at[i] * 7, at[i] + 1},
                .ret = SECCOMP_RET_ERRNO | (200 + at[i]),
            };

            check_call(s, &c, "300 rules", &call);
            call.args[1] = at[i] | 0xff000000;
            call.ret = SECCOMP_RET_KILL_PROCESS;
            check_call(s, &c, "300 rules", &call);
        }
    }
    compiled_release(&c);
    free(policy);
}

/* --- LOG
 * ---------------------------------------------------------------------------------------------- */

/* Reads what is new in the kernel's log and looks for the audit record; waits for it a second, as
 * it is another thread that writes there. */
static bool log_mentions(int kmsg, const char *what)
{
    struct timespec pause = {.tv_nsec = 20000000};
    char record[8192];

    for (unsigned tries = 0; tries < 50;) {
        ssize_t n = read(kmsg, record, sizeof(record) - 1);

        if (n > 0) {
            record[n] = '\0';
            if (strstr(record, "type=1326") && strstr(record, what))
                return true;
        } else if (errno == EAGAIN) {
            nanosleep(&pause, NULL);
            tries++;
        } else if (errno != EPIPE) { /* EPIPE: records were lost before they were read */
            return false;
        }
    }
    return false;
}

/* The log takes some ten records in five seconds; others may be the reason that ours is not
 * there. */
static void check_log(struct session *s)
{
    static const char policy[] = "@lseek => LOG(); default ALLOW();";
    struct call_case call = CALL(SECCOMP_RET_LOG, "lseek", UINT32_MAX);
    int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct compiled c;
    bool found = false;
    char what[40];

    if (kmsg < 0) {
        tap_skip(&s->tap, "LOG is logged", "/dev/kmsg cannot be read");
        return;
    }
    lseek(kmsg, 0, SEEK_END);
    snprintf(what, sizeof(what), " syscall=%d ", (int)SYS_lseek);
    if (compile_case(s, &c, policy, NULL)) {
        for (unsigned tries = 0; !found && tries < 7; tries++) {
            check_call(s, &c, policy, &call);
            found = log_mentions(kmsg, what);
        }
        if (found)
            tap_case(&s->tap, true, "LOG leaves a record in the kernel's log");
        else
            tap_skip(&s->tap, "LOG leaves a record in the kernel's log",
                     "no record: no audit, a daemon that takes them, or a log that is full");
    }
    compiled_release(&c);
    close(kmsg);
}

/* --- a 32-bit process
 * ---------------------------------------------------------------------------------- */

/* kernel_i386.c, compiled with -m32; it needs no library. False: not possible here. */
static bool build_i386(char *program, size_t size)
{
    const char *top = getenv("top_srcdir"), *cc = getenv("CC"), *tmp = getenv("TMPDIR");
    char command[1000];
    int fd;

    snprintf(program, size, "%s/kernel_i386.XXXXXX", tmp ? tmp : "/tmp");
    fd = mkstemp(program);
    if (fd < 0)
        return false;
    close(fd);
    snprintf(command, sizeof(command),
             "%s -m32 -O1 -ffreestanding -fno-pic -fno-stack-protector -nostdlib -static -no-pie "
             "-o '%s' "
             "'%s/tests/differential/kernel_i386.c' 2>/dev/null",
             cc ? cc : "cc", program, top ? top : ".");
    if (system(command) == 0 && chmod(program, 0700) == 0)
        return true;
    unlink(program);
    return false;
}

/* Runs it under the filter: it makes the call and exits with the negated result. */
static int run_i386(const char *path, const struct program *program, unsigned nr, uint32_t arg0,
                    uint32_t arg1)
{
    char words[3][16];
    char *argv[] = {words[0], words[1], words[2], NULL};
    struct sock_fprog filter = {(unsigned short)program->count, program->code};
    int status;
    pid_t child;

    snprintf(words[0], sizeof(words[0]), "%u", nr);
    snprintf(words[1], sizeof(words[1]), "%u", arg0);
    snprintf(words[2], sizeof(words[2]), "%u", arg1);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
            syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0)
            execv(path, argv);
        _exit(255);
    }
    return waitpid(child, &status, 0) == child ? status : -1;
}

static void check_i386_process(struct session *s)
{
    static const char policy[] = "#if ARCH_X86\n"
                                 "@socket(family == AF_VSOCK) => ERRNO(77);\n"
                                 "@close(fd >= 0x8000_0000) => ERRNO(78);\n"
                                 "@getpid => KILL_PROCESS();\n"
                                 "@getppid => ERRNO(79);\n"
                                 "$syscall == 900 => ERRNO(80);\n"
                                 "#endif\n"
                                 "default ALLOW();";
    /* i386 numbers; `exits` with the negated result, or killed */
    static const struct {
        unsigned nr;
        uint32_t args[2];
        int exits;
    } calls[] = {
        {359, {40, 1}, 77},       {359, {2, 0x7fffffff}, 22}, {359, {41, 0x7fffffff}, 22},
        {6, {0x80000000, 0}, 78}, {6, {0xffffffff, 0}, 78},   {6, {0x7fffffff, 0}, 9},
        {64, {0, 0}, 79},         {900, {0, 0}, 80},          {901, {0, 0}, 38},
        {39, {0, 0}, 14},         {20, {0, 0}, -1},
    };
    char path[200];
    struct compiled c;

    if (!need_int80(s, "a 32-bit process"))
        return;
    if (!build_i386(path, sizeof(path))) {
        tap_skip(&s->tap, "a 32-bit process", "the compiler makes no i386 programs");
        return;
    }
    if (compile_case(s, &c, policy, "x86_64,x86")) {
        for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
            int status = run_i386(path, c.program, calls[i].nr, calls[i].args[0], calls[i].args[1]);
            bool killed = calls[i].exits < 0;

            if (!tap_case(&s->tap,
                          killed ? WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS
                                 : WIFEXITED(status) && WEXITSTATUS(status) == calls[i].exits,
                          "a 32-bit process: number %u(%#x, %#x) %s %d", calls[i].nr,
                          calls[i].args[0], calls[i].args[1], killed ? "is killed" : "fails with",
                          calls[i].exits))
                tap_note("ended with status %#x", (unsigned)status);
        }
    }
    compiled_release(&c);
    unlink(path);
}

void check_programs(struct session *s)
{
    check_log(s); /* first: what is killed is logged too, and the log takes only so much */
    check_harness(s);
    check_instruction_pointer(s);
    check_long_program(s);
    check_i386_process(s);
}
