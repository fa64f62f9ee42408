/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp merge: one policy that does what several together do. */
#include "compiler/cli/cli.h"
#include "compiler/cli/prover.h"

#include "compiler/import/import.h"
#include "compiler/sema/merge.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* ctx of the steps that may run out of memory; all is in the command line's arena */
struct merging {
    struct cli *cli;
    enum merge how;
    struct compile *compiles; /* of each source, which own the policies */
    size_t count;
    const struct policy **policies;
    struct prover_source *sources; /* the merged one, then each */
    struct strbuf out;
};

static const char *const names[] = {[MERGE_INTERSECT] = "intersect", [MERGE_UNION] = "union"};

static int load(struct merging *m, size_t i)
{
    const char *path = m->cli->args.operands.at[i];
    struct compile *c = &m->compiles[i];
    struct program program = {0};
    bool big_endian = false;
    struct error err;
    int status = load_source(m->cli, c, path, &program, &big_endian);

    if (status != EXIT_DONE)
        return status;
    report_diags(m->cli, c);
    m->sources[i + 1] = prover_source_of(m->cli, c, &program, big_endian, path);
    m->policies[i] = c->policy;
    if (!c->source)
        m->policies[i] = import_program(&m->cli->arena, &program, big_endian, &err);
    if (!m->policies[i])
        return usage_error("%s: no policy says what this does: %s", path, err.text);
    if (m->policies[i]->targets[0].arch->big_endian != m->policies[0]->targets[0].arch->big_endian)
        return usage_error("%s is for machines of another byte order than %s", path,
                           m->cli->args.operands.at[0]);
    return EXIT_DONE;
}

/* "what the intersection of a and b does" */
static const char *title(const struct merging *m)
{
    struct strbuf text;

    strbuf_init(&text, &m->cli->arena);
    strbuf_printf(&text, "the %s of ", m->how == MERGE_UNION ? "union" : "intersection");
    for (size_t i = 0; i < m->count; i++)
        strbuf_printf(&text, "%s%s", i ? " and " : "", m->sources[i + 1].name);
    return strbuf_text(&text);
}

static void write_merged(struct merging *m)
{
    struct arena *a = &m->cli->arena;
    struct import_options options = {title(m)};
    const struct policy *p = m->policies[0];

    for (size_t i = 1; i < m->count; i++)
        p = merge_policies(a, m->how, p, m->policies[i]);
    strbuf_init(&m->out, a);
    import_write(a, p, &options, &m->out);
    m->sources[0] = (struct prover_source){"the merged policy", strbuf_text(&m->out), m->out.len};
}

static int merge(struct merging *m)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < m->count && status == EXIT_DONE; i++)
        status = load(m, i);
    if (status != EXIT_DONE)
        return status;
    write_merged(m);
    status = run_prover(m->cli, names[m->how], m->sources, m->count + 1, true, STDERR_FILENO);
    if (status == EXIT_FINDINGS)
        usage_error("the merged policy does not mean what it should: nothing is written; please "
                    "report this fault");
    return status == EXIT_DONE ? write_result(m->cli, m->sources[0].bytes, m->out.len, true)
                               : status;
}

int cmd_merge(struct cli *cli)
{
    const struct arguments *args = &cli->args;
    struct merging m = {.cli = cli,
                        .how = args->merge_union ? MERGE_UNION : MERGE_INTERSECT,
                        .count = args->operands.count};
    int status;

    if (args->merge_union == args->merge_intersect)
        return usage_error("merge takes one of --intersect and --union");
    if (m.count < 2)
        return usage_error("merge takes two sources or more: %s", cli->command->usage);
    m.compiles = ARENA_ARRAY(&cli->arena, struct compile, m.count);
    m.policies = ARENA_ARRAY(&cli->arena, const struct policy *, m.count);
    m.sources = ARENA_ARRAY(&cli->arena, struct prover_source, m.count + 1);
    for (size_t i = 0; i < m.count; i++)
        init_compile(cli, &m.compiles[i]);
    status = merge(&m);
    for (size_t i = 0; i < m.count; i++)
        compile_release(&m.compiles[i]);
    return status;
}
