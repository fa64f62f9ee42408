/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of policies: for every policy of the tree and for random ones, as they are and with
 * blanks, line ends and comments where chance puts them, laying out twice is laying out once, the
 * comments are all there, and the program is the same byte for byte.
 *
 * EASYSECCOMP_SEED repeats a run (the seed is printed), EASYSECCOMP_POLICIES sets the number of
 * random policies (default 500).
 */
#include "base/io.h"
#include "compiler/driver.h"
#include "compiler/front/fmt_internal.h"
#include "tests/lib/env.h"
#include "tests/lib/unit.h"
#include "tests/property/random_policy.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- laying out --------------------------------------------------------------------------------*/

struct formatting {
    struct arena arena;
    const char *name, *text;
    size_t len;
    enum format_result result;
    struct strbuf out;
};

static int format_body(void *ctx)
{
    struct formatting *f = ctx;
    const struct source *s = source_new(&f->arena, f->name, f->text, (uint32_t)f->len);
    struct diags diags;

    diags_init(&diags, &f->arena);
    strbuf_init(&f->out, &f->arena);
    f->result = format_policy(&f->arena, s, &(struct parse_options){0}, &diags, &f->out);
    return 0;
}

static void format(struct formatting *f, const char *name, const char *text, size_t len)
{
    *f = (struct formatting){.name = name, .text = text, .len = len};
    arena_init(&f->arena);
    ck_assert_int_eq(arena_run(&f->arena, format_body, f), 0);
}

static void give_up(const char *what, const char *before, const char *after)
{
    fprintf(stderr, "--- laid out:\n%s\n--- becomes:\n%s\n", before, after);
    ck_abort_msg("%s", what);
}

static void check_stable(const struct formatting *f)
{
    struct formatting again;

    format(&again, f->name, strbuf_text(&f->out), f->out.len);
    if (again.result != FORMAT_DONE || again.out.len != f->out.len ||
        memcmp(strbuf_text(&again.out), strbuf_text(&f->out), f->out.len) != 0)
        give_up(f->name, strbuf_text(&f->out), strbuf_text(&again.out));
    arena_release(&again.arena);
}

/* --- meaning -----------------------------------------------------------------------------------*/

/* The faults of a text, or its program if there are none. */
static int compile(struct compile *c, const char *name, const char *text, size_t len)
{
    int ret;

    compile_init(c, &(struct compile_options){.tuning.level = TUNE_NONE});
    ret = compile_parse(c, name, text, len);
    if (ret == 0)
        ret = compile_resolve(c);
    return ret == 0 ? compile_filter(c) : ret;
}

static void check_same_program(const char *name, const char *text, size_t len,
                               const struct strbuf *out)
{
    struct compile a, b;
    int ret = compile(&a, name, text, len);

    if (compile(&b, name, strbuf_text(out), out->len) != ret)
        give_up(name, text, strbuf_text(out));
    if (ret == 0) {
        const struct program *p = &a.filter->layout.program, *q = &b.filter->layout.program;

        if (p->count != q->count || memcmp(p->code, q->code, p->count * sizeof(*p->code)) != 0)
            give_up(name, text, strbuf_text(out));
    } else if (a.diags.list.count != b.diags.list.count) {
        give_up(name, text, strbuf_text(out));
    }
    compile_release(&a);
    compile_release(&b);
}

/* --- the policies of the tree ------------------------------------------------------------------*/

struct walk {
    unsigned formatted, refused;
};

static void check_file(struct walk *w, const char *path)
{
    CLEANUP_FREE char *text = NULL;
    struct formatting f;
    struct error err;
    size_t len;

    ck_assert_msg(read_file(path, COMPILE_MAX_SOURCE, &text, &len, &err) == 0, "%s", err.text);
    format(&f, path, text, len);
    ck_assert_msg(f.result != FORMAT_FAULTY, "%s: other words", path);
    if (f.result == FORMAT_DONE) {
        check_stable(&f);
        check_same_program(path, text, len, &f.out);
        w->formatted++;
    } else {
        w->refused++;
    }
    arena_release(&f.arena);
}

static void check_directory(struct walk *w, const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    char name[4096];

    ck_assert_msg(dir != NULL, "cannot open %s", path);
    while ((entry = readdir(dir))) {
        const char *dot = strrchr(entry->d_name, '.');
        int len = snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);

        ck_assert_int_lt(len, (int)sizeof(name));
        if (entry->d_name[0] == '.')
            continue;
        if (entry->d_type == DT_DIR)
            check_directory(w, name);
        else if ((dot && !strcmp(dot, ".seccomp")) || strstr(path, "corpus/policy"))
            check_file(w, name);
    }
    closedir(dir);
}

START_TEST(policies_of_the_tree)
{
    static const char *const rooms[] = {"profiles", "examples", "tests"};
    const char *top = getenv("top_srcdir");
    struct walk w = {0};
    char path[4096];

    for (size_t i = 0; i < ARRAY_SIZE(rooms); i++) {
        snprintf(path, sizeof(path), "%s/%s", top ? top : ".", rooms[i]);
        check_directory(&w, path);
    }
    fprintf(stderr, "%u policies laid out, %u do not parse\n", w.formatted, w.refused);
    ck_assert_uint_ge(w.formatted, 30);
}
END_TEST

/* --- random policies ---------------------------------------------------------------------------*/

struct scramble {
    struct rng rng;
    struct strbuf out;
    unsigned comments;
    bool line_begins; /* nothing but blanks is on the line */
};

static void add_space(struct scramble *s)
{
    static const char *const spaces[] = {" ", "  ", "\t", "\n", "\n\n\n", "\r\n  "};
    const char *space = spaces[rng_below(&s->rng, ARRAY_SIZE(spaces))];

    strbuf_puts(&s->out, space);
    s->line_begins |= strchr(space, '\n') != NULL;
}

static void add_comment(struct scramble *s)
{
    switch (rng_below(&s->rng, 3)) {
    case 0:
        strbuf_printf(&s->out, "// comment %u\n", s->comments++);
        s->line_begins = true;
        break;
    case 1:
        strbuf_printf(&s->out, "/* comment %u */", s->comments++);
        s->line_begins = false;
        break;
    case 2:
        strbuf_printf(&s->out, "/* comment %u\n      of two lines */", s->comments++);
        s->line_begins = false;
        break;
    }
}

/* The same tokens with something between them. */
static void scramble(struct scramble *s, struct arena *a, const char *text)
{
    const struct source *source = source_new(a, "random", text, (uint32_t)strlen(text));
    struct pieces pieces;
    struct diags diags;

    diags_init(&diags, a);
    ck_assert(
        pieces_read(a, (struct span){source, 0, source->len}, TOKEN_START_POLICY, &diags, &pieces));
    strbuf_init(&s->out, a);
    s->line_begins = true;
    for (size_t i = 0; i < pieces.count; i++) {
        struct span span = pieces.at[i].span;

        strbuf_putc(&s->out, ' ');
        for (unsigned n = rng_chance(&s->rng, 20) ? 1 + rng_below(&s->rng, 3) : 0; n; n--)
            if (rng_chance(&s->rng, 80))
                add_space(s);
            else
                add_comment(s);
        if (pieces.at[i].kind == TOKEN_DIRECTIVE && !s->line_begins)
            strbuf_putc(&s->out, '\n');
        strbuf_add(&s->out, text + span.begin, span.end - span.begin);
        s->line_begins = pieces.at[i].kind == TOKEN_DIRECTIVE;
        if (s->line_begins)
            strbuf_putc(&s->out, '\n');
    }
}

static void check_comments(const struct formatting *f, unsigned count)
{
    const char *at = strbuf_text(&f->out);
    char comment[40];

    for (unsigned i = 0; i < count; i++) {
        snprintf(comment, sizeof(comment), " comment %u", i);
        at = strstr(at, comment);
        if (!at)
            give_up(comment, f->text, strbuf_text(&f->out));
    }
}

static void check_width(const struct formatting *f)
{
    const char *s = strbuf_text(&f->out), *end;

    for (; (end = strchr(s, '\n')); s = end + 1) {
        const char *comment = memmem(s, (size_t)(end - s), " // ", 4);

        if ((comment ? comment : end) - s > FORMAT_WIDTH)
            give_up("a line is too long", f->text, strbuf_text(&f->out));
    }
}

/* ctx of make_texts() */
struct random_texts {
    struct arena arena;
    uint64_t seed;
    struct model *model;
    struct scramble scrambled;
};

static int make_texts(void *ctx)
{
    struct random_texts *r = ctx;

    r->model = model_new(&r->arena, r->seed, 20);
    r->scrambled.rng.state = r->seed;
    scramble(&r->scrambled, &r->arena, r->model->text);
    return 0;
}

static void check_random(uint64_t seed)
{
    struct random_texts r = {.seed = seed};
    struct formatting f;
    char name[40];

    snprintf(name, sizeof(name), "seed %" PRIu64, seed);
    arena_init(&r.arena);
    ck_assert_int_eq(arena_run(&r.arena, make_texts, &r), 0);
    format(&f, name, r.model->text, strlen(r.model->text));
    ck_assert_int_eq(f.result, FORMAT_DONE);
    check_width(&f);
    check_stable(&f);
    check_same_program(name, f.text, f.len, &f.out);
    arena_release(&f.arena);
    format(&f, name, strbuf_text(&r.scrambled.out), r.scrambled.out.len);
    if (f.result != FORMAT_DONE)
        give_up(name, f.text, f.result == FORMAT_FAULTY ? "other words" : "refused");
    check_stable(&f);
    check_comments(&f, r.scrambled.comments);
    check_same_program(name, r.model->text, strlen(r.model->text), &f.out);
    arena_release(&f.arena);
    arena_release(&r.arena);
}

START_TEST(random_policies)
{
    uint64_t policies = env_number("EASYSECCOMP_POLICIES", 500), seed = rng_seed();

    for (uint64_t i = 0; i < policies; i++)
        check_random(seed + i);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fmt");
    TCase *tc = tcase_create("layout");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, policies_of_the_tree);
    tcase_add_test(tc, random_policies);
    suite_add_tcase(suite, tc);
    return unit_run(suite);
}
