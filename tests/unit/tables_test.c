/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of the tables: architectures, system calls and groups of them, actions, flags. */
#include "base/compiler.h"
#include "compiler/tables/names.h"
#include "compiler/tables/syscalls.h"
#include "tests/lib/unit.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define EACH_ARCH(a) (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++)

/* --- architectures ---------------------------------------------------------------------------- */

static const struct arch *by_name(const char *name)
{
    return arch_by_name(name, strlen(name));
}

START_TEST(arch_has_each_of_its_names)
{
    for
        EACH_ARCH(a)
        {
            ck_assert_ptr_eq(by_name(a->name), a);
            ck_assert_ptr_eq(by_name(a->oci), a);
            if (a->docker != NULL)
                ck_assert_ptr_eq(by_name(a->docker), a);
            ck_assert_int_eq(strncmp(a->oci, "SCMP_ARCH_", 10), 0);
            ck_assert_int_eq(strncmp(a->macro, "ARCH_", 5), 0);
            ck_assert_int_eq(strcasecmp(a->oci + 10, a->name), 0);
            ck_assert_int_eq(strcasecmp(a->macro + 5, a->name), 0);
        }
}
END_TEST

START_TEST(arch_spellings_of_others)
{
    ck_assert_ptr_eq(by_name("i386"), &arch_table[ARCH_X86]);
    ck_assert_ptr_eq(by_name("i686"), &arch_table[ARCH_X86]);
    ck_assert_ptr_eq(by_name("386"), &arch_table[ARCH_X86]);
    ck_assert_ptr_eq(by_name("amd64"), &arch_table[ARCH_X86_64]);
    ck_assert_ptr_eq(by_name("x86-64"), &arch_table[ARCH_X86_64]);
    ck_assert_ptr_eq(by_name("arm64"), &arch_table[ARCH_AARCH64]);
    ck_assert_ptr_eq(by_name("mips64el"), &arch_table[ARCH_MIPSEL64]);
    ck_assert_ptr_eq(by_name("mips64le"), &arch_table[ARCH_MIPSEL64]);
    ck_assert_ptr_eq(by_name("ppc64el"), &arch_table[ARCH_PPC64LE]);
    ck_assert_ptr_eq(by_name("loong64"), &arch_table[ARCH_LOONGARCH64]);
}
END_TEST

START_TEST(arch_names_that_are_none)
{
    ck_assert_ptr_null(by_name(""));
    ck_assert_ptr_null(by_name("X86_64"));
    ck_assert_ptr_null(by_name("x86_6"));
    ck_assert_ptr_null(by_name("x86_64 "));
    ck_assert_ptr_null(by_name("SCMP_ARCH_"));
    ck_assert_ptr_null(by_name("SCMP_ARCH_NATIVE"));
    ck_assert_ptr_null(arch_by_name("x86\0_64", 7));
    ck_assert_ptr_eq(arch_by_name("x86_64", 3), &arch_table[ARCH_X86]);
}
END_TEST

START_TEST(arch_audit_values_are_the_kernels)
{
    static const uint32_t audit[ARCH_COUNT] = {
        [ARCH_X86] = AUDIT_ARCH_I386,
        [ARCH_X86_64] = AUDIT_ARCH_X86_64,
        [ARCH_X32] = AUDIT_ARCH_X86_64,
        [ARCH_ARM] = AUDIT_ARCH_ARM,
        [ARCH_AARCH64] = AUDIT_ARCH_AARCH64,
        [ARCH_LOONGARCH64] = AUDIT_ARCH_LOONGARCH64,
        [ARCH_M68K] = AUDIT_ARCH_M68K,
        [ARCH_MIPS] = AUDIT_ARCH_MIPS,
        [ARCH_MIPSEL] = AUDIT_ARCH_MIPSEL,
        [ARCH_MIPS64] = AUDIT_ARCH_MIPS64,
        [ARCH_MIPSEL64] = AUDIT_ARCH_MIPSEL64,
        [ARCH_MIPS64N32] = AUDIT_ARCH_MIPS64N32,
        [ARCH_MIPSEL64N32] = AUDIT_ARCH_MIPSEL64N32,
        [ARCH_PARISC] = AUDIT_ARCH_PARISC,
        [ARCH_PARISC64] = AUDIT_ARCH_PARISC64,
        [ARCH_PPC] = AUDIT_ARCH_PPC,
        [ARCH_PPC64] = AUDIT_ARCH_PPC64,
        [ARCH_PPC64LE] = AUDIT_ARCH_PPC64LE,
        [ARCH_RISCV64] = AUDIT_ARCH_RISCV64,
        [ARCH_S390] = AUDIT_ARCH_S390,
        [ARCH_S390X] = AUDIT_ARCH_S390X,
        [ARCH_SH] = AUDIT_ARCH_SHEL,
        [ARCH_SHEB] = AUDIT_ARCH_SH,
    };

    for
        EACH_ARCH(a)
        {
            ck_assert_msg(a->audit == audit[arch_id(a)], "%s", a->name);
            /* The bits of the value, but for those whose pointers are shorter than their registers.
             */
            ck_assert_int_eq(a->big_endian, (a->audit & __AUDIT_ARCH_LE) == 0);
            ck_assert_int_eq(a->bits == 64, (a->audit & __AUDIT_ARCH_64BIT) != 0);
        }
}
END_TEST

START_TEST(arch_of_a_call)
{
    for
        EACH_ARCH(a)
    ck_assert_ptr_eq(arch_of_call(a->audit, a->nr_base), a);
    ck_assert_ptr_eq(arch_of_call(AUDIT_ARCH_X86_64, UINT32_MAX), &arch_table[ARCH_X32]);
    ck_assert_ptr_eq(arch_of_call(AUDIT_ARCH_X86_64, X32_BIT - 1), &arch_table[ARCH_X86_64]);
    ck_assert_ptr_eq(arch_of_call(AUDIT_ARCH_I386, X32_BIT), &arch_table[ARCH_X86]);
    ck_assert_ptr_null(arch_of_call(0, 0));
    ck_assert_ptr_null(arch_of_call(UINT32_MAX, 0));
}
END_TEST

START_TEST(arch_that_this_is)
{
    const struct arch *a = arch_native();

    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(a->big_endian, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
#if defined(__x86_64__) && !defined(__ILP32__)
    ck_assert_ptr_eq(a, &arch_table[ARCH_X86_64]);
#endif
}
END_TEST

/* --- system calls ----------------------------------------------------------------------------- */

static const struct syscall_info *call(const char *name)
{
    return syscall_by_name(name, strlen(name));
}

START_TEST(calls_are_sorted_and_found)
{
    for (size_t i = 0; i < syscall_count; i++) {
        const struct syscall_info *s = &syscall_table[i];
        char longer[sizeof(s->name) + 2];

        ck_assert_ptr_eq(call(s->name), s);
        if (i > 0)
            ck_assert_int_lt(strcmp(s[-1].name, s->name), 0);
        /* Neither more nor less than the name. */
        const struct syscall_info *prefix = syscall_by_name(s->name, strlen(s->name) - 1);
        ck_assert_ptr_ne(prefix, s);
        snprintf(longer, sizeof(longer), "%s_", s->name);
        ck_assert_ptr_null(call(longer));
        ck_assert_ptr_null(syscall_by_name(s->name, strlen(s->name) + 1));
    }
    ck_assert_ptr_null(call(""));
    ck_assert_ptr_null(call("no_such_call"));
    ck_assert_ptr_null(call("READ"));
    ck_assert_ptr_null(call("a_name_that_is_far_longer_than_any_call_could_ever_have"));
}
END_TEST

START_TEST(calls_have_names_and_numbers_both_ways)
{
    for
        EACH_ARCH(a)
        {
            size_t named = 0, numbered = 0;

            for (size_t i = 0; i < syscall_count; i++) {
                int64_t nr = syscall_number(&syscall_table[i], a);
                if (nr < 0)
                    continue;
                ck_assert_int_ge(nr, a->nr_base);
                ck_assert_ptr_eq(syscall_by_number(a, (uint32_t)nr), &syscall_table[i]);
                numbered++;
            }
            /* Every number that has a name has it from above. Arm's own begin at 0x0f0000. */
            for (uint32_t nr = 0; nr < 0x2000; nr++) {
                named += syscall_by_number(a, a->nr_base + nr) != NULL;
                named += syscall_by_number(a, a->nr_base + 0x0f0000 + nr) != NULL;
            }
            ck_assert_uint_eq(named, numbered);
            ck_assert_uint_gt(numbered, 300);
        }
}
END_TEST

START_TEST(calls_with_odd_numbers)
{
    for
        EACH_ARCH(a)
        {
            ck_assert_ptr_null(syscall_by_number(a, UINT32_MAX));
            ck_assert_ptr_null(syscall_by_number(a, a->nr_base - 1));
            ck_assert_ptr_null(syscall_by_number(a, a->nr_base + 0x10000));
            ck_assert_ptr_null(syscall_by_number(a, 0x80000000));
        }
    const struct syscall_info *read = call("read");
    ck_assert_int_eq(syscall_number(read, &arch_table[ARCH_X32]), X32_BIT);
    ck_assert_ptr_null(syscall_by_number(&arch_table[ARCH_X32], 0));
    ck_assert_ptr_null(syscall_by_number(&arch_table[ARCH_X86_64], X32_BIT));
}
END_TEST

/* asm/unistd.h of each: __NR_Linux + n for mips, __ARM_NR_BASE + n for arm's own. */
static const struct {
    const char *name;
    enum arch_id arch;
    int64_t nr;
} facts[] = {
    {"read", ARCH_X86_64, 0},           {"openat", ARCH_X86_64, 257},
    {"openat", ARCH_X86, 295},          {"openat", ARCH_AARCH64, 56},
    {"openat", ARCH_ARM, 322},          {"execve", ARCH_X32, X32_BIT + 520},
    {"read", ARCH_MIPS, 4003},          {"read", ARCH_MIPSEL, 4003},
    {"read", ARCH_MIPS64, 5000},        {"read", ARCH_MIPSEL64, 5000},
    {"read", ARCH_MIPS64N32, 6000},     {"read", ARCH_MIPSEL64N32, 6000},
    {"cacheflush", ARCH_ARM, 0x0f0002}, {"set_tls", ARCH_ARM, 0x0f0005},
    {"socketcall", ARCH_X86_64, -1},    {"socketcall", ARCH_X86, 102},
    {"open", ARCH_AARCH64, -1},
};

START_TEST(calls_as_the_kernel_numbers_them)
{
    const struct syscall_info *s = call(facts[_i].name);

    ck_assert_ptr_nonnull(s);
    ck_assert_int_eq(syscall_number(s, &arch_table[facts[_i].arch]), facts[_i].nr);
}
END_TEST

START_TEST(calls_of_byte_order_twins)
{
    static const enum arch_id twins[][2] = {
        {ARCH_MIPS, ARCH_MIPSEL},
        {ARCH_MIPS64, ARCH_MIPSEL64},
        {ARCH_MIPS64N32, ARCH_MIPSEL64N32},
        {ARCH_PPC64, ARCH_PPC64LE},
        {ARCH_SHEB, ARCH_SH},
    };

    for (size_t t = 0; t < ARRAY_SIZE(twins); t++) {
        const struct arch *big = &arch_table[twins[t][0]], *little = &arch_table[twins[t][1]];

        ck_assert(big->big_endian && !little->big_endian);
        ck_assert_uint_eq(big->bits, little->bits);
        for (size_t i = 0; i < syscall_count; i++)
            ck_assert_int_eq(syscall_number(&syscall_table[i], big),
                             syscall_number(&syscall_table[i], little));
    }
}
END_TEST

static void check_signature(const struct syscall_info *s, const struct arch *a)
{
    const struct signature signature = syscall_signature(s, a);

    ck_assert_uint_le(signature.count, SYSCALL_MAX_ARGS);
    for (unsigned i = 0; i < signature.count; i++) {
        const struct syscall_arg *arg = &signature.args[i];

        ck_assert_str_ne(arg->name, "");
        ck_assert(arg->bits == 8 || arg->bits == 16 || arg->bits == 32 || arg->bits == 64);
        ck_assert(arg->class != ARG_PTR || arg->bits == 64);
        ck_assert_int_eq(signature_find(&signature, arg->name, strlen(arg->name)), i);
    }
}

START_TEST(calls_have_signatures)
{
    for (size_t row = 0; row < syscall_count; row++) {
        check_signature(&syscall_table[row], NULL);
        for (size_t i = 0; i < ARCH_COUNT; i++)
            check_signature(&syscall_table[row], &arch_table[i]);
    }

    const struct signature socket = syscall_signature(call("socket"), NULL);
    ck_assert_uint_eq(socket.count, 3);
    ck_assert_str_eq(socket.args[0].name, "family");
    ck_assert_uint_eq(socket.args[0].class, ARG_INT);
    ck_assert_uint_eq(socket.args[0].bits, 32);
    ck_assert_uint_eq(syscall_signature(call("openat"), NULL).args[3].bits, 16);
    ck_assert(!syscall_signature(call("_sysctl"), NULL).known);
    ck_assert(syscall_signature(call("getpid"), NULL).known);
    ck_assert_uint_eq(syscall_signature(call("getpid"), NULL).count, 0);
    ck_assert(!syscall_signature(NULL, NULL).known);
}
END_TEST

/* Where an argument is on an architecture, and how much of it the kernel reads there. */
static const struct {
    const char *call, *argument;
    enum arch_id arch;
    int place; /* -1: there is none */
    unsigned bits;
} on_arch[] = {
    {"clone", "flags", ARCH_X86_64, 0, 32},      {"clone", "flags", ARCH_S390X, 1, 32},
    {"clone", "tls", ARCH_X86_64, 4, 64},        {"clone", "tls", ARCH_AARCH64, 3, 64},
    {"mmap", "prot", ARCH_X32, 2, 64},           {"mmap", "prot", ARCH_X86, -1, 0},
    {"mmap", "prot", ARCH_ARM, 2, 64},           {"setuid", "uid", ARCH_X86_64, 0, 32},
    {"setuid", "uid", ARCH_X86, 0, 16},          {"setuid32", "uid", ARCH_X86, 0, 32},
    {"fadvise64", "advice", ARCH_X86_64, 3, 32}, {"fadvise64", "advice", ARCH_X86, 4, 32},
    {"fadvise64", "advice", ARCH_MIPSEL, -1, 0}, {"pread64", "pos_low", ARCH_X86, 3, 32},
    {"pread64", "pos_low", ARCH_ARM, 4, 32},     {"pread64", "pos_low", ARCH_PPC, 5, 32},
    {"pread64", "fd", ARCH_SH, -1, 0},
};

START_TEST(signatures_of_architectures)
{
    const struct signature s =
        syscall_signature(call(on_arch[_i].call), &arch_table[on_arch[_i].arch]);
    int place = signature_find(&s, on_arch[_i].argument, strlen(on_arch[_i].argument));

    ck_assert_int_eq(place, on_arch[_i].place);
    if (place >= 0)
        ck_assert_uint_eq(s.args[place].bits, on_arch[_i].bits);
}
END_TEST

START_TEST(calls_have_releases)
{
    for (size_t i = 0; i < syscall_count; i++)
        ck_assert_uint_le(syscall_table[i].since, syscall_table_release);
    ck_assert_uint_eq(call("seccomp")->since, KERNEL_RELEASE(3, 17, 0));
    ck_assert_uint_eq(call("read")->since, KERNEL_RELEASE(2, 6, 12));
    ck_assert_uint_lt(KERNEL_RELEASE(5, 3, 255), KERNEL_RELEASE(5, 4, 0));
}
END_TEST

/* --- groups, and families of arguments -------------------------------------------------------- */

/* Fails if the group does not end: depth counts down. */
static size_t expanded(const struct syscall_group *g, unsigned depth)
{
    size_t calls = 0;

    ck_assert_uint_gt(depth, 0);
    for (size_t i = 0; i < g->count; i++) {
        const char *member = g->members[i];

        if (i > 0)
            ck_assert_int_lt(strcmp(g->members[i - 1], member), 0);
        if (member[0] != '%') {
            ck_assert_msg(call(member) != NULL, "%s: %s", g->name, member);
            calls++;
            continue;
        }
        const struct syscall_group *inner = group_by_name(member + 1, strlen(member + 1));
        ck_assert_msg(inner != NULL, "%s: %s", g->name, member);
        calls += expanded(inner, depth - 1);
    }
    return calls;
}

START_TEST(groups_are_sorted_found_and_made_of_calls)
{
    for (size_t i = 0; i < group_count; i++) {
        const struct syscall_group *g = &group_table[i];

        ck_assert_ptr_eq(group_by_name(g->name, strlen(g->name)), g);
        if (i > 0)
            ck_assert_int_lt(strcmp(g[-1].name, g->name), 0);
        ck_assert_str_ne(g->summary, "");
        ck_assert_uint_gt(expanded(g, 8), 0);
    }
    ck_assert_ptr_null(group_by_name("", 0));
    ck_assert_ptr_null(group_by_name("basic-i", 7));
    ck_assert_ptr_null(group_by_name("basic-iox", 9));
    ck_assert_ptr_null(group_by_name("zzz", 3));
    ck_assert_ptr_eq(group_by_name("swapoff", 4), group_by_name("swap", 4));
}
END_TEST

static bool is_family(const char *family)
{
    for (size_t i = 0; i < constant_count; i++)
        if (strcmp(constant_table[i].family, family) == 0)
            return true;
    return false;
}

START_TEST(families_of_arguments)
{
    size_t found = 0;

    for (size_t i = 0; i < syscall_count; i++) {
        const struct syscall_info *s = &syscall_table[i];

        const struct signature signature = syscall_signature(s, NULL);

        for (unsigned arg = 0; arg < signature.count; arg++) {
            const struct argument_family *f = argument_family(s->name, signature.args[arg].name);
            if (f == NULL)
                continue;
            found++;
            ck_assert_str_eq(f->syscall, s->name);
            ck_assert_str_eq(f->arg, signature.args[arg].name);
            ck_assert_msg(signature.args[arg].class != ARG_PTR, "%s: %s", s->name, f->family);
            ck_assert_msg(is_family(f->family), "%s: %s", s->name, f->family);
        }
    }
    ck_assert_uint_gt(found, 0);
    ck_assert_str_eq(argument_family("socket", "family")->family, "AF");
    ck_assert(!argument_family("socket", "family")->flags);
    ck_assert_str_eq(argument_family("openat", "flags")->family, "O");
    ck_assert(argument_family("openat", "flags")->flags);
    ck_assert_ptr_null(argument_family("socket", "flags"));
    ck_assert_ptr_null(argument_family("no_such_call", "family"));
}
END_TEST

/* --- actions and filter flags ----------------------------------------------------------------- */

START_TEST(actions_as_text)
{
    static const struct {
        uint32_t ret;
        const char *text;
    } cases[] = {
        {SECCOMP_RET_ALLOW, "ALLOW()"},
        {SECCOMP_RET_ALLOW | 5, "ALLOW()"},
        {SECCOMP_RET_ERRNO | 1, "ERRNO(EPERM)"},
        {SECCOMP_RET_ERRNO, "ERRNO(0)"},
        {SECCOMP_RET_ERRNO | 4000, "ERRNO(4000)"},
        {SECCOMP_RET_ERRNO | 0xffff, "ERRNO(4095)"},
        {SECCOMP_RET_TRACE | 3, "TRACE(3)"},
        {SECCOMP_RET_TRAP, "TRAP()"},
        {SECCOMP_RET_KILL_PROCESS, "KILL_PROCESS()"},
        {UINT32_C(0x12340000), "KILL_PROCESS()"},
    };
    char text[ACTION_TEXT], cut[6];

    action_source(cases[_i].ret, &arch_table[ARCH_X86_64], text, sizeof(text));
    ck_assert_str_eq(text, cases[_i].text);
    action_source(cases[_i].ret, &arch_table[ARCH_X86_64], cut, sizeof(cut));
    ck_assert_int_eq(strncmp(cut, cases[_i].text, 5), 0);
}
END_TEST

START_TEST(actions_are_the_kernels)
{
    static const uint32_t ret[ACTION_COUNT] = {
        [ACTION_KILL_PROCESS] = SECCOMP_RET_KILL_PROCESS,
        [ACTION_KILL_THREAD] = SECCOMP_RET_KILL_THREAD,
        [ACTION_KILL] = SECCOMP_RET_KILL,
        [ACTION_TRAP] = SECCOMP_RET_TRAP,
        [ACTION_ERRNO] = SECCOMP_RET_ERRNO,
        [ACTION_NOTIFY] = SECCOMP_RET_USER_NOTIF,
        [ACTION_TRACE] = SECCOMP_RET_TRACE,
        [ACTION_LOG] = SECCOMP_RET_LOG,
        [ACTION_ALLOW] = SECCOMP_RET_ALLOW,
    };

    for (size_t i = 0; i < ACTION_COUNT; i++) {
        const struct action_info *a = &action_table[i];

        ck_assert_uint_eq(a->ret, ret[i]);
        ck_assert_ptr_eq(action_by_name(a->name, strlen(a->name)), a);
        ck_assert_ptr_eq(action_by_name(a->oci, strlen(a->oci)), a);
        /* The older name is never shown. */
        ck_assert_ptr_eq(action_of_ret(a->ret | SECCOMP_RET_DATA),
                         i == ACTION_KILL ? &action_table[ACTION_KILL_THREAD] : a);
    }
    ck_assert_ptr_eq(action_of_ret(0x12340000), &action_table[ACTION_KILL_PROCESS]);
    ck_assert_ptr_null(action_by_name("", 0));
    ck_assert_ptr_null(action_by_name("allow", 5));
    ck_assert_ptr_null(action_by_name("ALLOWED", 7));
    ck_assert_ptr_null(action_by_name("SCMP_ACT_", 9));
}
END_TEST

START_TEST(filter_flags_are_the_kernels)
{
    static const uint32_t bit[FILTER_FLAG_COUNT] = {
        [FILTER_FLAG_TSYNC] = SECCOMP_FILTER_FLAG_TSYNC,
        [FILTER_FLAG_LOG] = SECCOMP_FILTER_FLAG_LOG,
        [FILTER_FLAG_SPEC_ALLOW] = SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        [FILTER_FLAG_NEW_LISTENER] = SECCOMP_FILTER_FLAG_NEW_LISTENER,
        [FILTER_FLAG_TSYNC_ESRCH] = SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
        [FILTER_FLAG_WAIT_KILLABLE_RECV] = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
    };

    ck_assert_uint_eq(filter_flag_count, FILTER_FLAG_COUNT);
    for (size_t i = 0; i < filter_flag_count; i++) {
        const struct filter_flag *f = &filter_flags[i];

        ck_assert_uint_eq(f->bit, bit[i]);
        ck_assert_ptr_eq(filter_flag_by_name(f->name, strlen(f->name)), f);
        ck_assert_ptr_eq(filter_flag_by_name(f->oci, strlen(f->oci)), f);
    }
    ck_assert_ptr_null(filter_flag_by_name("", 0));
    ck_assert_ptr_null(filter_flag_by_name("TSYN", 4));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tables");
    TCase *arch = tcase_create("arch"), *calls = tcase_create("calls");
    TCase *groups = tcase_create("groups"), *actions = tcase_create("actions");

    tcase_add_test(arch, arch_has_each_of_its_names);
    tcase_add_test(arch, arch_spellings_of_others);
    tcase_add_test(arch, arch_names_that_are_none);
    tcase_add_test(arch, arch_audit_values_are_the_kernels);
    tcase_add_test(arch, arch_of_a_call);
    tcase_add_test(arch, arch_that_this_is);
    suite_add_tcase(suite, arch);
    tcase_add_test(calls, calls_are_sorted_and_found);
    tcase_add_test(calls, calls_have_names_and_numbers_both_ways);
    tcase_add_test(calls, calls_with_odd_numbers);
    tcase_add_loop_test(calls, calls_as_the_kernel_numbers_them, 0, ARRAY_SIZE(facts));
    tcase_add_test(calls, calls_of_byte_order_twins);
    tcase_add_test(calls, calls_have_signatures);
    tcase_add_loop_test(calls, signatures_of_architectures, 0, ARRAY_SIZE(on_arch));
    tcase_add_test(calls, calls_have_releases);
    suite_add_tcase(suite, calls);
    tcase_add_test(groups, groups_are_sorted_found_and_made_of_calls);
    tcase_add_test(groups, families_of_arguments);
    suite_add_tcase(suite, groups);
    tcase_add_loop_test(actions, actions_as_text, 0, 10);
    tcase_add_test(actions, actions_are_the_kernels);
    tcase_add_test(actions, filter_flags_are_the_kernels);
    suite_add_tcase(suite, actions);
    return unit_run(suite);
}
