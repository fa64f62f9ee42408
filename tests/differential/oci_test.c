/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policies to OCI JSON to filters, as crun and runc make them with the installed
 * libseccomp in both its modes: the filter decides every call as the policy does, or the policy
 * was refused with json-cannot-say.
 *
 *     EASYSECCOMP_SEED=N        other policies than the usual ones
 *     EASYSECCOMP_OCI_CASES=N   how many policies of each kind, instead of a quick number
 *     EASYSECCOMP_OCI_VERBOSE=1 show those that were refused, and the JSON
 *     EASYSECCOMP_OCI_WRITE=DIR write those that were not to DIR, a file each
 */
#include "tests/differential/oci_calls.h"
#include "tests/differential/oci_runtime.h"
#include "tests/lib/env.h"
#include "tests/lib/rng.h"
#include "tests/lib/tap.h"

#include "base/diag_render.h"
#include "compiler/emit/oci.h"
#include "compiler/front/parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define QUICK_CASES 75
#define FULL_CASES  1000

/* --- random policies ---------------------------------------------------------------------------*/

static const char *pick(struct rng *r, const char *const *list, unsigned count)
{
    return list[rng_below(r, count)];
}
#define PICK(r, list) pick(r, list, ARRAY_SIZE(list))

struct kind {
    const char *archs; /* as declared */
    bool wide;         /* values over 32 bits: not with 32-bit architectures */
    const char *const *names;
    size_t name_count;
};

static const char *const plain_names[] = {
    "read",  "write", "ioctl",      "prctl",     "fcntl",  "clone",  "personality",  "kill",
    "futex", "mmap",  "mprotect",   "lseek",     "openat", "close",  "ptrace",       "getpriority",
    "dup3",  "pipe2", "epoll_wait", "fallocate", "splice", "tgkill", "rt_sigaction", "execve"};
static const char *const socket_names[] = {"read",    "socket", "ioctl", "accept4", "shmget",
                                           "sendmsg", "semctl", "prctl", "bind",    "mmap"};
static const struct kind kinds[] = {
    {"x86_64", true, socket_names, ARRAY_SIZE(socket_names)},
    {"x86_64", true, plain_names, ARRAY_SIZE(plain_names)},
    {"x86_64, x86, x32", false, plain_names, ARRAY_SIZE(plain_names)},
};

static const char *const actions[] = {"ALLOW()",        "ALLOW()",       "ERRNO(1)", "ERRNO(38)",
                                      "KILL_PROCESS()", "KILL_THREAD()", "LOG()",    "TRACE(7)",
                                      "TRAP()",         "NOTIFY()",      "ERRNO(0)"};

/* Small numbers and bit patterns mostly, as in policies that people write. */
static uint64_t random_value(struct rng *r, bool wide)
{
    uint64_t v;

    switch (rng_below(r, 8)) {
    case 0:
        v = UINT64_C(1) << rng_below(r, wide ? 64 : 32);
        break;
    case 1:
        v = (UINT64_C(1) << rng_below(r, wide ? 63 : 32)) - 1;
        break;
    case 2:
        v = rng_next(r);
        break;
    case 3:
        v = rng_below(r, 0x10000) * 0x1000;
        break;
    default:
        v = rng_below(r, 64);
    }
    return wide ? v : (uint32_t)v;
}

static bool is_wide(struct rng *r, const struct kind *kind, const struct syscall_arg *arg)
{
    return arg->bits == 64 && kind->wide && rng_below(r, 4) == 0;
}

/* umode_t, and on x86 users and groups. */
static bool is_short(const struct syscall_info *s, unsigned arg)
{
    const struct signature usual = syscall_signature(s, NULL);
    const struct signature on_x86 = syscall_signature(s, &arch_table[ARCH_X86]);

    return usual.args[arg].bits < 32 || (arg < on_x86.count && on_x86.args[arg].bits < 32);
}

/* One comparison of an argument. Equality is the most frequent, as in policies that people write;
 * the others are the harder the more of them a rule has, and so are drawn less for long ones. */
static void random_term(struct rng *r, const struct kind *kind, const struct syscall_info *s,
                        unsigned terms, struct strbuf *out)
{
    static const char *const ops[] = {"==", "!=", "<", "<=", ">", ">="};
    const struct signature usual = syscall_signature(s, NULL);
    unsigned n = rng_below(r, usual.count), form = rng_below(r, terms == 1 ? 10 : 10 + 10 * terms);
    bool wide = is_wide(r, kind, &usual.args[n]);
    uint64_t a = random_value(r, wide), b = random_value(r, wide);
    unsigned long long low = a < b ? a : b, high = a < b ? b : a;

    if (is_short(s, n)) {
        low &= 0xfff;
        high &= 0xfff;
        a = b = low;
        high |= low;
    }
    switch (form) {
    case 0:
        strbuf_printf(out, "$arg%u in %llu..%llu", n, low, high);
        break;
    case 1:
        strbuf_printf(out, "$arg%u not in (%llu, %llu, %llu..%llu)", n, low, high, high, high | 7);
        break;
    case 2:
    case 3:
        strbuf_printf(out, "$arg%u & %llu %s %llu", n, low | 1, PICK(r, ops), low & b);
        break;
    case 4:
    case 5:
        strbuf_printf(out, "$arg%u %s %llu", n, PICK(r, ops), (unsigned long long)a);
        break;
    case 6:
    case 7:
        strbuf_printf(out, "$arg%u & %llu == %llu", n, low | 1, low & b);
        break;
    case 8:
        strbuf_printf(out, "$arg%u in (%llu, %llu, %llu..%llu)", n, low, high, high, high | 7);
        break;
    default:
        strbuf_printf(out, "$arg%u == %llu", n, (unsigned long long)a);
    }
}

static void random_condition(struct rng *r, const struct kind *kind, const struct syscall_info *s,
                             struct strbuf *out)
{
    unsigned terms = 1 + rng_below(r, 4);

    strbuf_puts(out, rng_below(r, 8) == 0 ? "!((" : "((");
    for (unsigned i = 0; i < terms; i++) {
        if (i)
            strbuf_puts(out, rng_below(r, 6) == 0 ? ") || (" : " && ");
        random_term(r, kind, s, terms, out);
    }
    strbuf_puts(out, "))");
}

static void random_policy(struct rng *r, const struct kind *kind, struct strbuf *out)
{
    unsigned rules = 1 + rng_below(r, 8);

    strbuf_printf(out, "arch (%s);\n", kind->archs);
    for (unsigned i = 0; i < rules; i++) {
        const char *name = kind->names[rng_below(r, (unsigned)kind->name_count)];
        const struct syscall_info *s = syscall_by_name(name, strlen(name));

        strbuf_printf(out, "@%s", name);
        if (rng_below(r, 4) && syscall_signature(s, NULL).count) {
            strbuf_puts(out, " && ");
            random_condition(r, kind, s, out);
        } else if (rng_below(r, 3) == 0) {
            strbuf_printf(out, " || @%s", kind->names[rng_below(r, (unsigned)kind->name_count)]);
        }
        strbuf_printf(out, " => %s;\n", PICK(r, actions));
    }
    if (rng_below(r, 8) == 0)
        strbuf_puts(out, "unknown ERRNO(ENOSYS);\n");
    do {
        rules = rng_below(r, ARRAY_SIZE(actions));
    } while (strcmp(actions[rules], "NOTIFY()") == 0);
    strbuf_printf(out, "default %s;\n", actions[rules]);
}

/* --- one policy --------------------------------------------------------------------------------*/

enum outcome { SAME, DIFFERS, REFUSED, LOOPED, FAULT, OUTCOME_COUNT };

struct trial {
    struct arena arena;
    struct rng *random;
    const struct kind *kind;
    unsigned number;
    enum outcome outcome;
    uint32_t instructions;
    struct strbuf report;
};

static const struct policy *resolve(struct trial *t, const char *text, struct diags *diags)
{
    struct syscall_fallback fallback = {0};
    struct parse_options parse = {0};
    struct resolve_options options = {0};
    const struct source *s = source_new(&t->arena, "random", text, (uint32_t)strlen(text));
    const struct policy *p = resolve_policy(&t->arena, parse_policy(&t->arena, s, &parse, diags),
                                            &options, &fallback, diags);

    syscall_fallback_release(&fallback);
    return diags->errors ? NULL : p;
}

static void compare_loaded(struct trial *t, const struct policy *p, const char *json,
                           enum runtime runtime, int optimize)
{
    struct runtime_options o = {.runtime = runtime, .optimize = optimize, .seconds = 60};
    struct calls_filter filter = {0};
    unsigned char *bytes;
    char why[200];
    size_t len;

    switch (runtime_load(json, &o, &bytes, &len, why)) {
    case RUNTIME_LOADED:
        break;
    case RUNTIME_REFUSED:
        t->outcome = FAULT;
        strbuf_printf(&t->report, "libseccomp refuses the profile: %s\n", why);
        return;
    case RUNTIME_LOOPED:
        t->outcome = LOOPED;
        strbuf_printf(&t->report, "libseccomp loops\n");
        return;
    }
    program_from_bytes(&t->arena, bytes, len, false, &filter.program);
    free(bytes);
    for (size_t i = 0; runtime == RUNTIME_RUNC && i < p->target_count; i++)
        filter.enosys_above[i] = runtime_runc_stub(json, p->targets[i].arch->oci);
    t->instructions = filter.program.count;
    if (filter.program.count > BPF_MAXINSNS) {
        t->outcome = FAULT;
        strbuf_printf(&t->report, "%u instructions\n", filter.program.count);
    } else if (!calls_same(&t->arena, p, &filter, rng_next(t->random), &t->report)) {
        t->outcome = DIFFERS;
    }
}

/* Every error is json-cannot-say? */
static bool was_refused(const struct diags *diags)
{
    for (size_t i = 0; i < diags->list.count; i++)
        if (diags->list.at[i]->severity == SEVERITY_ERROR &&
            diags->list.at[i]->id != DIAG_JSON_CANNOT_SAY)
            return false;
    return diags->errors > 0;
}

static void write_policy(const struct trial *t, const char *text)
{
    const char *dir = getenv("EASYSECCOMP_OCI_WRITE");
    char path[4096];
    FILE *file;

    if (!dir)
        return;
    snprintf(path, sizeof(path), "%s/%td-%u.seccomp", dir, t->kind - kinds, t->number);
    file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

static int try_policy(void *ctx)
{
    struct trial *t = ctx;
    struct strbuf text, json;
    struct diags diags;
    const struct policy *p;
    struct oci_options options = {0};

    strbuf_init(&text, &t->arena);
    strbuf_init(&json, &t->arena);
    strbuf_init(&t->report, &t->arena);
    diags_init(&diags, &t->arena);
    random_policy(t->random, t->kind, &text);
    p = resolve(t, text.text, &diags);
    if (!p) {
        t->outcome = FAULT;
    } else if (emit_oci(&t->arena, p, &options, &json, &diags)) {
        t->outcome = was_refused(&diags) ? REFUSED : FAULT;
    } else {
        t->outcome = SAME;
        for (int optimize = 1; optimize <= 2 && t->outcome == SAME; optimize++)
            compare_loaded(t, p, json.text, RUNTIME_CRUN, optimize);
        if (t->outcome == SAME)
            compare_loaded(t, p, json.text, RUNTIME_RUNC, 1);
    }
    if (t->outcome == SAME) {
        write_policy(t, text.text);
    } else {
        diags_render_text(&diags, false, &t->report);
        strbuf_puts(&t->report, text.text);
        if (getenv("EASYSECCOMP_OCI_VERBOSE"))
            strbuf_puts(&t->report, strbuf_text(&json));
    }
    return 0;
}

/* Fewer than 3 in 100, and with few cases as many more as chance makes: three deviations. */
static unsigned most_refused(unsigned cases)
{
    double mean = 0.03 * cases;
    unsigned most = (unsigned)mean;

    if (cases >= FULL_CASES)
        return most == mean ? most - 1 : most;
    return (unsigned)(mean + 3 * sqrt(mean * 0.97));
}

static void try_kind(struct tap *tap, const struct kind *kind, uint64_t seed, unsigned cases)
{
    unsigned outcomes[OUTCOME_COUNT] = {0};
    const char *verbose = getenv("EASYSECCOMP_OCI_VERBOSE");

    for (unsigned i = 0; i < cases; i++) {
        struct rng random = {seed + i};
        struct trial t = {.random = &random, .kind = kind, .number = i, .outcome = FAULT};
        bool bad;

        arena_init(&t.arena);
        if (arena_run(&t.arena, try_policy, &t))
            t.outcome = FAULT;
        outcomes[t.outcome]++;
        bad = t.outcome != SAME && t.outcome != REFUSED;
        if (bad || (verbose && t.outcome == REFUSED)) {
            tap_note("seed %llu, %s:", (unsigned long long)(seed + i), kind->archs);
            tap_note_lines("", strbuf_text(&t.report));
        }
        arena_release(&t.arena);
    }
    tap_case(tap, outcomes[DIFFERS] + outcomes[LOOPED] + outcomes[FAULT] == 0,
             "%u random policies for %s: %u same, %u refused", cases, kind->archs, outcomes[SAME],
             outcomes[REFUSED]);
    tap_case(tap, outcomes[REFUSED] <= most_refused(cases),
             "no more than %u for %s are refused: fewer than 3 in 100", most_refused(cases),
             kind->archs);
}

int main(void)
{
    uint64_t seed = getenv("EASYSECCOMP_SEED") ? rng_seed() : 1;
    unsigned cases = (unsigned)env_number("EASYSECCOMP_OCI_CASES", QUICK_CASES);
    struct tap tap = {0};

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        try_kind(&tap, &kinds[i], seed, cases);
    return tap_end(&tap);
}
