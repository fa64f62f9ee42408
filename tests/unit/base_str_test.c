/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of text: building, JSON strings, UTF-8, nearness of names, error records. */
#include "base/error.h"
#include "base/str.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <string.h>

START_TEST(text_grows)
{
    struct arena a;
    struct strbuf b;
    unsigned i;

    arena_init(&a);
    strbuf_init(&b, &a);
    ck_assert_str_eq(strbuf_text(&b), "");
    strbuf_add(&b, NULL, 0);
    ck_assert_str_eq(strbuf_text(&b), "");
    strbuf_puts(&b, "ab");
    strbuf_putc(&b, 'c');
    strbuf_printf(&b, "%d%s", 12, "x");
    ck_assert_str_eq(b.text, "abc12x");
    strbuf_add(&b, b.text, b.len);
    ck_assert_str_eq(b.text, "abc12xabc12x");
    for (i = 0; i < 1000; i++)
        strbuf_printf(&b, "%u,", i);
    ck_assert_uint_eq(b.len, 12 + 10 * 2 + 90 * 3 + 900 * 4);
    ck_assert_uint_eq(b.text[b.len], 0);
    arena_release(&a);
}
END_TEST

static const struct {
    const char *bytes;
    size_t length;
} sequences[] = {
    {"a", 1},
    {"\x7f", 1},
    {"\xc2\x80", 2},
    {"\xdf\xbf", 2},
    {"\xe0\xa0\x80", 3},
    {"\xed\x9f\xbf", 3},
    {"\xef\xbf\xbf", 3},
    {"\xf0\x90\x80\x80", 4},
    {"\xf4\x8f\xbf\xbf", 4},
    {"\x80", 0},             /* continuation alone */
    {"\xc1\xbf", 0},         /* overlong */
    {"\xe0\x9f\xbf", 0},     /* overlong */
    {"\xf0\x8f\xbf\xbf", 0}, /* overlong */
    {"\xed\xa0\x80", 0},     /* surrogate */
    {"\xf4\x90\x80\x80", 0}, /* beyond U+10FFFF */
    {"\xf5\x80\x80\x80", 0},
    {"\xff", 0},
    {"\xe2\x82", 0}, /* cut short */
    {"\xe2\x28\xa1", 0},
    {"", 0},
};

START_TEST(utf8_sequences)
{
    const char *s = sequences[_i].bytes;

    ck_assert_uint_eq(utf8_length(s, strlen(s)), sequences[_i].length);
}
END_TEST

static const struct {
    const char *text, *json;
} json_strings[] = {
    {"", "\"\""},
    {"plain", "\"plain\""},
    {"a\"b\\c", "\"a\\\"b\\\\c\""},
    {"\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\\u007f\""},
    {"gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\""},
    {"x\xff\xc3", "\"x\\ufffd\\ufffd\""},
};

START_TEST(json_string)
{
    struct arena a;
    struct strbuf b;

    arena_init(&a);
    strbuf_init(&b, &a);
    strbuf_json_string(&b, json_strings[_i].text);
    ck_assert_str_eq(b.text, json_strings[_i].json);
    arena_release(&a);
}
END_TEST

static const struct {
    const char *wanted, *candidates[5], *best;
} near[] = {
    {"opne", {"read", "open", "close"}, "open"},        /* neighbours swapped: one edit */
    {"ope", {"openat", "open", "close"}, "open"},       /* one missing */
    {"sockett", {"socket", "socketpair"}, "socket"},    /* one too many */
    {"get_pid", {"getpid", "getppid"}, "getpid"},       /* first of the nearest */
    {"AF_VSOK", {"AF_VSOCK", "AF_INET"}, "AF_VSOCK"},   /* */
    {"xyzzy", {"read", "write"}, NULL},                 /* nothing near */
    {"", {"a", "ab"}, "a"},                             /* */
    {"ab", {"cd"}, NULL},                               /* short names: one edit at most */
    {"rt_sigreturm", {"rt_sigreturn"}, "rt_sigreturn"}, /* */
    {"fchmodat2", {"fchmodat", "fchmod2"}, "fchmodat"}, /* equally near: the first */
};

START_TEST(nearest_name)
{
    struct nearest n;
    size_t i;

    nearest_init(&n, near[_i].wanted, strlen(near[_i].wanted));
    for (i = 0; near[_i].candidates[i]; i++)
        nearest_feed(&n, near[_i].candidates[i]);
    ck_assert_pstr_eq(n.best, near[_i].best);
}
END_TEST

START_TEST(nearest_of_endless_names)
{
    char wanted[1000], candidate[1000];
    struct nearest n;

    memset(wanted, 'a', sizeof(wanted));
    memset(candidate, 'a', sizeof(candidate) - 1);
    candidate[sizeof(candidate) - 1] = '\0';
    candidate[10] = 'b';
    nearest_init(&n, wanted, sizeof(wanted));
    nearest_feed(&n, "a");
    ck_assert_ptr_null(n.best);
    nearest_feed(&n, candidate);
    ck_assert_ptr_eq(n.best, candidate);
    ck_assert_uint_eq(n.best_distance, 1);
}
END_TEST

START_TEST(error_record)
{
    char long_name[1000];
    struct error e = {0};

    ck_assert_int_eq(error_set(&e, ENOENT, "cannot read '%s'", "x"), -ENOENT);
    ck_assert_int_eq(e.code, ENOENT);
    ck_assert_str_eq(e.text, "cannot read 'x': No such file or directory");
    ck_assert_int_eq(error_text(&e, EFBIG, "'%s' is too large", "x"), -EFBIG);
    ck_assert_str_eq(e.text, "'x' is too large");

    memset(long_name, 'n', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    ck_assert_int_eq(error_set(&e, EIO, "cannot read '%s'", long_name), -EIO);
    ck_assert_uint_eq(strlen(e.text), sizeof(e.text) - 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("str");
    TCase *c = tcase_create("str");

    tcase_add_test(c, text_grows);
    tcase_add_loop_test(c, utf8_sequences, 0, ARRAY_SIZE(sequences));
    tcase_add_loop_test(c, json_string, 0, ARRAY_SIZE(json_strings));
    tcase_add_loop_test(c, nearest_name, 0, ARRAY_SIZE(near));
    tcase_add_test(c, nearest_of_endless_names);
    tcase_add_test(c, error_record);
    suite_add_tcase(s, c);
    return unit_run(s);
}
