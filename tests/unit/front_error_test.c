/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of the text: what is said, where, and what is understood all the same. */
#include "tests/lib/unit.h"
#include "tests/unit/front_testlib.h"

#include <string.h>

struct row {
    const char *text, *faults, *tree;
};

static const struct row lexical[] = {
    /* [unknown-byte] */
    {"@a % => A();", "1:4 unknown-byte: unknown byte '%' (0x25)\n", "(rule @a (A))\n"},
    {"@a => A();\n?[=> B();", "2:1 unknown-byte: unknown byte '?' (0x3f)\n",
     "(rule @a (A))\n(rule (B))\n"},
    {"? => A(); ? => B();",
     "1:1 unknown-byte: unknown byte '?' (0x3f)\n1:11 unknown-byte: unknown byte '?' (0x3f)\n",
     "(rule (A))\n(rule (B))\n"},
    {"\xc3\xa9\xc3\xa9 => A();", "1:1 unknown-byte: unknown character '\xc3\xa9' (0xc3 0xa9)\n",
     "(rule (A))\n"},
    {"\xff => A();", "1:1 unknown-byte: unknown byte 0xff\n", "(rule (A))\n"},
    {"\xe2\x82 => A();", "1:1 unknown-byte: unknown byte 0xe2\n", "(rule (A))\n"},
    {"\xef\xbb\xbf=> A();", "1:1 unknown-byte: unknown character '\xef\xbb\xbf' (0xef 0xbb 0xbf)\n",
     "(rule (A))\n"},
    {"@ => A();", "1:1 unknown-byte: unknown byte '@' (0x40)\n", "(rule (A))\n"},
    {"$ => A();", "1:1 unknown-byte: unknown byte '$' (0x24)\n", "(rule (A))\n"},
    {"@a@ => A();", "1:3 unknown-byte: unknown byte '@' (0x40)\n", "(rule @a (A))\n"},
    {"@a #if X\n=> A(); # => B();\n=> C();",
     "1:4 unknown-byte: '#' is not the first on its line; comments begin with '//'\n"
     "2:9 unknown-byte: '#' is not the first on its line; comments begin with '//'\n",
     "(rule @a (A))\n(rule (C))\n"},
    {"=>\rA();", "1:3 unknown-byte: unknown byte 0x0d\n", "(rule (A))\n"},
    {"// a\r=> A();\n=> B();", "1:5 unknown-byte: unknown byte 0x0d\n", "(rule (B))\n"},
    {"\v=> A();", "1:1 unknown-byte: unknown byte 0x0b\n", "(rule (A))\n"},
    {"=> A();\r", "1:8 unknown-byte: unknown byte 0x0d\n", "(rule (A))\n"},

    /* [bad-number] */
    {"0x => A();",
     "1:1 bad-number: '0x' is not a number; expected a hexadecimal digit after '0x'\n",
     "(rule (error) (A))\n"},
    {"0b => A();", "1:1 bad-number: '0b' is not a number; expected a binary digit after '0b'\n",
     "(rule (error) (A))\n"},
    {"0o => A();", "1:1 bad-number: '0o' is not a number; expected an octal digit after '0o'\n",
     "(rule (error) (A))\n"},
    {"12ab => A();", "1:1 bad-number: '12ab' is not a number; 'a' is not a decimal digit\n",
     "(rule (error) (A))\n"},
    {"0xfg => A();", "1:1 bad-number: '0xfg' is not a number; 'g' is not a hexadecimal digit\n",
     "(rule (error) (A))\n"},
    {"08 => A();", "1:1 bad-number: '08' is not a number; '8' is not an octal digit\n",
     "(rule (error) (A))\n"},
    {"0b12 => A();", "1:1 bad-number: '0b12' is not a number; '2' is not a binary digit\n",
     "(rule (error) (A))\n"},
    {"1__0 => A();",
     "1:1 bad-number: '1__0' is not a number; '_' may only stand between two digits\n",
     "(rule (error) (A))\n"},
    {"1_ => A();", "1:1 bad-number: '1_' is not a number; '_' may only stand between two digits\n",
     "(rule (error) (A))\n"},
    {"0x_1 => A();",
     "1:1 bad-number: '0x_1' is not a number; '_' may only stand between two digits\n",
     "(rule (error) (A))\n"},
    {"18446744073709551616 => A();",
     "1:1 bad-number: '18446744073709551616' is not a number; it needs more than 64 bits\n",
     "(rule (error) (A))\n"},
    {"0x1_0000_0000_0000_0000 => A();",
     "1:1 bad-number: '0x1_0000_0000_0000_0000' is not a number; it needs more than 64 bits\n",
     "(rule (error) (A))\n"},
    {"02000000000000000000000 => A();",
     "1:1 bad-number: '02000000000000000000000' is not a number; it needs more than 64 bits\n",
     "(rule (error) (A))\n"},

    /* [bad-string] */
    {"=> A() \"x;\n=> B();", "1:8 bad-string: a string ends on its line, with '\"'\n",
     "(rule (A) \"x;\")\n(rule (B))\n"},
    {"=> A() \"x\\", "1:8 bad-string: a string ends on its line, with '\"'\n",
     "(rule (A) \"x\\\\\")\n"},
    {"=> A() \"x\\\";", "1:8 bad-string: a string ends on its line, with '\"'\n",
     "(rule (A) \"x\\\\\\\";\")\n"},
    {"=> A() \"a\\qb\";", "1:10 bad-string: unknown escape '\\q'; escapes are \\\\ \\\" \\n \\t\n",
     "(rule (A) \"aqb\")\n"},
    {"=> A() \"a\x1b[1m\";", "1:10 bad-string: byte 0x1b in a string\n",
     "(rule (A) \"a\\u001b[1m\")\n"},
    {"=> A() \"a\xff\";", "1:10 bad-string: byte 0xff in a string\n", "(rule (A) \"a\\ufffd\")\n"},

    /* [open-comment] */
    {"=> A(); /* x\n=> B();", "1:9 open-comment: '/*' without '*/'\n", "(rule (A))\n"},
    {"/*/ => A();", "1:1 open-comment: '/*' without '*/'\n", ""},
    {"/* **", "1:1 open-comment: '/*' without '*/'\n", ""},
    {"/***/=> A();/* * / **/", "", "(rule (A))\n"},
};

/* With NULs in the text. */
#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *text;
    size_t len;
    const char *faults, *tree;
} with_nul[] = {
    {BYTES("\0=> A();"), "1:1 unknown-byte: unknown byte 0x00\n", "(rule (A))\n"},
    {BYTES("=> A\0();"), "1:5 unknown-byte: unknown byte 0x00\n", "(rule (A))\n"},
    {BYTES("// a\0b\n=> A();"), "1:5 unknown-byte: unknown byte 0x00\n", "(rule (A))\n"},
    {BYTES("/* a\n\0 \0 */=> A();"), "2:1 unknown-byte: unknown byte 0x00\n", "(rule (A))\n"},
    {BYTES("=> A() \"a\0\";"), "1:10 bad-string: byte 0x00 in a string\n", "(rule (A) \"a\")\n"},
};

static const struct row syntactic[] = {
    /* one token too few or too many */
    {"@a",
     "1:3 syntax: expected '(', '=>' or an operator, found the end of the file; "
     "a rule is written 'CONDITION => ACTION();'\n",
     ""},
    {"@a => A()", "1:10 syntax: expected ';' after ')'\n", "(rule @a (A))\n"},
    {"@a =>;", "1:6 syntax: expected an action, found ';'\n", ""},
    {"=> @a;", "1:4 syntax: expected an action, found '@a'\n", ""},
    {"@a => A(;", "1:9 syntax: expected ')' or a value, found ';'\n", ""},
    {"@a => A(1, 2);", "1:10 syntax: expected ')' or an operator, found ','\n", ""},
    {"@a => A() 5;", "1:11 syntax: expected ';' or a string in quotes, found '5'\n",
     "(rule @a (A))\n"},
    {"@a => A() \"x\" 5;", "1:15 syntax: expected ';', found '5'\n", "(rule @a (A) \"x\")\n"},
    {"@a => A() => B();", "1:11 syntax: expected ';' or a string in quotes, found '=>'\n",
     "(rule @a (A))\n(rule (B))\n"},
    {"@a => A() 1 2 3 4; => B();", "1:11 syntax: expected ';' or a string in quotes, found '1'\n",
     "(rule @a (A))\n(rule (B))\n"},
    {"@a && => A();", "1:7 syntax: expected a condition, found '=>'\n", ""},
    {"$arg0 == => A();", "1:10 syntax: expected a value, found '=>'\n", ""},
    {"$arg0 in => A();", "1:10 syntax: expected a value, found '=>'\n", ""},
    {"$arg0 in () => A();", "1:11 syntax: expected a value, found ')'\n", ""},
    {"$arg0 in (1,) => A();", "1:13 syntax: expected a value, found ')'\n", ""},
    {"(@a => A();", "1:5 syntax: expected '(', ')', ',' or an operator, found '=>'\n", ""},
    {"@a) => A();",
     "1:3 syntax: expected '(', '=>' or an operator, found ')'; "
     "a rule is written 'CONDITION => ACTION();'\n",
     ""},
    {") => A(); => B();", "1:1 syntax: expected a statement, found ')'\n", "(rule (B))\n"},
    {"; => B();", "1:1 syntax: expected a statement, found ';'\n", "(rule (B))\n"},
    {"5.3 => A();",
     "1:1 syntax: expected a statement, found '5.3'; "
     "a kernel version may only stand in KERNEL()\n",
     ""},
    {"KERNEL() => A();", "1:8 syntax: expected a kernel version such as 5.10, found ')'\n", ""},
    {"@a && KERNEL() => A();", "1:14 syntax: expected a kernel version such as 5.10, found ')'\n",
     ""},
    {"KERNEL => A();", "1:8 syntax: expected '(', found '=>'\n", ""},
    {"@0123456789012345678901234567890123456789012345 => A();",
     "1:1 unknown-byte: unknown byte '@' (0x40)\n1:2 bad-number: "
     "'01234567890123456789012345678901234"
     "56789012345' is not a number; '8' is not an octal digit\n",
     "(rule (error) (A))\n"},
    {"@a a123456789012345678901234567890123456789012345 => A();",
     "1:4 syntax: expected '(', '=>' or an operator, found "
     "'a123456789012345678901234567890123456789...'; a rule is written 'CONDITION => ACTION();'\n",
     ""},

    /* declarations */
    {"arch x86;", "1:6 syntax: expected '(', found 'x86'\n", ""},
    {"arch ();", "1:7 syntax: expected a name, found ')'\n", ""},
    {"flags (LOG", "1:11 syntax: expected ')' or ',', found the end of the file\n", ""},
    {"const = 5;", "1:7 syntax: expected a name, found '='\n", ""},
    {"const A 5;", "1:9 syntax: expected '=', found '5'\n", ""},
    {"const A = ;", "1:11 syntax: expected a value, found ';'\n", ""},
    {"set foo = (1);", "1:5 syntax: expected a %set, found 'foo'; a set's name begins with '%'\n",
     ""},
    {"set %foo = 1;", "1:12 syntax: expected '(', found '1'\n", ""},
    {"include base;", "1:9 syntax: expected a string in quotes, found 'base'\n", ""},
    {"default;", "1:8 syntax: expected an action, found ';'\n", ""},
    {"known 5.3;",
     "1:7 syntax: expected 'KERNEL', found '5.3'; "
     "a kernel version may only stand in KERNEL()\n",
     ""},
    {"macro m = 1;", "1:9 syntax: expected '(', found '='\n", ""},
    {"macro m(1) = 1;", "1:9 syntax: expected ')' or a name, found '1'\n", ""},

    /* slips */
    {"$arg0 = 5 => A();", "1:7 syntax: expected '=>' or an operator, found '='; '==' compares\n",
     ""},
    {"@a and @b => A();",
     "1:4 syntax: expected '(', '=>' or an operator, found 'and'; write '&&'\n", ""},
    {"@a or @b => A();", "1:4 syntax: expected '(', '=>' or an operator, found 'or'; write '||'\n",
     ""},
    {"@a &&& @b => A();", "1:6 syntax: expected a condition, found '&'\n", ""},
    {"not @a => A();",
     "1:1 syntax: expected a statement, found 'not'; a condition is negated by '!'\n", ""},
    {"@a && not @b => A();",
     "1:7 syntax: expected a condition, found 'not'; a condition is negated by '!'\n", ""},
    {"$arg0 ! in (5) => A();",
     "1:7 syntax: expected '=>' or an operator, found '!'; "
     "write 'VALUE not in (LIST)'\n",
     ""},
    {"!in (5) => A();",
     "1:2 syntax: expected a condition, found 'in'; "
     "write 'VALUE not in (LIST)'\n",
     ""},
    {"1 < $arg0 < 5 => A();",
     "1:11 syntax: '<' after another comparison; join comparisons by '&&'\n", ""},
    {"a == b in (c) => A();",
     "1:8 syntax: 'in' after another comparison; join comparisons by '&&'\n", ""},
    {"$arg0 == \"x\" => A();",
     "1:10 syntax: expected a value, found a string; "
     "a string is not a value; names are written without quotes\n",
     ""},
    {"$arg0 in 5 => A();",
     "1:10 syntax: expected a list, a range, a %set or KERNEL() after 'in'; "
     "a list of one value is written '(VALUE)'\n",
     "(rule (in $arg0 (error)) (A))\n"},
    {"(1, 2) == 3 => A();", "1:1 syntax: a list is not a value; write 'VALUE in (A, B)'\n",
     "(rule (== (error) 3) (A))\n"},
    {"(1..2) => A();", "1:1 syntax: a list is not a value; write 'VALUE in (A, B)'\n",
     "(rule (error) (A))\n"},
    {"$arg0 in ((1, 2)) => A();", "1:11 syntax: a list is not a value; write 'VALUE in (A, B)'\n",
     "(rule (in $arg0 (list (error))) (A))\n"},
    {"1..2 => A();", "1:1 syntax: a range is not a value; write 'VALUE in FIRST..LAST'\n",
     "(rule (error) (A))\n"},
    {"@a(1..2) => A();", "1:4 syntax: a range is not a value; write 'VALUE in FIRST..LAST'\n",
     "(rule (@a (error)) (A))\n"},
    {"=> A;", "1:4 syntax: expected '(' after 'A'; an action is written with parentheses: 'A()'\n",
     "(rule (A))\n"},
    {"default A \"r\";",
     "1:9 syntax: expected '(' after 'A'; an action is written with parentheses: 'A()'\n",
     "(default (A) \"r\")\n"},
    {"@a A();",
     "1:4 syntax: expected '(', '=>' or an operator, found 'A'; "
     "a rule is written 'CONDITION => ACTION();'\n",
     ""},

    /* missing semicolons cost nothing but themselves */
    {"=> A()\n=> B();\nconst C = 5\nconst D = 6;",
     "1:7 syntax: expected ';' after ')'\n3:12 syntax: expected ';' after '5'\n",
     "(rule (A))\n(rule (B))\n(const C 5)\n(const D 6)\n"},
    {"set %a = (1)\n// c\n\nset %b = (2)\nset %c = (3);",
     "1:13 syntax: expected ';' after ')'\n4:13 syntax: expected ';' after ')'\n",
     "(set %a (list 1))\n(set %b (list 2))\n(set %c (list 3))\n"},
    {"test \"t\" { expect @a => A()\n expect @b => B() }\n=> C();",
     "1:28 syntax: expected ';' after ')'\n2:18 syntax: expected ';' after ')'\n",
     "(test \"t\"\n  (expect @a (A))\n  (expect @b (B)))\n(rule (C))\n"},
    {"#if ARCH_X86\n=> A()\n#endif\n=> B();", "2:7 syntax: expected ';' after ')'\n",
     "(if ARCH_X86\n  (rule (A)))\n(rule (B))\n"},
    {"=> A()\n) => B();", "1:7 syntax: expected ';' after ')'\n", "(rule (A))\n(rule (B))\n"},

    /* what is defined stays so, if not as what */
    {"const A = 1 +;\n=> B();", "1:14 syntax: expected a value, found ';'\n",
     "(const A (error))\n(rule (B))\n"},
    {"const A = 1 + 2 3;\n=> B();", "1:17 syntax: expected ';' or an operator, found '3'\n",
     "(const A (error))\n(rule (B))\n"},
    {"macro m(a) = a &&\nconst = 5;",
     "2:7 syntax: expected '(', ';' or an operator, found '='; '==' compares\n",
     "(macro m (a) (error))\n"},
    {"=> A() ) => B();", "1:8 syntax: expected ';' or a string in quotes, found ')'\n",
     "(rule (A))\n(rule (B))\n"},
    {"=> A() );\n=> B();", "1:8 syntax: expected ';' or a string in quotes, found ')'\n",
     "(rule (A))\n(rule (B))\n"},

    /* tests */
    {"test { }", "1:5 syntax: expected the test's title, a string in quotes\n", "(test \"\")\n"},
    {"test t { expect @a => A(); }", "1:6 syntax: expected the test's title, a string in quotes\n",
     "(test \"t\"\n  (expect @a (A)))\n"},
    {"test \"t\" { expect a => A(); expect @b => B(); }",
     "1:19 syntax: expected a @syscall or 'never', found 'a'; a system call's name begins with "
     "'@'\n",
     "(test \"t\"\n  (expect @b (B)))\n"},
    {"test \"t\" { @a => A(); expect @b => B(); }",
     "1:12 syntax: expected '}' or 'expect', found '@a'\n", "(test \"t\"\n  (expect @b (B)))\n"},
    {"test \"t\" { expect @b => B(); expect } => C();",
     "1:37 syntax: expected a @syscall or 'never', found '}'\n",
     "(test \"t\"\n  (expect @b (B)))\n(rule (C))\n"},
    {"test \"t\" { expect @b => B() in x; }",
     "1:29 syntax: expected ';', 'on' or 'with', found 'in'\n",
     "(test \"t\"\n  (expect @b (B)))\n"},
    {"test \"t\" { expect @b => B();",
     "1:29 syntax: expected '}' or 'expect', found the end of the file\n", ""},
    {"} => A();", "1:1 syntax: expected a statement, found '}'\n", "(rule (A))\n"},

    /* [bad-version] */
    {"KERNEL(6) => A();",
     "1:8 bad-version: '6' is not a kernel version; a version is written 5.10 or 2.6.12\n",
     "(rule (error) (A))\n"},
    {"KERNEL(5.256) => A();", "1:8 bad-version: '5.256' is not a kernel version\n",
     "(rule (error) (A))\n"},
    {"KERNEL(5.1.256) => A();", "1:8 bad-version: '5.1.256' is not a kernel version\n",
     "(rule (error) (A))\n"},
    {"KERNEL(65536.1) => A();", "1:8 bad-version: '65536.1' is not a kernel version\n",
     "(rule (error) (A))\n"},
    {"KERNEL(4294967301.3) => A();", "1:8 bad-version: '4294967301.3' is not a kernel version\n",
     "(rule (error) (A))\n"},
    {"KERNEL(1.2.3.4) => A();",
     "1:8 bad-version: '1.2.3.4' is not a kernel version; a version is written 5.10 or 2.6.12\n",
     "(rule (error) (A))\n"},
    {"KERNEL(65535.255.255) => A();", "", "(rule (kernel 65535 255 255) (A))\n"},
};

static void check_text(const char *text, size_t len, const char *faults, const char *tree)
{
    struct parsing p = {.text = text, .len = len};

    parsing_run(&p);
    ck_assert_str_eq(p.faults, faults);
    ck_assert_str_eq(p.tree, tree);
    parsing_release(&p);
}

static void check_row(const struct row *r)
{
    check_text(r->text, 0, r->faults, r->tree);
}

START_TEST(lexical_fault)
{
    check_row(&lexical[_i]);
}
END_TEST

START_TEST(nul)
{
    check_text(with_nul[_i].text, with_nul[_i].len, with_nul[_i].faults, with_nul[_i].tree);
}
END_TEST

START_TEST(syntactic_fault)
{
    check_row(&syntactic[_i]);
}
END_TEST

/* All faults of a file in one run, and all that is right is understood. */
START_TEST(recovery)
{
    struct parsing p = {
        .text = "@a => A();\n"
                "@b & => B();\n"
                "@c => C();\n"
                "set %d (1);\n"
                "test \"t\" { expect never => A(); expect @a => A(); oops; }\n"
                "0x => D();\n"
                "? @e => E();\n"
                "#wrong\n"
                "@f => F()\n"
                "@g => G() \"open;\n"
                "@h = 1 => H();\n"
                "@i => I();\n",
    };

    parsing_run(&p);
    ck_assert_uint_eq(p.diags.errors, 10);
    ck_assert_str_eq(p.tree, "(rule @a (A))\n(rule @c (C))\n(test \"t\"\n  (expect @a (A)))\n"
                             "(rule (error) (D))\n(rule @e (E))\n(rule @f (F))\n"
                             "(rule @g (G) \"open;\")\n(rule @i (I))\n");
    parsing_release(&p);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("front_error");
    TCase *c = tcase_create("faults");

    tcase_add_loop_test(c, lexical_fault, 0, ARRAY_SIZE(lexical));
    tcase_add_loop_test(c, nul, 0, ARRAY_SIZE(with_nul));
    tcase_add_loop_test(c, syntactic_fault, 0, ARRAY_SIZE(syntactic));
    tcase_add_test(c, recovery);
    suite_add_tcase(s, c);
    return unit_run(s);
}
