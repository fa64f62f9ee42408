/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCI JSON as we read it against the filters that crun and runc make of it with the installed
 * libseccomp: the same for every call, of real profiles and of random ones. Of the random ones,
 * those with a warning json-order may differ, and are counted. The profiles are the same on every
 * run, unless asked for others: a fault of libseccomp's that nobody has met yet is to be found by
 * who looks for it.
 *
 *     EASYSECCOMP_SEED=N        other profiles
 *     EASYSECCOMP_OCI_CASES=N   how many of each kind, instead of a quick number
 *     EASYSECCOMP_OCI_VERBOSE=1 show those that were warned of and differ
 */
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

#include <string.h>

#define QUICK_CASES 150

/* --- random profiles ---------------------------------------------------------------------------*/

/* What a kind of profiles has. */
struct kind {
    const char *title;
    const char *archs;
    bool orders;   /* comparisons but equality */
    bool clashes;  /* different actions for one call */
    unsigned args; /* in an entry, at most */
};

static const struct kind kinds[] = {
    {"equality, one action a call", "\"SCMP_ARCH_X86_64\"", false, false, 3},
    {"equality, actions that clash", "\"SCMP_ARCH_X86_64\"", false, true, 3},
    {"one comparison each, one action a call", "\"SCMP_ARCH_X86_64\"", true, false, 1},
    {"all comparisons, actions that clash", "\"SCMP_ARCH_X86_64\"", true, true, 3},
    {"three architectures, equality", "\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"",
     false, true, 3},
    {"three architectures, all comparisons",
     "\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"", true, true, 3},
};

static const char *const names[] = {"read", "ioctl", "socket",       "prctl",  "clone",
                                    "bind", "mmap",  "no_such_call", "shmget", "sendmsg"};
static const char *const actions[] = {
    "\"SCMP_ACT_ALLOW\"",        "\"SCMP_ACT_LOG\"",
    "\"SCMP_ACT_KILL_PROCESS\"", "\"SCMP_ACT_ERRNO\", \"errnoRet\": 22",
    "\"SCMP_ACT_TRACE\"",        "\"SCMP_ACT_ERRNO\"",
};

static uint64_t random_value(struct rng *r)
{
    switch (rng_below(r, 6)) {
    case 0:
        return rng_next(r) >> rng_below(r, 64);
    case 1:
        return UINT64_C(1) << rng_below(r, 64);
    case 2:
        return UINT64_C(0x100000000) * rng_below(r, 3) + rng_below(r, 4);
    default:
        return rng_below(r, 8);
    }
}

static void random_arg(struct rng *r, const struct kind *kind, unsigned index, struct strbuf *out)
{
    static const char *const ops[] = {"MASKED_EQ", "EQ", "EQ", "NE", "LT", "LE", "GE", "GT"};
    const char *op = ops[rng_below(r, kind->orders ? ARRAY_SIZE(ops) : 3)];
    unsigned long long value = random_value(r), two = random_value(r);

    if (strcmp(op, "MASKED_EQ") == 0 && rng_below(r, 2))
        value = UINT64_MAX >> rng_below(r, 2) * 32;
    strbuf_printf(out,
                  "{\"index\": %u, \"value\": %llu, \"valueTwo\": %llu, \"op\": \"SCMP_CMP_%s\"}",
                  index, value, two, op);
}

static void random_entry(struct rng *r, const struct kind *kind, const unsigned action_of[],
                         struct strbuf *out)
{
    unsigned name = rng_below(r, ARRAY_SIZE(names)), args = rng_below(r, kind->args + 1), index = 0;
    unsigned action =
        kind->clashes && rng_below(r, 3) == 0 ? rng_below(r, ARRAY_SIZE(actions)) : action_of[name];

    strbuf_printf(out, "{\"names\": [\"%s\"], \"action\": %s", names[name], actions[action]);
    if (args == 0 && rng_below(r, 3))
        args = 1;
    if (args) {
        strbuf_puts(out, ", \"args\": [");
        for (unsigned i = 0; i < args; i++) {
            strbuf_puts(out, i ? ", " : "");
            index = rng_below(r, 8) == 0 ? index : (index + i + rng_below(r, 2)) % 6;
            random_arg(r, kind, index, out);
        }
        strbuf_puts(out, "]");
    }
    strbuf_puts(out, "}");
}

static void random_profile(struct rng *r, const struct kind *kind, struct strbuf *out)
{
    unsigned action_of[ARRAY_SIZE(names)], entries = 1 + rng_below(r, 10);

    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        action_of[i] = rng_below(r, ARRAY_SIZE(actions));
    strbuf_printf(out,
                  "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": %u,\n"
                  "\"architectures\": [%s],\n\"syscalls\": [\n",
                  rng_below(r, 2) ? 1 : 38, kind->archs);
    for (unsigned i = 0; i < entries; i++) {
        strbuf_puts(out, i ? ",\n" : "");
        random_entry(r, kind, action_of, out);
    }
    strbuf_puts(out, "]}\n");
}

/* --- one profile -------------------------------------------------------------------------------*/

enum outcome { SAME, UNSURE_SAME, UNSURE_DIFFERS, BOTH_REFUSE, WRONG, OUTCOME_COUNT };

struct trial {
    struct arena arena;
    const char *json;        /* what the runtime loads, and what we read ... */
    const char *profile;     /* ... unless it is this profile of podman's, */
    const char *const *caps; /* for a container with these */
    enum runtime runtime;
    int optimize;
    uint64_t seed;
    enum outcome outcome;
    struct strbuf report;
};

static bool has_warning(const struct diags *diags, enum diag_id id)
{
    for (size_t i = 0; i < diags->list.count; i++)
        if (diags->list.at[i]->id == id)
            return true;
    return false;
}

static const struct policy *read_profile(struct trial *t, struct diags *diags)
{
    struct oci_read_options o = {.as = t->runtime == RUNTIME_CRUN ? OCI_AS_CRUN : OCI_AS_RUNC,
                                 .caps = t->caps};
    const char *text = t->profile ? t->profile : t->json;
    const struct source *s = source_new(&t->arena, "profile", text, (uint32_t)strlen(text));
    const struct oci_spec *spec;

    while (t->caps && t->caps[o.cap_count])
        o.cap_count++;
    spec = oci_read(&t->arena, s, &o, diags);
    return spec ? oci_policy(&t->arena, spec, diags) : NULL;
}

static int try_profile(void *ctx)
{
    struct trial *t = ctx;
    struct runtime_options o = {.runtime = t->runtime, .optimize = t->optimize, .seconds = 20};
    struct calls_filter filter = {0};
    const struct policy *p;
    enum runtime_result result;
    unsigned char *bytes;
    struct diags diags;
    char why[200];
    bool unsure;
    size_t len;

    strbuf_init(&t->report, &t->arena);
    diags_init(&diags, &t->arena);
    p = read_profile(t, &diags);
    result = runtime_load(t->json, &o, &bytes, &len, why);
    unsure = has_warning(&diags, DIAG_JSON_ORDER);
    if (result != RUNTIME_LOADED) {
        strbuf_printf(&t->report, "libseccomp %s %s\n",
                      result == RUNTIME_LOOPED ? "loops" : "refuses", why);
        t->outcome = !p ? BOTH_REFUSE : unsure ? UNSURE_DIFFERS : WRONG;
    } else {
        program_from_bytes(&t->arena, bytes, len, false, &filter.program);
        free(bytes);
        for (size_t i = 0; t->runtime == RUNTIME_RUNC && p && i < p->target_count; i++)
            filter.enosys_above[i] = runtime_runc_stub(t->json, p->targets[i].arch->oci);
        if (p && calls_same(&t->arena, p, &filter, t->seed, &t->report))
            t->outcome = unsure ? UNSURE_SAME : SAME;
        else
            t->outcome = unsure ? UNSURE_DIFFERS : WRONG;
    }
    if (t->outcome == WRONG || t->outcome == UNSURE_DIFFERS) {
        diags_render_text(&diags, false, &t->report);
        strbuf_puts(&t->report, t->json);
    }
    return 0;
}

static enum outcome run_trial(struct trial *t)
{
    bool verbose = getenv("EASYSECCOMP_OCI_VERBOSE");

    arena_init(&t->arena);
    t->outcome = WRONG;
    if (arena_run(&t->arena, try_profile, t))
        t->outcome = WRONG;
    if (t->outcome == WRONG || (verbose && t->outcome == UNSURE_DIFFERS)) {
        tap_note("seed %llu, %s, mode %d, outcome %d:", (unsigned long long)t->seed,
                 t->runtime == RUNTIME_CRUN ? "crun" : "runc", t->optimize, t->outcome);
        tap_note_lines("", strbuf_text(&t->report));
    }
    arena_release(&t->arena);
    return t->outcome;
}

static void try_kind(struct tap *tap, const struct kind *kind, uint64_t seed, unsigned cases)
{
    unsigned outcomes[OUTCOME_COUNT] = {0};

    for (unsigned i = 0; i < cases; i++) {
        struct rng r = {seed + i};
        struct arena arena;
        struct strbuf json;
        struct trial t = {.runtime = i % 2 ? RUNTIME_RUNC : RUNTIME_CRUN,
                          .optimize = 1 + (i / 2) % 2,
                          .seed = seed + i};

        arena_init(&arena);
        strbuf_init(&json, &arena);
        random_profile(&r, kind, &json);
        t.json = json.text;
        outcomes[run_trial(&t)]++;
        arena_release(&arena);
    }
    tap_case(tap, outcomes[WRONG] == 0,
             "%s: %u the same, %u refused by both; warned of: %u the same, %u not", kind->title,
             outcomes[SAME], outcomes[BOTH_REFUSE], outcomes[UNSURE_SAME],
             outcomes[UNSURE_DIFFERS]);
}

/* --- real profiles -----------------------------------------------------------------------------*/

/* A profile of podman's for a container with some capabilities. */
static void try_podman(struct tap *tap, const char *name, const char *text, const char *const *caps,
                       const char *whose)
{
    struct json_object *profile = json_tokener_parse(text);
    struct podman_context context = {arch_native(), caps};
    struct json_object *plain = podman_resolve(profile, &context);
    bool same = true;

    for (int i = 0; i < 2; i++) {
        struct trial t = {.json = json_object_to_json_string(plain),
                          .profile = text,
                          .caps = caps,
                          .runtime = i ? RUNTIME_RUNC : RUNTIME_CRUN,
                          .optimize = 1 + i};

        same &= run_trial(&t) == SAME;
    }
    tap_case(tap, same, "%s with %s: the same for all calls", name, whose);
    json_object_put(plain);
    json_object_put(profile);
}

/* Lists capabilities of an engine's, ended by NULL. */
static void engine_list(const char *engine, const char **caps)
{
    for (size_t i = 0; i < engine_cap_count; i++)
        if (strcmp(engine_caps[i].engine, engine) == 0)
            *caps++ = engine_caps[i].cap;
    *caps = NULL;
}

static void try_file(struct tap *tap, const char *name, bool podman)
{
    static const char *const all[] = {"CAP_SYS_ADMIN",
                                      "CAP_SYS_BOOT",
                                      "CAP_SYS_CHROOT",
                                      "CAP_SYS_MODULE",
                                      "CAP_SYS_PACCT",
                                      "CAP_SYS_PTRACE",
                                      "CAP_SYS_RAWIO",
                                      "CAP_SYS_TIME",
                                      "CAP_SYS_NICE",
                                      "CAP_BPF",
                                      "CAP_PERFMON",
                                      "CAP_SYS_TTY_CONFIG",
                                      "CAP_SYSLOG",
                                      "CAP_AUDIT_WRITE",
                                      "CAP_DAC_READ_SEARCH",
                                      "CAP_AUDIT_CONTROL",
                                      NULL};
    const char *caps[64];
    const char *top = getenv("top_srcdir");
    char path[4096];
    struct error err;
    size_t len;
    CLEANUP_FREE char *text = NULL;
    bool same = true;

    snprintf(path, sizeof(path), "%s/tests/data/%s", top ? top : ".", name);
    if (read_file(path, 1 << 24, &text, &len, &err)) {
        tap_case(tap, false, "%s: %s", name, err.text);
        return;
    }
    if (podman) {
        engine_list("podman", caps);
        try_podman(tap, name, text, caps, "podman's capabilities");
        engine_list("docker", caps);
        try_podman(tap, name, text, caps, "docker's capabilities");
        engine_list("none", caps);
        try_podman(tap, name, text, caps, "no capabilities");
        try_podman(tap, name, text, all, "all capabilities");
        return;
    }
    for (int i = 0; i < 4; i++) {
        struct trial t = {.json = text,
                          .runtime = i % 2 ? RUNTIME_RUNC : RUNTIME_CRUN,
                          .optimize = 1 + i / 2,
                          .seed = (uint64_t)i};

        same &= run_trial(&t) == SAME;
    }
    tap_case(tap, same, "%s: the same for all calls", name);
}

/* Faults of libseccomp's that were met: what is not as the entries say is warned of. */
static const struct known {
    const char *title, *json;
} known[] = {
    {"two calls that end in the same comparison",
     "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86\"], "
     "\"syscalls\": ["
     "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
     "{\"index\": 0, \"value\": 5, \"op\": \"SCMP_CMP_EQ\"},"
     "{\"index\": 2, \"value\": 3, \"op\": \"SCMP_CMP_EQ\"}]},"
     "{\"names\": [\"sendmsg\"], \"action\": \"SCMP_ACT_LOG\", \"args\": ["
     "{\"index\": 0, \"value\": 2, \"op\": \"SCMP_CMP_EQ\"}]},"
     "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
     "{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}]}]}"},
    {"equality behind a lower argument, and its contrary",
     "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86_64\"], "
     "\"syscalls\": ["
     "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_LOG\", \"args\": ["
     "{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"},"
     "{\"index\": 4, \"value\": 47, \"op\": \"SCMP_CMP_EQ\"}]},"
     "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_LOG\", \"args\": ["
     "{\"index\": 4, \"value\": 47, \"op\": \"SCMP_CMP_NE\"}]}]}"},
    {"comparisons by order with other high halves",
     "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86_64\"], "
     "\"syscalls\": ["
     "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_LOG\", \"args\": ["
     "{\"index\": 0, \"value\": 0, \"op\": \"SCMP_CMP_LT\"}]},"
     "{\"names\": [\"socket\"], \"action\": \"SCMP_ACT_LOG\", \"args\": ["
     "{\"index\": 0, \"value\": 678854763730847466, \"op\": \"SCMP_CMP_GE\"}]}]}"},
};

static void try_known(struct tap *tap, const struct known *k)
{
    bool differs = false, fine = true;

    for (int optimize = 1; optimize <= 2; optimize++) {
        struct trial t = {.json = k->json, .optimize = optimize, .seed = 1};
        enum outcome outcome = run_trial(&t);

        differs |= outcome == UNSURE_DIFFERS;
        fine &= outcome != WRONG;
    }
    tap_case(tap, fine && differs, "%s: differs, and is warned of", k->title);
}

int main(void)
{
    uint64_t seed = getenv("EASYSECCOMP_SEED") ? rng_seed() : 1;
    unsigned cases = (unsigned)env_number("EASYSECCOMP_OCI_CASES", QUICK_CASES);
    struct tap tap = {0};

    try_file(&tap, "container-default.x86_64.json", false);
    try_file(&tap, "container-default.3arch.json", false);
    try_file(&tap, "container-default.debian12.json", true);
    for (size_t i = 0; i < ARRAY_SIZE(known); i++)
        try_known(&tap, &known[i]);
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        try_kind(&tap, &kinds[i], seed, cases);
    return tap_end(&tap);
}
