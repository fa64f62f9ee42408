/* SPDX-License-Identifier: Apache-2.0 */
/* From text to a program that is ready to run, for tests that compare programs. */
#include "tests/differential/compile_text.h"

#include "base/diag_render.h"
#include "base/io.h"
#include "compiler/tables/names.h"
#include "tests/lib/tap.h"

#include <stdlib.h>
#include <string.h>

static void add_targets(struct compiled *c, const char *names)
{
    size_t n = 0;

    while (names && *names && n < COMPILE_MAX_NAMES) {
        size_t len = strcspn(names, ",");

        c->targets[n] = arch_by_name(names, len);
        if (!c->targets[n++])
            tap_note("no architecture '%.*s'", (int)len, names);
        names += len + (names[len] == ',');
    }
    c->compile.options.targets = c->targets;
    c->compile.options.target_count = n;
}

static int show_diagnostics(void *ctx)
{
    struct compiled *c = ctx;
    struct strbuf text;

    strbuf_init(&text, &c->compile.arena);
    diags_render_text(&c->compile.diags, false, &text);
    for (char *line = strtok(text.text, "\n"); line; line = strtok(NULL, "\n"))
        tap_note("%s", line);
    return 0;
}

bool compile_text(struct compiled *c, const char *name, const char *text, const char *targets,
                  const char *const *defines)
{
    struct compile_options options = {0};

    memset(c, 0, sizeof(*c));
    while (defines && defines[options.define_count]) {
        c->defines[options.define_count] = (struct define){defines[options.define_count], 1};
        options.define_count++;
    }
    options.defines = c->defines;
    compile_init(&c->compile, &options);
    add_targets(c, targets);
    if (compile_parse(&c->compile, name, text, strlen(text)) < 0 ||
        compile_resolve(&c->compile) < 0 || compile_filter(&c->compile) < 0) {
        if (arena_run(&c->compile.arena, show_diagnostics, c) < 0)
            tap_note("out of memory");
        return false;
    }
    c->policy = c->compile.policy;
    c->program = &c->compile.filter->layout.program;
    c->big_endian = c->policy->targets[0].arch->big_endian;
    return true;
}

bool compile_path(struct compiled *c, const char *path, const char *targets,
                  const char *const *defines)
{
    CLEANUP_FREE char *text = NULL;
    struct error err = {0};
    size_t len;

    memset(c, 0, sizeof(*c));
    if (read_file(path, COMPILE_MAX_SOURCE, &text, &len, &err) < 0) {
        tap_note("%s", err.text);
        return false;
    }
    return compile_text(c, path, text, targets, defines);
}

void compiled_release(struct compiled *c)
{
    compile_release(&c->compile);
}

const char *ret_text(uint32_t ret, char buffer[static 40])
{
    const struct action_info *action = action_of_ret(ret);

    if (action->data == DATA_NONE)
        snprintf(buffer, 40, "%s", action->name);
    else
        snprintf(buffer, 40, "%s(%u)", action->name, ret & SECCOMP_RET_DATA);
    return buffer;
}
