/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/driver.h"

#include "base/io.h"
#include "compiler/front/oci_read.h"
#include "compiler/sema/oci_policy.h"

#include <errno.h>
#include <string.h>

void compile_init(struct compile *c, const struct compile_options *options)
{
    memset(c, 0, sizeof(*c));
    arena_init(&c->arena);
    diags_init(&c->diags, &c->arena);
    c->options = *options;
}

void compile_release(struct compile *c)
{
    syscall_fallback_release(&c->fallback);
    arena_release(&c->arena);
}

/* --- parse --------------------------------------------------------------------------------------
 */

/* Reads an included file; the malloc'ed text is copied while the arena may not escape past it. */
struct reading {
    struct arena *arena;
    const char *path, *text;
    size_t len;
    struct source *source;
};

static int copy_source(void *ctx)
{
    struct reading *r = ctx;

    r->source = source_new(r->arena, r->path, r->text, (uint32_t)r->len);
    return 0;
}

static struct source *find_text(const struct compile *c, struct arena *a, const char *path,
                                const char **why)
{
    for (size_t i = 0; i < c->options.text_count; i++) {
        const struct source *s = c->options.texts[i];

        if (!strcmp(s->name, path))
            return source_new(a, s->name, s->text, s->len);
    }
    *why = arena_printf(a, "there is no text of '%s'", path);
    return NULL;
}

static struct source *read_file_source(struct arena *a, const char *path, const char **why)
{
    struct reading r = {.arena = a, .path = path};
    CLEANUP_FREE char *text = NULL;
    struct error err;

    if (read_file(path, COMPILE_MAX_SOURCE, &text, &r.len, &err) < 0) {
        *why = arena_strdup(a, err.text);
        return NULL;
    }
    r.text = text;
    if (arena_run(a, copy_source, &r) < 0) {
        *why = "out of memory";
        return NULL;
    }
    return r.source;
}

static struct source *read_include(void *ctx, struct arena *a, const char *path, const char **why)
{
    struct compile *c = ctx;
    struct source *s =
        c->options.texts ? find_text(c, a, path, why) : read_file_source(a, path, why);

    if (s)
        VEC_PUSH(a, &c->includes, s);
    return s;
}

struct text {
    struct compile *c;
    const char *name, *text;
    size_t len;
};

/* The profile in a JSON source. */
static const struct oci_spec *read_profile(struct compile *c)
{
    struct oci_read_options options = {.as = c->options.runtime, .kernel = c->options.kernel};
    const char **caps = ARENA_ARRAY(&c->arena, const char *, c->options.define_count);

    for (size_t i = 0; i < c->options.define_count; i++)
        if (strncmp(c->options.defines[i].name, "CAP_", 4) == 0 && c->options.defines[i].value)
            caps[options.cap_count++] = c->options.defines[i].name;
    options.caps = caps;
    options.native = c->options.target_count ? c->options.targets[0] : NULL;
    return oci_read(&c->arena, c->source, &options, &c->diags);
}

static struct parse_options parse_options(struct compile *c)
{
    return (struct parse_options){.defines = c->options.defines,
                                  .define_count = c->options.define_count,
                                  .include_dirs = c->options.include_dirs,
                                  .include_dir_count = c->options.include_dir_count,
                                  .read = c->options.no_includes ? NULL : read_include,
                                  .read_ctx = c,
                                  .comment = c->options.comment,
                                  .comment_ctx = c->options.comment_ctx};
}

static int parse(void *ctx)
{
    const struct text *t = ctx;
    struct compile *c = t->c;
    struct parse_options options = parse_options(c);

    c->source = source_new(&c->arena, t->name, t->text, (uint32_t)t->len);
    c->is_json = source_kind_of(t->text, t->len) == SOURCE_JSON;
    if (c->is_json) {
        c->ast = ARENA_NEW(&c->arena, struct ast);
        c->profile = read_profile(c);
    } else {
        c->ast = parse_policy(&c->arena, c->source, &options, &c->diags);
    }
    return 0;
}

int compile_parse(struct compile *c, const char *name, const char *text, size_t len)
{
    if (len > COMPILE_MAX_SOURCE)
        return -EFBIG;
    return arena_run(&c->arena, parse, &(struct text){c, name, text, len});
}

/* --- resolve ------------------------------------------------------------------------------------
 */

static int resolve(void *ctx)
{
    struct compile *c = ctx;
    struct resolve_options options = {c->options.targets, c->options.target_count,
                                      c->options.defines, c->options.define_count};

    if (!c->is_json)
        c->policy = resolve_policy(&c->arena, c->ast, &options, &c->fallback, &c->diags);
    else if (c->profile)
        c->policy = oci_policy(&c->arena, c->profile, &c->diags);
    return c->policy ? 0 : -EINVAL;
}

int compile_resolve(struct compile *c)
{
    return arena_run(&c->arena, resolve, c);
}

void compile_variant(void *ctx, const struct variant_options *o, struct diags *diags,
                     struct policy_variant *result)
{
    struct compile *c = ctx;
    struct parse_options parsing = parse_options(c);
    struct resolve_options resolving = {c->options.targets, c->options.target_count, o->defines,
                                        o->define_count};

    parsing.defines = o->defines;
    parsing.define_count = o->define_count;
    parsing.asked = o->asked;
    parsing.asked_ctx = o->asked_ctx;
    parsing.comment = NULL; /* it was told when the policy itself was parsed */
    result->ast = parse_policy(&c->arena, c->source, &parsing, diags);
    result->policy = resolve_policy(&c->arena, result->ast, &resolving, &c->fallback, diags);
}

struct emit_input compile_emit_input(struct compile *c)
{
    struct emit_input in = {.policy = c->policy,
                            .filter = c->filter,
                            .name = c->source->name,
                            .diags = &c->diags,
                            .defines = c->options.defines,
                            .define_count = c->options.define_count};

    if (c->is_json) {
        in.listener_path = c->profile->listener_path;
        in.listener_metadata = c->profile->listener_metadata;
    } else {
        in.variant = compile_variant;
        in.variant_ctx = c;
    }
    return in;
}

/* --- filter -------------------------------------------------------------------------------------
 */

static int make_filter(void *ctx)
{
    struct compile *c = ctx;

    c->filter = emit_filter(&c->arena, c->policy, &c->options.tuning, &c->diags);
    return c->filter ? 0 : -EINVAL;
}

int compile_filter(struct compile *c)
{
    return arena_run(&c->arena, make_filter, c);
}
