/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/front_testlib.h"

#include "base/str.h"
#include "compiler/front/ast_dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEFINES 8

struct reader {
    const struct fake_file *files;
    struct strbuf paths;
};

static struct source *read_fake(void *ctx, struct arena *a, const char *path, const char **why)
{
    struct reader *r = ctx;
    const struct fake_file *f;

    strbuf_printf(&r->paths, "%s%s", r->paths.len ? " " : "", path);
    for (f = r->files; f->path; f++)
        if (!strcmp(f->path, path) && f->text)
            return source_new(a, path, f->text, (uint32_t)strlen(f->text));
    *why = arena_printf(a, "no '%s'", path);
    return NULL;
}

static size_t split_defines(struct arena *a, const char *text, struct define *defines)
{
    size_t n = 0;
    char *save = NULL, *word;

    if (!text)
        return 0;
    for (word = strtok_r(arena_strdup(a, text), " ", &save); word && n < MAX_DEFINES;
         word = strtok_r(NULL, " ", &save)) {
        char *value = strchr(word, '=');

        if (value)
            *value++ = '\0';
        defines[n++] = (struct define){word, value ? strtoull(value, NULL, 0) : 1};
    }
    return n;
}

static const char *faults_text(struct arena *a, const struct diags *diags,
                               const struct source *main)
{
    struct strbuf out;
    size_t i;

    strbuf_init(&out, a);
    for (i = 0; i < diags->list.count; i++) {
        const struct diag *d = diags->list.at[i];
        struct place place = source_place(d->span.source, d->span.begin);
        const struct diag_note *note;

        if (d->span.source != main)
            strbuf_printf(&out, "%s:", d->span.source->name);
        strbuf_printf(&out, "%u:%u %s: %s", place.line, place.column, diag_kinds[d->id].id,
                      d->text);
        for (note = d->notes; note; note = note->next)
            strbuf_printf(&out, "; %s", note->text);
        strbuf_putc(&out, '\n');
    }
    return strbuf_text(&out);
}

int parsing_body(void *parsing)
{
    struct parsing *p = parsing;
    struct arena *a = &p->arena;
    struct define defines[MAX_DEFINES];
    struct reader reader = {.files = p->files};
    size_t len = p->len ? p->len : strlen(p->text);
    struct source *source = source_new(a, "main", p->text, (uint32_t)len);
    struct parse_options options = {
        .defines = defines,
        .define_count = split_defines(a, p->defines, defines),
        .include_dirs = p->dirs,
        .read = p->files ? read_fake : NULL,
        .read_ctx = &reader,
    };
    struct strbuf tree;

    while (options.include_dir_count < ARRAY_SIZE(p->dirs) && p->dirs[options.include_dir_count])
        options.include_dir_count++;
    strbuf_init(&reader.paths, a);
    diags_init(&p->diags, a);
    p->ast = parse_policy(a, source, &options, &p->diags);
    diags_sort(&p->diags);
    p->faults = faults_text(a, &p->diags, source);
    p->paths = strbuf_text(&reader.paths);
    strbuf_init(&tree, a);
    ast_dump(p->ast, &tree);
    p->tree = strbuf_text(&tree);
    return 0;
}

void parsing_run(struct parsing *p)
{
    arena_init(&p->arena);
    if (arena_run(&p->arena, parsing_body, p) < 0) {
        fprintf(stderr, "out of memory\n");
        abort();
    }
}

void parsing_release(struct parsing *p)
{
    arena_release(&p->arena);
}
