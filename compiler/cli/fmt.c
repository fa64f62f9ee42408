/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp fmt: policies in their canonical layout. */
#include "compiler/cli/cli.h"

#include "base/io.h"
#include "compiler/front/fmt.h"
#include "compiler/front/oci_read.h"

#include <string.h>
#include <unistd.h>

/* ctx of format() */
struct formatted {
    struct compile *c;
    const char *name, *text;
    size_t len;
    enum format_result result;
    struct strbuf out;
};

static int format(void *ctx)
{
    struct formatted *f = ctx;
    struct compile *c = f->c;
    struct parse_options options = {.defines = c->options.defines,
                                    .define_count = c->options.define_count};

    c->source = source_new(&c->arena, f->name, f->text, (uint32_t)f->len);
    strbuf_init(&f->out, &c->arena);
    f->result = format_policy(&c->arena, c->source, &options, &c->diags, &f->out);
    return 0;
}

/* What becomes of a file that was laid out. */
static int deliver(struct cli *cli, const char *path, const struct formatted *f)
{
    bool changed = f->len != f->out.len || memcmp(f->text, strbuf_text(&f->out), f->len) != 0;
    struct error err;

    if (cli->args.check) {
        if (changed)
            puts(f->name);
        return changed ? EXIT_FINDINGS : EXIT_DONE;
    }
    if (!cli->args.write)
        return write_result(cli, strbuf_text(&f->out), f->out.len, true);
    if (changed && write_file(path, strbuf_text(&f->out), f->out.len, &err) < 0)
        return report_error(&err);
    return EXIT_DONE;
}

static int format_text(struct cli *cli, const char *path, struct formatted *f)
{
    int ret;

    if (source_kind_of(f->text, f->len) == SOURCE_JSON)
        return usage_error("'%s' is JSON: 'easyseccomp import' makes a policy of it", f->name);
    ret = arena_run(&f->c->arena, format, f);
    if (ret < 0)
        return report_failure(cli, f->c, ret);
    if (f->result == FORMAT_REFUSED)
        return report_diags(cli, f->c);
    if (f->result == FORMAT_FAULTY)
        return usage_error("a fault of easyseccomp: the layout of '%s' would not have the same "
                           "words; it stays as it is",
                           f->name);
    return deliver(cli, path, f);
}

static int format_file(struct cli *cli, const char *path)
{
    CLEANUP_FREE char *text = NULL;
    struct compile c;
    struct formatted f = {.c = &c, .name = source_name(path)};
    int status;

    if (read_source(path, &text, &f.len) < 0)
        return EXIT_USAGE;
    f.text = text;
    init_compile(cli, &c);
    status = format_text(cli, path, &f);
    compile_release(&c);
    return status;
}

int cmd_fmt(struct cli *cli)
{
    size_t count = cli->args.operands.count;
    int worst = EXIT_DONE;

    if (cli->args.write && cli->args.check)
        return usage_error("--write and --check exclude each other");
    for (size_t i = 0; i < (count ? count : 1); i++) {
        const char *path = count ? cli->args.operands.at[i] : "-";
        int status;

        if (cli->args.write && !strcmp(path, "-"))
            return usage_error("--write is of files, not of standard input");
        status = format_file(cli, path);
        worst = status > worst ? status : worst;
    }
    return worst;
}
