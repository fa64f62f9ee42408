/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles for docker and podman, read back as these engines read them, against the policy that
 * they were made of, compiled for the capabilities: the same for every call. Of container-default
 * with every capability alone, none, and those of the engines, also as podman resolves it and the
 * installed libseccomp compiles it; and of random policies with their rules under conditions of all
 * shapes, for all sets of capabilities, on two machines.
 *
 *     EASYSECCOMP_SEED=N            other random policies than the usual ones
 *     EASYSECCOMP_DOCKER_CASES=N    how many, instead of a quick number
 */
#include "tests/differential/compile_text.h"
#include "tests/differential/oci_calls.h"
#include "tests/differential/oci_runtime.h"
#include "tests/differential/podman_profile.h"
#include "tests/lib/env.h"
#include "tests/lib/rng.h"
#include "tests/lib/tap.h"

#include "base/diag_render.h"
#include "base/io.h"
#include "compiler/front/engine_caps.h"
#include "compiler/front/oci_read.h"
#include "compiler/sema/oci_policy.h"

#include <stdlib.h>
#include <string.h>

#define QUICK_CASES 15
#define MAX_CAPS    (COMPILE_MAX_NAMES - 1)

struct machine {
    const char *native, *targets;
};
static const struct machine machines[] = {{"x86_64", "x86_64,x86,x32"}, {"aarch64", "aarch64,arm"}};
#define ALL_TARGETS "x86_64,x86,x32,aarch64,arm"

/* --- the profile of a policy -------------------------------------------------------------------*/

struct making {
    struct compile *c;
    char *json; /* malloc'ed; NULL: refused */
    bool show;
};

static int make_profile(void *ctx)
{
    struct making *m = ctx;
    struct emit_input in = compile_emit_input(m->c);
    struct strbuf out;

    strbuf_init(&out, &m->c->arena);
    for (size_t i = 0; i < format_count; i++)
        if (!strcmp(formats[i].name, "docker") && formats[i].emit(&m->c->arena, &in, &out) == 0)
            m->json = strdup(strbuf_text(&out));
    if (!m->json && m->show) {
        strbuf_init(&out, &m->c->arena);
        diags_render_text(&m->c->diags, false, &out);
        tap_note_lines("", strbuf_text(&out));
    }
    return 0;
}

/* NULL if it does not compile, or there is no such profile. */
static char *docker_profile(const char *text, const char *targets, bool show)
{
    struct compiled c;
    struct making m = {.show = show};

    if (compile_text(&c, "policy", text, targets, NULL)) {
        m.c = &c.compile;
        if (arena_run(&c.compile.arena, make_profile, &m) < 0)
            tap_note("out of memory");
    }
    compiled_release(&c);
    return m.json;
}

/* --- one comparison ----------------------------------------------------------------------------*/

struct trial {
    const char *text, *json;
    const struct machine *machine;
    const char *caps[MAX_CAPS + 1];
    size_t cap_count;
    uint64_t seed;
    struct compiled compiled;
    bool same;
};

static bool read_back(struct trial *t, struct arena *a, struct strbuf *report)
{
    struct source *s = source_new(a, "profile", t->json, (uint32_t)strlen(t->json));
    struct oci_read_options o = {.caps = t->caps, .cap_count = t->cap_count};
    struct calls_filter ours = {.program = *t->compiled.program}, theirs = {0};
    const struct oci_spec *spec;
    const struct policy *p;
    const struct filter *filter;
    struct diags diags;

    o.native = arch_by_name(t->machine->native, strlen(t->machine->native));
    diags_init(&diags, a);
    spec = oci_read(a, s, &o, &diags);
    p = spec ? oci_policy(a, spec, &diags) : NULL;
    filter = p ? emit_filter(a, p, &(struct tuning){0}, &diags) : NULL;
    if (!filter) {
        diags_render_text(&diags, false, report);
        return false;
    }
    theirs.program = filter->layout.program;
    if (p->target_count != t->compiled.policy->target_count) {
        strbuf_puts(report, "other architectures\n");
        return false;
    }
    return calls_same(a, p, &ours, t->seed, report) &&
           calls_same(a, t->compiled.policy, &theirs, t->seed, report);
}

static int compare(void *ctx)
{
    struct trial *t = ctx;
    struct arena *a = &t->compiled.compile.arena;
    struct strbuf report;

    strbuf_init(&report, a);
    t->same = read_back(t, a, &report);
    if (!t->same)
        tap_note_lines("", strbuf_text(&report));
    return 0;
}

static bool run_trial(struct trial *t)
{
    t->same = false;
    t->caps[t->cap_count] = NULL;
    if (compile_text(&t->compiled, "policy", t->text, t->machine->targets, t->caps) &&
        arena_run(&t->compiled.compile.arena, compare, t) < 0)
        tap_note("out of memory");
    compiled_release(&t->compiled);
    if (!t->same) {
        tap_note("seed %llu, %s with:", (unsigned long long)t->seed, t->machine->native);
        for (size_t i = 0; i < t->cap_count; i++)
            tap_note("    %s", t->caps[i]);
    }
    return t->same;
}

/* --- container-default -------------------------------------------------------------------------*/

static const char *const asked_for[] = {
    "CAP_AUDIT_WRITE", "CAP_DAC_READ_SEARCH", "CAP_SYS_ADMIN",  "CAP_SYS_CHROOT",
    "CAP_SYS_MODULE",  "CAP_SYS_PACCT",       "CAP_SYS_PTRACE", "CAP_SYS_RAWIO",
    "CAP_SYS_TIME",    "CAP_SYS_TTY_CONFIG",  "CAP_CHOWN", /* not asked for */
};

static char *read_policy(const char *name)
{
    const char *top = getenv("top_srcdir");
    char path[4096], *text = NULL;
    struct error err;
    size_t len;

    snprintf(path, sizeof(path), "%s/%s", top ? top : ".", name);
    if (read_file(path, 1 << 24, &text, &len, &err))
        tap_note("%s", err.text);
    return text;
}

struct loading {
    struct trial *t;
    unsigned char *bytes;
    size_t len;
};

static int compare_loaded(void *ctx)
{
    struct loading *l = ctx;
    struct arena *a = &l->t->compiled.compile.arena;
    struct calls_filter theirs = {0};
    struct strbuf report;

    strbuf_init(&report, a);
    program_from_bytes(a, l->bytes, l->len, false, &theirs.program);
    l->t->same = calls_same(a, l->t->compiled.policy, &theirs, l->t->seed, &report);
    if (!l->t->same)
        tap_note_lines("", strbuf_text(&report));
    return 0;
}

/* As podman resolves it for this machine, and libseccomp compiles it. */
static bool run_loaded(struct trial *t, int optimize)
{
    struct podman_context context = {arch_native(), t->caps};
    struct json_object *profile = json_tokener_parse(t->json);
    struct json_object *plain = podman_resolve(profile, &context);
    struct runtime_options o = {.optimize = optimize, .seconds = 20};
    struct loading l = {.t = t};
    char why[200];

    t->same = false;
    if (runtime_load(json_object_to_json_string(plain), &o, &l.bytes, &l.len, why) !=
        RUNTIME_LOADED) {
        tap_note("libseccomp: %s", why);
    } else {
        if (compile_text(&t->compiled, "policy", t->text, machines[0].targets, t->caps) &&
            arena_run(&t->compiled.compile.arena, compare_loaded, &l) < 0)
            tap_note("out of memory");
        compiled_release(&t->compiled);
        free(l.bytes);
    }
    json_object_put(plain);
    json_object_put(profile);
    return t->same;
}

static void try_caps(struct tap *tap, struct trial *t, const char *title)
{
    bool same = true;

    for (size_t m = 0; m < ARRAY_SIZE(machines); m++) {
        t->machine = &machines[m];
        same &= run_trial(t);
    }
    tap_case(tap, same, "container-default, %s", title);
    if (strcmp(arch_native()->name, machines[0].native) != 0)
        tap_skip(tap, "as libseccomp makes it", "this machine is not an x86_64");
    else
        tap_case(tap, run_loaded(t, 1) && run_loaded(t, 2),
                 "container-default, %s, as libseccomp makes it, both modes", title);
}

static void try_container_default(struct tap *tap)
{
    CLEANUP_FREE char *text = read_policy("profiles/container-default.seccomp");
    CLEANUP_FREE char *json = text ? docker_profile(text, ALL_TARGETS, true) : NULL;
    static const char *const engines[] = {"podman", "docker"};
    struct trial t = {.text = text, .json = json, .seed = 1};

    if (!tap_case(tap, json != NULL, "container-default has a profile"))
        return;
    try_caps(tap, &t, "no capability");
    for (size_t i = 0; i < ARRAY_SIZE(asked_for); i++) {
        t.cap_count = 0;
        t.caps[t.cap_count++] = asked_for[i];
        try_caps(tap, &t, asked_for[i]);
    }
    t.cap_count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(asked_for); i++)
        t.caps[t.cap_count++] = asked_for[i];
    try_caps(tap, &t, "all capabilities");
    for (size_t e = 0; e < ARRAY_SIZE(engines); e++) {
        t.cap_count = 0;
        for (size_t i = 0; i < engine_cap_count; i++)
            if (!strcmp(engine_caps[i].engine, engines[e]) && t.cap_count < MAX_CAPS)
                t.caps[t.cap_count++] = engine_caps[i].cap;
        try_caps(tap, &t, engines[e]);
    }
}

/* --- random policies ---------------------------------------------------------------------------*/

static const char *const caps[] = {"CAP_A", "CAP_B", "CAP_C", "CAP_D"};
static const char *const archs[] = {"(ARCH_X86_64 || ARCH_X86 || ARCH_X32)",
                                    "(ARCH_AARCH64 || ARCH_ARM)"};

static void random_literal(struct rng *r, bool arch, struct strbuf *out)
{
    strbuf_puts(out, rng_below(r, 3) == 0 ? "!" : "");
    if (arch && rng_below(r, 3) == 0)
        strbuf_puts(out, archs[rng_below(r, ARRAY_SIZE(archs))]);
    else
        strbuf_puts(out, caps[rng_below(r, ARRAY_SIZE(caps))]);
}

static void random_condition(struct rng *r, bool arch, struct strbuf *out)
{
    random_literal(r, arch, out);
    while (rng_below(r, 4) == 0) {
        strbuf_puts(out, rng_below(r, 2) ? " && " : " || ");
        random_literal(r, arch, out);
    }
}

static void random_call(struct rng *r, struct strbuf *out)
{
    static const char *const calls[] = {"@read",  "@mount",    "@bpf",   "@close", "@arch_prctl",
                                        "@mknod", "@io_setup", "@fcntl", "@kill"};
    static const char *const args[] = {"@kill(sig == %u)",
                                       "@fcntl(cmd == %u)",
                                       "@prctl(option in 1..%u)",
                                       "@fcntl(cmd & 1 == %u & 1)",
                                       "$syscall in (@read, @kill) && $arg1 == %u",
                                       "@prctl(option == 22 || option == %u)"};

    if (rng_below(r, 2))
        strbuf_puts(out, calls[rng_below(r, ARRAY_SIZE(calls))]);
    else if (rng_below(r, 4) == 0)
        strbuf_puts(out, "%set");
    else {
        const char *form = args[rng_below(r, ARRAY_SIZE(args))], *number = strchr(form, '%');

        strbuf_printf(out, "%.*s%u%s", (int)(number - form), form, 2 + rng_below(r, 6), number + 2);
    }
}

static void random_rule(struct rng *r, struct strbuf *out)
{
    static const char *const actions[] = {"ALLOW()",      "LOG()",          "ERRNO(EINVAL)",
                                          "ERRNO(EPERM)", "KILL_PROCESS()", "ALLOW() \"a reason\""};

    random_call(r, out);
    if (rng_below(r, 6) == 0) { /* #if within a statement */
        strbuf_printf(out, "\n#ifdef %s\n || ", caps[rng_below(r, ARRAY_SIZE(caps))]);
        random_call(r, out);
        strbuf_puts(out, "\n#endif\n");
    }
    strbuf_printf(out, " => %s;\n", actions[rng_below(r, ARRAY_SIZE(actions))]);
}

static void random_rules(struct rng *r, unsigned depth, struct strbuf *out)
{
    for (unsigned n = 1 + rng_below(r, 3); n; n--) {
        if (depth == 0 || rng_below(r, 2)) {
            random_rule(r, out);
            continue;
        }
        strbuf_puts(out, "#if ");
        random_condition(r, true, out);
        strbuf_puts(out, "\n");
        random_rules(r, depth - 1, out);
        if (rng_below(r, 3) == 0) {
            strbuf_puts(out, "#elif ");
            random_condition(r, true, out);
            strbuf_puts(out, "\n");
            random_rules(r, depth - 1, out);
        }
        if (rng_below(r, 2)) {
            strbuf_puts(out, "#else\n");
            random_rules(r, depth - 1, out);
        }
        strbuf_puts(out, "#endif\n");
    }
}

static const char *random_policy(struct arena *a, uint64_t seed)
{
    struct rng r = {seed};
    struct strbuf out;

    strbuf_init(&out, a);
    strbuf_puts(&out, "set %set = (@mount, @umount2");
    if (rng_below(&r, 3) == 0) {
        strbuf_puts(&out, "\n#if ");
        random_condition(&r, false, &out);
        strbuf_puts(&out, "\n, @bpf, @read\n#endif\n");
    }
    strbuf_puts(&out, ");\n");
    random_rules(&r, 3, &out);
    strbuf_printf(&out, "default %s;\n", rng_below(&r, 3) ? "ERRNO(EPERM)" : "ALLOW()");
    return strbuf_text(&out);
}

/* Do all sets of capabilities give what the policy does? */
static bool try_sets(const char *text, const char *json, uint64_t seed)
{
    struct trial t = {.text = text, .json = json, .seed = seed};
    bool same = true;

    for (unsigned set = 0; set < 1u << ARRAY_SIZE(caps); set++) {
        t.cap_count = 0;
        for (size_t i = 0; i < ARRAY_SIZE(caps); i++)
            if (set & 1u << i)
                t.caps[t.cap_count++] = caps[i];
        for (size_t m = 0; m < ARRAY_SIZE(machines) && same; m++) {
            t.machine = &machines[m];
            same = run_trial(&t);
        }
    }
    if (!same) {
        tap_note_lines("", text);
        tap_note_lines("", json);
    }
    return same;
}

static void try_random(struct tap *tap, uint64_t seed, unsigned cases)
{
    unsigned same = 0, differ = 0, refused = 0;

    for (unsigned i = 0; i < cases; i++) {
        struct arena a;
        CLEANUP_FREE char *json = NULL;
        const char *text;

        arena_init(&a);
        text = random_policy(&a, seed + i);
        json = docker_profile(text, ALL_TARGETS, false);
        if (!json)
            refused++;
        else if (try_sets(text, json, seed + i))
            same++;
        else
            differ++;
        arena_release(&a);
    }
    tap_case(tap, differ == 0 && refused * 50 <= cases, "random policies: %u the same, %u refused",
             same, refused);
}

int main(void)
{
    unsigned cases = (unsigned)env_number("EASYSECCOMP_DOCKER_CASES", QUICK_CASES);
    uint64_t seed = getenv("EASYSECCOMP_SEED") ? rng_seed() : 1;
    struct tap tap = {0};

    try_container_default(&tap);
    try_random(&tap, seed, cases);
    return tap_end(&tap);
}
