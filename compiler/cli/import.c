/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp import: JSON or BPF to a policy. */
#include "compiler/cli/cli.h"

#include "base/io.h"
#include "compiler/front/docker_read.h"
#include "compiler/import/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ctx of the steps that may run out of memory */
struct importing {
    struct cli *cli;
    struct compile *c;
    const struct program *program; /* NULL: JSON */
    bool big_endian, is_docker;
    struct import_options options;
    struct strbuf out;
    struct error err;
};

static int import_bpf(void *ctx)
{
    struct importing *i = ctx;
    struct arena *a = &i->c->arena;
    const struct policy *p;

    strbuf_init(&i->out, a);
    p = import_program(a, i->program, i->big_endian, &i->err);
    if (p)
        import_write(a, p, &i->options, &i->out);
    return p ? 0 : -EINVAL;
}

static int import_json(void *ctx)
{
    struct importing *i = ctx;
    const struct arguments *args = &i->cli->args;
    struct oci_read_options read = {.as = args->runtime, .kernel = args->kernel};

    strbuf_init(&i->out, &i->c->arena);
    if (args->archs.count)
        read.native = args->archs.at[0];
    if (i->is_docker)
        return import_docker(&i->c->arena, i->c->source, &read, &i->options, &i->c->diags, &i->out);
    import_write(&i->c->arena, i->c->policy, &i->options, &i->out);
    return 0;
}

/* Is it a profile of docker's or podman's that nobody has told the capabilities of? */
static bool leaves_caps_open(struct cli *cli, struct compile *c)
{
    const struct json *root;
    struct diags quiet;

    diags_init(&quiet, &c->arena);
    root = cli->args.caps_told ? NULL : json_parse(&c->arena, c->source, &quiet);
    return root && oci_kind_of(root) == OCI_DOCKER;
}

static int find_kind(void *ctx)
{
    struct importing *i = ctx;

    i->is_docker = leaves_caps_open(i->cli, i->c);
    return 0;
}

static int import(struct cli *cli, struct compile *c, const char *path)
{
    struct importing i = {.cli = cli, .c = c, .options = {path}};
    struct program program;
    int status = load_source(cli, c, path, &program, &i.big_endian), ret;

    if (status != EXIT_DONE)
        return status;
    if (!c->source) {
        i.program = &program;
        ret = arena_run(&c->arena, import_bpf, &i);
        if (ret == -EINVAL)
            return usage_error("%s: no policy says what this does: %s", path, i.err.text);
    } else {
        if (!c->is_json)
            return usage_error("'%s' is a policy already", path);
        ret = arena_run(&c->arena, find_kind, &i);
        if (ret == 0)
            ret = arena_run(&c->arena, import_json, &i);
    }
    if (ret < 0)
        return report_failure(cli, c, ret);
    report_diags(cli, c);
    return write_result(cli, strbuf_text(&i.out), i.out.len, true);
}

int cmd_import(struct cli *cli)
{
    struct compile c;
    int status;

    if (cli->args.operands.count != 1)
        return usage_error("import takes one source: %s", cli->command->usage);
    init_compile(cli, &c);
    status = import(cli, &c, cli->args.operands.at[0]);
    compile_release(&c);
    return status;
}
