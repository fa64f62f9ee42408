/* SPDX-License-Identifier: Apache-2.0 */
#include "base/uri.h"
#include "tests/lib/unit.h"

static struct arena arena;

static void teardown(void)
{
    arena_release(&arena);
}

static const struct {
    const char *path, *uri;
} both_ways[] = {
    {"/a/b.seccomp", "file:///a/b.seccomp"},
    {"/a b/100%.seccomp", "file:///a%20b/100%25.seccomp"},
    {"/\xc3\xa9", "file:///%C3%A9"},
};

START_TEST(path_and_uri)
{
    struct strbuf b;

    strbuf_init(&b, &arena);
    strbuf_uri(&b, both_ways[_i].path);
    ck_assert_str_eq(strbuf_text(&b), both_ways[_i].uri);
    ck_assert_str_eq(uri_path(&arena, both_ways[_i].uri), both_ways[_i].path);
}
END_TEST

static const struct {
    const char *uri, *path;
} uris[] = {
    {"file:/a", "/a"},
    {"file://localhost/a", "/a"},
    {"file:///%2fetc/%41", "//etc/A"},
    {"file://elsewhere/a", NULL},
    {"untitled:1", NULL},
    {"file:a", NULL},
    {"file:///%4", NULL},
    {"file:///%", NULL},
    {"file:///%zz", NULL},
    {"file:///a%00b", NULL},
};

START_TEST(path_of_uri)
{
    const char *path = uri_path(&arena, uris[_i].uri);

    if (uris[_i].path)
        ck_assert_pstr_eq(path, uris[_i].path);
    else
        ck_assert_ptr_null(path);
}
END_TEST

START_TEST(relative)
{
    struct strbuf b;

    strbuf_init(&b, &arena);
    strbuf_uri(&b, "././a:b");
    ck_assert_str_eq(strbuf_text(&b), "a%3Ab");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("uri");
    TCase *c = tcase_create("uri");

    tcase_add_checked_fixture(c, NULL, teardown);
    tcase_add_loop_test(c, path_and_uri, 0, ARRAY_SIZE(both_ways));
    tcase_add_loop_test(c, path_of_uri, 0, ARRAY_SIZE(uris));
    tcase_add_test(c, relative);
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
