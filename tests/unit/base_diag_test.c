/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of places in sources, of diagnostics, and of how they are shown. */
#include "base/diag.h"
#include "base/diag_render.h"
#include "tests/lib/unit.h"

#include <json-c/json.h>
#include <string.h>

struct fixture {
    struct arena arena;
    struct diags diags;
    const struct source *source;
};

static void set_up(struct fixture *f, const char *text, size_t len)
{
    arena_init(&f->arena);
    diags_init(&f->diags, &f->arena);
    f->source = source_new(&f->arena, "p.seccomp", text, (uint32_t)len);
}

static struct span at(const struct fixture *f, uint32_t begin, uint32_t end)
{
    return (struct span){f->source, begin, end};
}

static void assert_text(struct fixture *f, const char *expected)
{
    struct strbuf out;

    strbuf_init(&out, &f->arena);
    diags_render_text(&f->diags, false, &out);
    ck_assert_str_eq(strbuf_text(&out), expected);
}

START_TEST(places_of_offsets)
{
    static const char text[] = "ab\n\ncde\r\nf";
    /* every offset up to the end; the line end belongs to its line */
    static const struct place places[] = {{1, 1}, {1, 2}, {1, 3}, {2, 1}, {3, 1}, {3, 2},
                                          {3, 3}, {3, 4}, {3, 5}, {4, 1}, {4, 2}};
    static const char *const lines[] = {"ab", "", "cde", "f"};
    struct fixture f;
    uint32_t i, len;

    set_up(&f, text, strlen(text));
    for (i = 0; i < ARRAY_SIZE(places); i++) {
        struct place p = source_place(f.source, i);

        ck_assert_uint_eq(p.line, places[i].line);
        ck_assert_uint_eq(p.column, places[i].column);
    }
    ck_assert_uint_eq(f.source->line_count, ARRAY_SIZE(lines));
    for (i = 0; i < ARRAY_SIZE(lines); i++) {
        const char *line = source_line(f.source, i + 1, &len);

        ck_assert_uint_eq(len, strlen(lines[i]));
        ck_assert_mem_eq(line, lines[i], len);
    }
    arena_release(&f.arena);
}
END_TEST

START_TEST(place_in_nothing)
{
    struct fixture f;
    uint32_t len;

    set_up(&f, "", 0);
    ck_assert_uint_eq(source_place(f.source, 0).line, 1);
    ck_assert_uint_eq(source_place(f.source, 0).column, 1);
    source_line(f.source, 1, &len);
    ck_assert_uint_eq(len, 0);
    arena_release(&f.arena);
}
END_TEST

START_TEST(joined_spans)
{
    struct fixture f;
    struct span nowhere = {0}, joined;
    struct span elsewhere;

    set_up(&f, "abcdef", 6);
    elsewhere = (struct span){source_new(&f.arena, "q", "xyz", 3), 0, 3};
    joined = span_join(at(&f, 1, 2), at(&f, 4, 5));
    ck_assert_uint_eq(joined.begin, 1);
    ck_assert_uint_eq(joined.end, 5);
    ck_assert_uint_eq(span_join(at(&f, 1, 5), at(&f, 2, 3)).end, 5);
    ck_assert_uint_eq(span_join(at(&f, 1, 2), elsewhere).end, 2);
    ck_assert_uint_eq(span_join(at(&f, 1, 2), nowhere).end, 2);
    ck_assert_ptr_eq(span_join(nowhere, at(&f, 1, 2)).source, f.source);
    arena_release(&f.arena);
}
END_TEST

START_TEST(ids_are_unique_and_plain)
{
    unsigned i, j;

    for (i = 0; i < DIAG_COUNT; i++) {
        const char *id = diag_kinds[i].id;

        ck_assert_uint_eq(strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(id));
        ck_assert_uint_gt(strlen(diag_kinds[i].summary), 0);
        for (j = 0; j < i; j++)
            ck_assert_str_ne(id, diag_kinds[j].id);
    }
}
END_TEST

START_TEST(the_same_is_recorded_once)
{
    struct fixture f;
    struct diag *first;

    set_up(&f, "abc", 3);
    first = diag_add(&f.diags, DIAG_SYNTAX, at(&f, 0, 1), "bad '%c'", 'a');
    ck_assert_ptr_eq(diag_add(&f.diags, DIAG_SYNTAX, at(&f, 0, 1), "bad 'a'"), first);
    ck_assert_ptr_ne(diag_add(&f.diags, DIAG_SYNTAX, at(&f, 0, 2), "bad 'a'"), first);
    ck_assert_ptr_ne(diag_add(&f.diags, DIAG_SYNTAX, at(&f, 0, 1), "bad 'b'"), first);
    ck_assert_ptr_ne(diag_add(&f.diags, DIAG_CYCLE, at(&f, 0, 1), "bad 'a'"), first);
    ck_assert_uint_eq(f.diags.list.count, 4);
    ck_assert_uint_eq(f.diags.errors, 4);

    diag_note(&f.diags, first, at(&f, 1, 2), "see '%d'", 1);
    diag_note(&f.diags, first, at(&f, 2, 3), "see '1'");
    diag_note(&f.diags, first, at(&f, 1, 2), "see '1'");
    ck_assert_ptr_nonnull(first->notes->next);
    ck_assert_ptr_null(first->notes->next->next);
    arena_release(&f.arena);
}
END_TEST

START_TEST(a_hundred_thousand_are_recorded_quickly)
{
    struct fixture f;
    uint32_t i;

    set_up(&f, "", 0);
    for (i = 0; i < 100000; i++)
        diag_add(&f.diags, DIAG_UNKNOWN_BYTE, at(&f, i, i + 1), "unknown byte");
    diags_sort(&f.diags);
    ck_assert_uint_eq(f.diags.errors, 100000);
    arena_release(&f.arena);
}
END_TEST

START_TEST(sorted_by_source_and_place)
{
    struct fixture f;
    struct span other;

    set_up(&f, "abc\n", 4);
    other = (struct span){source_new(&f.arena, "a.seccomp", "x\n", 2), 0, 1};
    diag_add(&f.diags, DIAG_SYNTAX, at(&f, 2, 3), "third");
    diag_add(&f.diags, DIAG_SYNTAX, at(&f, 0, 1), "first");
    diag_add(&f.diags, DIAG_SYNTAX, at(&f, 0, 1), "second");
    diag_add(&f.diags, DIAG_SYNTAX, other, "of another");
    diag_add(&f.diags, DIAG_TOO_LARGE, (struct span){0}, "nowhere");
    diags_sort(&f.diags);
    assert_text(&f, "error: nowhere [too-large]\n"
                    "a.seccomp:1:1: error: of another [syntax]\n    x\n    ^\n"
                    "p.seccomp:1:1: error: first [syntax]\n    abc\n    ^\n"
                    "p.seccomp:1:1: error: second [syntax]\n    abc\n    ^\n"
                    "p.seccomp:1:3: error: third [syntax]\n    abc\n      ^\n");
    arena_release(&f.arena);
}
END_TEST

/* A source, a span in it, and the excerpt with its caret. */
static const struct {
    const char *text;
    uint32_t begin, end;
    const char *excerpt;
} excerpts[] = {
    {"=> ALOW();\n", 3, 7, "    => ALOW();\n       ^~~~\n"},
    {"=> ALOW();", 9, 9, "    => ALOW();\n             ^\n"},      /* empty span */
    {"=> ALLOW()\n", 10, 11, "    => ALLOW()\n              ^\n"}, /* the line end */
    {"=> ALLOW()", 10, 10, "    => ALLOW()\n              ^\n"},   /* the end of file */
    {"", 0, 0, "    \n    ^\n"},                                   /* of an empty one */
    {"=> X\r\n", 4, 6, "    => X\n        ^\n"},                   /* CRLF */
    {"\t@a\n", 1, 3, "            @a\n            ^~\n"},          /* a tab is 8 columns */
    {"@a\t@b\n", 3, 5, "    @a      @b\n            ^~\n"},        /* up to the next stop */
    {"\xc3\xbc @a\n", 3, 5, "    \xc3\xbc @a\n      ^~\n"},        /* a letter is a column */
    {"\x1b[2J\n", 0, 1, "    ?[2J\n    ^\n"},                      /* terminal controls */
    {"a\xff"
     "b\n",
     1, 2, "    a?b\n     ^\n"}, /* not UTF-8 */
    {"\xc2\x9b"
     "b\n",
     0, 2, "    ?b\n    ^\n"},              /* an 8-bit CSI */
    {"ab\ncd\n", 1, 5, "    ab\n     ^\n"}, /* over lines: the first */
};

START_TEST(excerpt)
{
    struct fixture f;
    struct strbuf out;
    const char *begin;

    set_up(&f, excerpts[_i].text, strlen(excerpts[_i].text));
    diag_add(&f.diags, DIAG_SYNTAX, at(&f, excerpts[_i].begin, excerpts[_i].end), "wrong");
    strbuf_init(&out, &f.arena);
    diags_render_text(&f.diags, false, &out);
    begin = strchr(out.text, '\n') + 1;
    ck_assert_str_eq(begin, excerpts[_i].excerpt);
    arena_release(&f.arena);
}
END_TEST

START_TEST(excerpt_with_a_nul)
{
    struct fixture f;

    set_up(&f, "a\0b\n", 4);
    diag_add(&f.diags, DIAG_UNKNOWN_BYTE, at(&f, 1, 2), "unknown byte");
    assert_text(&f, "p.seccomp:1:2: error: unknown byte [unknown-byte]\n    a?b\n     ^\n");
    arena_release(&f.arena);
}
END_TEST

START_TEST(excerpt_of_an_endless_line)
{
    static char text[100000];
    struct fixture f;
    struct strbuf out;
    const char *caret;

    memset(text, _i ? 0x80 : 'x', sizeof(text)); /* 0x80: looks like the middle of a character */
    set_up(&f, text, sizeof(text));
    diag_add(&f.diags, DIAG_SYNTAX, at(&f, 50000, 50003), "wrong");
    strbuf_init(&out, &f.arena);
    diags_render_text(&f.diags, false, &out);
    ck_assert_uint_lt(out.len, 400);
    caret = strchr(out.text, '^');
    ck_assert_ptr_nonnull(caret);
    ck_assert_int_eq(strncmp(caret, "^~~\n", 4), 0);
    arena_release(&f.arena);
}
END_TEST

START_TEST(notes_and_includes)
{
    struct fixture f;
    struct source *middle, *inner;
    struct diag *diag;

    set_up(&f, "include \"m\";\n", 13);
    middle = source_new(&f.arena, "m", "\ninclude \"i\";\n", 14);
    middle->included_from = at(&f, 0, 12);
    inner = source_new(&f.arena, "i", "@opne\n", 6);
    inner->included_from = (struct span){middle, 1, 13};
    diag = diag_add(&f.diags, DIAG_UNKNOWN_SYSCALL, (struct span){inner, 0, 5}, "no '%s'", "opne");
    diag_note(&f.diags, diag, (struct span){inner, 1, 5}, "did you mean 'open'?");
    diag_note(&f.diags, diag, (struct span){0}, "'easyseccomp list syscalls' lists them");
    assert_text(&f, "in file included from p.seccomp:1:1:\n"
                    "in file included from m:2:1:\n"
                    "i:1:1: error: no 'opne' [unknown-syscall]\n"
                    "    @opne\n"
                    "    ^~~~~\n"
                    "i:1:2: note: did you mean 'open'?\n"
                    "    @opne\n"
                    "     ^~~~\n"
                    "note: 'easyseccomp list syscalls' lists them\n");
    arena_release(&f.arena);
}
END_TEST

START_TEST(colours)
{
    struct fixture f;
    struct strbuf out;

    set_up(&f, "x\n", 2);
    diag_add(&f.diags, DIAG_SYNTAX, at(&f, 0, 1), "wrong \033[2J");
    strbuf_init(&out, &f.arena);
    diags_render_text(&f.diags, true, &out);
    ck_assert_str_eq(out.text, "\033[1mp.seccomp:1:1\033[0m: \033[1;31merror:\033[0m wrong ?[2J"
                               " [syntax]\n    x\n    \033[1;31m^\033[0m\n");
    arena_release(&f.arena);
}
END_TEST

START_TEST(json)
{
    struct fixture f;
    struct strbuf out;
    struct diag *diag;
    json_object *parsed;

    set_up(&f, "a\n\"b\"\n", 6);
    diag = diag_add(&f.diags, DIAG_SYNTAX, at(&f, 2, 5), "unexpected '%s'", "\"b\"");
    diag_note(&f.diags, diag, at(&f, 0, 1), "after this");
    diag_note(&f.diags, diag, (struct span){0}, "no place");
    diag_add(&f.diags, DIAG_TOO_LARGE, (struct span){0}, "large");
    strbuf_init(&out, &f.arena);
    diags_render_json(&f.diags, &out);
    ck_assert_str_eq(
        out.text,
        "[{\"id\":\"syntax\",\"severity\":\"error\",\"message\":\"unexpected '\\\"b\\\"'\","
        "\"file\":\"p.seccomp\",\"line\":2,\"column\":1,\"endLine\":2,\"endColumn\":4,"
        "\"notes\":[{\"message\":\"after this\",\"file\":\"p.seccomp\",\"line\":1,\"column\":1,"
        "\"endLine\":1,\"endColumn\":2},{\"message\":\"no place\"}]},\n"
        " {\"id\":\"too-large\",\"severity\":\"error\",\"message\":\"large\",\"notes\":[]}]\n");
    parsed = json_tokener_parse(out.text);
    ck_assert_uint_eq(json_object_array_length(parsed), 2);
    json_object_put(parsed);
    arena_release(&f.arena);
}
END_TEST

START_TEST(no_diagnostics)
{
    struct fixture f;
    struct strbuf out;

    set_up(&f, "", 0);
    diags_sort(&f.diags);
    assert_text(&f, "");
    strbuf_init(&out, &f.arena);
    diags_render_json(&f.diags, &out);
    ck_assert_str_eq(out.text, "[]\n");
    arena_release(&f.arena);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("diag");
    TCase *source = tcase_create("source"), *diag = tcase_create("diag"),
          *render = tcase_create("render");

    tcase_add_test(source, places_of_offsets);
    tcase_add_test(source, place_in_nothing);
    tcase_add_test(source, joined_spans);
    suite_add_tcase(s, source);
    tcase_add_test(diag, ids_are_unique_and_plain);
    tcase_add_test(diag, the_same_is_recorded_once);
    tcase_add_test(diag, a_hundred_thousand_are_recorded_quickly);
    tcase_set_timeout(diag, 20);
    tcase_add_test(diag, sorted_by_source_and_place);
    suite_add_tcase(s, diag);
    tcase_add_loop_test(render, excerpt, 0, ARRAY_SIZE(excerpts));
    tcase_add_test(render, excerpt_with_a_nul);
    tcase_add_loop_test(render, excerpt_of_an_endless_line, 0, 2);
    tcase_add_test(render, notes_and_includes);
    tcase_add_test(render, colours);
    tcase_add_test(render, json);
    tcase_add_test(render, no_diagnostics);
    suite_add_tcase(s, render);
    return unit_run(s);
}
