/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp lint: what is wrong with policies and profiles that compile. */
#include "config.h"

#include "base/io.h"
#include "compiler/cli/cli.h"
#include "compiler/front/oci_read.h"
#include "compiler/lint/lint.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* --- -W -----------------------------------------------------------------------------------------
 */

static int unknown_lint(const char *name, size_t len)
{
    const char *near = nearest_lint(name, len);

    return usage_error("there is no lint '%.*s'%s%s%s", (int)len, name,
                       near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* ID, ID=LEVEL, no-ID, all, error. */
static int set_level(struct lint_options *o, const char *text)
{
    size_t len = strcspn(text, "=");
    enum lint_level level = LEVEL_WARNING;
    enum lint_id id;

    if (!strcmp(text, "error")) {
        o->strict = true;
        return 0;
    }
    if (!strcmp(text, "all")) {
        for (id = 0; id < LINT_COUNT; id++)
            if (o->levels[id] == LEVEL_OFF)
                o->levels[id] = LEVEL_WARNING;
        return 0;
    }
    if (text[len] == '=') {
        level = LEVEL_OFF;
        while (level < LEVEL_ERROR && strcmp(text + len + 1, lint_level_names[level]) != 0)
            level++;
        if (strcmp(text + len + 1, lint_level_names[level]) != 0)
            return usage_error("-W ID=LEVEL takes off, warning or error, not '%s'", text + len + 1);
    }
    id = lint_by_name(text, len);
    if (id == LINT_COUNT && !strncmp(text, "no-", 3) && text[len] != '=') {
        text += 3;
        len -= 3;
        level = LEVEL_OFF;
        id = lint_by_name(text, len);
    }
    if (id == LINT_COUNT)
        return unknown_lint(text, len);
    if (text[len] != '=' && level == LEVEL_WARNING && o->levels[id] == LEVEL_ERROR)
        level = LEVEL_ERROR;
    o->levels[id] = level;
    return 0;
}

int lint_levels(struct cli *cli, struct lint_options *o)
{
    int status = EXIT_DONE;

    lint_options_init(o);
    for (size_t i = 0; i < cli->args.warnings.count && status == EXIT_DONE; i++)
        status = set_level(o, cli->args.warnings.at[i]);
    return status;
}

/* --- sources ------------------------------------------------------------------------------------
 */

struct linting {
    struct cli *cli;
    struct lint_options options;
    struct linted *list;
    size_t count, shown;
    struct strbuf out;
    char directory[PATH_MAX]; /* the working one; empty: unknown */
};

/* Below the working directory as from there: reports are read where the sources are, too. */
static const char *name_of(struct linting *l, const char *path)
{
    size_t len = strlen(l->directory);

    return len > 1 && !strncmp(path, l->directory, len) && path[len] == '/' && path[len + 1]
               ? path + len + 1
               : source_name(path);
}

static int lint_one(struct linting *l, const char *path)
{
    struct compile as_asked;
    CLEANUP_FREE char *text = NULL;
    size_t len = 0;
    int ret;

    if (read_source(path, &text, &len) < 0)
        return EXIT_USAGE;
    if (source_kind_of(text, len) == SOURCE_BPF)
        return usage_error("%s: lint reads policies and JSON profiles, not programs", path);
    init_compile(l->cli, &as_asked);
    ret = lint_source(&l->list[l->count], &as_asked.options, &l->options, name_of(l, path), text,
                      len);
    compile_release(&as_asked);
    if (ret < 0) {
        lint_release(&l->list[l->count]);
        return usage_error("%s: %s", path, strerror(-ret));
    }
    l->shown += l->list[l->count++].shown;
    return EXIT_DONE;
}

static int show(void *ctx)
{
    struct linting *l = ctx;
    const char *format = l->cli->args.format ? l->cli->args.format : "text";

    strbuf_init(&l->out, &l->cli->arena);
    if (!strcmp(format, "json"))
        lint_json(l->list, l->count, &l->out);
    else if (!strcmp(format, "sarif"))
        lint_sarif(l->list, l->count, PACKAGE_VERSION, &l->out);
    else
        lint_text(l->list, l->count, wants_colour(stdout) && !l->cli->args.output, &l->out);
    return 0;
}

static int lint_all(struct linting *l)
{
    const struct arguments *args = &l->cli->args;
    static const char *const standard_input[] = {"-"};
    const char *const *paths = args->operands.count ? args->operands.at : standard_input;
    size_t count = args->operands.count ? args->operands.count : 1;
    int status = EXIT_DONE;

    for (size_t i = 0; i < count; i++) {
        int one = lint_one(l, paths[i]);

        status = one > status ? one : status;
    }
    if (arena_run(&l->cli->arena, show, l) < 0)
        return usage_error("out of memory");
    if (write_result(l->cli, strbuf_text(&l->out), l->out.len, true) != EXIT_DONE)
        return EXIT_USAGE;
    return status == EXIT_DONE && l->shown ? EXIT_FINDINGS : status;
}

int cmd_lint(struct cli *cli)
{
    const struct arguments *args = &cli->args;
    struct linting l = {.cli = cli};
    size_t room = args->operands.count ? args->operands.count : 1;
    int status = lint_levels(cli, &l.options);

    l.options.shared_defines = room > 1;
    if (!getcwd(l.directory, sizeof(l.directory)))
        *l.directory = '\0';
    if (status)
        return status;
    if (args->format && strcmp(args->format, "text") && strcmp(args->format, "json") &&
        strcmp(args->format, "sarif"))
        return usage_error("lint writes text, json or sarif, not '%s'", args->format);
    l.list = ARENA_ARRAY(&cli->arena, struct linted, room);
    status = lint_all(&l);
    for (size_t i = 0; i < l.count; i++)
        lint_release(&l.list[i]);
    return status;
}

/* --- help ---------------------------------------------------------------------------------------
 */

void show_lints(FILE *to)
{
    fputs("\nLints (easyseccomp-lints(7) explains them; * with -W ID only):\n", to);
    for (enum lint_id id = 0; id < LINT_COUNT; id++)
        fprintf(to, "  %-21s %s%s\n", lint_table[id].kind->id,
                lint_table[id].level == LEVEL_OFF ? "* " : "", lint_table[id].kind->summary);
}
