/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of compiler/cbpf/check.c: each rule of the kernel, kept and broken. */
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/isa.h"
#include "tests/lib/unit.h"
#include "tests/unit/cbpf_testlib.h"

#include <errno.h>
#include <string.h>

static const struct {
    const char *name, *text;
    const char *why; /* NULL: accepted */
    uint32_t at;
} cases[] = {
#define ACCEPTED(name, text)         {name, text, NULL, 0},
#define REFUSED(name, text, at, why) {name, text, why, at},
#include "tests/unit/cbpf_cases.def"
#undef ACCEPTED
#undef REFUSED
};

START_TEST(rule)
{
    struct arena a;
    struct program p;
    struct error err = {0};
    uint32_t at = UINT32_MAX;
    int r;

    arena_init(&a);
    p = assembled(&a, cases[_i].text);
    r = check_program(&p, &at, &err);
    if (!cases[_i].why) {
        ck_assert_msg(r == 0, "%s: %s", cases[_i].name, err.text);
    } else {
        ck_assert_msg(r == -EINVAL, "%s: accepted", cases[_i].name);
        ck_assert_uint_eq(at, cases[_i].at);
        ck_assert_msg(strstr(err.text, cases[_i].why), "%s: %s", cases[_i].name, err.text);
    }
    arena_release(&a);
}
END_TEST

static struct sock_filter many[BPF_MAXINSNS + 1];

START_TEST(length)
{
    struct program p = {many, 0};
    struct error err;
    uint32_t at;

    for (uint32_t i = 0; i <= BPF_MAXINSNS; i++)
        many[i] = (struct sock_filter){.code = BPF_RET | BPF_K};
    ck_assert_int_eq(check_program(&p, &at, &err), -EINVAL);
    ck_assert_str_eq(err.text, "the program is empty");
    p.count = BPF_MAXINSNS;
    ck_assert_int_eq(check_program(&p, &at, &err), 0);
    p.count = BPF_MAXINSNS + 1;
    ck_assert_int_eq(check_program(&p, &at, &err), -EINVAL);
    ck_assert_uint_eq(at, BPF_MAXINSNS);
    ck_assert_str_eq(err.text, "4097 instructions, more than the kernel's 4096");
}
END_TEST

/* Every row of the table is accepted with its operand in order, and no other opcode. */
START_TEST(opcodes)
{
    struct error err;
    uint32_t at;

    for (uint32_t code = 0; code <= UINT16_MAX; code++) {
        struct sock_filter in[] = {{.code = BPF_ST, .k = 4},   {.code = (uint16_t)code, .k = 4},
                                   {.code = BPF_LD | BPF_IMM}, {.code = BPF_LD | BPF_IMM},
                                   {.code = BPF_LD | BPF_IMM}, {.code = BPF_LD | BPF_IMM},
                                   {.code = BPF_RET | BPF_A}};
        const struct program p = {in, ARRAY_SIZE(in)};
        unsigned rows = 0;

        for (int i = 0; i < ISA_COUNT; i++)
            rows += isa_table[i].code == code;
        ck_assert_msg(rows == (check_program(&p, &at, &err) == 0), "opcode 0x%x", code);
    }
}
END_TEST

static const struct {
    const char *text;
    bool checks;
} architectures[] = {
    {"ret #0x7fff0000", false},
    {"ret #0x00050001", false},
    {"ret a", false},
    {"ret #0", true},
    {"ret #0x80000000", true},
    {"ret #0x00010000", true}, /* an unknown action is KILL_PROCESS */
    {"ld [4]\n jeq #0xc000003e, 2, 3\n ret #0x7fff0000\n ret #0", true},
    {"ld [4]\n jeq #0xc000003e, 2, 2\n ret #0x7fff0000", false},
    {"ld [4]\n ret #0x7fff0000", false},
    {"ld [0]\n jeq #1, 2, 3\n ret #0x7fff0000\n ret #0", false},
    /* one way around the comparison */
    {"ld [0]\n jeq #1, 5, 2\n ld [4]\n jeq #0xc000003e, 5, 4\n ret #0\n ret #0x7fff0000", false},
    {"ld [0]\n jeq #1, 4, 2\n ld [4]\n jeq #0xc000003e, 5, 4\n ret #0\n ret #0x7fff0000", true},
    /* by way of X */
    {"ld [4]\n tax\n ld #0xc000003e\n jeq x, 4, 5\n ret #0x7fff0000\n ret #0", true},
    {"ld [4]\n tax\n ldx #3\n jeq x, 4, 5\n ret #0x7fff0000\n ret #0", true},
    {"ld [4]\n tax\n ldx #3\n txa\n jeq x, 5, 6\n ret #0x7fff0000\n ret #0", false},
    {"ld [4]\n tax\n ld [0]\n txa\n jeq #1, 5, 6\n ret #0x7fff0000\n ret #0", true},
    {"ld [4]\n tax\n ld [0]\n jeq #1, 4, 5\n ret #0x7fff0000\n ret #0", false},
    {"ld [4]\n and #1\n jeq #1, 3, 4\n ret #0x7fff0000\n ret #0", false},
};

START_TEST(architecture)
{
    struct arena a;
    struct program p;
    struct error err;
    uint32_t at;

    arena_init(&a);
    p = assembled(&a, architectures[_i].text);
    ck_assert_msg(check_program(&p, &at, &err) == 0, "%s", err.text);
    ck_assert_int_eq(checks_architecture(&p), architectures[_i].checks);
    arena_release(&a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cbpf check");
    TCase *c = tcase_create("kernel");

    tcase_add_loop_test(c, rule, 0, ARRAY_SIZE(cases));
    tcase_add_test(c, length);
    tcase_add_test(c, opcodes);
    suite_add_tcase(s, c);
    c = tcase_create("architecture");
    tcase_add_loop_test(c, architecture, 0, ARRAY_SIZE(architectures));
    suite_add_tcase(s, c);
    return unit_run(s);
}
