/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source maps, easyseccomp-source-map(5): what a program was compiled from, kept beside it. The map
 * holds the policy whole, so that whoever has both can ask which rule decides a call.
 */
#ifndef EMIT_SOURCE_MAP_H
#define EMIT_SOURCE_MAP_H

#include "base/str.h"
#include "compiler/emit/layout.h"
#include "compiler/front/parse.h"
#include "compiler/sema/policy.h"

#define SOURCE_MAP_VERSION 1

/* A policy with its program, and what it was compiled with. */
struct source_map_input {
    const struct policy *policy;
    const struct layout *layout;
    const struct ast *ast;
    const struct source *source;
    const struct source *const *includes; /* all that were read */
    size_t include_count;
    const struct define *defines;
    size_t define_count;
    const char *const *include_dirs;
    size_t include_dir_count;
};

/* SHA-256 of the program as it stands in a file, in hexadecimal digits. */
const char *program_digest(struct arena *a, const struct program *p, bool big_endian);
void emit_source_map(struct arena *a, const struct source_map_input *in, struct strbuf *out);

#endif
