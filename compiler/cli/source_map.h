/* SPDX-License-Identifier: Apache-2.0 */
/* The source map of a program that was read: --source-map, or FILE.map beside FILE. */
#ifndef CLI_SOURCE_MAP_H
#define CLI_SOURCE_MAP_H

#include "compiler/cli/cli.h"
#include "compiler/source_map.h"

/* Makes the policy in c of the map, which must be of this program; map->rule_of stays NULL where
 * there is none. EXIT_DONE, or another status after a report. */
int load_source_map(struct cli *cli, struct compile *c, const char *path, const struct program *p,
                    bool big_endian, struct source_map *map) MUST_CHECK;

#endif
