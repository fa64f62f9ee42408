/* SPDX-License-Identifier: Apache-2.0 */
/* libeasyseccomp: the public header on top of the driver. */
#include "config.h"

#include "compiler/include/easyseccomp.h"

#include "base/diag_render.h"
#include "base/io.h"
#include "base/sha256.h"
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/run.h"
#include "compiler/driver.h"
#include "compiler/emit/oci.h"
#include "compiler/front/engine_caps.h"
#include "compiler/sema/eval.h"
#include "compiler/source_map.h"
#include "compiler/tables/names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)ES_CRUN == OCI_AS_CRUN && (int)ES_RUNC == OCI_AS_RUNC &&
                   (int)ES_SPEC == OCI_AS_SPEC,
               "the library's names for the runtimes");

struct es_policy {
    struct compile c;
    const char *rendered; /* diagnostics as text, once asked for */
    size_t rendered_count;
};

const char *es_version(void)
{
    return PACKAGE_VERSION;
}

/* --- parsing ------------------------------------------------------------------------------------
 */

/* ctx of copy_options(): what the compile keeps must outlive the caller's options. */
struct option_copy {
    struct compile *c;
    const struct es_options *from;
    const char *unknown_arch;
};

static int copy_options(void *ctx)
{
    struct option_copy *copy = ctx;
    const struct es_options *from = copy->from;
    struct arena *a = &copy->c->arena;
    const struct arch **archs = ARENA_ARRAY(a, const struct arch *, from->arch_count);
    struct define *defines = ARENA_ARRAY(a, struct define, from->define_count + engine_cap_count);
    const char **dirs = ARENA_ARRAY(a, const char *, from->include_dir_count);
    size_t i, define_count = from->define_count;

    for (i = 0; i < from->arch_count; i++) {
        archs[i] = arch_by_name(from->archs[i], strlen(from->archs[i]));
        if (!archs[i])
            copy->unknown_arch = arena_strdup(a, from->archs[i]);
    }
    for (i = 0; i < from->define_count; i++)
        defines[i] =
            (struct define){arena_strdup(a, from->defines[i].name), from->defines[i].value};
    for (i = 0; from->engine && i < engine_cap_count; i++)
        if (!strcmp(engine_caps[i].engine, from->engine))
            defines[define_count++] = (struct define){engine_caps[i].cap, 1};
    for (i = 0; i < from->include_dir_count; i++)
        dirs[i] = arena_strdup(a, from->include_dirs[i]);
    copy->c->options = (struct compile_options){
        .targets = archs,
        .target_count = from->arch_count,
        .defines = defines,
        .define_count = define_count,
        .include_dirs = dirs,
        .include_dir_count = from->include_dir_count,
        .no_includes = from->no_includes,
        .runtime = (enum oci_runtime)from->json_as,
        .kernel = KERNEL_RELEASE(from->kernel_major, from->kernel_minor, 0)};
    if (copy->unknown_arch)
        diag_add(&copy->c->diags, DIAG_UNKNOWN_ARCH, (struct span){0}, "unknown architecture '%s'",
                 copy->unknown_arch);
    return copy->unknown_arch ? -EINVAL : 0;
}

int es_parse_text(const char *text, size_t len, const char *name, const struct es_options *options,
                  struct es_policy **policy)
{
    static const struct es_options defaults = ES_OPTIONS_INIT;
    struct es_policy *p = calloc(1, sizeof(*p));
    struct option_copy copy = {.from = options ? options : &defaults};
    int ret;

    if (!p)
        return -ENOMEM;
    compile_init(&p->c, &(struct compile_options){0});
    copy.c = &p->c;
    ret = arena_run(&p->c.arena, copy_options, &copy);
    if (ret == 0)
        ret = compile_parse(&p->c, name, text, len);
    if (ret == 0)
        ret = compile_resolve(&p->c);
    if (ret == -ENOMEM) {
        es_policy_free(p);
        return ret;
    }
    *policy = p;
    return ret;
}

/* ctx of add_read_error() */
struct read_error {
    struct compile *c;
    const char *text;
};

static int add_read_error(void *ctx)
{
    struct read_error *r = ctx;

    diag_add(&r->c->diags, DIAG_CANNOT_READ, (struct span){0}, "%s", r->text);
    return 0;
}

int es_parse_map(const char *text, size_t len, const char *name, const void *blob, size_t blob_len,
                 struct es_policy **policy)
{
    struct es_policy *p = calloc(1, sizeof(*p));
    struct source_map map;
    char digest[SHA256_HEX];
    int ret;

    if (!p)
        return -ENOMEM;
    compile_init(&p->c, &(struct compile_options){0});
    sha256_hex(blob, blob_len, digest);
    ret = source_map_read(&p->c, name, text, len, digest, blob_len / sizeof(struct sock_filter),
                          &map);
    if (ret == 0 && map.wrong) {
        ret = arena_run(&p->c.arena, add_read_error, &(struct read_error){&p->c, map.wrong});
        ret = ret < 0 ? ret : -EINVAL;
    } else if (ret == 0) {
        ret = source_map_policy(&p->c);
    }
    if (ret == -ENOMEM || ret == -EFBIG) {
        es_policy_free(p);
        return ret;
    }
    *policy = p;
    return ret;
}

int es_parse_file(const char *path, const struct es_options *options, struct es_policy **policy)
{
    CLEANUP_FREE char *text = NULL;
    struct es_policy *p;
    struct error err;
    size_t len = 0;

    if (read_file(path, COMPILE_MAX_SOURCE, &text, &len, &err) == 0)
        return es_parse_text(text, len, path, options, policy);
    p = calloc(1, sizeof(*p));
    if (!p)
        return -ENOMEM;
    compile_init(&p->c, &(struct compile_options){0});
    if (arena_run(&p->c.arena, add_read_error, &(struct read_error){&p->c, err.text}) < 0) {
        es_policy_free(p);
        return -ENOMEM;
    }
    *policy = p;
    return -EINVAL;
}

void es_policy_free(struct es_policy *policy)
{
    if (!policy)
        return;
    compile_release(&policy->c);
    free(policy);
}

/* --- diagnostics --------------------------------------------------------------------------------
 */

size_t es_diagnostic_count(const struct es_policy *policy)
{
    return policy->c.diags.list.count;
}

struct es_diagnostic es_diagnostic_at(const struct es_policy *policy, size_t i)
{
    const struct diag *d = policy->c.diags.list.at[i];
    struct es_diagnostic out = {.severity = d->severity == SEVERITY_ERROR ? ES_ERROR : ES_WARNING,
                                .id = diag_kinds[d->id].id,
                                .message = d->text};
    struct place begin, end;

    if (!d->span.source)
        return out;
    begin = source_place(d->span.source, d->span.begin);
    end = source_place(d->span.source, d->span.end);
    out.file = d->span.source->name;
    out.line = begin.line;
    out.column = begin.column;
    out.end_line = end.line;
    out.end_column = end.column;
    return out;
}

static int render(void *ctx)
{
    struct es_policy *p = ctx;
    struct strbuf out;

    strbuf_init(&out, &p->c.arena);
    diags_sort(&p->c.diags);
    diags_render_text(&p->c.diags, false, &out);
    p->rendered = strbuf_text(&out);
    p->rendered_count = p->c.diags.list.count;
    return 0;
}

const char *es_diagnostics_text(struct es_policy *policy)
{
    bool current = policy->rendered && policy->rendered_count == policy->c.diags.list.count;

    if (!current && arena_run(&policy->c.arena, render, policy) < 0)
        return "";
    return policy->rendered;
}

/* --- compiling ----------------------------------------------------------------------------------
 */

void es_blob_free(struct es_blob *blob)
{
    free(blob->bytes);
    *blob = (struct es_blob){0};
}

static int ensure_filter(struct es_policy *p)
{
    unsigned before = p->c.diags.errors;
    int ret;

    if (p->c.filter)
        return 0;
    if (!p->c.policy)
        return -EINVAL;
    ret = compile_filter(&p->c);
    if (ret == -EINVAL && p->c.diags.errors > before &&
        p->c.diags.list.at[p->c.diags.list.count - 1]->id == DIAG_TOO_LARGE)
        return -E2BIG;
    return ret;
}

int es_compile_bpf(struct es_policy *policy, struct es_blob *blob)
{
    const struct program *program;
    size_t len;
    int ret = ensure_filter(policy);

    if (ret < 0)
        return ret;
    program = &policy->c.filter->layout.program;
    len = program->count * sizeof(struct sock_filter);
    blob->bytes = malloc(len);
    if (!blob->bytes)
        return -ENOMEM;
    program_to_bytes(program, policy->c.policy->targets[0].arch->big_endian, blob->bytes);
    blob->len = len;
    return 0;
}

/* ctx of make_json() */
struct json {
    struct compile *c;
    struct strbuf out;
};

static int make_json(void *ctx)
{
    struct json *j = ctx;
    struct emit_input in = compile_emit_input(j->c);
    const struct oci_options o = {in.listener_path, in.listener_metadata};

    strbuf_init(&j->out, &j->c->arena);
    return emit_oci(&j->c->arena, in.policy, &o, &j->out, &j->c->diags);
}

int es_compile_json(struct es_policy *policy, struct es_blob *blob)
{
    struct json j = {.c = &policy->c};
    int ret = ensure_filter(policy); /* finds what is left undecided */

    if (ret < 0 && ret != -E2BIG) /* JSON has no such limit */
        return ret;
    ret = arena_run(&policy->c.arena, make_json, &j);
    if (ret < 0)
        return ret;
    blob->bytes = malloc(j.out.len + 1);
    if (!blob->bytes)
        return -ENOMEM;
    memcpy(blob->bytes, strbuf_text(&j.out), j.out.len + 1);
    blob->len = j.out.len;
    return 0;
}

uint32_t es_filter_flags(const struct es_policy *policy)
{
    return policy->c.policy ? policy->c.policy->filter_flags : 0;
}

int es_has_notify(const struct es_policy *policy)
{
    return policy->c.policy && policy->c.policy->has_notify;
}

/* --- words --------------------------------------------------------------------------------------
 */

static const char *const actions[] = {
#define ACTION(id, name, oci, ...) oci,
#include "compiler/tables/actions.def"
#undef ACTION
};

static const char *const operators[] = {
#define OCI_OP(id, relation) "SCMP_CMP_" #id,
#include "compiler/front/oci_ops.def"
#undef OCI_OP
};

const char *es_word(enum es_words kind, size_t i)
{
    switch (kind) {
    case ES_ACTIONS:
        return i < ARRAY_SIZE(actions) ? actions[i] : NULL;
    case ES_OPERATORS:
        return i < ARRAY_SIZE(operators) ? operators[i] : NULL;
    case ES_ARCHS:
        return i < ARCH_COUNT ? arch_table[i].oci : NULL;
    case ES_FLAGS:
        return i < filter_flag_count ? filter_flags[i].oci : NULL;
    }
    return NULL;
}

uint32_t es_flag_bit(size_t i)
{
    return i < filter_flag_count ? filter_flags[i].bit : 0;
}

/* --- asking -------------------------------------------------------------------------------------
 */

int es_eval(const struct es_policy *policy, const struct seccomp_data *call,
            struct es_verdict *verdict)
{
    struct verdict v;

    if (!policy->c.policy)
        return -EINVAL;
    v = eval_policy(policy->c.policy, call);
    if (!v.decided)
        return -EINVAL;
    *verdict = (struct es_verdict){.ret = v.ret};
    if (v.rule && v.rule->span.source) {
        verdict->file = v.rule->span.source->name;
        verdict->line = source_place(v.rule->span.source, v.rule->span.begin).line;
        verdict->reason = v.rule->reason;
    }
    return 0;
}

/* A program over the caller's bytes, copied for alignment: no arena is needed for 32 KiB. */
struct checked {
    struct sock_filter code[BPF_MAXINSNS];
    struct program program;
};

static int take_blob(const void *bytes, size_t len, struct checked *c)
{
    if (len > sizeof(c->code))
        return -E2BIG;
    if (len == 0 || len % sizeof(struct sock_filter))
        return -EINVAL;
    memcpy(c->code, bytes, len);
    c->program = (struct program){c->code, (uint32_t)(len / sizeof(struct sock_filter))};
    return 0;
}

/* The same, and accepted by the kernel's check: what is not must not be run. */
static int take_checked(const void *bytes, size_t len, struct checked *c)
{
    struct error err;
    uint32_t at;
    int ret = take_blob(bytes, len, c);

    return ret < 0 ? ret : check_program(&c->program, &at, &err);
}

int es_check_blob(const void *bytes, size_t len, uint32_t *at, char *why, size_t why_size)
{
    struct error err = {.text = "not a number of instructions of 8 bytes, 1 to 4,096"};
    struct checked c;
    int ret = take_blob(bytes, len, &c);

    *at = 0;
    if (ret == 0)
        ret = check_program(&c.program, at, &err);
    if (ret < 0 && why_size)
        snprintf(why, why_size, "%s", err.text);
    return ret;
}

int es_blob_checks_arch(const void *bytes, size_t len)
{
    struct checked c;

    return take_checked(bytes, len, &c) == 0 && checks_architecture(&c.program);
}

uint32_t es_native_arch(void)
{
    const struct arch *native = arch_native();

    return native ? native->audit : 0;
}

void es_call_info(const struct seccomp_data *call, struct es_call_info *info)
{
    const struct arch *arch = arch_of_call(call->arch, (uint32_t)call->nr);
    const struct syscall_info *s = arch ? syscall_by_number(arch, (uint32_t)call->nr) : NULL;

    const struct signature signature = syscall_signature(s, arch);

    *info = (struct es_call_info){.arch = arch ? arch->name : NULL, .name = s ? s->name : NULL};
    info->arg_count = signature.count;
    for (unsigned i = 0; i < signature.count; i++) {
        const struct syscall_arg *a = &signature.args[i];

        info->args[i].name = a->name;
        info->args[i].value =
            a->bits == 64 ? call->args[i] : call->args[i] & ((1ULL << a->bits) - 1);
        info->args[i].selects = argument_family(s->name, a->name) != NULL;
    }
}

void es_action_text(uint32_t ret, char *text, size_t size)
{
    action_source(ret, arch_native(), text, size);
}

uint32_t es_run_blob(const void *bytes, size_t len, const struct seccomp_data *call)
{
    struct checked c;

    if (take_checked(bytes, len, &c) < 0)
        return SECCOMP_RET_KILL_PROCESS;
    return run_program(&c.program, call, HOST_BIG_ENDIAN).ret;
}
