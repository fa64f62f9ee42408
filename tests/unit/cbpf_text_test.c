/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of programs as text: assembled, disassembled, and what the comments say. */
#include "base/str.h"
#include "compiler/cbpf/assemble.h"
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/disassemble.h"
#include "compiler/cbpf/isa.h"
#include "tests/lib/unit.h"
#include "tests/unit/cbpf_testlib.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

static const char *text_of(const struct program *p, const struct disassembly *how)
{
    struct strbuf b;

    strbuf_init(&b, &arena);
    disassemble(p, how, &b);
    return strbuf_text(&b);
}

static void assert_same(const struct program *p, const struct program *q, uint64_t seed)
{
    ck_assert_uint_eq(p->count, q->count);
    for (uint32_t i = 0; i < p->count; i++)
        ck_assert_msg(memcmp(&p->code[i], &q->code[i], sizeof(p->code[i])) == 0,
                      "seed %ju, instruction %u", (uintmax_t)seed, i);
}

START_TEST(round_trip_of_valid)
{
    static struct sock_filter code[BPF_MAXINSNS];
    const uint64_t seed = rng_seed();
    struct rng rng = {seed};
    struct error err;
    uint32_t at;

    for (int n = 0; n < 1000; n++) {
        struct program p = {code, random_length(&rng)}, back;
        const struct disassembly how = {.big_endian = n % 2};

        do
            random_program(&rng, code, p.count);
        while (check_program(&p, &at, &err) < 0);
        ck_assert_msg(assemble(&arena, text_of(&p, &how), &back, &err) == 0, "%s", err.text);
        assert_same(&p, &back, seed);
        arena_release(&arena);
    }
}
END_TEST

/* Any code, jumps out of the program too; but fields that are not in the text are 0. */
START_TEST(round_trip_of_any)
{
    static struct sock_filter code[64];
    const uint64_t seed = rng_seed();
    struct rng rng = {seed};
    struct error err;

    for (int n = 0; n < 1000; n++) {
        struct program p = {code, 1 + rng_below(&rng, 64)}, back, again;
        const struct disassembly how = {0};

        random_program(&rng, code, p.count);
        for (unsigned i = rng_below(&rng, 20); i > 0; i--)
            mutate_program(&rng, &p);
        ck_assert_msg(assemble(&arena, text_of(&p, &how), &back, &err) == 0, "%s", err.text);
        ck_assert_uint_eq(back.count, p.count);
        for (uint32_t i = 0; i < p.count; i++)
            ck_assert_uint_eq(back.code[i].code, p.code[i].code);
        ck_assert_msg(assemble(&arena, text_of(&back, &how), &again, &err) == 0, "%s", err.text);
        assert_same(&back, &again, seed);
    }
}
END_TEST

/* One instruction of each row, written as people would and as it is written out. */
static const struct {
    const char *text;
    struct sock_filter in;
    const char *written; /* NULL: the same */
} instructions[] = {
    {"ld   [4]", {.code = BPF_LD | BPF_W | BPF_ABS, .k = 4}, NULL},
    {" ld[ 4 ] ; comment", {.code = BPF_LD | BPF_W | BPF_ABS, .k = 4}, "ld   [4]"},
    {"0: ld #0xff", {.code = BPF_LD | BPF_IMM, .k = 255}, "ld   #255"},
    {"ldx  #0x10000", {.code = BPF_LDX | BPF_IMM, .k = 0x10000}, NULL},
    {"ldx  M[15]", {.code = BPF_LDX | BPF_MEM, .k = 15}, NULL},
    {"ld   len", {.code = BPF_LD | BPF_W | BPF_LEN}, NULL},
    {"jset #0x1, 1, 256", {.code = BPF_JMP | BPF_JSET | BPF_K, .jf = 255, .k = 1}, NULL},
    {"jgt  x, 256, 1", {.code = BPF_JMP | BPF_JGT | BPF_X, .jt = 255}, NULL},
    {"ja   4294967296", {.code = BPF_JMP | BPF_JA, .k = UINT32_MAX}, NULL},
    {"and  #0x10", {.code = BPF_ALU | BPF_AND | BPF_K, .k = 16}, NULL},
    {"add  #16", {.code = BPF_ALU | BPF_ADD | BPF_K, .k = 16}, NULL},
    {"xor  x", {.code = BPF_ALU | BPF_XOR | BPF_X}, NULL},
    {"neg\r", {.code = BPF_ALU | BPF_NEG}, "neg"},
    {"ret\ta", {.code = BPF_RET | BPF_A}, "ret  a"},
    {"ret  #0x00050001", {.code = BPF_RET | BPF_K, .k = 0x50001}, NULL},
    {".raw 0x94, 1, 2, 3", {0x94, 1, 2, 3}, NULL},
    {".raw 0xffff, 255, 255, 0xffffffff", {0xffff, 255, 255, UINT32_MAX}, NULL},
};

START_TEST(one_instruction)
{
    const struct program p = assembled(&arena, instructions[_i].text);
    struct strbuf b;

    ck_assert_uint_eq(p.count, 1);
    ck_assert_mem_eq(p.code, &instructions[_i].in, sizeof(p.code[0]));
    strbuf_init(&b, &arena);
    disassemble_instruction(&p, 0, &b);
    ck_assert_str_eq(strbuf_text(&b),
                     instructions[_i].written ? instructions[_i].written : instructions[_i].text);
}
END_TEST

static const struct {
    const char *text, *why;
} unreadable[] = {
    {"foo", "line 1: cannot assemble 'foo'"},
    {"\n; only this\n  ld  ; nothing\n", "line 3: cannot assemble 'ld  '"},
    {"ld [4", "line 1: cannot assemble 'ld [4'"},
    {"ld [4] 5", "line 1: cannot assemble 'ld [4] 5'"},
    {"ld #0x", "line 1: cannot assemble 'ld #0x'"},
    {"ld #0x100000000", "line 1: cannot assemble 'ld #0x100000000'"},
    {"ld #18446744073709551617", "line 1: cannot assemble 'ld #18446744073709551617'"},
    {"ld #-1", "line 1: cannot assemble 'ld #-1'"},
    {"ret #1f", "line 1: cannot assemble 'ret #1f'"},
    {"1: ret a", "line 1: cannot assemble '1: ret a'"},
    {"0 ret a", "line 1: cannot assemble '0 ret a'"},
    {"ret a\njeq #0, 1, 2", "line 2: cannot assemble 'jeq #0, 1, 2'"},
    {"jeq #0, 1, 257", "line 1: cannot assemble 'jeq #0, 1, 257'"},
    {"ja 4294967297", "line 1: cannot assemble 'ja 4294967297'"},
    {".raw 0x10000, 0, 0, 0", "line 1: cannot assemble '.raw 0x10000, 0, 0, 0'"},
};

START_TEST(not_read)
{
    struct program p;
    struct error err;

    ck_assert_int_eq(assemble(&arena, unreadable[_i].text, &p, &err), -EINVAL);
    ck_assert_str_eq(err.text, unreadable[_i].why);
}
END_TEST

START_TEST(nothing_is_empty)
{
    const struct program p = assembled(&arena, "; nothing\n\n");
    const struct disassembly how = {0};

    ck_assert_uint_eq(p.count, 0);
    ck_assert_str_eq(text_of(&p, &how), "");
}
END_TEST

/* Comments: a line of the program, and what is said of it. */
static const struct {
    const char *arch; /* hint, or NULL */
    const char *text;
    unsigned line;
    const char *comment; /* NULL: none */
} comments[] = {
    {NULL, "ld [0]\n ret a", 0, "nr"},
    {NULL, "ld [4]\n ret a", 0, "arch"},
    {NULL, "ld [8]\n ret a", 0, "ip low"},
    {NULL, "ld [12]\n ret a", 0, "ip high"},
    {NULL, "ld [16]\n ret a", 0, "arg0 low"},
    {NULL, "ld [60]\n ret a", 0, "arg5 high"},
    {NULL, "ld [64]\n ret a", 0, NULL},
    {"s390x", "ld [16]\n ret a", 0, "arg0 high"},
    {"s390x", "ld [12]\n ret a", 0, "ip low"},

    {NULL, "ld [4]\n jeq #0xc000003e, 2, 2\n ret a", 1, "arch == x86_64 or x32"},
    {NULL, "ld [4]\n jeq #0x40000003, 2, 2\n ret a", 1, "arch == x86"},
    {NULL, "ld [4]\n jgt #0xc00000b7, 2, 2\n ret a", 1, "arch > aarch64"},
    {NULL, "ld [4]\n jeq #1, 2, 2\n ret a", 1, "arch"},

    /* the number's name: by the hint, by a comparison, on either branch, and where two differ */
    {NULL, "ld [0]\n jeq #41, 2, 2\n ret a", 1, "nr"},
    {"x86_64", "ld [0]\n jeq #41, 2, 2\n ret a", 1, "nr == socket"},
    {"aarch64", "ld [0]\n jge #41, 2, 2\n ret a", 1, "nr >= pivot_root"},
    {"x32", "ld [0]\n jeq #0x40000029, 2, 2\n ret a", 1, "nr == socket"},
    {NULL, "ld [4]\n jeq #0xc000003e, 2, 4\n ld [0]\n jeq #41, 4, 4\n ret #0", 3, "nr == socket"},
    {NULL, "ld [4]\n jeq #0xc000003e, 4, 2\n ld [0]\n jeq #41, 4, 4\n ret #0", 3, "nr"},
    {"x86_64", "ld [4]\n jeq #0xc000003e, 4, 2\n ld [0]\n jeq #41, 4, 4\n ret #0", 3, "nr"},
    {"x86_64", "ld [4]\n jeq #0x40000003, 2, 4\n ld [0]\n jeq #41, 4, 4\n ret #0", 3, "nr == dup"},
    {NULL,
     "ld [4]\n jeq #0xc000003e, 3, 2\n jeq #0x40000003, 3, 5\n ld [0]\n jeq #41, 5, 5\n ret #0", 4,
     "nr == dup (x86) or socket (x86_64)"},
    {NULL,
     "ld [4]\n jeq #0xc000003e, 3, 2\n jeq #0x40000003, 3, 5\n ld [0]\n jeq #183, 5, 5\n ret #0", 4,
     "nr == getcwd (x86) or afs_syscall (x86_64)"},
    {NULL, "ld [4]\n tax\n ld [0]\n txa\n jeq #0xc000003e, 5, 7\n ld [0]\n jeq #41, 7, 7\n ret #0",
     6, "nr == socket"},
    /* x32's bit */
    {NULL,
     "ld [4]\n jeq #0xc000003e, 2, 5\n ld [0]\n jge #0x40000000, 5, 4\n jeq #41, 5, 5\n ret #0", 3,
     "nr >= the bit of x32"},
    {NULL,
     "ld [4]\n jeq #0xc000003e, 2, 5\n ld [0]\n jset #0x40000000, 5, 4\n jeq #0x40000029, 5, 5\n "
     "ret #0",
     4, "nr"},
    {NULL,
     "ld [4]\n jeq #0xc000003e, 2, 5\n ld [0]\n jset #0x40000000, 4, 5\n jeq #0x40000029, 5, 5\n "
     "ret #0",
     4, "nr == socket"},
    {NULL,
     "ld [4]\n jeq #0xc000003e, 2, 5\n ld [0]\n jgt #0x3fffffff, 4, 5\n jeq #41, 5, 5\n ret #0", 4,
     "nr"},
    {NULL,
     "ld [4]\n jeq #0xc000003e, 2, 6\n ld [0]\n and #0x40000000\n jeq #0, 6, 5\n ld [0]\n ret a", 4,
     "nr & 0x40000000"},

    /* a constant, where the path knows the call; masked; the high word has none */
    {"x86_64", "ld [0]\n jeq #41, 2, 4\n ld [16]\n jeq #16, 4, 4\n ret #0", 3,
     "arg0 low == AF_NETLINK"},
    {"x86_64", "ld [0]\n jeq #42, 2, 4\n ld [16]\n jeq #16, 4, 4\n ret #0", 3, "arg0 low"},
    {"x86_64", "ld [0]\n jeq #41, 2, 2\n ld [16]\n jeq #16, 4, 4\n ret #0", 3, "arg0 low"},
    {"x86_64", "ld [0]\n jeq #41, 2, 4\n ld [20]\n jeq #16, 4, 4\n ret #0", 3, "arg0 high"},
    {"x86_64", "ld [0]\n jeq #41, 2, 5\n ld [16]\n and #0xff\n jeq #16, 5, 5\n ret #0", 4,
     "arg0 low & 0xff == AF_NETLINK"},
    {"x86_64", "ld [16]\n jset #3, 2, 2\n ret #0", 1, "arg0 low"},
    {"x86_64", "ld [16]\n add #3\n jeq #3, 3, 3\n ret #0", 2, NULL},
    {"x86_64", "ld [16]\n jeq x, 2, 2\n ret #0", 1, "arg0 low"},

    {NULL, "ret #0x7fff0000", 0, "ALLOW"},
    {NULL, "ret #0x7fff0001", 0, "ALLOW"},
    {NULL, "ret #0x7ffc0000", 0, "LOG"},
    {NULL, "ret #0x7fc00000", 0, "NOTIFY"},
    {NULL, "ret #0x00000000", 0, "KILL_THREAD"},
    {NULL, "ret #0x80000000", 0, "KILL_PROCESS"},
    {NULL, "ret #0x12340000", 0, "KILL_PROCESS"},
    {NULL, "ret #0x7ff00003", 0, "TRACE(3)"},
    {NULL, "ret #0x7ff00000", 0, "TRACE"},
    {NULL, "ret #0x00030007", 0, "TRAP(7)"},
    {NULL, "ret #0x00050001", 0, "ERRNO(EPERM)"},
    {NULL, "ret #0x00050000", 0, "ERRNO(0)"},
    {NULL, "ret #0x00050ffe", 0, "ERRNO(4094)"},
    {NULL, "ret #0x00050026", 0, "ERRNO(38)"}, /* ENOSYS, but not on mips */
    {"x86_64", "ret #0x00050026", 0, "ERRNO(ENOSYS)"},
    {NULL, "ret a", 0, NULL},

    {NULL, "ja 2\n ld [0]\n ret a", 1, "unreachable"},
    {NULL, "ret a\n ret a", 1, "unreachable"},
    {NULL, "jeq #0, 3, 3\n ld [0]\n ja 3\n ret #0", 2, "unreachable"},
    {NULL, ".raw 0x16, 1, 2, 3", 0, "unused jt 1 jf 2, unused k 0x3"},
    {NULL, ".raw 0x06, 0, 2, 0", 0, "KILL_THREAD, unused jt 0 jf 2"},
    {NULL, ".raw 0x15, 0, 0, 0\n .raw 0x1d, 0, 0, 7\n ret a", 1, "unused k 0x7"},
};

static const char *comment_of(const char *text, unsigned line)
{
    const char *end, *comment;

    for (; line > 0; line--)
        text = strchr(text, '\n') + 1;
    end = strchr(text, '\n');
    comment = strstr(text, "; ");
    return comment && comment < end
               ? arena_strndup(&arena, comment + 2, (size_t)(end - comment - 2))
               : NULL;
}

START_TEST(comment)
{
    const struct program p = assembled(&arena, comments[_i].text);
    const char *hint = comments[_i].arch;
    const struct arch *arch = hint ? arch_by_name(hint, strlen(hint)) : NULL;
    const struct disassembly how = {.arch = arch, .big_endian = arch && arch->big_endian};
    const char *text = text_of(&p, &how), *said = comment_of(text, comments[_i].line);

    ck_assert_ptr_eq(hint, arch ? hint : NULL);
    ck_assert_msg(said ? comments[_i].comment && strcmp(said, comments[_i].comment) == 0
                       : !comments[_i].comment,
                  "line %u of\n%s", comments[_i].line, text);
}
END_TEST

static const char *source_line_of(void *ctx, uint32_t at)
{
    return at == *(const uint32_t *)ctx ? "policy.seccomp:12" : NULL;
}

START_TEST(layout)
{
    uint32_t at = 1;
    const struct program p = assembled(&arena, "ld [0]\n ret #0x7fff0000\n neg\n ret a\n");
    const struct disassembly how = {.comment = source_line_of, .ctx = &at};

    ck_assert_str_eq(text_of(&p, &how),
                     "   0: ld   [0]                        ; nr\n"
                     "   1: ret  #0x7fff0000                ; ALLOW, policy.seccomp:12\n"
                     "   2: neg                             ; unreachable\n"
                     "   3: ret  a                          ; unreachable\n");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cbpf text");
    TCase *c = tcase_create("text");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, round_trip_of_valid);
    tcase_add_test(c, round_trip_of_any);
    tcase_add_loop_test(c, one_instruction, 0, ARRAY_SIZE(instructions));
    tcase_add_loop_test(c, not_read, 0, ARRAY_SIZE(unreadable));
    tcase_add_test(c, nothing_is_empty);
    tcase_add_loop_test(c, comment, 0, ARRAY_SIZE(comments));
    tcase_add_test(c, layout);
    suite_add_tcase(s, c);
    return unit_run(s);
}
