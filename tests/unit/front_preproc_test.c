/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that begin with #: what they select, and their faults. */
#include "compiler/tables/arch.h"
#include "tests/lib/unit.h"
#include "tests/unit/front_testlib.h"

#include <stdio.h>

struct row {
    const char *text, *defines, *faults, *tree;
};

static const struct row rows[] = {
    /* the original's core */
    {"#ifdef X\n=> A();\n#endif\n=> B();", NULL, "", "(rule (B))\n"},
    {"#ifdef X\n=> A();\n#endif\n=> B();", "X", "", "(rule (A))\n(rule (B))\n"},
    {"#ifndef X\n=> A();\n#endif\n=> B();", NULL, "", "(rule (A))\n(rule (B))\n"},
    {"#ifndef X\n=> A();\n#endif\n=> B();", "X", "", "(rule (B))\n"},
    {"#ifdef f\n=> A();\n#endif", "f", "", "(rule (A))\n"},
    {"  #\t ifdef \t X \t\n=> A();\n\t# endif \n", "X", "", "(rule (A))\n"},
    {"#ifdef X // one\n=> A();\n#endif // two\n", "X", "", "(rule (A))\n"},
    {"#ifdef X/* one */ /* two */ // three\n=> A();\n#endif/**/\n", "X", "", "(rule (A))\n"},
    {"#ifdef X\n#ifdef Y\n=> A();\n#endif\n=> B();\n#endif", "X", "", "(rule (B))\n"},
    {"#ifdef X\n#ifdef Y\n=> A();\n#endif\n=> B();\n#endif", "Y", "", ""},
    {"#ifdef X\n#ifdef Y\n=> A();\n#endif\n=> B();\n#endif", "X Y", "", "(rule (A))\n(rule (B))\n"},
    {"#ifdef X\n=> A();\n#endif", "X=0", "", "(rule (A))\n"},
    {"#ifdef X\n=> A();\n#endif", "XY Xx", "", ""},

    /* #if, #elif, #else */
    {"#if X\n=> A();\n#else\n=> B();\n#endif", "X", "", "(rule (A))\n"},
    {"#if X\n=> A();\n#else\n=> B();\n#endif", "X=0", "", "(rule (B))\n"},
    {"#if X\n=> A();\n#else\n=> B();\n#endif", NULL, "", "(rule (B))\n"},
    {"#if X == 1\n=> A();\n#elif X == 2\n=> B();\n#elif X >= 2\n=> C();\n#else\n=> D();\n#endif",
     "X", "", "(rule (A))\n"},
    {"#if X == 1\n=> A();\n#elif X == 2\n=> B();\n#elif X >= 2\n=> C();\n#else\n=> D();\n#endif",
     "X=2", "", "(rule (B))\n"},
    {"#if X == 1\n=> A();\n#elif X == 2\n=> B();\n#elif X >= 2\n=> C();\n#else\n=> D();\n#endif",
     "X=3", "", "(rule (C))\n"},
    {"#if X == 1\n=> A();\n#elif X == 2\n=> B();\n#elif X >= 2\n=> C();\n#else\n=> D();\n#endif",
     NULL, "", "(rule (D))\n"},
    {"#ifdef X\n=> A();\n#elif Y\n=> B();\n#else\n=> C();\n#endif", "Y", "", "(rule (B))\n"},
    {"#if 0\n#if 1\n=> A();\n#else\n=> B();\n#endif\n#else\n=> C();\n#endif", NULL, "",
     "(rule (C))\n"},
    {"#if 0\n#if 1\n#elif 1\n=> A();\n#else\n=> B();\n#endif\n#endif", NULL, "", ""},

    /* text, not statements */
    {"@a\n#if X\n&& @b\n#else\n&& @c\n#endif\n=> A();", "X", "", "(rule (and @a @b) (A))\n"},
    {"@a\n#if X\n&& @b\n#else\n&& @c\n#endif\n=> A();", NULL, "", "(rule (and @a @c) (A))\n"},
    {"set %s = (@a\n#ifdef X\n, @b\n#endif\n);", "X", "", "(set %s (list @a @b))\n"},
    {"test \"t\" {\n#if X\nexpect @a => A();\n#endif\n}", "X", "",
     "(test \"t\"\n  (expect @a (A)))\n"},

    /* what is not selected need not be well-formed */
    {"#if 0\n\" /* ' % \x01 \xff\n#unknown\n# 5\n#endif\n=> A();", NULL, "", "(rule (A))\n"},
    {"#if 0\n/*\n#endif\n=> A(); // */", NULL, "", "(rule (A))\n"},
    {"#if 1\n=> A();\n#else\nx = y z\n#endif", NULL, "", "(rule (A))\n"},
    {"#if 0\n#if 5 +\n#ifdef 5\n#endif x\n#else y\n#endif z\n#endif\n=> A();", NULL, "",
     "(rule (A))\n"},
    /* in comments and strings, there are no directives */
    {"/*\n#if 0\n*/ => A();", NULL, "", "(rule (A))\n"},

    /* architectures: statements for the parser */
    {"#if ARCH_X86\n=> A();\n#endif\n=> B();", NULL, "",
     "(if ARCH_X86\n  (rule (A)))\n(rule (B))\n"},
    {"#ifdef ARCH_X86\n=> A();\n#else\n=> B();\n#endif", NULL, "",
     "(if ARCH_X86\n  (rule (A))\n  (else\n    (rule (B))))\n"},
    {"#ifndef ARCH_X86\n=> A();\n#endif", NULL, "", "(if (! ARCH_X86)\n  (rule (A)))\n"},
    {"#if CAP_A && !ARCH_S390X || N > 0x10\n=> A();\n#endif", "CAP_A", "",
     "(if (or (and CAP_A (! ARCH_S390X)) (> N 16))\n  (rule (A)))\n"},
    {"#if ARCH_X86\n=> A();\n#elif ARCH_ARM\n=> B();\n#elif X\n=> C();\n#else\n=> D();\n#endif\n=> "
     "E();",
     NULL, "",
     "(if ARCH_X86\n  (rule (A))\n  (else\n    (if ARCH_ARM\n      (rule (B))\n      (else\n"
     "        (if X\n          (rule (C))\n          (else\n            (rule (D))))))))\n(rule "
     "(E))\n"},
    {"#if X\n=> A();\n#elif ARCH_ARM\n=> B();\n#else\n=> C();\n#endif\n=> D();", NULL, "",
     "(if ARCH_ARM\n  (rule (B))\n  (else\n    (rule (C))))\n(rule (D))\n"},
    {"#if X\n=> A();\n#elif ARCH_ARM\n=> B();\n#else\n=> C();\n#endif\n=> D();", "X", "",
     "(rule (A))\n(rule (D))\n"},
    {"#if ARCH_X86\n#if ARCH_X32\n=> A();\n#endif\n=> B();\n#if X\n=> C();\n#endif\n#endif\n=> "
     "D();",
     NULL, "", "(if ARCH_X86\n  (if ARCH_X32\n    (rule (A)))\n  (rule (B)))\n(rule (D))\n"},
    {"#if 0\n#if ARCH_X86\n=> A();\n#else\n=> B();\n#endif\n#endif\n=> C();", NULL, "",
     "(rule (C))\n"},
    {"#if ARCH_X86\n#else\n#endif", NULL, "", "(if ARCH_X86)\n"},
    {"#if ARCH_X86\nset %s = (1);\ntest \"t\" {}\n#endif", NULL, "",
     "(if ARCH_X86\n  (set %s (list 1))\n  (test \"t\"))\n"},
    {"#if ARCH_MINE\n=> A();\n#endif", "ARCH_MINE", "", "(rule (A))\n"},

    /* [unknown-arch] */
    {"#if !ARCH_X8664\n=> A();\n#endif", NULL,
     "1:6 unknown-arch: unknown architecture 'ARCH_X8664'; did you mean 'ARCH_X86_64'?\n",
     "(rule (A))\n"},
    {"#ifdef ARCH_NOTHINGLIKE\n=> A();\n#endif", NULL,
     "1:8 unknown-arch: unknown architecture 'ARCH_NOTHINGLIKE'\n", ""},

    /* [syntax]: an architecture inside a statement */
    {"@a\n#if ARCH_X86\n=> A();\n#endif\n=> B();", NULL,
     "2:1 syntax: #if on an architecture inside a statement; "
     "it selects whole statements; only names given by '-d' select parts of one\n",
     "(if ARCH_X86\n  (rule (A)))\n(rule (B))\n"},
    {"#if ARCH_X86\n@a =>\n#else\n=> B();\n#endif\n=> C();", NULL,
     "3:1 syntax: expected an action, found '#else'\n",
     "(if ARCH_X86\n  (else\n    (rule (B))))\n(rule (C))\n"},
    {"test \"t\" {\n#if ARCH_X86\nexpect @a => A();\n#endif\nexpect @b => B();\n}\n=> C();", NULL,
     "2:1 syntax: #if on an architecture inside a statement; "
     "it selects whole statements; only names given by '-d' select parts of one\n"
     "4:1 syntax: expected '}' or 'expect', found '#endif'\n",
     "(test \"t\")\n(rule (C))\n"},

    /* [bad-directive]; a part whose condition is faulty is read */
    {"#define X\n=> A();", NULL,
     "1:2 bad-directive: no directive is called '#define'; comments begin with '//'\n",
     "(rule (A))\n"},
    {"# this is no comment\n=> A();", NULL,
     "1:3 bad-directive: no directive is called '#this'; comments begin with '//'\n",
     "(rule (A))\n"},
    {"#elseif X\n=> A();", NULL,
     "1:2 bad-directive: no directive is called '#elseif'; did you mean '#elif'?\n",
     "(rule (A))\n"},
    {"#ifdfe X\n=> A();", NULL,
     "1:2 bad-directive: no directive is called '#ifdfe'; did you mean '#ifdef'?\n",
     "(rule (A))\n"},
    {"#\n=> A();", NULL,
     "1:2 bad-directive: expected a directive after '#'; comments begin with '//'\n",
     "(rule (A))\n"},
    {"##if\n=> A();", NULL,
     "1:2 bad-directive: expected a directive after '#'; comments begin with '//'\n",
     "(rule (A))\n"},
    {"#ifdef\n=> A();\n#endif", NULL, "1:2 bad-directive: expected a name after '#ifdef'\n",
     "(rule (A))\n"},
    {"#ifdef 5\n=> A();\n#endif", NULL, "1:8 bad-directive: expected a name after '#ifdef'\n",
     "(rule (A))\n"},
    {"#ifndef $x\n=> A();\n#endif", NULL, "1:2 bad-directive: expected a name after '#ifndef'\n",
     "(rule (A))\n"},
    {"#ifdef X Y\n=> A();\n#endif", NULL, "1:10 bad-directive: unexpected text after '#ifdef'\n",
     ""},
    {"#if 1\n=> A();\n#endif X", NULL, "3:8 bad-directive: unexpected text after '#endif'\n",
     "(rule (A))\n"},
    {"#if 1\n=> A();\n#else if X\n=> B();\n#endif", NULL,
     "3:7 bad-directive: unexpected text after '#else'\n", "(rule (A))\n"},
    {"#if 1\n=> A();\n#endif /* x\n*/", NULL,
     "3:8 bad-directive: a comment in a directive ends on the same line\n"
     "4:1 unknown-byte: unknown byte '*' (0x2a)\n",
     "(rule (A))\n"},
    {"#if\n=> A();\n#endif", NULL,
     "1:4 bad-directive: expected a value, found the end of the line\n", "(rule (A))\n"},
    {"#if X &&\n=> A();\n#endif", NULL,
     "1:9 bad-directive: expected a condition, found the end of the line\n", "(rule (A))\n"},
    {"#if X Y\n=> A();\n#endif", NULL,
     "1:7 bad-directive: expected the end of the line, '(' or an operator, found 'Y'\n",
     "(rule (A))\n"},
    {"#if (X\n=> A();\n#endif", NULL,
     "1:7 bad-directive: expected '(', ')', ',' or an operator, found the end of the line\n",
     "(rule (A))\n"},
    {"#if defined(X)\n=> A();\n#endif", NULL,
     "1:5 bad-directive: this cannot stand in a condition of #if; "
     "a condition of #if is made of names, numbers and operators\n",
     "(rule (A))\n"},
    {"#if $arch\n=> A();\n#endif", NULL,
     "1:5 bad-directive: this cannot stand in a condition of #if; "
     "a condition of #if is made of names, numbers and operators\n",
     "(rule (A))\n"},
    {"#if X && Y in (1)\n=> A();\n#endif", NULL,
     "1:10 bad-directive: this cannot stand in a condition of #if; "
     "a condition of #if is made of names, numbers and operators\n",
     "(rule (A))\n"},
    {"#if X = 1\n=> A();\n#elif Y\n=> B();\n#endif", "Y",
     "1:7 bad-directive: expected the end of the line, '(' or an operator, found '='; '==' "
     "compares\n",
     "(rule (A))\n"},
    {"#if ARCH_X86\n=> A();\n#elif )\n=> B();\n#endif", NULL,
     "3:7 bad-directive: expected a value, found ')'\n",
     "(if ARCH_X86\n  (rule (A))\n  (else\n    (if (error)\n      (rule (B)))))\n"},
    {"#if ARCH_X86 || @x\n=> A();\n#else\n=> B();\n#endif", NULL,
     "1:17 bad-directive: this cannot stand in a condition of #if; "
     "a condition of #if is made of names, numbers and operators\n",
     "(rule (A))\n"},
    {"#if ARCH_X86\n=> A();\n#elif ARCH_X86 in (1)\n=> B();\n#endif", NULL,
     "3:7 bad-directive: this cannot stand in a condition of #if; "
     "a condition of #if is made of names, numbers and operators\n",
     "(if ARCH_X86\n  (rule (A))\n  (else\n    (if (error)\n      (rule (B)))))\n"},
    /* of the text, inside a directive */
    {"#if 08\n=> A();\n#endif", NULL,
     "1:5 bad-number: '08' is not a number; '8' is not an octal digit\n", ""},
    {"#if 1 ?\n=> A();\n#endif", NULL, "1:7 unknown-byte: unknown byte '?' (0x3f)\n",
     "(rule (A))\n"},
    {"#if 1 # x\n=> A();\n#endif", NULL,
     "1:7 unknown-byte: '#' is not the first on its line; comments begin with '//'\n",
     "(rule (A))\n"},
    {"#if 1 /* x\n=> A();\n#endif", NULL, "1:7 open-comment: '/*' without '*/'\n", "(rule (A))\n"},
    {"#if 1 << 64\n=> A();\n#endif", NULL, "1:5 arithmetic: shifts by 0 to 63 bits are possible\n",
     ""},

    /* [unbalanced-if] */
    {"=> A();\n#endif\n=> B();", NULL, "2:2 unbalanced-if: '#endif' without '#if'\n",
     "(rule (A))\n(rule (B))\n"},
    {"#else\n=> A();", NULL, "1:2 unbalanced-if: '#else' without '#if'\n", "(rule (A))\n"},
    {"#elif X\n=> A();", NULL, "1:2 unbalanced-if: '#elif' without '#if'\n", "(rule (A))\n"},
    {"#ifdef X\n=> A();\n", "X", "3:1 unbalanced-if: '#endif' is missing; this is not closed\n",
     "(rule (A))\n"},
    {"#ifdef X\n=> A();\n", NULL, "3:1 unbalanced-if: '#endif' is missing; this is not closed\n",
     ""},
    {"#if ARCH_X86\n#if 1\n=> A();", NULL,
     "3:8 unbalanced-if: '#endif' is missing; this is not closed; this is not closed\n",
     "(if ARCH_X86\n  (rule (A)))\n"},
    {"#if 0\n#else\n=> A();\n#else\n=> B();\n#endif\n=> C();", NULL,
     "4:2 unbalanced-if: '#else' after '#else'; the '#else' is here\n",
     "(rule (A))\n(rule (B))\n(rule (C))\n"},
    {"#if 0\n#else\n=> A();\n#elif 1\n=> B();\n#endif", NULL,
     "4:2 unbalanced-if: '#elif' after '#else'; the '#else' is here\n", "(rule (A))\n(rule (B))\n"},
};

/* Behind "#if ": what the condition is worth, with A=1 B=2 Z=0 defined. */
static const struct {
    const char *condition;
    bool holds;
} conditions[] = {
    {"1", true},
    {"0", false},
    {"A", true},
    {"Z", false},
    {"UNDEFINED", false},
    {"f", false},
    {"!A", false},
    {"!UNDEFINED", true},
    {"!!B", true},
    {"A && B", true},
    {"A && Z", false},
    {"Z || B", true},
    {"Z || UNDEFINED", false},
    {"Z && Z || A", true},
    {"A || Z && Z", true},
    {"(A || Z) && Z", false},
    {"B == 2", true},
    {"B != 2", false},
    {"B < 3", true},
    {"B <= 1", false},
    {"B > 1", true},
    {"B >= 3", false},
    {"0xffffffffffffffff > 0", true},
    {"-1 < 0", true},
    {"A + B == 3", true},
    {"A - B == -1", true},
    {"B << 3 == 16", true},
    {"B >> 1 == 1", true},
    {"(A | B) == 3", true},
    {"A | B == 3", true},
    {"(B & 3) == 2", true},
    {"(A ^ 3) == 2", true},
    {"~0 == -1", true},
    {"~0xffffffffffffffff == 0", true},
    {"-(-5) == 5", true},
    {"A == 1 && B == 2 || 1 << 99", true},
    {"Z && 1 << 99", false},
    {"1_000 == 01750 && 0b11 == 0o3", true},
    {"test || set || flags", false},
    {"(((A)))", true},
    {"A /* x */ && /* y */ B // z", true},
};

static void check(const struct row *r)
{
    struct parsing p = {.text = r->text, .defines = r->defines};

    parsing_run(&p);
    ck_assert_str_eq(p.faults, r->faults);
    ck_assert_str_eq(p.tree, r->tree);
    parsing_release(&p);
}

START_TEST(directive)
{
    check(&rows[_i]);
}
END_TEST

START_TEST(condition)
{
    char text[256];
    struct row r = {text, "A=1 B=2 Z=0", "",
                    conditions[_i].holds ? "(rule (T))\n" : "(rule (F))\n"};

    ck_assert_int_lt(snprintf(text, sizeof(text), "#if %s\n=> T();\n#else\n=> F();\n#endif\n",
                              conditions[_i].condition),
                     (int)sizeof(text));
    check(&r);
}
END_TEST

/* Every architecture of the table selects statements; its name alone, without ARCH_, does not. */
START_TEST(architecture)
{
    const struct arch *a = &arch_table[_i];
    char text[256], tree[256];
    struct row with = {text, NULL, "", tree};
    struct row without = {text, NULL, "", ""};

    snprintf(text, sizeof(text), "#if %s\n=> A();\n#endif", a->macro);
    snprintf(tree, sizeof(tree), "(if %s\n  (rule (A)))\n", a->macro);
    check(&with);
    snprintf(text, sizeof(text), "#if %s\n=> A();\n#endif", a->name);
    check(&without);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("front_preproc");
    TCase *c = tcase_create("directives");

    tcase_add_loop_test(c, directive, 0, ARRAY_SIZE(rows));
    tcase_add_loop_test(c, condition, 0, ARRAY_SIZE(conditions));
    tcase_add_loop_test(c, architecture, 0, ARCH_COUNT);
    suite_add_tcase(s, c);
    return unit_run(s);
}
