/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to standard error: diagnostics, and errors of the command line and the system. */
#include "compiler/cli/cli.h"

#include "base/diag_render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int usage_error(const char *fmt, ...)
{
    va_list ap;

    fputs("easyseccomp: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return EXIT_USAGE;
}

int report_error(const struct error *err)
{
    return usage_error("%s", err->text);
}

bool wants_colour(FILE *to)
{
    const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

    return isatty(fileno(to)) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

static void render_list(struct cli *cli, struct diags *diags, struct strbuf *out)
{
    diags_sort(diags);
    if (cli->args.diagnostics && !strcmp(cli->args.diagnostics, "json"))
        diags_render_json(diags, out);
    else
        diags_render_text(diags, wants_colour(stderr), out);
}

/* ctx of render() */
struct rendering {
    struct cli *cli;
    struct compile *c;
    struct strbuf out;
};

static int render(void *ctx)
{
    struct rendering *r = ctx;

    strbuf_init(&r->out, &r->c->arena);
    render_list(r->cli, &r->c->diags, &r->out);
    return 0;
}

int report_diags(struct cli *cli, struct compile *c)
{
    struct rendering r = {.cli = cli, .c = c};

    if (c->diags.list.count == 0 && !cli->args.diagnostics)
        return EXIT_DONE;
    if (arena_run(&c->arena, render, &r) < 0)
        return usage_error("out of memory");
    fputs(strbuf_text(&r.out), stderr);
    return c->diags.errors ? EXIT_FINDINGS : EXIT_DONE;
}

int report_list(struct cli *cli, struct diags *diags)
{
    struct strbuf out;

    if (diags->list.count == 0)
        return EXIT_DONE;
    strbuf_init(&out, &cli->arena);
    render_list(cli, diags, &out);
    fputs(strbuf_text(&out), stderr);
    return diags->errors ? EXIT_FINDINGS : EXIT_DONE;
}

int report_failure(struct cli *cli, struct compile *c, int ret)
{
    if (ret == -ENOMEM)
        return usage_error("out of memory");
    return report_diags(cli, c);
}
