/* SPDX-License-Identifier: Apache-2.0 */
/* Every format that a policy is written in, as a table for the command line. */
#ifndef EMIT_FORMATS_H
#define EMIT_FORMATS_H

#include "base/diag.h"
#include "base/str.h"
#include "compiler/emit/cbpf.h"
#include "compiler/front/parse.h"
#include "compiler/sema/policy.h"

/* A policy read once more, with other defines. */
struct variant_options {
    const struct define *defines;
    size_t define_count;
    bool (*asked)(void *ctx, const struct name *name, const struct name *with); /* parse.h */
    void *asked_ctx;
};
struct policy_variant {
    const struct ast *ast;
    const struct policy *policy; /* NULL: it has errors, which are in diags */
};

struct emit_input {
    const struct policy *policy;
    const struct filter *filter; /* of the same policy */
    const char *name;            /* of the source, for comments */
    struct diags *diags;
    const char *listener_path, *listener_metadata; /* for JSON; NULL: none */
    /* what the policy was resolved with, and how to resolve it with something else (NULL: the
     * source goes by no defines) */
    const struct define *defines;
    size_t define_count;
    void (*variant)(void *ctx, const struct variant_options *o, struct diags *diags,
                    struct policy_variant *result);
    void *variant_ctx;
};

struct format {
    const char *name;   /* "json" */
    const char *suffix; /* ".json": of files that are written so unless told otherwise */
    bool is_text;
    /* Appends to out; -EINVAL if something was reported. */
    int (*emit)(struct arena *a, const struct emit_input *in, struct strbuf *out);
};

extern const struct format formats[]; /* the first is the default */
extern const size_t format_count;

#endif
