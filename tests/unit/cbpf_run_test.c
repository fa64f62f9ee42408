/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of compiler/cbpf/run.c and program.c: every instruction, every word, byte orders, and
 * which answers the kernel's bitmap knows. */
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/isa.h"
#include "compiler/cbpf/run.h"
#include "tests/lib/unit.h"
#include "tests/unit/cbpf_testlib.h"

#include <linux/audit.h>
#include <string.h>

static const struct seccomp_data call = {
    .nr = 0x101,
    .arch = 0x202,
    .instruction_pointer = UINT64_C(0x0000030400000303),
    .args = {UINT64_C(0x0000040500000404), UINT64_C(0x0000050600000505),
             UINT64_C(0x0000060700000606), UINT64_C(0x0000070800000707),
             UINT64_C(0x0000080900000808), UINT64_C(0xffffffff80000000)},
};

static const struct {
    const char *text;
    uint32_t ret, executed;
} runs[] = {
    {"ret a", 0, 1},
    {"txa\n ret a", 0, 2},
    {"ld [0]\n ret a", 0x101, 2},
    {"ld [4]\n ret a", 0x202, 2},
    {"ld [8]\n ret a", 0x303, 2},
    {"ld [12]\n ret a", 0x304, 2},
    {"ld [16]\n ret a", 0x404, 2},
    {"ld [20]\n ret a", 0x405, 2},
    {"ld [56]\n ret a", 0x80000000, 2},
    {"ld [60]\n ret a", 0xffffffff, 2},
    {"ld len\n ret a", 64, 2},
    {"ldx len\n txa\n ret a", 64, 3},
    {"ld #0xffffffff\n ret a", 0xffffffff, 2},
    {"ldx #7\n txa\n ret a", 7, 3},
    {"ld #7\n tax\n ld #1\n txa\n ret a", 7, 5},
    {"ld #7\n st M[0]\n ld #8\n st M[15]\n ld M[0]\n ret a", 7, 6},
    {"ldx #7\n stx M[3]\n ld M[3]\n ret a", 7, 4},
    {"ld #7\n st M[3]\n ldx M[3]\n txa\n ret a", 7, 5},
    {"ld #0xffffffff\n add #2\n ret a", 1, 3},
    {"ld #5\n ldx #0xffffffff\n add x\n ret a", 4, 4},
    {"ld #1\n sub #2\n ret a", 0xffffffff, 3},
    {"ld #1\n ldx #3\n sub x\n ret a", 0xfffffffe, 4},
    {"ld #0x10001\n mul #0x10001\n ret a", 0x20001, 3},
    {"ld #0x80000000\n ldx #3\n mul x\n ret a", 0x80000000, 4},
    {"ld #0xfffffffe\n div #3\n ret a", 0x55555554, 3},
    {"ld #0xfffffffe\n ldx #0xffffffff\n div x\n ret a", 0, 4},
    {"ld #9\n ldx #2\n div x\n ret a", 4, 4},
    {"ld #9\n div x\n ret #0x7fff0000", 0, 2}, /* division by zero kills, there and then */
    {"ld #0xff\n and #0xf0f\n ret a", 0xf, 3},
    {"ld #0xff\n ldx #0xf0f\n and x\n ret a", 0xf, 4},
    {"ld #0xf0\n or #0xf0f\n ret a", 0xfff, 3},
    {"ld #0xf0\n ldx #0xf0f\n or x\n ret a", 0xfff, 4},
    {"ld #0xff\n xor #0xf0f\n ret a", 0xff0, 3},
    {"ld #0xff\n ldx #0xf0f\n xor x\n ret a", 0xff0, 4},
    {"ld #3\n lsh #31\n ret a", 0x80000000, 3},
    {"ld #3\n ldx #33\n lsh x\n ret a", 6, 4}, /* only five bits of X count */
    {"ld #0x80000000\n rsh #31\n ret a", 1, 3},
    {"ld #0x80000000\n ldx #32\n rsh x\n ret a", 0x80000000, 4},
    {"ld #1\n neg\n ret a", 0xffffffff, 3},
    {"ja 2\n ret #1\n ret #2", 2, 2},
    {"ld #5\n jeq #5, 2, 3\n ret #1\n ret #2", 1, 3},
    {"ld #5\n jeq #6, 2, 3\n ret #1\n ret #2", 2, 3},
    {"ld #5\n ldx #5\n jeq x, 3, 4\n ret #1\n ret #2", 1, 4},
    {"ld #5\n jeq x, 2, 3\n ret #1\n ret #2", 2, 3},
    {"ld #0x80000000\n jgt #5, 2, 3\n ret #1\n ret #2", 1, 3}, /* unsigned */
    {"ld #5\n jgt #5, 2, 3\n ret #1\n ret #2", 2, 3},
    {"ld #5\n ldx #4\n jgt x, 3, 4\n ret #1\n ret #2", 1, 4},
    {"ld #5\n ldx #0xffffffff\n jgt x, 3, 4\n ret #1\n ret #2", 2, 4},
    {"ld #5\n jge #5, 2, 3\n ret #1\n ret #2", 1, 3},
    {"ld #5\n jge #6, 2, 3\n ret #1\n ret #2", 2, 3},
    {"ld #5\n ldx #5\n jge x, 3, 4\n ret #1\n ret #2", 1, 4},
    {"ld #5\n ldx #6\n jge x, 3, 4\n ret #1\n ret #2", 2, 4},
    {"ld #6\n jset #3, 2, 3\n ret #1\n ret #2", 1, 3},
    {"ld #6\n jset #9, 2, 3\n ret #1\n ret #2", 2, 3},
    {"ld #6\n ldx #4\n jset x, 3, 4\n ret #1\n ret #2", 1, 4},
    {"ld #6\n jset x, 2, 3\n ret #1\n ret #2", 2, 3},
};

static struct program accepted(struct arena *a, const char *text)
{
    const struct program p = assembled(a, text);
    struct error err;
    uint32_t at;

    ck_assert_msg(check_program(&p, &at, &err) == 0, "%s", err.text);
    return p;
}

START_TEST(instruction)
{
    struct arena a;
    struct program p;
    struct run run;

    arena_init(&a);
    p = accepted(&a, runs[_i].text);
    run = run_program(&p, &call, HOST_BIG_ENDIAN);
    ck_assert_msg(run.ret == runs[_i].ret, "%s: 0x%x", runs[_i].text, run.ret);
    ck_assert_msg(run.executed == runs[_i].executed, "%s: %u", runs[_i].text, run.executed);
    arena_release(&a);
}
END_TEST

struct seen {
    const struct program *p;
    unsigned steps, counts[ISA_COUNT];
};

static void see(void *ctx, uint32_t at)
{
    struct seen *seen = ctx;

    seen->steps++;
    seen->counts[isa_id(isa_of(seen->p->code[at].code))]++;
}

/* The table above leaves out no instruction, and every one is told to the hook. */
START_TEST(all_are_traced)
{
    struct seen seen = {0};
    struct arena a;

    arena_init(&a);
    for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
        struct program p = accepted(&a, runs[i].text);
        struct run run;

        seen.p = &p;
        seen.steps = 0;
        run = trace_program(&p, &call, HOST_BIG_ENDIAN, see, &seen);
        ck_assert_uint_eq(run.ret, runs[i].ret);
        ck_assert_uint_eq(run.executed, seen.steps);
    }
    for (int i = 0; i < ISA_COUNT; i++)
        ck_assert_msg(seen.counts[i] > 0, "%s %s", isa_table[i].mnemonic, isa_table[i].pattern);
    arena_release(&a);
}
END_TEST

/* A word has the same value whatever the byte order of the target; its offset differs. */
START_TEST(words)
{
    static const uint32_t values[WORD_COUNT] = {0x101, 0x202, 0x303,      0x304,     0x404, 0x405,
                                                0x505, 0x506, 0x606,      0x607,     0x707, 0x708,
                                                0x808, 0x809, 0x80000000, 0xffffffff};

    for (int big = 0; big <= 1; big++) {
        for (int w = 0; w < WORD_COUNT; w++) {
            const uint32_t offset = word_offset((enum word)w, big);
            struct sock_filter code[] = {{.code = BPF_LD | BPF_W | BPF_ABS, .k = offset},
                                         {.code = BPF_RET | BPF_A}};
            const struct program p = {code, ARRAY_SIZE(code)};

            ck_assert_uint_eq(word_at(offset, big), w);
            ck_assert_uint_eq(word_value(&call, (enum word)w), values[w]);
            ck_assert_uint_eq(run_program(&p, &call, big).ret, values[w]);
        }
    }
    ck_assert_uint_eq(word_offset(WORD_ARG_LOW(0), false), 16);
    ck_assert_uint_eq(word_offset(WORD_ARG_LOW(0), true), 20);
    ck_assert_uint_eq(word_offset(WORD_ARG_HIGH(5), false), 60);
    ck_assert_uint_eq(word_offset(WORD_ARG_HIGH(5), true), 56);
    ck_assert_uint_eq(word_offset(WORD_IP_LOW, true), 12);
    ck_assert_uint_eq(word_offset(WORD_ARCH, true), 4);
}
END_TEST

START_TEST(bytes)
{
    static const unsigned char little[] = {0x15, 0, 1, 2, 4, 3, 2, 1},
                               big[] = {0, 0x15, 1, 2, 1, 2, 3, 4};
    struct sock_filter code[] = {
        {.code = BPF_JMP | BPF_JEQ | BPF_K, .jt = 1, .jf = 2, .k = 0x01020304}};
    const struct program p = {code, 1};
    unsigned char out[sizeof(little)];
    struct program back;
    struct arena a;

    arena_init(&a);
    for (int is_big = 0; is_big <= 1; is_big++) {
        program_to_bytes(&p, is_big, out);
        ck_assert_mem_eq(out, is_big ? big : little, sizeof(out));
        program_from_bytes(&a, out, sizeof(out), is_big, &back);
        ck_assert_uint_eq(back.count, 1);
        ck_assert_mem_eq(back.code, code, sizeof(code));
    }
    arena_release(&a);
}
END_TEST

START_TEST(guess)
{
    static const unsigned char nonsense[16] = {0xff, 0xff, 0xff, 0xff};
    struct arena a;
    struct program p;
    unsigned char out[64];

    arena_init(&a);
    p = accepted(&a, "ld #0\n jeq #0x01020304, 2, 3\n ret #0x7fff0000\n ret #0");
    for (int big = 0; big <= 1; big++) {
        program_to_bytes(&p, big, out);
        ck_assert_int_eq(program_guess_endian(&a, out, 8 * p.count), big);
        ck_assert_int_eq(program_guess_endian(&a, out, 8 * (p.count - 2)), -1);
    }
    ck_assert_int_eq(program_guess_endian(&a, nonsense, sizeof(nonsense)), -1);
    ck_assert_int_eq(program_guess_endian(&a, nonsense, 0), -1);
    arena_release(&a);
}
END_TEST

#define ALLOW "ret #0x7fff0000"

static const struct {
    const char *text;
    uint32_t audit, nr;
    bool answer;
} constants[] = {
    {ALLOW, AUDIT_ARCH_X86_64, 0, true},
    {"ret #0x7fff0001", AUDIT_ARCH_X86_64, 0, false}, /* ALLOW, but not its very value */
    {"ret #0x7ffc0000", AUDIT_ARCH_X86_64, 0, false},
    {"ret #0", AUDIT_ARCH_X86_64, 0, false},
    {"ld [0]\n jeq #5, 2, 3\n " ALLOW "\n ret #0", AUDIT_ARCH_X86_64, 5, true},
    {"ld [0]\n jeq #5, 2, 3\n " ALLOW "\n ret #0", AUDIT_ARCH_X86_64, 6, false},
    {"ld [4]\n jeq #0xc000003e, 2, 3\n " ALLOW "\n ret #0", AUDIT_ARCH_X86_64, 5, true},
    {"ld [4]\n jeq #0xc000003e, 2, 3\n " ALLOW "\n ret #0", AUDIT_ARCH_I386, 5, false},
    /* all that the kernel follows */
    {"ld [0]\n and #7\n jgt #2, 3, 7\n jge #3, 4, 7\n jset #1, 5, 7\n ja 6\n " ALLOW "\n ret #0",
     AUDIT_ARCH_X86_64, 0xfb, true},
    /* an argument, where it is not looked at and where it is */
    {"ld [0]\n jeq #5, 4, 2\n ld [16]\n jeq #1, 5, 4\n " ALLOW "\n ret #0", AUDIT_ARCH_X86_64, 5,
     true},
    {"ld [0]\n jeq #5, 4, 2\n ld [16]\n jeq #1, 5, 4\n " ALLOW "\n ret #0", AUDIT_ARCH_X86_64, 6,
     false},
    {"ld [8]\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"ld #0\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"ld len\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"ldx #0\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"st M[0]\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"tax\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"or #0\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"and x\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"jeq x, 1, 1\n " ALLOW, AUDIT_ARCH_X86_64, 0, false},
    {"ret a", AUDIT_ARCH_X86_64, 0x7fff0000, false},
    /* no bit in the bitmap, no bitmap */
    {ALLOW, AUDIT_ARCH_X86_64, 0x40000000, false},
    {ALLOW, AUDIT_ARCH_ARM, 0xf0005, false},
    {ALLOW, AUDIT_ARCH_MIPSEL64N32, 6000, false},
};

START_TEST(constant)
{
    struct arena a;
    struct program p;

    arena_init(&a);
    p = accepted(&a, constants[_i].text);
    ck_assert_msg(const_allow(&p, constants[_i].audit, constants[_i].nr) == constants[_i].answer,
                  "%s", constants[_i].text);
    arena_release(&a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cbpf run");
    TCase *c = tcase_create("run");

    tcase_add_loop_test(c, instruction, 0, ARRAY_SIZE(runs));
    tcase_add_test(c, all_are_traced);
    tcase_add_test(c, words);
    suite_add_tcase(s, c);
    c = tcase_create("bytes");
    tcase_add_test(c, bytes);
    tcase_add_test(c, guess);
    suite_add_tcase(s, c);
    c = tcase_create("const_allow");
    tcase_add_loop_test(c, constant, 0, ARRAY_SIZE(constants));
    suite_add_tcase(s, c);
    return unit_run(s);
}
