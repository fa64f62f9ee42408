/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COST_H
#define CLI_COST_H

#include "compiler/cli/cli.h"

/* The decisions of a compiled policy as a picture, in --format: dot, or svg. Returns the exit
 * status. */
int write_picture(struct cli *cli, struct compile *c, const char *path);

#endif
