/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is valid: text to tree. */
#include "tests/lib/unit.h"
#include "tests/unit/front_testlib.h"

#include <stdio.h>
#include <string.h>

struct row {
    const char *text, *tree;
};

/* clang-format off */
static const struct row statements[] = {
    {"", ""},
    {"// nothing\n/* nor\n # here */", ""},

    /* the original's core */
    {"=> ALLOW();", "(rule (ALLOW))\n"},
    {"$syscall == @mkdir => ERRNO(EPERM);", "(rule (== $syscall @mkdir) (ERRNO EPERM))\n"},
    {"$syscall==@mkdir=>ERRNO(1);", "(rule (== $syscall @mkdir) (ERRNO 1))\n"},
    {"$syscall in (@a, @b , @c) => TRAP();", "(rule (in $syscall (list @a @b @c)) (TRAP))\n"},
    {"$syscall not in (@a) => KILL();", "(rule (not-in $syscall (list @a)) (KILL))\n"},
    {"$syscall not\n in (@a) => KILL();", "(rule (not-in $syscall (list @a)) (KILL))\n"},
    {"$syscall in KERNEL(5.3) => ALLOW();", "(rule (in $syscall (kernel 5 3 0)) (ALLOW))\n"},
    {"$syscall not in KERNEL(2.6.12) => ALLOW();",
     "(rule (not-in $syscall (kernel 2 6 12)) (ALLOW))\n"},
    {"$arch == @x86_64 && $syscall == @read@x86 && $arg0 == 10 => TRACE(3);",
     "(rule (and (== $arch @x86_64) (== $syscall @read@x86) (== $arg0 10)) (TRACE 3))\n"},
    {"($arg0 != 1) && ($arg1 < 2) => NOTIFY();",
     "(rule (and (!= $arg0 1) (< $arg1 2)) (NOTIFY))\n"},
    {"$arg0 <= 1 && $arg1 > 2 && $arg5 >= 3 => LOG();",
     "(rule (and (<= $arg0 1) (> $arg1 2) (>= $arg5 3)) (LOG))\n"},
    {"$arg2 & 64 == 64 => KILL_PROCESS();", "(rule (== (& $arg2 64) 64) (KILL_PROCESS))\n"},
    {"$arg2 & 64 >= 1 => KILL_THREAD();", "(rule (>= (& $arg2 64) 1) (KILL_THREAD))\n"},
    {"@a => ALLOW(); // comment\n=> KILL();// comment",
     "(rule @a (ALLOW))\n(rule (KILL))\n"},

    /* declarations */
    {"arch (x86_64, x86, x32);", "(arch (x86_64 x86 x32))\n"},
    {"flags (LOG, TSYNC);", "(flags (LOG TSYNC))\n"},
    {"const A = B | 0x10 << 2;", "(const A (| B (<< 16 2)))\n"},
    {"const A = (1 | 2) & ~3;", "(const A (& (| 1 2) (~ 3)))\n"},
    {"set %file-read = (@read, %other, 1..5);",
     "(set %file-read (list @read %other (.. 1 5)))\n"},
    {"set %one = (@read);", "(set %one (list @read))\n"},
    {"macro wx(p) = p & 6 == 6;", "(macro wx (p) (== (& p 6) 6))\n"},
    {"macro none() = $arg0 == 0;", "(macro none () (== $arg0 0))\n"},
    {"macro two(a, b) = a == b;", "(macro two (a b) (== a b))\n"},
    {"default ERRNO(EPERM);", "(default (ERRNO EPERM))\n"},
    {"default ERRNO(EPERM) \"why\";", "(default (ERRNO EPERM) \"why\")\n"},
    {"unknown ERRNO(ENOSYS);", "(unknown (ERRNO ENOSYS))\n"},
    {"foreign KILL_PROCESS();", "(foreign (KILL_PROCESS))\n"},
    {"known KERNEL(6.12);", "(known (kernel 6 12 0))\n"},

    /* reasons and strings */
    {"@ptrace => KILL() \"no debuggers\";", "(rule @ptrace (KILL) \"no debuggers\")\n"},
    {"=> KILL() \"a\\\\b\\\"c\\nd\\te\";", "(rule (KILL) \"a\\\\b\\\"c\\u000ad\\u0009e\")\n"},
    {"=> KILL() \"f\xc3\xbcr // \xe2\x82\xac\";", "(rule (KILL) \"f\xc3\xbcr // \xe2\x82\xac\")\n"},
    {"=> KILL() \"\";", "(rule (KILL))\n"},

    /* tests */
    {"test \"t\" {}", "(test \"t\")\n"},
    {"test \"t\" { expect @socket(AF_NETLINK, 1 | 2, -1) => ERRNO(EINVAL); }",
     "(test \"t\"\n  (expect (@socket AF_NETLINK (| 1 2) (neg 1)) (ERRNO EINVAL)))\n"},
    {"test \"t\" { expect @read(0) => ALLOW() on aarch64; expect @a => ALLOW() with A, B; "
     "expect @a() => ALLOW() on x32 with A; }",
     "(test \"t\"\n  (expect (@read 0) (ALLOW) on aarch64)\n  (expect @a (ALLOW) with (A B))\n"
     "  (expect (@a) (ALLOW) on x32 with (A)))\n"},
    {"test \"t\" { expect never @ptrace || $arg0 == 1 => ALLOW(); "
     "expect never @a => ALLOW() on x86 with Z; }",
     "(test \"t\"\n  (expect-never (or @ptrace (== $arg0 1)) (ALLOW))\n"
     "  (expect-never @a (ALLOW) on x86 with (Z)))\n"},
};

/* Behind "CONDITION => A();" */
static const struct row conditions[] = {
    {"@close", "@close"},
    {"@close@aarch64", "@close@aarch64"},
    {"@_llseek", "@_llseek"},
    {"%file_read", "%file_read"},
    {"%basic-io", "%basic-io"},
    {"%cpu-emulation2-x", "%cpu-emulation2-x"},
    {"@read(fd == 1 && count < 10)", "(@read (and (== fd 1) (< count 10)))"},
    {"%file-read(fd == 1)", "(%file-read (== fd 1))"},
    {"@sync()", "(@sync)"},
    {"wx(prot)", "(wx prot)"},
    {"none()", "(none)"},
    {"f(g(1), 2)", "(f (g 1) 2)"},
    {"signed($arg0) < -1", "(< (signed $arg0) (neg 1))"},
    {"full($arg0) == high($arg1) + low($arg2)",
     "(== (full $arg0) (+ (high $arg1) (low $arg2)))"},
    {"$instruction_pointer > 0", "(> $instruction_pointer 0)"},

    /* words of the language are names, too */
    {"@openat(flags & O_ACCMODE == O_RDONLY)", "(@openat (== (& flags O_ACCMODE) O_RDONLY))"},
    {"@rt_sigprocmask(set == 0)", "(@rt_sigprocmask (== set 0))"},
    {"@x(arch + const + default + expect + flags + foreign + include + known + macro + never + on"
     " + set + test + unknown + with == 0)",
     "(@x (== (+ (+ (+ (+ (+ (+ (+ (+ (+ (+ (+ (+ (+ (+ arch const) default) expect) flags) foreign)"
     " include) known) macro) never) on) set) test) unknown) with) 0))"},
    {"flags == 1", "(== flags 1)"},
    {"set in (1)", "(in set (list 1))"},
    {"default & 1 == 1", "(== (& default 1) 1)"},
    {"test(1) && set(2)", "(and (test 1) (set 2))"},
    {"inner == ink", "(== inner ink)"},
    {"nothing == notes", "(== nothing notes)"},
    {"@arch_prctl && @set_tid_address", "(and @arch_prctl @set_tid_address)"},

    /* lists and ranges */
    {"$arg0 in (1, 2..3, A | B, %s, @c, 0..0xf)",
     "(in $arg0 (list 1 (.. 2 3) (| A B) %s @c (.. 0 15)))"},
    {"$arg0 in 0..5", "(in $arg0 (.. 0 5))"},
    {"$arg0 in 0 .. 5", "(in $arg0 (.. 0 5))"},
    {"$arg0 in (1)..(5)", "(in $arg0 (.. 1 5))"},
    {"$arg0 in (1) + 1..5", "(in $arg0 (.. (+ 1 1) 5))"},
    {"$arg0 in A..B + 1 && @c", "(and (in $arg0 (.. A (+ B 1))) @c)"},
    {"$arg0 in A..B|1", "(in $arg0 (.. A (| B 1)))"},
    {"$arg0 in %s && $arg1 not in %s-t", "(and (in $arg0 %s) (not-in $arg1 %s-t))"},
    {"$arg0 in (1..2)", "(in $arg0 (list (.. 1 2)))"},
    {"$arg0 in ((1), (2))", "(in $arg0 (list 1 2))"},
    {"$arg0 & 3 in (1, 2)", "(in (& $arg0 3) (list 1 2))"},

    /* binding */
    {"a && b || c && d", "(or (and a b) (and c d))"},
    {"a || b && c || d", "(or a (and b c) d)"},
    {"a || b || c || d", "(or a b c d)"},
    {"a && b && c && d", "(and a b c d)"},
    {"(a && b) && c", "(and (and a b) c)"},
    {"a && (b && c)", "(and a (and b c))"},
    {"(a || b) && c", "(and (or a b) c)"},
    {"((a))", "a"},
    {"a == b && c != d", "(and (== a b) (!= c d))"},
    {"a | b ^ c & d << e + f", "(| a (^ b (& c (<< d (+ e f)))))"},
    {"a + b << c & d ^ e | f", "(| (^ (& (<< (+ a b) c) d) e) f)"},
    {"a - b - c", "(- (- a b) c)"},
    {"a - (b - c)", "(- a (- b c))"},
    {"a << b >> c", "(>> (<< a b) c)"},
    {"a & b == c | d", "(== (& a b) (| c d))"},
    {"! $arg0 == 5", "(== (! $arg0) 5)"},
    {"!($arg0 == 5)", "(! (== $arg0 5))"},
    {"!a && !b || !!c", "(or (and (! a) (! b)) (! (! c)))"},
    {"~a & -b == - -1", "(== (& (~ a) (neg b)) (neg (neg 1)))"},
    {"-a + b", "(+ (neg a) b)"},
    {"!wx(p)", "(! (wx p))"},
    {"a&&b||c", "(or (and a b) c)"},
    {"a&b==c", "(== (& a b) c)"},
};

static const struct row numbers[] = {
    {"0", "0"}, {"7", "7"}, {"1_000_000", "1000000"}, {"18446744073709551615", "18446744073709551615"},
    {"0x0", "0"}, {"0xff", "255"}, {"0XFf", "255"}, {"0xffff_ffff_ffff_ffff", "18446744073709551615"},
    {"0xdead_beef", "3735928559"},
    {"017", "15"}, {"00", "0"}, {"0o17", "15"}, {"0_7", "7"}, {"01777777777777777777777", "18446744073709551615"},
    {"0b101", "5"}, {"0B1_1", "3"},
};
/* clang-format on */

static void check_tree(const char *text, size_t len, const char *tree)
{
    struct parsing p = {.text = text, .len = len};

    parsing_run(&p);
    ck_assert_str_eq(p.faults, "");
    ck_assert_str_eq(p.tree, tree);
    parsing_release(&p);
}

START_TEST(statement)
{
    const struct row *r = &statements[_i];

    check_tree(r->text, 0, r->tree);
}
END_TEST

static void check_condition(const struct row *r)
{
    char text[512], tree[512];

    ck_assert_int_lt(snprintf(text, sizeof(text), "%s => A();", r->text), (int)sizeof(text));
    ck_assert_int_lt(snprintf(tree, sizeof(tree), "(rule %s (A))\n", r->tree), (int)sizeof(tree));
    check_tree(text, 0, tree);
}

START_TEST(condition)
{
    check_condition(&conditions[_i]);
}
END_TEST

START_TEST(number)
{
    check_condition(&numbers[_i]);
}
END_TEST

/* Any text with CRLF for LF has the same tree. */
START_TEST(crlf)
{
    static const char lf[] = "// a\n#if X\n@a =>\n ALLOW() /* b\n c */ \"r\";\n#endif // d\n"
                             "#ifndef X\n\n@b => LOG();\n#else\n@c => LOG();\n#endif\n";
    char text[2 * sizeof(lf)];
    size_t i, len = 0;

    for (i = 0; i < sizeof(lf) - 1; i++) {
        if (lf[i] == '\n')
            text[len++] = '\r';
        text[len++] = lf[i];
    }
    check_tree(lf, 0, "(rule @b (LOG))\n");
    check_tree(text, len, "(rule @b (LOG))\n");
}
END_TEST

static const struct span *span_of(const struct parsing *p, const char *what)
{
    const struct item *rule = p->ast->items.at[0];
    const struct expr *and = rule->expr, *call = and->kids.at[0], *paren = and->kids.at[1];

    if (!strcmp(what, "rule"))
        return &rule->span;
    if (!strcmp(what, "and"))
        return &and->span;
    if (!strcmp(what, "call"))
        return &call->span;
    if (!strcmp(what, "call name"))
        return &call->name.span;
    if (!strcmp(what, "call arch"))
        return &call->arch.span;
    if (!strcmp(what, "paren"))
        return &paren->span;
    if (!strcmp(what, "action"))
        return &rule->action.span;
    return &rule->reason.span;
}

START_TEST(spans)
{
    static const struct {
        const char *what, *text;
    } rows[] = {
        {"rule", "@read@x86(fd == 1) && (a || b) => ERRNO(EPERM) \"why\";"},
        {"and", "@read@x86(fd == 1) && (a || b)"},
        {"call", "@read@x86(fd == 1)"},
        {"call name", "@read"},
        {"call arch", "x86"},
        {"paren", "(a || b)"},
        {"action", "ERRNO(EPERM)"},
        {"reason", "\"why\""},
    };
    struct parsing p = {.text =
                            "\n /* */ @read@x86(fd == 1) && (a || b) => ERRNO(EPERM) \"why\"; //"};
    size_t i;

    parsing_run(&p);
    ck_assert_str_eq(p.faults, "");
    for (i = 0; i < ARRAY_SIZE(rows); i++) {
        const struct span *s = span_of(&p, rows[i].what);

        ck_assert_ptr_nonnull(s->source);
        ck_assert_uint_eq(s->end - s->begin, strlen(rows[i].text));
        ck_assert_mem_eq(p.text + s->begin, rows[i].text, s->end - s->begin);
    }
    ck_assert(p.ast->items.at[0]->expr->kids.at[1]->parenthesised);
    parsing_release(&p);
}
END_TEST

static int parse_alone(void *ctx)
{
    struct arena *a = ctx;
    struct diags diags;
    struct expr *e;

    diags_init(&diags, a);
    e = parse_expression(a, source_new(a, "call", "@read(0,\n 1)", 12), &diags);
    ck_assert_ptr_nonnull(e);
    ck_assert_int_eq(e->kind, EXPR_SYSCALL);
    ck_assert_uint_eq(e->kids.count, 2);
    ck_assert_uint_eq(diags.errors, 0);

    e = parse_expression(a, source_new(a, "call", "@read(0", 7), &diags);
    ck_assert_ptr_null(e);
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_str_eq(diags.list.at[0]->text, "expected ')', ',' or an operator, found the end");
    return 0;
}

START_TEST(expression_alone)
{
    struct arena a;

    arena_init(&a);
    ck_assert_int_eq(arena_run(&a, parse_alone, &a), 0);
    arena_release(&a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("front_parse");
    TCase *c = tcase_create("valid");

    tcase_add_loop_test(c, statement, 0, ARRAY_SIZE(statements));
    tcase_add_loop_test(c, condition, 0, ARRAY_SIZE(conditions));
    tcase_add_loop_test(c, number, 0, ARRAY_SIZE(numbers));
    tcase_add_test(c, crlf);
    tcase_add_test(c, spans);
    tcase_add_test(c, expression_alone);
    suite_add_tcase(s, c);
    return unit_run(s);
}
