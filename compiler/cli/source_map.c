/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/source_map.h"

#include "base/io.h"
#include "compiler/emit/source_map.h"

#include <string.h>
#include <unistd.h>

int load_source_map(struct cli *cli, struct compile *c, const char *path, const struct program *p,
                    bool big_endian, struct source_map *map)
{
    CLEANUP_FREE char *text = NULL;
    const char *name = cli->args.source_map;
    size_t len;
    int ret;

    *map = (struct source_map){0};
    if (!name) {
        name = arena_printf(&cli->arena, "%s.map", path);
        if (!strcmp(path, "-") || access(name, F_OK) < 0)
            return EXIT_DONE;
    }
    if (read_source(name, &text, &len) < 0)
        return EXIT_USAGE;
    ret = source_map_read(c, name, text, len, program_digest(&cli->arena, p, big_endian), p->count,
                          map);
    if (ret < 0) {
        report_failure(cli, c, ret);
        return EXIT_USAGE;
    }
    if (map->wrong)
        return usage_error("the source map '%s' does not fit '%s': %s", name, path, map->wrong);
    ret = source_map_policy(c);
    return ret < 0 ? report_failure(cli, c, ret) : EXIT_DONE;
}
