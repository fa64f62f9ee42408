/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies and what the compiler makes of them: proved the same, for random policies and for those
 * of profiles/ and examples/, at every level of tuning. And the other way round: programs with one
 * thing changed are proved to differ, or else decide the calls that tell as before.
 *
 * EASYSECCOMP_SEED repeats a run; EASYSECCOMP_POLICIES is the number of random policies (default
 * 15), EASYSECCOMP_MAX_RULES bounds their size (default 60).
 */
#include "base/io.h"
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/run.h"
#include "compiler/driver.h"
#include "compiler/prove/prove.h"
#include "compiler/prove/report.h"
#include "tests/lib/env.h"
#include "tests/lib/tap.h"
#include "tests/property/random_policy.h"
#include "tests/unit/cbpf_testlib.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT          600
#define MUTATIONS_EACH 4
#define LAST_NUMBER    600

static const enum tuning_level levels[] = {TUNE_NONE, TUNE_DEFAULT, TUNE_SIZE};
#define LEVEL_COUNT ARRAY_SIZE(levels)

struct test {
    struct tap tap;
    struct rng rng;
    uint64_t seed;
    unsigned differ, same; /* mutations */
};

/* One text, compiled at all levels. */
struct trial {
    struct test *test;
    struct arena arena;
    const struct model *model; /* NULL: not a random one */
    const char *name, *text;
    struct compile compiles[LEVEL_COUNT];
    bool compiled;
    struct strbuf report;
};

/* --- proofs -----------------------------------------------------------------------------------*/

static bool big_endian(const struct trial *t)
{
    return t->compiles[0].policy->targets[0].arch->big_endian;
}

static struct subject program_of(struct trial *t, unsigned level)
{
    struct subject s = {.program = t->compiles[level].filter->layout.program,
                        .big_endian = big_endian(t)};

    subject_init(&t->arena, &s);
    return s;
}

static enum verdict_of_proof compare(struct trial *t, const struct subject *x,
                                     const struct subject *y)
{
    struct domain domain = {.first_only = true};
    struct terms terms;
    struct proof proof;

    terms_init(&terms, LIMIT);
    prove(&t->arena, &terms, x, y, RELATION_SAME, &domain, &proof);
    terms_release(&terms);
    report_text(&t->arena, &proof, &t->report);
    if (proof.reason)
        strbuf_printf(&t->report, "%s\n", proof.reason);
    return proof.verdict;
}

static bool proves_all(struct trial *t)
{
    struct subject policy = {.policy = t->compiles[0].policy}, first = program_of(t, 0);

    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        struct subject program = program_of(t, i);

        if (compare(t, &policy, &program) != PROOF_HOLDS ||
            (i && compare(t, &first, &program) != PROOF_HOLDS)) {
            strbuf_printf(&t->report, "at level %u\n", i);
            return false;
        }
    }
    return true;
}

/* --- mutations --------------------------------------------------------------------------------*/

static bool same_at(const struct subject *x, const struct subject *y, struct rng *rng,
                    const struct model *m, const struct arch *arch)
{
    for (uint32_t nr = 0; nr <= LAST_NUMBER; nr++)
        for (unsigned i = 0; i < 4; i++) {
            struct seccomp_data call = model_call(m, rng, arch->audit, arch->nr_base + nr);

            if (subject_effect(x, &call) != subject_effect(y, &call))
                return false;
        }
    return true;
}

/* A mutant that is proved the same must be so where it can be told; one that is proved to differ
 * was run by the prover already. */
static bool judge_mutant(struct trial *t, const struct subject *x, const struct subject *y)
{
    bool same = true;

    switch (compare(t, x, y)) {
    case PROOF_FAILS:
        t->test->differ++;
        t->report.len = 0;
        return true;
    case PROOF_HOLDS:
        for (size_t i = 0; i < t->model->target_count; i++)
            same &= same_at(x, y, &t->test->rng, t->model, t->model->targets[i]);
        t->test->same++;
        if (!same)
            strbuf_puts(&t->report, "a mutant differs that was proved the same\n");
        return same;
    case PROOF_UNKNOWN:
    case PROOF_FAULT:
        break;
    }
    return false;
}

static bool judges_mutants(struct trial *t)
{
    struct subject original = program_of(t, 1);
    bool ok = true;

    for (unsigned i = 0; i < MUTATIONS_EACH && ok; i++) {
        struct subject mutant = {.big_endian = big_endian(t)};
        struct error err;
        uint32_t at;

        do {
            mutant.program.count = original.program.count;
            mutant.program.code =
                arena_copy(&t->arena, original.program.code,
                           original.program.count * sizeof(*original.program.code));
            mutate_program(&t->test->rng, &mutant.program);
        } while (check_program(&mutant.program, &at, &err) < 0);
        subject_init(&t->arena, &mutant);
        ok = judge_mutant(t, &original, &mutant);
    }
    return ok;
}

/* --- trials -----------------------------------------------------------------------------------*/

static bool compile_all(struct trial *t)
{
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        struct compile *c = &t->compiles[i];

        if (compile_parse(c, t->name, t->text, strlen(t->text)) < 0 || compile_resolve(c) < 0 ||
            compile_filter(c) < 0)
            return false;
    }
    return true;
}

static int run_trial(void *ctx)
{
    struct trial *t = ctx;

    strbuf_init(&t->report, &t->arena);
    t->compiled = compile_all(t);
    if (!t->compiled)
        return 0;
    return proves_all(t) && (!t->model || judges_mutants(t)) ? 0 : -1;
}

/* 0: it holds; else not. */
static int try_text(struct trial *t)
{
    int ret;

    for (unsigned i = 0; i < LEVEL_COUNT; i++)
        compile_init(&t->compiles[i], &(struct compile_options){.tuning.level = levels[i]});
    ret = arena_run(&t->arena, run_trial, t);
    for (unsigned i = 0; i < LEVEL_COUNT; i++)
        compile_release(&t->compiles[i]);
    return ret;
}

static void note_lines(const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        tap_note("%.*s", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

struct making {
    struct trial *trial;
    uint64_t seed;
    unsigned rules;
};

static int make_model(void *ctx)
{
    const struct making *m = ctx;

    m->trial->model = model_new(&m->trial->arena, m->seed, m->rules);
    m->trial->text = m->trial->model->text;
    return 0;
}

/* Too large ones do not compile, which is no fault of theirs. */
static bool try_random(struct test *test, uint64_t seed, unsigned rules, unsigned *compiled)
{
    struct trial t = {.test = test, .name = "random"};
    struct making m = {&t, seed, seed % 8 ? rules / 10 + 1 : rules};
    bool ok;

    arena_init(&t.arena);
    ok = arena_run(&t.arena, make_model, &m) == 0 && try_text(&t) == 0;
    *compiled += t.compiled;
    if (!ok) {
        tap_note("policy of seed %" PRIu64 ":", seed);
        note_lines(t.text);
        note_lines(strbuf_text(&t.report));
    }
    arena_release(&t.arena);
    return ok;
}

static void test_random(struct test *test)
{
    unsigned policies = (unsigned)env_number("EASYSECCOMP_POLICIES", 15);
    unsigned rules = (unsigned)env_number("EASYSECCOMP_MAX_RULES", 60), compiled = 0, i;
    bool ok = true;

    for (i = 0; i < policies && ok; i++)
        ok = try_random(test, test->seed + i, rules, &compiled);
    tap_case(&test->tap, ok, "%u random policies, %u of which compile, are what they compile to", i,
             compiled);
    tap_case(&test->tap, compiled * 10 > i * 9, "most of them compile");
    tap_case(&test->tap, test->differ > test->same,
             "of their mutants %u differ, and %u are the same", test->differ, test->same);
}

static void test_file(struct test *test, const char *directory, const char *file)
{
    struct trial t = {.test = test};
    char path[4096];
    char *text = NULL;
    struct error err;
    size_t len;
    int ret = -1;

    snprintf(path, sizeof(path), "%s/%s/%s", getenv("top_srcdir"), directory, file);
    t.name = path;
    arena_init(&t.arena);
    if (read_file(path, COMPILE_MAX_SOURCE, &text, &len, &err) == 0) {
        t.text = text;
        ret = try_text(&t);
    }
    tap_case(&test->tap, ret == 0 && t.compiled, "%s/%s", directory, file);
    if (ret < 0)
        note_lines(strbuf_text(&t.report));
    arena_release(&t.arena);
    free(text);
}

static int is_policy(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && !strcmp(dot, ".seccomp");
}

static void test_directory(struct test *test, const char *directory)
{
    struct dirent **files = NULL;
    char path[4096];
    int count;

    snprintf(path, sizeof(path), "%s/%s", getenv("top_srcdir"), directory);
    count = scandir(path, &files, is_policy, alphasort);
    tap_case(&test->tap, count > 0, "%s has policies", directory);
    for (int i = 0; i < count; i++) {
        test_file(test, directory, files[i]->d_name);
        free(files[i]);
    }
    free(files);
}

int main(void)
{
    struct test test = {.seed = rng_seed()};

    test.rng.state = test.seed;
    test_directory(&test, "profiles");
    test_directory(&test, "examples");
    test_random(&test);
    return tap_end(&test.tap);
}
