/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `import` writes means what it was made of: real profiles, the filters that libseccomp makes
 * of them, and the programs of random policies are imported, the text is compiled, and both are
 * compared for all calls at their boundaries.
 *
 *     EASYSECCOMP_SEED=N            other random policies than the usual ones
 *     EASYSECCOMP_IMPORT_CASES=N    how many, instead of a quick number
 */
#include "tests/differential/oci_calls.h"
#include "tests/differential/oci_runtime.h"
#include "tests/differential/podman_profile.h"
#include "tests/lib/env.h"
#include "tests/lib/rng.h"
#include "tests/lib/tap.h"
#include "tests/property/random_policy.h"

#include "base/diag_render.h"
#include "base/io.h"
#include "compiler/driver.h"
#include "compiler/front/engine_caps.h"
#include "compiler/import/import.h"
#include "compiler/sema/oci_policy.h"

#include <string.h>

#define QUICK_CASES 20

struct trial {
    struct arena arena;
    struct diags diags;
    const char *json; /* what is imported: this, or ... */
    const char *const *caps;
    size_t cap_count;
    bool open;             /* the capabilities are left open, and defined for the text */
    struct program binary; /* ... this */
    const struct arch *const *targets; /* of the binary, for its reading */
    size_t target_count;
    uint64_t seed;
    bool same, too_large; /* ... for the kernel, written call by call */
    struct strbuf text, report;
};

static void note_lines(const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        tap_note("%.*s", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

/* The text as a policy, and its program. */
static const struct policy *compile(struct trial *t, struct calls_filter *filter)
{
    struct define *defines = ARENA_ARRAY(&t->arena, struct define, t->cap_count);
    struct compile *c = ARENA_NEW(&t->arena, struct compile);
    struct compile_options o = {.defines = defines};

    for (size_t i = 0; t->open && i < t->cap_count; i++)
        defines[o.define_count++] = (struct define){t->caps[i], 1};
    compile_init(c, &o);
    c->arena = t->arena; /* one to release */
    if (compile_parse(c, "imported", strbuf_text(&t->text), t->text.len) || compile_resolve(c) ||
        compile_filter(c)) {
        t->arena = c->arena;
        diags_render_text(&c->diags, false, &t->report);
        t->too_large = c->diags.errors == 1 && c->diags.list.at[0]->id == DIAG_TOO_LARGE;
        return NULL;
    }
    t->arena = c->arena;
    syscall_fallback_release(&c->fallback);
    filter->program = c->filter->layout.program;
    return c->policy;
}

static const struct policy *read_json(struct trial *t)
{
    const struct source *s = source_new(&t->arena, "profile", t->json, (uint32_t)strlen(t->json));
    struct oci_read_options o = {.caps = t->caps, .cap_count = t->cap_count};
    const struct oci_spec *spec = oci_read(&t->arena, s, &o, &t->diags);
    const struct policy *p = spec ? oci_policy(&t->arena, spec, &t->diags) : NULL;

    o.cap_count = 0;
    if (p && t->open &&
        import_docker(&t->arena, s, &o, &(struct import_options){"a profile"}, &t->diags, &t->text))
        return NULL;
    if (p && !t->open)
        import_write(&t->arena, p, &(struct import_options){"a profile"}, &t->text);
    return p;
}

static int try_import(void *ctx)
{
    struct trial *t = ctx;
    struct calls_filter filter = {0};
    const struct policy *p, *imported;
    struct error err;

    strbuf_init(&t->text, &t->arena);
    strbuf_init(&t->report, &t->arena);
    diags_init(&t->diags, &t->arena);
    p = t->json ? read_json(t) : import_program(&t->arena, &t->binary, HOST_BIG_ENDIAN, &err);
    if (!p) {
        diags_render_text(&t->diags, false, &t->report);
        strbuf_printf(&t->report, "not imported: %s\n", t->json ? "" : err.text);
        return 0;
    }
    if (!t->json)
        import_write(&t->arena, p, &(struct import_options){"a program"}, &t->text);
    imported = compile(t, &filter);
    if (!imported)
        return 0;
    if (t->json) {
        t->same = calls_same(&t->arena, p, &filter, t->seed, &t->report);
        return 0;
    }
    filter.program = t->binary; /* what was imported from, at the boundaries of both */
    t->same = calls_same(&t->arena, imported, &filter, t->seed, &t->report) &&
              calls_same(&t->arena, p, &filter, t->seed, &t->report);
    return 0;
}

static bool run_trial(struct trial *t)
{
    if (arena_run(&t->arena, try_import, t) < 0)
        t->same = false;
    if (!t->same && !t->too_large) {
        tap_note("seed %llu", (unsigned long long)t->seed);
        note_lines(strbuf_text(&t->report));
        note_lines(strbuf_text(&t->text));
    }
    arena_release(&t->arena);
    return t->same;
}

/* --- real profiles -----------------------------------------------------------------------------*/

static bool import_json(const char *json, const char *const *caps, size_t cap_count, bool open)
{
    struct trial t = {.json = json, .caps = caps, .cap_count = cap_count, .open = open};

    arena_init(&t.arena);
    return run_trial(&t);
}

/* Of what libseccomp makes of the profile. */
static bool import_loaded(const char *json, int optimize)
{
    struct runtime_options o = {.optimize = optimize, .seconds = 20};
    struct trial t = {.seed = (uint64_t)optimize};
    unsigned char *bytes;
    char why[200];
    size_t len;

    if (runtime_load(json, &o, &bytes, &len, why) != RUNTIME_LOADED)
        return false;
    arena_init(&t.arena);
    program_from_bytes(&t.arena, bytes, len, false, &t.binary);
    free(bytes);
    return run_trial(&t);
}

static char *read_data(const char *name)
{
    const char *top = getenv("top_srcdir");
    char path[4096], *text = NULL;
    struct error err;
    size_t len;

    snprintf(path, sizeof(path), "%s/tests/data/%s", top ? top : ".", name);
    if (read_file(path, 1 << 24, &text, &len, &err)) {
        tap_note("%s", err.text);
        return NULL;
    }
    return text;
}

static void try_plain(struct tap *tap, const char *name)
{
    CLEANUP_FREE char *text = read_data(name);

    tap_case(tap, text && import_json(text, NULL, 0, false), "%s", name);
    tap_case(tap, text && import_loaded(text, 1) && import_loaded(text, 2),
             "%s as libseccomp makes it, both modes", name);
}

static void try_docker(struct tap *tap, const char *name)
{
    CLEANUP_FREE char *text = read_data(name);
    const char *caps[32];
    size_t count = 0;
    struct podman_context context = {arch_native(), caps};
    struct json_object *profile = text ? json_tokener_parse(text) : NULL, *plain;
    static const char *const others[] = {"CAP_SYS_ADMIN",   "CAP_BPF",      "CAP_PERFMON",
                                         "CAP_AUDIT_WRITE", "CAP_SYS_TIME", "CAP_SYS_PTRACE"};
    bool same = profile != NULL;

    if (!tap_case(tap, same, "%s is there", name))
        return;
    for (size_t i = 0; i < engine_cap_count; i++)
        if (!strcmp(engine_caps[i].engine, "podman"))
            caps[count++] = engine_caps[i].cap;
    caps[count] = NULL;
    tap_case(tap, import_json(text, caps, count, false), "%s, podman's capabilities", name);
    tap_case(tap, import_json(text, caps, count, true), "%s, open capabilities, podman's", name);
    tap_case(tap, import_json(text, NULL, 0, true), "%s, open capabilities, none", name);
    for (unsigned set = 1; set < 1u << ARRAY_SIZE(others); set += set % 3 + 5) {
        const char *some[ARRAY_SIZE(others)];
        size_t n = 0;

        for (size_t i = 0; i < ARRAY_SIZE(others); i++)
            if (set & 1u << i)
                some[n++] = others[i];
        same &= import_json(text, some, n, true);
    }
    tap_case(tap, same, "%s, open capabilities, sets of six", name);
    plain = podman_resolve(profile, &context);
    tap_case(tap,
             import_loaded(json_object_to_json_string(plain), 1) &&
                 import_loaded(json_object_to_json_string(plain), 2),
             "%s as libseccomp makes it for podman, both modes", name);
    json_object_put(plain);
    json_object_put(profile);
}

/* --- random policies ---------------------------------------------------------------------------*/

/* Appends a compiled random policy's program; false: it does not compile (too large). */
static bool random_program(struct trial *t, uint64_t seed)
{
    struct model *m = model_new(&t->arena, seed, 5);
    struct compile_options o = {.targets = m->targets, .target_count = m->target_count};
    struct compile c;
    bool ok;

    compile_init(&c, &o);
    ok = !compile_parse(&c, "random", m->text, strlen(m->text)) && !compile_resolve(&c) &&
         !compile_filter(&c) && !c.policy->targets[0].arch->big_endian;
    if (ok) {
        unsigned char *bytes = malloc(c.filter->layout.program.count * 8);

        program_to_bytes(&c.filter->layout.program, false, bytes);
        program_from_bytes(&t->arena, bytes, c.filter->layout.program.count * 8, false, &t->binary);
        free(bytes);
    }
    compile_release(&c);
    return ok;
}

static void try_random(struct tap *tap, uint64_t seed, unsigned cases)
{
    unsigned same = 0, differ = 0, left = 0;

    for (unsigned i = 0; i < cases; i++) {
        struct trial t = {.seed = seed + i};

        arena_init(&t.arena);
        if (!random_program(&t, seed + i)) {
            left++;
            arena_release(&t.arena);
        } else if (run_trial(&t)) {
            same++;
        } else if (t.too_large) {
            left++;
        } else {
            differ++;
        }
    }
    tap_case(tap, differ == 0 && same > cases / 3,
             "programs of random policies: %u the same, %u for other byte orders or too large",
             same, left);
}

int main(void)
{
    unsigned cases = (unsigned)env_number("EASYSECCOMP_IMPORT_CASES", QUICK_CASES);
    uint64_t seed = getenv("EASYSECCOMP_SEED") ? rng_seed() : 1;
    struct tap tap = {0};

    try_plain(&tap, "container-default.x86_64.json");
    try_plain(&tap, "container-default.3arch.json");
    try_docker(&tap, "container-default.debian12.json");
    try_random(&tap, seed, cases);
    return tap_end(&tap);
}
