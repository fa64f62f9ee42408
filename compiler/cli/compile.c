/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp compile: a policy to each of the formats. */
#include "compiler/cli/cli.h"
#include "compiler/cli/prover.h"

#include "base/io.h"
#include "compiler/emit/formats.h"
#include "compiler/emit/source_map.h"
#include "compiler/front/ast_dump.h"
#include "compiler/graph/dump.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct format *format_by_name(const char *name)
{
    size_t i;

    for (i = 0; i < format_count; i++)
        if (!strcmp(formats[i].name, name))
            return &formats[i];
    return NULL;
}

static const struct format *format_by_suffix(const char *path)
{
    const char *dot = path ? strrchr(path, '.') : NULL;
    size_t i;

    for (i = 0; dot && i < format_count; i++)
        if (!strcmp(formats[i].suffix, dot))
            return &formats[i];
    return &formats[0];
}

/* ctx of emit(), dump() and make_map() */
struct emission {
    struct cli *cli;
    struct compile *c;
    const struct format *format;
    struct strbuf out;
};

static int emit(void *ctx)
{
    struct emission *e = ctx;
    const struct arguments *args = &e->cli->args;
    struct emit_input in = compile_emit_input(e->c);

    if (args->listener_path)
        in.listener_path = args->listener_path;
    if (args->listener_metadata)
        in.listener_metadata = args->listener_metadata;
    strbuf_init(&e->out, &e->c->arena);
    return e->format->emit(&e->c->arena, &in, &e->out);
}

static int dump(void *ctx)
{
    struct emission *e = ctx;

    strbuf_init(&e->out, &e->c->arena);
    if (!strcmp(e->cli->args.dump, "ast"))
        ast_dump(e->c->ast, &e->out);
    else
        graph_dump(&e->c->arena, e->c->filter->root, &e->out);
    return 0;
}

static int dump_stage(struct cli *cli, struct compile *c)
{
    struct emission e = {.cli = cli, .c = c};
    bool graph = !strcmp(cli->args.dump, "graph");
    int ret = 0;

    if (!graph && strcmp(cli->args.dump, "ast"))
        return usage_error("there is no stage '%s': ast, graph", cli->args.dump);
    if (graph)
        ret = compile_filter(c);
    if (ret == 0)
        ret = arena_run(&c->arena, dump, &e);
    if (ret < 0)
        return report_failure(cli, c, ret);
    return write_result(cli, strbuf_text(&e.out), e.out.len, true);
}

static bool has_claims(const struct policy *p)
{
    for (size_t i = 0; i < p->target_count; i++)
        if (p->targets[i].claims.count)
            return true;
    return false;
}

/* --verify: of JSON the text is proved, as the runtimes load it; of all else the program. Then what
 * the policy expects never to be. */
static int verify(struct cli *cli, struct compile *c, const struct format *format,
                  const struct strbuf *out)
{
    bool is_json = !strcmp(format->name, "json");
    const char *name = arena_printf(&cli->arena, "the %s", is_json ? "JSON" : "program");
    struct prover_source sources[2] = {{c->source->name, c->source->text, c->source->len},
                                       {name, out->text, out->len}};
    int status;

    if (!is_json)
        sources[1] = prover_source_of(cli, &(struct compile){0}, &c->filter->layout.program,
                                      c->policy->targets[0].arch->big_endian, name);
    status =
        run_prover(cli, is_json ? "loads" : "same", sources, 2, !cli->args.verbose, STDERR_FILENO);
    if (status == EXIT_FINDINGS)
        usage_error("%s does not mean what '%s' means: nothing is written", name, c->source->name);
    if (status != EXIT_DONE || !has_claims(c->policy))
        return status;
    status = run_prover(cli, "claims", sources, 1, true, STDERR_FILENO);
    if (status == EXIT_FINDINGS)
        usage_error("'%s' is not what it says of itself: nothing is written", c->source->name);
    return status;
}

static int make_map(void *ctx)
{
    struct emission *e = ctx;
    const struct compile *c = e->c;
    struct source_map_input in = {.policy = c->policy,
                                  .layout = &c->filter->layout,
                                  .ast = c->ast,
                                  .source = c->source,
                                  .includes = c->includes.at,
                                  .include_count = c->includes.count,
                                  .defines = c->options.defines,
                                  .define_count = c->options.define_count,
                                  .include_dirs = c->options.include_dirs,
                                  .include_dir_count = c->options.include_dir_count};

    strbuf_init(&e->out, &e->c->arena);
    emit_source_map(&e->c->arena, &in, &e->out);
    return 0;
}

static int write_map(struct cli *cli, struct compile *c)
{
    struct emission e = {.cli = cli, .c = c};
    struct error err;

    if (arena_run(&c->arena, make_map, &e) < 0)
        return usage_error("out of memory");
    if (write_file(cli->args.source_map, strbuf_text(&e.out), e.out.len, &err) < 0)
        return report_error(&err);
    return EXIT_DONE;
}

static int compile_to(struct cli *cli, struct compile *c, const struct format *format)
{
    struct emission e = {.cli = cli, .c = c, .format = format};
    int ret = compile_filter(c), status;

    if (ret == 0)
        ret = arena_run(&c->arena, emit, &e);
    if (ret < 0)
        return report_failure(cli, c, ret);
    report_diags(cli, c);
    status = cli->args.verify ? verify(cli, c, format, &e.out) : EXIT_DONE;
    if (status == EXIT_DONE)
        status = write_result(cli, strbuf_text(&e.out), e.out.len, format->is_text);
    if (status == EXIT_DONE && cli->args.source_map)
        status = write_map(cli, c);
    if (status == EXIT_DONE && cli->args.verbose)
        fprintf(stderr, "easyseccomp: %s: %u instructions, %zu bytes of %s\n", c->source->name,
                c->filter->layout.program.count, e.out.len, format->name);
    return status;
}

int cmd_compile(struct cli *cli)
{
    const char *path = cli->args.input ? cli->args.input : "-";
    const struct format *format = format_by_suffix(cli->args.output);
    struct compile c;
    int status;

    if (cli->args.operands.count > (cli->args.input ? 0 : 1))
        return usage_error("compile takes one source: there is no command '%s'",
                           cli->args.operands.at[0]);
    if (cli->args.operands.count)
        path = cli->args.operands.at[0];
    if (cli->args.format)
        format = format_by_name(cli->args.format);
    if (!format)
        return usage_error("there is no format '%s': see 'easyseccomp compile --help'",
                           cli->args.format);
    if (cli->args.verify && !strcmp(format->name, "docker"))
        return usage_error("--verify is not of docker's profiles: compile with '-d CAP_NAME' and "
                           "'-f json' for a set of capabilities");
    if (cli->args.source_map && (!strcmp(format->name, "json") || !strcmp(format->name, "docker")))
        return usage_error("--source-map is of a program: compile with '-f bpf'");
    if (cli->args.verify && cli->args.dump)
        return usage_error("--verify is of what is compiled, not of '--dump %s'", cli->args.dump);
    init_compile(cli, &c);
    status = load_policy(cli, &c, path);
    if (status == EXIT_DONE && cli->args.source_map && c.is_json)
        status = usage_error("--source-map is of policies, and '%s' is JSON", c.source->name);
    if (status == EXIT_DONE)
        status = cli->args.dump ? dump_stage(cli, &c) : compile_to(cli, &c, format);
    compile_release(&c);
    return status;
}
