/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is long, deep or random, and too little memory. */
#include "base/str.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"
#include "tests/unit/front_testlib.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>

/* --- long texts ------------------------------------------------------------------------------- */

/* before, n times part, after; a ? in part is the count. The caller frees it. */
static char *repeated(const char *before, const char *part, size_t n, const char *after)
{
    size_t room = strlen(before) + n * (strlen(part) + 20) + strlen(after) + 1, i;
    char *text = malloc(room), *to = text;
    const char *from;

    ck_assert_ptr_nonnull(text);
    to = stpcpy(to, before);
    for (i = 0; i < n; i++)
        for (from = part; *from; from++)
            if (*from == '?')
                to += sprintf(to, "%zu", i);
            else
                *to++ = *from;
    strcpy(to, after);
    return text;
}

static void parse_repeated(struct parsing *p, const char *before, const char *part, size_t n,
                           const char *after)
{
    char *text = repeated(before, part, n, after);

    p->text = text;
    parsing_run(p);
    free(text);
}

START_TEST(long_chains)
{
    static const struct {
        const char *operator;
        enum expr_kind kind;
    } rows[] = {{"$arg0 == ? && ", EXPR_AND}, {"$arg0 == ? || ", EXPR_OR}};
    const size_t n = 100000;
    struct parsing p = {0};
    const struct expr *e;

    parse_repeated(&p, "", rows[_i].operator, n, "@last => A();");
    ck_assert_str_eq(p.faults, "");
    e = p.ast->items.at[0]->expr;
    ck_assert_int_eq(e->kind, rows[_i].kind);
    ck_assert_uint_eq(e->kids.count, n + 1);
    ck_assert_uint_eq(e->depth, 3);
    parsing_release(&p);
}
END_TEST

START_TEST(long_lists)
{
    struct parsing p = {0};

    parse_repeated(&p, "set %s = (@first", ", ?", 100000, ");");
    ck_assert_str_eq(p.faults, "");
    ck_assert_uint_eq(p.ast->items.at[0]->expr->kids.count, 100001);
    parsing_release(&p);

    parse_repeated(&p, "$arg0 in (1", ", ?", 100000, ") => A();");
    ck_assert_str_eq(p.faults, "");
    ck_assert_uint_eq(p.ast->items.at[0]->expr->kids.at[1]->kids.count, 100001);
    parsing_release(&p);
}
END_TEST

START_TEST(many_statements)
{
    struct parsing p = {0};

    parse_repeated(&p, "", "$arg0 == ? => A();\n", 100000, "");
    ck_assert_str_eq(p.faults, "");
    ck_assert_uint_eq(p.ast->items.count, 100000);
    parsing_release(&p);
}
END_TEST

/* The same fault on 20,000 lines is told 20,000 times, in no more than linear time. */
START_TEST(many_faults)
{
    struct parsing p = {0};

    parse_repeated(&p, "", "$arg0 = ? => A();\n", 20000, "");
    ck_assert_uint_eq(p.diags.errors, 20000);
    parsing_release(&p);
}
END_TEST

START_TEST(long_tokens)
{
    struct parsing p = {0};

    parse_repeated(&p, "@", "a", 1000000, " => A();");
    ck_assert_str_eq(p.faults, "");
    ck_assert_uint_eq(p.ast->items.at[0]->expr->name.len, 1000000);
    parsing_release(&p);

    parse_repeated(&p, "=> A() \"", "\\n", 100000, "\";");
    ck_assert_str_eq(p.faults, "");
    ck_assert_uint_eq(p.ast->items.at[0]->reason.len, 100000);
    parsing_release(&p);

    parse_repeated(&p, "/*", "x\n", 100000, "*/");
    ck_assert_str_eq(p.faults, "");
    parsing_release(&p);

    parse_repeated(&p, "1", "0", 100000, " => A();");
    ck_assert_uint_eq(p.diags.errors, 1);
    ck_assert_int_eq(p.diags.list.at[0]->id, DIAG_BAD_NUMBER);
    parsing_release(&p);
}
END_TEST

static int parse_huge(void *ctx)
{
    struct arena *a = ctx;
    struct source *source = source_new(a, "huge", "", 0);
    struct parse_options options = {0};
    struct diags diags;

    source->len = UINT32_C(0xfffffff0); /* the text is not looked at */
    diags_init(&diags, a);
    ck_assert_uint_eq(parse_policy(a, source, &options, &diags)->items.count, 0);
    ck_assert_uint_eq(diags.errors, 1);
    ck_assert_int_eq(diags.list.at[0]->id, DIAG_TOO_COMPLEX);
    return 0;
}

START_TEST(huge_source)
{
    struct arena a;

    arena_init(&a);
    ck_assert_int_eq(arena_run(&a, parse_huge, &a), 0);
    arena_release(&a);
}
END_TEST

/* --- deep texts ------------------------------------------------------------------------------- */

static uint32_t measured_depth(const struct expr *e)
{
    uint32_t deepest = 0;
    size_t i;

    for (i = 0; i < e->kids.count; i++) {
        uint32_t d = measured_depth(e->kids.at[i]);

        if (d > deepest)
            deepest = d;
    }
    return deepest + 1;
}

/* Around and behind X, n times. */
struct nest {
    const char *open, *core, *close;
};

static const struct nest nests[] = {
    {"(", "@a", ")"},
    {"!", "@a", ""},
    {"-", "1", ""},
    {"f(", "1", ")"},
    {"@a(", "b", ")"},
    {"%s(", "b", ")"},
    {"", "1", " + 1"},
    {"", "1", " - 1"},
    {"1 + (", "1", ")"},
    {"a && (", "b", ")"},
    {"a || (", "b", " || c)"},
    {"a in (", "b", ")"},
    {"", "a", " | b"},
    {"!(a == b && ", "c", ")"},
};

/* The expression of the first statement, with n levels of the nest; frees nothing. */
static void parse_nest(struct parsing *p, const struct nest *nest, size_t n, const char *behind)
{
    char *close = repeated("", nest->close, n, behind);
    char *rest = repeated(nest->core, "", 0, close);

    parse_repeated(p, "", nest->open, n, rest);
    free(rest);
    free(close);
}

START_TEST(as_deep_as_may_be)
{
    struct parsing p = {0};
    const struct expr *e;

    /* each of these nests takes two steps at most */
    parse_nest(&p, &nests[_i], EXPR_MAX_DEPTH / 4, " => A();");
    ck_assert_str_eq(p.faults, "");
    e = p.ast->items.at[0]->expr;
    ck_assert_uint_le(measured_depth(e), e->depth);
    ck_assert_uint_le(e->depth, EXPR_MAX_DEPTH);
    parsing_release(&p);
}
END_TEST

/* Told once, and the next statement is understood. */
START_TEST(too_deep)
{
    static const size_t levels[] = {EXPR_MAX_DEPTH, 5 * EXPR_MAX_DEPTH, 300 * EXPR_MAX_DEPTH};
    size_t i;

    for (i = 0; i < ARRAY_SIZE(levels); i++) {
        struct parsing p = {0};

        parse_nest(&p, &nests[_i], levels[i] + 1, " => A();\n@next => B();");
        ck_assert_uint_eq(p.diags.errors, 1);
        ck_assert_int_eq(p.diags.list.at[0]->id, DIAG_TOO_DEEP);
        ck_assert_ptr_nonnull(strstr(p.tree, "(rule @next (B))\n"));
        parsing_release(&p);
    }
}
END_TEST

START_TEST(deep_conditionals)
{
    struct parsing p = {0};
    char *text = repeated("", "#if ARCH_X86\n", 3000, "=> A();\n");

    parse_repeated(&p, text, "#endif\n", 3000, "=> B();\n");
    ck_assert_uint_eq(p.diags.errors, 2000);
    ck_assert_int_eq(p.diags.list.at[0]->id, DIAG_TOO_DEEP);
    ck_assert_uint_eq(p.ast->items.count, 2);
    parsing_release(&p);
    free(text);

    parse_repeated(&p, "#if ARCH_X86\n", "#elif ARCH_X32 && ?\n", 3000, "#endif\n=> B();\n");
    ck_assert_int_eq(p.diags.list.at[0]->id, DIAG_TOO_DEEP);
    ck_assert_uint_eq(p.ast->items.count, 2);
    parsing_release(&p);

    text = repeated("", "#if 1\n", 100000, "=> A();\n");
    parse_repeated(&p, text, "#endif\n", 100000, "=> B();\n");
    ck_assert_str_eq(p.faults, "");
    ck_assert_str_eq(p.tree, "(rule (A))\n(rule (B))\n");
    parsing_release(&p);
    free(text);
}
END_TEST

/* --- memory ----------------------------------------------------------------------------------- */

static const struct fake_file files[] = {
    {"b", "set %s = (@read, 1..2);\ninclude \"c\";\n"},
    {"c", "=> A() \"\\n\";\n= ;"},
    {NULL, NULL},
};

/* Every allocation fails in turn: an error, nothing leaks, and it works once it does not fail. */
START_TEST(out_of_memory)
{
    const size_t in_use = mallinfo2().uordblks;
    uint64_t n;
    int ret = -ENOMEM;

    for (n = 1; ret; n++) {
        struct parsing p = {
            .text = "#if X == 1 && ARCH_X86\n@a(b == 0x1 && c) || (d in (1, 2)) => A() \"\\t\";\n"
                    "#endif\ninclude \"b\";\ntest \"t\" { expect @a(1) => B() on x with y, z; }\n"
                    "? @c => ;\n macro m(a) = f(a)\nconst A = B;\n#wrong\n#if 1",
            .defines = "X",
            .files = files,
        };

        arena_init(&p.arena);
        p.arena.fail_after = n;
        ret = arena_run(&p.arena, parsing_body, &p);
        if (ret)
            ck_assert_int_eq(ret, -ENOMEM);
        else
            ck_assert_uint_eq(p.diags.errors, 6);
        parsing_release(&p);
        ck_assert_uint_eq(mallinfo2().uordblks, in_use);
    }
    ck_assert_uint_gt(n, 100);
}
END_TEST

/* --- random texts ----------------------------------------------------------------------------- */

/* What ast.h promises of an expression; where a list or a range cannot stand, none does. */
static void check_expr(const struct expr *e, bool list, bool range)
{
    bool members_range = e->kind == EXPR_LIST;
    size_t least = 0, most = SIZE_MAX, i;

    ck_assert_ptr_nonnull(e);
    ck_assert(e->kind != EXPR_LIST || list);
    ck_assert(e->kind != EXPR_RANGE || range);
    ck_assert_uint_ge(e->depth, 1);
    if (e->kind == EXPR_ERROR)
        return;
    ck_assert_uint_le(e->depth, EXPR_MAX_DEPTH);
    if (e->kind == EXPR_UNARY)
        least = most = 1;
    else if (e->kind == EXPR_BINARY || e->kind == EXPR_RANGE)
        least = most = 2;
    else if (e->kind == EXPR_AND || e->kind == EXPR_OR)
        least = 2;
    else if (e->kind == EXPR_LIST)
        least = 1;
    else if (e->kind == EXPR_NUMBER || e->kind == EXPR_NAME || e->kind == EXPR_VARIABLE ||
             e->kind == EXPR_KERNEL || !e->has_parens)
        most = 0;
    ck_assert_uint_ge(e->kids.count, least);
    ck_assert_uint_le(e->kids.count, most);
    for (i = 0; i < e->kids.count; i++) {
        bool behind_in = i == 1 && e->kind == EXPR_BINARY && (e->op == OP_IN || e->op == OP_NOT_IN);

        ck_assert_uint_lt(e->kids.at[i]->depth, e->depth);
        check_expr(e->kids.at[i], behind_in, behind_in || members_range);
    }
}

static void check_items(const item_list *items)
{
    size_t i, k;

    for (i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        ck_assert_ptr_nonnull(item->span.source);
        ck_assert_uint_lt(item->span.begin, item->span.end);
        ck_assert(item->expr ||
                  (item->kind != ITEM_IF && item->kind != ITEM_CONST && item->kind != ITEM_MACRO &&
                   item->kind != ITEM_SET && item->kind != ITEM_KNOWN));
        if (item->expr)
            check_expr(item->expr, item->kind == ITEM_SET, false);
        ck_assert(item->action.name.len || item->kind > ITEM_FOREIGN);
        for (k = 0; k < item->expects.count; k++) {
            check_expr(item->expects.at[k].call, false, false);
            ck_assert_uint_gt(item->expects.at[k].action.name.len, 0);
        }
        check_items(&item->items);
        check_items(&item->else_items);
    }
}

static void parse_random(char *text, size_t len)
{
    struct parsing p = {.text = text, .len = len};
    size_t i;

    parsing_run(&p);
    check_items(&p.ast->items);
    for (i = 0; i < p.diags.list.count; i++) {
        const struct span *s = &p.diags.list.at[i]->span;

        ck_assert_ptr_nonnull(s->source);
        ck_assert_uint_le(s->begin, s->end);
        ck_assert_uint_le(s->end, s->source->len);
    }
    parsing_release(&p);
}

START_TEST(random_bytes)
{
    const size_t len = 1000000;
    char *text = malloc(len);
    struct rng rng = {rng_seed()};
    size_t i;

    ck_assert_ptr_nonnull(text);
    for (i = 0; i < len; i++)
        text[i] = (char)rng_next(&rng);
    parse_random(text, len);
    free(text);
}
END_TEST

/* clang-format off */
static const char *const words[] = {
    "@a", "@b@x86", "%s", "$arg0", "$syscall", "name", "flags", "set", "in", "not", "KERNEL",
    "5.3", "0", "0x10", "\"s\"", "(", ")", "{", "}", ",", ";", ";", ";", "=>", "=", "==", "!=",
    "<", ">=", "&&", "||", "!", "~", "-", "+", "|", "&", "^", "<<", "..", "test", "expect",
    "never", "on", "with", "const", "macro", "arch", "default", "include", "\n#if X\n",
    "\n#if ARCH_X86\n", "\n#if ARCH_X86 && @a\n", "\n#if (\n", "\n#elif ARCH_X86 in (1)\n",
    "\n#else\n", "\n#elif ARCH_X32\n", "\n#elif Y\n", "\n#endif\n", "=> A();", "\"open\n",
    "/* c */", "// c\n", "\r\n", "?", "08",
};
/* clang-format on */

START_TEST(random_tokens)
{
    char text[4096];
    struct rng rng = {rng_seed()};
    unsigned round;

    for (round = 0; round < 500; round++) {
        size_t len = 0, want = rng_below(&rng, sizeof(text) - 64);

        while (len < want)
            len += (size_t)sprintf(text + len, "%s ", words[rng_below(&rng, ARRAY_SIZE(words))]);
        parse_random(text, len);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("front_limits");
    TCase *c = tcase_create("limits");

    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, long_chains, 0, 2);
    tcase_add_test(c, long_lists);
    tcase_add_test(c, many_statements);
    tcase_add_test(c, many_faults);
    tcase_add_test(c, long_tokens);
    tcase_add_test(c, huge_source);
    tcase_add_loop_test(c, as_deep_as_may_be, 0, ARRAY_SIZE(nests));
    tcase_add_loop_test(c, too_deep, 0, ARRAY_SIZE(nests));
    tcase_add_test(c, deep_conditionals);
    tcase_add_test(c, out_of_memory);
    tcase_add_test(c, random_bytes);
    tcase_add_test(c, random_tokens);
    suite_add_tcase(s, c);
    return unit_run(s);
}
