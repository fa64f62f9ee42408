/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp diff: do two sources mean the same? */
#include "compiler/cli/cli.h"
#include "compiler/cli/prover.h"

#include <unistd.h>

/* What is wrong with a source is told here: the prover loads them again. */
static int load_side(struct cli *cli, struct compile *c, const char *path,
                     struct prover_source *source)
{
    struct program program = {0};
    bool big_endian = false;
    int status;

    init_compile(cli, c);
    status = load_source(cli, c, path, &program, &big_endian);
    if (status != EXIT_DONE)
        return status;
    report_diags(cli, c);
    *source = prover_source_of(cli, c, &program, big_endian, path);
    return EXIT_DONE;
}

int cmd_diff(struct cli *cli)
{
    struct prover_source sources[2];
    struct compile a, b;
    int status;

    if (cli->args.operands.count != 2)
        return usage_error("diff takes two sources: %s", cli->command->usage);
    status = load_side(cli, &a, cli->args.operands.at[0], &sources[0]);
    if (status == EXIT_DONE) {
        status = load_side(cli, &b, cli->args.operands.at[1], &sources[1]);
        if (status == EXIT_DONE)
            status = run_prover(cli, cli->args.subset ? "subset" : "same", sources, 2, false,
                                STDOUT_FILENO);
        compile_release(&b);
    }
    compile_release(&a);
    return status;
}
