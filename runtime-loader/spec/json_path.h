/* SPDX-License-Identifier: Apache-2.0 */
/* Where something is in a JSON text, as a person would write it: "syscalls[0].names". */
#ifndef SPEC_JSON_PATH_H
#define SPEC_JSON_PATH_H

#include "base/arena.h"

#include <stddef.h>

/* The path of the value, or of the member whose name it is, that begins at offset (in bytes) of a
 * valid JSON text; name stands for the whole text and comes first. */
const char *json_path_at(struct arena *a, const char *name, const char *text, size_t offset);

#endif
