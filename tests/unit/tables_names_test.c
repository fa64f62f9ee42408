/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of the tables: errnos and the kernel's constants, on every architecture. */
#include "base/compiler.h"
#include "compiler/tables/names.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <string.h>

#define EACH_ARCH(a) (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++)

/* --- errnos ----------------------------------------------------------------------------------- */

START_TEST(errnos_are_sorted_and_found)
{
    const char *name;
    uint16_t value;
    size_t i;

    for (i = 0; (name = errno_at(i)); i++) {
        bool somewhere = false;

        if (i > 0)
            ck_assert_int_lt(strcmp(errno_at(i - 1), name), 0);
        for
            EACH_ARCH(a)
            {
                if (!errno_value(name, strlen(name), a, &value))
                    continue;
                somewhere = true;
                ck_assert_uint_gt(value, 0);
                ck_assert_uint_le(value, MAX_ERRNO);
            }
        ck_assert_msg(somewhere, "%s", name);
    }
    ck_assert_uint_gt(i, 130);
    ck_assert_ptr_null(errno_at(i + 1000));
    ck_assert(!errno_value("", 0, arch_table, &value));
    ck_assert(!errno_value("EPER", 4, arch_table, &value));
    ck_assert(!errno_value("EPERMX", 6, arch_table, &value));
    ck_assert(!errno_value("eperm", 5, arch_table, &value));
    ck_assert(errno_value("EPERMX", 5, arch_table, &value));
}
END_TEST

START_TEST(errnos_have_names_and_values_both_ways)
{
    for
        EACH_ARCH(a)
        {
            for (unsigned value = 0; value <= MAX_ERRNO; value++) {
                const char *name = errno_name((uint16_t)value, a);
                uint16_t again;

                if (name == NULL)
                    continue;
                ck_assert(errno_value(name, strlen(name), a, &again));
                ck_assert_uint_eq(again, value);
            }
            const char *name;
            for (size_t i = 0; (name = errno_at(i)); i++) {
                uint16_t value;
                if (errno_value(name, strlen(name), a, &value))
                    ck_assert_msg(errno_name(value, a) != NULL, "%s on %s", name, a->name);
            }
        }
}
END_TEST

/* The libc of this machine knows the same numbers by the same names. */
START_TEST(errnos_of_this_machine)
{
    for (int value = 1; value <= MAX_ERRNO; value++) {
        const char *libc = strerrorname_np(value),
                   *ours = errno_name((uint16_t)value, arch_native());

        if (libc == NULL || ours == NULL)
            ck_assert_msg(libc == ours, "%d", value);
        else if (value == EOPNOTSUPP)
            ck_assert_str_eq(ours, "EOPNOTSUPP"); /* libc prefers its own ENOTSUP */
        else
            ck_assert_str_eq(ours, libc);
    }
}
END_TEST

/* arch/.../include/uapi/asm/errno.h; 0: not defined. */
static const struct {
    const char *name;
    enum arch_id arch;
    uint16_t value;
} errno_facts[] = {
    {"EPERM", ARCH_X86_64, 1},        {"EPERM", ARCH_PARISC, 1},
    {"ENOSYS", ARCH_X86_64, 38},      {"ENOSYS", ARCH_MIPS, 89},
    {"ENOSYS", ARCH_PARISC64, 251},   {"EDEADLK", ARCH_AARCH64, 35},
    {"EDEADLK", ARCH_MIPSEL64, 45},   {"EDEADLOCK", ARCH_PPC64LE, 58},
    {"EDEADLOCK", ARCH_X86, 35},      {"EDEADLOCK", ARCH_MIPS64N32, 56},
    {"EDQUOT", ARCH_MIPS64, 1133},    {"EWOULDBLOCK", ARCH_S390X, 11},
    {"EREFUSED", ARCH_X86_64, 0},     {"EREFUSED", ARCH_PARISC, 239},
    {"EAGAIN", ARCH_LOONGARCH64, 11}, {"EHWPOISON", ARCH_RISCV64, 133},
};

START_TEST(errnos_as_the_kernel_has_them)
{
    const char *name = errno_facts[_i].name;
    uint16_t value = 0;
    bool is = errno_value(name, strlen(name), &arch_table[errno_facts[_i].arch], &value);

    ck_assert(is == (errno_facts[_i].value != 0));
    ck_assert_uint_eq(value, errno_facts[_i].value);
}
END_TEST

START_TEST(errnos_are_shown_by_their_usual_name)
{
    const struct arch *a = &arch_table[ARCH_X86_64];

    ck_assert_str_eq(errno_name(EAGAIN, a), "EAGAIN");
    ck_assert_str_eq(errno_name(EDEADLK, a), "EDEADLK");
    ck_assert_str_eq(errno_name(ECANCELED, a), "ECANCELED");
    ck_assert_str_eq(errno_name(253, &arch_table[ARCH_PARISC]), "ECANCELED");
    ck_assert_ptr_null(errno_name(0, a));
    ck_assert_ptr_null(errno_name(MAX_ERRNO, a));
}
END_TEST

/* --- constants -------------------------------------------------------------------------------- */

static const struct constant *constant(const char *name)
{
    return constant_by_name(name, strlen(name));
}

START_TEST(constants_are_sorted_and_found)
{
    for (size_t i = 0; i < constant_count; i++) {
        const struct constant *c = &constant_table[i];

        ck_assert_ptr_eq(constant(c->name), c);
        if (i > 0)
            ck_assert_int_lt(strcmp(c[-1].name, c->name), 0);
        ck_assert_str_ne(c->family, "");
        ck_assert_int_eq(c->negative, (int64_t)c->value < 0 && c->negative);
        ck_assert_ptr_ne(constant_by_name(c->name, strlen(c->name) - 1), c);
        ck_assert_ptr_null(constant_by_name(c->name, strlen(c->name) + 1));
    }
    ck_assert_ptr_null(constant(""));
    ck_assert_ptr_null(constant("NO_SUCH_CONSTANT"));
    ck_assert_ptr_null(constant("af_unix"));
}
END_TEST

START_TEST(constants_have_overrides_that_do_not_overlap)
{
    size_t next = 0;

    for (size_t i = 0; i < constant_count; i++) {
        const struct constant *c = &constant_table[i];
        arch_set seen = 0;

        ck_assert_uint_eq(c->first_override, next);
        for (size_t o = next; o < next + c->override_count; o++) {
            ck_assert_msg((seen & constant_overrides[o].archs) == 0, "%s", c->name);
            ck_assert_uint_ne(constant_overrides[o].archs, 0);
            ck_assert_uint_eq(constant_overrides[o].archs >> (ARCH_COUNT - 1) >> 1, 0);
            seen |= constant_overrides[o].archs;
        }
        ck_assert_msg(seen != ARCH_BIT(ARCH_COUNT) - 1, "%s: its usual value is nowhere", c->name);
        next += c->override_count;
    }
}
END_TEST

START_TEST(constants_have_names_and_values_both_ways)
{
    for
        EACH_ARCH(a)
        {
            for (size_t i = 0; i < constant_count; i++) {
                const struct constant *c = &constant_table[i], *shown;
                uint64_t value, again;

                if (!constant_value(c, a, &value))
                    continue;
                const char *name = constant_name(c->family, value, a);
                shown = name ? constant(name) : NULL;
                /* One assertion for all: check is slow where there are a hundred thousand. */
                if (shown == NULL || !constant_value(shown, a, &again) || again != value ||
                    strcmp(shown->family, c->family) != 0)
                    ck_abort_msg("%s on %s is shown as %s", c->name, a->name,
                                 name ? name : "nothing");
            }
            ck_assert_ptr_null(constant_name("AF", 0xdeadbeef, a));
            ck_assert_ptr_null(constant_name("no family", 1, a));
            ck_assert_ptr_null(constant_name("", 1, a));
        }
}
END_TEST

#define ABSENT UINT64_C(0xab5e17ab5e17ab5e)

/* From the kernel's headers of each architecture: arch/.../include/uapi/asm, include/uapi. */
static const struct {
    const char *name;
    enum arch_id arch;
    uint64_t value;
} constant_facts[] = {
    {"AF_UNIX", ARCH_X86_64, 1},
    {"AF_VSOCK", ARCH_S390X, 40},
    {"AT_FDCWD", ARCH_X86_64, (uint64_t)-100},
    {"BLKGETSIZE64", ARCH_X86, 0x80041272},
    {"BLKGETSIZE64", ARCH_X86_64, 0x80081272},
    {"CLONE_NEWUSER", ARCH_MIPS, 0x10000000},
    {"F_GETLK64", ARCH_ARM, 12},
    {"F_GETLK64", ARCH_AARCH64, ABSENT},
    {"F_GETLK", ARCH_MIPS, 14},
    {"FUTEX_CMD_MASK", ARCH_X86_64, (uint64_t)-385},
    {"KVM_RUN", ARCH_X86_64, 0xae80},
    {"KVM_GET_REGS", ARCH_LOONGARCH64, ABSENT},
    {"MADV_DONTNEED", ARCH_PARISC, 4},
    {"MAP_ANONYMOUS", ARCH_X86_64, 0x20},
    {"MAP_ANONYMOUS", ARCH_MIPSEL, 0x800},
    {"MAP_ANONYMOUS", ARCH_PARISC, 0x10},
    {"MAP_32BIT", ARCH_X86_64, 0x40},
    {"MAP_32BIT", ARCH_RISCV64, ABSENT},
    {"MS_NOUSER", ARCH_X86_64, UINT64_C(1) << 31},
    {"O_DIRECTORY", ARCH_X86_64, 0x10000},
    {"O_DIRECTORY", ARCH_AARCH64, 0x4000},
    {"O_NONBLOCK", ARCH_X86_64, 0x800},
    {"O_NONBLOCK", ARCH_MIPS64, 0x80},
    {"O_NONBLOCK", ARCH_PARISC, 0x10000},
    {"O_ACCMODE", ARCH_LOONGARCH64, 3},
    {"O_LARGEFILE", ARCH_X86_64, 0x8000},
    {"POSIX_FADV_DONTNEED", ARCH_X86_64, 4},
    {"POSIX_FADV_DONTNEED", ARCH_S390X, 6},
    {"POSIX_FADV_DONTNEED", ARCH_S390, 4},
    {"PROT_WRITE", ARCH_SH, 2},
    {"PTRACE_GETREGS", ARCH_X86_64, 12},
    {"PTRACE_SYSEMU", ARCH_LOONGARCH64, 31},
    {"PTRACE_SYSEMU", ARCH_RISCV64, ABSENT},
    {"RLIMIT_NOFILE", ARCH_X86, 7},
    {"RLIMIT_NOFILE", ARCH_MIPS, 5},
    {"SIGUSR1", ARCH_X86_64, 10},
    {"SIGUSR1", ARCH_MIPS, 16},
    {"SIGUSR1", ARCH_PARISC, 16},
    {"SOCK_STREAM", ARCH_X86_64, 1},
    {"SOCK_STREAM", ARCH_MIPS, 2},
    {"SOCK_NONBLOCK", ARCH_MIPS, 0x80},
    {"SOCK_NONBLOCK", ARCH_PARISC, 0x40000000},
    {"SOCK_TYPE_MASK", ARCH_PPC, 0xf},
    {"SOL_SOCKET", ARCH_ARM, 1},
    {"SOL_SOCKET", ARCH_MIPS64, 0xffff},
    {"SECCOMP_IOCTL_NOTIF_RECV", ARCH_X86_64, 0xc0502100},
    {"TCGETS", ARCH_X86_64, 0x5401},
    {"TCGETS", ARCH_MIPS, 0x540d},
    {"TCGETS", ARCH_PPC64LE, 0x402c7413},
    {"TIOCGWINSZ", ARCH_X86_64, 0x5413},
    {"TIOCGWINSZ", ARCH_MIPS, 0x40087468},
    {"TIOCGWINSZ", ARCH_SH, 0x80087468},
    {"TIOCSTI", ARCH_X86_64, 0x5412},
    {"TIOCSTI", ARCH_MIPS, 0x5472},
    {"TUNSETIFF", ARCH_X86_64, 0x400454ca},
    {"TUNSETIFF", ARCH_PPC64, 0x800454ca},
};

START_TEST(constants_as_the_kernel_has_them)
{
    const struct constant *c = constant(constant_facts[_i].name);
    uint64_t value;

    ck_assert_msg(c != NULL, "%s", constant_facts[_i].name);
    if (!constant_value(c, &arch_table[constant_facts[_i].arch], &value))
        value = ABSENT;
    ck_assert_msg(value == constant_facts[_i].value, "%s on %s is 0x%llx", c->name,
                  arch_table[constant_facts[_i].arch].name, (unsigned long long)value);
}
END_TEST

START_TEST(constants_that_are_negative)
{
    ck_assert(constant("AT_FDCWD")->negative);
    ck_assert(constant("FUTEX_CMD_MASK")->negative);
    ck_assert(constant("KEY_SPEC_SESSION_KEYRING")->negative);
    ck_assert(!constant("MS_NOUSER")->negative); /* 1 << 31, a bit */
    ck_assert(!constant("RLIM_INFINITY")->negative);
}
END_TEST

START_TEST(constants_are_shown_by_their_usual_name)
{
    const struct arch *a = &arch_table[ARCH_X86_64], *mips = &arch_table[ARCH_MIPS];

    ck_assert_str_eq(constant_name("AF", 16, a), "AF_NETLINK");
    ck_assert_str_eq(constant_name("AF", 1, a), "AF_UNIX");
    ck_assert_str_eq(constant_name("O", 0x800, a), "O_NONBLOCK");
    ck_assert_str_eq(constant_name("SIG", 10, a), "SIGUSR1");
    ck_assert_str_eq(constant_name("SIG", 16, mips), "SIGUSR1");
    ck_assert_str_eq(constant_name("SIG", 10, mips), "SIGBUS");
    ck_assert_str_eq(constant_name("SOCK", 1, mips), "SOCK_DGRAM");
    ck_assert_str_eq(constant_name("PR", 22, a), "PR_SET_SECCOMP");
    ck_assert_str_eq(constant_name("NETLINK", 9, a), "NETLINK_AUDIT");
    ck_assert_str_eq(constant_name("BPF", 5, a), "BPF_PROG_LOAD");
    ck_assert_str_eq(constant_name("IOCTL", 0x5401, a), "TCGETS");
    ck_assert_ptr_null(constant_name("MAP", 0x40, &arch_table[ARCH_RISCV64]));
}
END_TEST

/* The families that the language promises. */
START_TEST(constants_of_every_promised_family)
{
    static const char *const promised[] = {
        "AF",    "SOCK", "IPPROTO", "NETLINK", "O",   "AT",    "PROT",    "MAP",      "MADV",
        "CLONE", "PR",   "SIG",     "PTRACE",  "F",   "FUTEX", "SECCOMP", "KEYCTL",   "BPF",
        "MS",    "PER",  "IOCTL",   "MNT",     "S",   "EPOLL", "RLIMIT",  "LOCK",     "CLOCK",
        "SCHED", "GRND", "MFD",     "SEEK",    "MSG", "SHUT",  "MPOL",    "LANDLOCK", "RENAME",
        "TCP",   "IP",   "IPV6",    "SO",      "SOL", "W",     "IN",      "FAN",
    };

    for (size_t f = 0; f < ARRAY_SIZE(promised); f++) {
        size_t members = 0;

        for (size_t i = 0; i < constant_count; i++)
            members += strcmp(constant_table[i].family, promised[f]) == 0;
        ck_assert_msg(members > 0, "%s", promised[f]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tables_names");
    TCase *errnos = tcase_create("errnos"), *constants = tcase_create("constants");

    tcase_add_test(errnos, errnos_are_sorted_and_found);
    tcase_add_test(errnos, errnos_have_names_and_values_both_ways);
    tcase_add_test(errnos, errnos_of_this_machine);
    tcase_add_loop_test(errnos, errnos_as_the_kernel_has_them, 0, ARRAY_SIZE(errno_facts));
    tcase_add_test(errnos, errnos_are_shown_by_their_usual_name);
    suite_add_tcase(suite, errnos);
    tcase_set_timeout(constants, 60); /* thousands of names on two dozen architectures */
    tcase_add_test(constants, constants_are_sorted_and_found);
    tcase_add_test(constants, constants_have_overrides_that_do_not_overlap);
    tcase_add_test(constants, constants_have_names_and_values_both_ways);
    tcase_add_loop_test(constants, constants_as_the_kernel_has_them, 0, ARRAY_SIZE(constant_facts));
    tcase_add_test(constants, constants_that_are_negative);
    tcase_add_test(constants, constants_are_shown_by_their_usual_name);
    tcase_add_test(constants, constants_of_every_promised_family);
    suite_add_tcase(suite, constants);
    return unit_run(suite);
}
