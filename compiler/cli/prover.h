/* SPDX-License-Identifier: Apache-2.0 */
/*
 * easyseccomp-prove, the program that proves things: compiler/prove/main.c says what it takes.
 * Sources go to it as memory files, so that it sees what was read here and nothing newer.
 */
#ifndef CLI_PROVER_H
#define CLI_PROVER_H

#include "compiler/cli/cli.h"

struct prover_source {
    const char *name;
    const void *bytes;
    size_t len;
};

/* A source that was loaded: the policy or JSON in c, or else the program. In cli->arena. */
struct prover_source prover_source_of(struct cli *cli, const struct compile *c,
                                      const struct program *p, bool big_endian, const char *name);

/* Asks "same", "subset" or "loads" of two sources, "intersect" or "union" of more, or "claims" of
 * one, with the options of the command line. What it says goes to descriptor `to`; quiet: nothing
 * where it holds. Returns its exit status: EXIT_USAGE after a report if there is no prover or no
 * answer. */
int run_prover(struct cli *cli, const char *what, const struct prover_source *sources, size_t count,
               bool quiet, int to);

#endif
