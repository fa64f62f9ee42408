/* SPDX-License-Identifier: Apache-2.0 */
/* Includes: which file is meant, where it lands, and what cannot be. */
#include "tests/lib/unit.h"
#include "tests/unit/front_testlib.h"

#include <stdio.h>
#include <string.h>

#define FILES(...) ((const struct fake_file[]){__VA_ARGS__, {NULL, NULL}})

static void check(struct parsing *p, const char *faults, const char *tree, const char *paths)
{
    parsing_run(p);
    ck_assert_str_eq(p->faults, faults);
    ck_assert_str_eq(p->tree, tree);
    ck_assert_str_eq(p->paths, paths);
}

START_TEST(beside_the_file)
{
    struct parsing p = {
        .text = "=> A();\ninclude \"b.seccomp\";\n=> D();",
        .files = FILES({"b.seccomp", "=> B();\n=> C();"}),
    };

    check(&p, "", "(rule (A))\n(include \"b.seccomp\"\n  (rule (B))\n  (rule (C)))\n(rule (D))\n",
          "b.seccomp");
    parsing_release(&p);
}
END_TEST

START_TEST(below_the_file)
{
    struct parsing p = {
        .text = "include \"sub/b\";",
        .files = FILES({"sub/b", "include \"c\"; include \"../d\"; include \"/e\";"},
                       {"sub/c", "=> C();"}, {"sub/../d", "=> D();"}, {"/e", "include \"f\";"},
                       {"/f", "=> F();"}),
    };

    check(&p, "",
          "(include \"sub/b\"\n  (include \"c\"\n    (rule (C)))\n  (include \"../d\"\n"
          "    (rule (D)))\n  (include \"/e\"\n    (include \"f\"\n      (rule (F)))))\n",
          "sub/b sub/c sub/../d /e /f");
    parsing_release(&p);
}
END_TEST

START_TEST(in_directories)
{
    struct parsing p = {
        .text = "include \"b\"; include \"c\"; include \"x/../d\";",
        .dirs = {"one", "two/", NULL},
        .files = FILES({"one/b", "include \"e\";"}, {"two/b", "=> WRONG();"}, {"c", "=> C();"},
                       {"one/c", "=> WRONG();"}, {"two/x/../d", "=> D();"}, {"two/e", "=> E();"}),
    };

    check(&p, "",
          "(include \"b\"\n  (include \"e\"\n    (rule (E))))\n(include \"c\"\n  (rule (C)))\n"
          "(include \"x/../d\"\n  (rule (D)))\n",
          "b one/b one/e one/e two/e c x/../d one/x/../d two/x/../d");
    parsing_release(&p);
}
END_TEST

START_TEST(under_conditions)
{
    struct parsing p = {
        .text = "#ifdef X\ninclude \"b\";\n#else\ninclude \"missing\";\n#endif\n"
                "#if ARCH_X86\ninclude \"b\";\n#else\ninclude \"b\";\n#endif\n",
        .defines = "X",
        .files = FILES({"b", "#if X\n=> B();\n#endif\n"}),
    };

    check(&p, "",
          "(include \"b\"\n  (rule (B)))\n(if ARCH_X86\n  (include \"b\"\n    (rule (B)))\n"
          "  (else\n    (include \"b\"\n      (rule (B)))))\n",
          "b b b");
    parsing_release(&p);
}
END_TEST

START_TEST(missing)
{
    struct parsing p = {
        .text = "include \"b\";\ninclude \"/c\";\n=> A();",
        .dirs = {"one", NULL},
        .files = FILES({"x", ""}),
    };

    check(&p,
          "1:9 cannot-read: cannot include 'b'; no 'b'; no 'one/b'\n"
          "2:9 cannot-read: cannot include '/c'; no '/c'\n",
          "(include \"b\")\n(include \"/c\")\n(rule (A))\n", "b one/b /c");
    parsing_release(&p);
}
END_TEST

START_TEST(no_reader)
{
    struct parsing p = {.text = "include \"b\";"};

    check(&p, "1:9 cannot-read: cannot include 'b'; files cannot be included here\n",
          "(include \"b\")\n", "");
    parsing_release(&p);
}
END_TEST

START_TEST(of_itself)
{
    struct parsing p = {.text = "include \"./main\";", .files = FILES({"x", ""})};

    check(&p, "1:9 include-cycle: 'main' includes 'main'\n", "(include \"./main\")\n", "");
    parsing_release(&p);
}
END_TEST

START_TEST(cycle)
{
    struct parsing p = {
        .text = "include \"a\"; => A();",
        .files = FILES({"a", "include \"b/b\";"}, {"b/b", "\n include \".//c\";"},
                       {"b/c", "include \"./b\";"}),
    };

    check(&p, "b/c:1:9 include-cycle: 'b/b' includes 'b/c', which includes 'b/b'\n",
          "(include \"a\"\n  (include \"b/b\"\n    (include \".//c\"\n      (include \"./b\"))))\n"
          "(rule (A))\n",
          "a b/b b/c");
    parsing_release(&p);
}
END_TEST

/* `..` makes a new name of the file each time, which the limit on depth ends. */
START_TEST(cycle_by_dots)
{
    struct parsing p = {.text = "include \"sub/a\";"};
    struct fake_file files[70] = {{"sub/a", "include \"../sub/a\";"}};
    char paths[70][1200];
    size_t i;

    strcpy(paths[0], "sub/a");
    for (i = 1; i < 69; i++) {
        size_t len = strlen(paths[i - 1]) - 1;

        ck_assert_int_lt(
            snprintf(paths[i], sizeof(paths[i]), "%.*s../sub/a", (int)len, paths[i - 1]),
            (int)sizeof(paths[i]));
        files[i] = (struct fake_file){paths[i], files[0].text};
    }
    p.files = files;
    parsing_run(&p);
    ck_assert_uint_eq(p.diags.errors, 1);
    ck_assert_int_eq(p.diags.list.at[0]->id, DIAG_TOO_DEEP);
    ck_assert_ptr_nonnull(strstr(p.faults, ":1:9 too-deep: includes nested more than 64 deep\n"));
    parsing_release(&p);
}
END_TEST

/* Each file includes the next one twice: 2^20 files, were it not for the limit. */
START_TEST(too_many)
{
    struct parsing p = {.text = "include \"f0\";"};
    struct fake_file files[22] = {{NULL, NULL}};
    char paths[21][8], texts[21][40];
    size_t i;

    for (i = 0; i < 20; i++) {
        snprintf(paths[i], sizeof(paths[i]), "f%zu", i);
        snprintf(texts[i], sizeof(texts[i]), "include \"f%zu\"; include \"f%zu\";", i + 1, i + 1);
        files[i] = (struct fake_file){paths[i], texts[i]};
    }
    files[20] = (struct fake_file){"f20", ""};
    p.files = files;
    parsing_run(&p);
    ck_assert_uint_eq(p.diags.list.count, 1);
    ck_assert_int_eq(p.diags.list.at[0]->id, DIAG_TOO_COMPLEX);
    ck_assert_str_eq(p.diags.list.at[0]->text, "more than 1000 files are included");
    parsing_release(&p);
}
END_TEST

START_TEST(faults_inside)
{
    struct parsing p = {
        .text = "include \"b\";\n= 1;",
        .files = FILES({"b", "include \"c\";\n? => B();\n#if 1\n"}, {"c", "=> ;"}),
    };
    struct span from;

    check(&p,
          "b:2:1 unknown-byte: unknown byte '?' (0x3f)\n"
          "b:4:1 unbalanced-if: '#endif' is missing; this is not closed\n"
          "c:1:4 syntax: expected an action, found ';'\n"
          "2:1 syntax: expected a statement, found '='\n",
          "(include \"b\"\n  (include \"c\")\n  (rule (B)))\n", "b c");

    /* the chain by which diagnostics show how it came to that */
    from = p.diags.list.at[2]->span.source->included_from;
    ck_assert_str_eq(from.source->name, "b");
    ck_assert_uint_eq(from.begin, 8);
    from = from.source->included_from;
    ck_assert_str_eq(from.source->name, "main");
    ck_assert_uint_eq(from.begin, 8);
    ck_assert_ptr_null(from.source->included_from.source);
    parsing_release(&p);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("front_include");
    TCase *c = tcase_create("includes");

    tcase_add_test(c, beside_the_file);
    tcase_add_test(c, below_the_file);
    tcase_add_test(c, in_directories);
    tcase_add_test(c, under_conditions);
    tcase_add_test(c, missing);
    tcase_add_test(c, no_reader);
    tcase_add_test(c, of_itself);
    tcase_add_test(c, cycle);
    tcase_add_test(c, cycle_by_dots);
    tcase_add_test(c, too_many);
    tcase_add_test(c, faults_inside);
    suite_add_tcase(s, c);
    return unit_run(s);
}
