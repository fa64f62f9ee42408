/* SPDX-License-Identifier: Apache-2.0 */
/* One policy and all that it includes. */
#include "compiler/front/parse.h"

#include "compiler/front/input.h"

#include <string.h>

#define MAX_INCLUDE_DEPTH 64
/* A few files, each of which includes the next one twice, would soon be millions. */
#define MAX_INCLUDES 1000

/* The scanner counts bytes by int. */
#define LONGEST_SOURCE (UINT32_C(1) << 30)

struct parse {
    struct arena *arena;
    struct diags *diags;
    const struct parse_options *options;
    unsigned includes; /* files included so far */
};

static void load_includes(struct parse *p, const item_list *items);

static void parse_source(struct parse *p, const struct source *source, struct ast *ast)
{
    struct input in = {
        .arena = p->arena,
        .diags = p->diags,
        .source = source,
        .options = p->options,
        .start = TOKEN_START_POLICY,
        .ast = ast,
    };

    if (source->len > LONGEST_SOURCE) {
        diag_add(p->diags, DIAG_TOO_COMPLEX, (struct span){source, 0, 0},
                 "'%s' is larger than 1 GiB", source->name);
        return;
    }
    input_read(&in, 0, source->len);
    if (!p->options->keep_includes)
        load_includes(p, &ast->items);
}

/* --- includes --------------------------------------------------------------------------------- */

/* directory/path without `.` and doubled slashes, so that a file has one name but for what `..`
 * and symbolic links make of it. directory: "" or with a slash behind it. */
static char *join_path(struct arena *a, const char *directory, size_t len, struct name path)
{
    char *joined = arena_printf(a, "%.*s%.*s", (int)len, directory, (int)path.len, path.text);
    char *to = joined;
    const char *from;

    for (from = joined; *from; from++) {
        bool begins = from == joined || from[-1] == '/';

        if (begins && from[0] == '.' && from[1] == '/')
            from++;
        else if (from == joined || !begins || *from != '/')
            *to++ = *from;
    }
    *to = '\0';
    return joined;
}

/* Is the file at path the one with the include statement, or one that led to it? */
static bool is_being_read(const struct item *include, const char *path)
{
    const struct source *s;

    for (s = include->span.source; s; s = s->included_from.source)
        if (!strcmp(s->name, path))
            return true;
    return false;
}

/* "'a' includes 'b', which includes 'a'" */
static void report_cycle(struct parse *p, const struct item *include, const char *path)
{
    const struct source *s = include->span.source;
    const char *chain = arena_printf(p->arena, "'%s'", path);

    for (; strcmp(s->name, path); s = s->included_from.source)
        chain = arena_printf(p->arena, "'%s', which includes %s", s->name, chain);
    diag_add(p->diags, DIAG_INCLUDE_CYCLE, include->name.span, "'%s' includes %s", path, chain);
}

static bool may_include(struct parse *p, const struct item *include)
{
    const struct source *s = include->span.source;
    unsigned depth = 1;

    for (; s->included_from.source; s = s->included_from.source)
        depth++;
    if (depth > MAX_INCLUDE_DEPTH) {
        diag_add(p->diags, DIAG_TOO_DEEP, include->name.span, "includes nested more than %d deep",
                 MAX_INCLUDE_DEPTH);
        return false;
    }
    if (++p->includes == MAX_INCLUDES + 1) /* told once */
        diag_add(p->diags, DIAG_TOO_COMPLEX, include->name.span, "more than %d files are included",
                 MAX_INCLUDES);
    return p->includes <= MAX_INCLUDES;
}

/* Reads the file beside the including one, else in the first directory that has it; NULL if
 * reported. */
static struct source *read_include(struct parse *p, const struct item *include)
{
    const struct parse_options *o = p->options;
    const char *here = include->span.source->name, *slash = strrchr(here, '/');
    size_t here_len = slash ? (size_t)(slash - here) + 1 : 0;
    bool absolute = include->name.len && include->name.text[0] == '/';
    size_t tries = absolute ? 1 : 1 + o->include_dir_count, i;
    const char **why = ARENA_ARRAY(p->arena, const char *, tries);
    struct diag *d;

    for (i = 0; o->read && i < tries; i++) {
        const char *dir = i ? arena_printf(p->arena, "%s/", o->include_dirs[i - 1]) : here;
        size_t dir_len = i ? strlen(dir) : absolute ? 0 : here_len;
        const char *path = join_path(p->arena, dir, dir_len, include->name);
        struct source *s;

        if (is_being_read(include, path)) {
            report_cycle(p, include, path);
            return NULL;
        }
        s = o->read(o->read_ctx, p->arena, path, &why[i]);
        if (s)
            return s;
    }

    d = diag_add(p->diags, DIAG_CANNOT_READ, include->name.span, "cannot include '%.*s'",
                 (int)include->name.len, include->name.text);
    if (!o->read)
        diag_note(p->diags, d, (struct span){0}, "files cannot be included here");
    for (i = 0; o->read && i < tries; i++)
        diag_note(p->diags, d, (struct span){0}, "%s", why[i]);
    return NULL;
}

static void load_include(struct parse *p, struct item *include)
{
    struct ast ast = {0};
    struct source *s = may_include(p, include) ? read_include(p, include) : NULL;

    if (!s)
        return;
    s->included_from = include->name.span;
    parse_source(p, s, &ast);
    include->items = ast.items;
}

static void load_includes(struct parse *p, const item_list *items)
{
    size_t i;

    for (i = 0; i < items->count; i++) {
        struct item *item = items->at[i];

        if (item->kind == ITEM_INCLUDE) {
            load_include(p, item);
        } else if (item->kind == ITEM_IF) {
            load_includes(p, &item->items);
            load_includes(p, &item->else_items);
        }
    }
}

struct ast *parse_policy(struct arena *a, const struct source *s, const struct parse_options *o,
                         struct diags *diags)
{
    struct parse p = {a, diags, o, 0};
    struct ast *ast = ARENA_NEW(a, struct ast);

    parse_source(&p, s, ast);
    return ast;
}

struct expr *parse_expression(struct arena *a, const struct source *s, struct diags *diags)
{
    static const struct parse_options none;
    struct input in = {
        .arena = a,
        .diags = diags,
        .source = s,
        .options = &none,
        .start = TOKEN_START_EXPRESSION,
    };

    input_read(&in, 0, s->len);
    return in.expr;
}
