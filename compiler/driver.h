/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of the data, from source to program: what the command line and the library both drive.
 *
 *     source ─parse─▶ AST ─resolve─▶ policy ─build─▶ graph ─layout─▶ program
 *     JSON ───read──▶ profile ───────▶ (as the runtimes load it)
 *
 * A struct compile owns all that is made on the way: its arena, its diagnostics, libseccomp if it
 * was asked. Each step needs the one before and is done once.
 */
#ifndef COMPILER_DRIVER_H
#define COMPILER_DRIVER_H

#include "base/diag.h"
#include "base/error.h"
#include "compiler/emit/cbpf.h"
#include "compiler/emit/formats.h"
#include "compiler/front/oci_terms.h"
#include "compiler/front/parse.h"
#include "compiler/sema/policy.h"

struct oci_spec;

struct compile_options {
    const struct arch *const *targets;
    size_t target_count;
    struct tuning tuning;
    const struct define *defines;
    size_t define_count;
    const char *const *include_dirs;
    size_t include_dir_count;
    bool no_includes;
    /* What includes are read from instead of files, by name; NULL: files. */
    const struct source *const *texts;
    size_t text_count;
    /* Who wants to know of comments: see parse.h. */
    void (*comment)(void *ctx, struct span comment);
    void *comment_ctx;
    /* Of a JSON profile: whose reading of it, and the kernel it is for (0: any new one). Its
     * machine is targets[0], the capabilities are the defines CAP_*. */
    enum oci_runtime runtime;
    kernel_release kernel;
};

struct compile {
    struct arena arena;
    struct diags diags;
    struct syscall_fallback fallback;
    struct compile_options options; /* what it points to outlives the compile, or is copied */

    const struct source *source;
    VEC(const struct source *) includes; /* that were read, in order */
    struct ast *ast;
    const struct oci_spec *profile; /* of a JSON source; NULL if it has errors */
    bool is_json;
    struct policy *policy;
    struct filter *filter; /* graph and program, see emit/cbpf.h */
};

void compile_init(struct compile *c, const struct compile_options *options);
void compile_release(struct compile *c);

/* 0; -EINVAL: errors are in diags; -ENOMEM. Text that does not parse is no failure yet: what was
 * understood of it can be resolved, so that all errors are told in one run. The text is copied. */
int compile_parse(struct compile *c, const char *name, const char *text, size_t len) MUST_CHECK;
int compile_resolve(struct compile *c) MUST_CHECK;
int compile_filter(struct compile *c) MUST_CHECK;

/* What formats are written from, once there is a filter. */
struct emit_input compile_emit_input(struct compile *c);
/* The policy with other defines than the compile's (ctx), within arena_run() on its arena. */
void compile_variant(void *ctx, const struct variant_options *o, struct diags *diags,
                     struct policy_variant *result);

/* Policies larger than this are refused: nobody writes them, and spans are 32 bits. */
#define COMPILE_MAX_SOURCE ((size_t)256 * 1024 * 1024)

#endif
