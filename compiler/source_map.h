/* SPDX-License-Identifier: Apache-2.0 */
/* Reading source maps, easyseccomp-source-map(5): from a map to the policy that a program was
 * compiled from. What writes them is emit/source_map.h. */
#ifndef COMPILER_SOURCE_MAP_H
#define COMPILER_SOURCE_MAP_H

#include "compiler/driver.h"

struct source_map {
    const char *wrong;    /* why it does not fit the program; NULL: it does */
    const char **rule_of; /* per instruction "FILE:LINE: TEXT" of its rule, or NULL */
};

/* Takes what the policy was compiled with into the options of c, of which nothing was parsed yet.
 * digest: of the program as it stands in a file, see program_digest(). 0, also where it does not
 * fit; -EINVAL: it is no JSON, c->diags says where; -ENOMEM, -EFBIG. What map points to lives as
 * long as c. */
int source_map_read(struct compile *c, const char *name, const char *text, size_t len,
                    const char *digest, size_t instructions, struct source_map *map) MUST_CHECK;
/* Then: parses and resolves that policy. */
int source_map_policy(struct compile *c) MUST_CHECK;

#endif
