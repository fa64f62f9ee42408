/* SPDX-License-Identifier: Apache-2.0 */
/* One policy through every way to a filter: sizes, executed instructions, times. */
#include "tests/bench/bench.h"

#include "compiler/cbpf/run.h"
#include "compiler/front/engine_caps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUILDS 30

/* A way to a filter. */
struct way {
    const char *name;
    struct tuning tuning;
    bool json;           /* ours, from the JSON */
    unsigned libseccomp; /* 0: ours; else its mode */
};

struct result {
    const struct way *way;
    struct program program;
    double trace_mean, run_mean;
    uint32_t worst;
    unsigned answered;
    uint64_t build_samples[BUILDS], build_ns;
    struct kernel_times kernel;
};

/* --- building --------------------------------------------------------------------------------- */

size_t container_caps(struct define defines[static MAX_CAPS])
{
    size_t count = 0;

    for (size_t i = 0; i < engine_cap_count && count < MAX_CAPS; i++)
        if (!strcmp(engine_caps[i].engine, "podman"))
            defines[count++] = (struct define){engine_caps[i].cap, 1};
    return count;
}

bool build_ours(const struct subject *s, bool json, const struct tuning *t, struct program *out)
{
    const char *text = json ? s->json : s->policy;
    struct define defines[MAX_CAPS];
    struct compile_options o = {
        .targets = s->archs, .target_count = s->arch_count, .tuning = *t, .defines = defines};
    struct compile c;
    bool done;

    o.define_count = container_caps(defines);
    compile_init(&c, &o);
    done = compile_parse(&c, "policy", text, strlen(text)) == 0 && compile_resolve(&c) == 0 &&
           compile_filter(&c) == 0;
    if (done && out) {
        const struct program *p = &c.filter->layout.program;

        out->count = p->count;
        out->code = malloc(p->count * sizeof(*p->code));
        memcpy(out->code, p->code, p->count * sizeof(*p->code));
    }
    compile_release(&c);
    return done;
}

static void build(const struct subject *s, struct result *r, size_t round)
{
    uint64_t begin;
    bool done;

    free(r->program.code);
    r->program.code = NULL;
    begin = now_ns();
    done = r->way->libseccomp ? libseccomp_build(s->json, r->way->libseccomp, &r->program)
                              : build_ours(s, r->way->json, &r->way->tuning, &r->program);
    r->build_samples[round] = now_ns() - begin;
    if (!done) {
        fprintf(stderr, "bench: '%s' is not built\n", r->way->name);
        exit(EXIT_FAILURE);
    }
}

/* All ways in turn, beginning elsewhere in each round, so that noise is noise for all. */
static void build_all(const struct subject *s, struct result *results, size_t count)
{
    for (size_t round = 0; round < BUILDS; round++)
        for (size_t i = 0; i < count; i++)
            build(s, &results[(round + i) % count], round);
    for (size_t i = 0; i < count; i++)
        results[i].build_ns = median(results[i].build_samples, BUILDS);
}

/* --- counting --------------------------------------------------------------------------------- */

static void count_trace(const struct trace *t, struct result *r)
{
    double all = 0, run = 0, all_calls = 0, run_calls = 0;

    for (size_t i = 0; i < t->count; i++) {
        double count = (double)t->calls[i].count;
        double executed = run_program(&r->program, &t->data[i], false).executed;

        all += count * executed;
        all_calls += count;
        if (const_allow(&r->program, t->data[i].arch, t->calls[i].nr))
            continue;
        run += count * executed;
        run_calls += count;
    }
    r->trace_mean = all / all_calls;
    r->run_mean = run_calls > 0 ? run / run_calls : 0;
}

/* Arguments that make a difference: what the program compares with, and what is beside it. */
struct values {
    uint64_t at[4096];
    size_t count;
};

static void add_value(struct values *v, uint64_t value)
{
    for (size_t i = 0; i < v->count; i++)
        if (v->at[i] == value)
            return;
    if (v->count < ARRAY_SIZE(v->at))
        v->at[v->count++] = value;
}

static void collect_values(const struct program *p, struct values *v)
{
    enum word word = WORD_COUNT;

    add_value(v, 0);
    add_value(v, UINT32_MAX);
    add_value(v, UINT64_MAX);
    for (uint32_t i = 0; i < p->count; i++) {
        const struct sock_filter *in = &p->code[i];

        if (in->code == (BPF_LD | BPF_W | BPF_ABS))
            word = word_at(in->k, false);
        else if (BPF_CLASS(in->code) == BPF_JMP && BPF_OP(in->code) != BPF_JA && word != WORD_NR &&
                 word != WORD_ARCH)
            for (uint32_t d = 0; d < 3; d++) {
                add_value(v, in->k + d - 1);
                add_value(v, (uint64_t)in->k << 32);
            }
    }
}

/* The most for a number, by changing one argument at a time as long as that costs more. */
static uint32_t worst_of(const struct program *p, const struct values *v, struct seccomp_data d)
{
    uint32_t worst = run_program(p, &d, false).executed, before;

    do {
        before = worst;
        for (size_t arg = 0; arg < 6; arg++)
            for (size_t i = 0; i < v->count; i++) {
                uint64_t kept = d.args[arg];
                uint32_t executed;

                d.args[arg] = v->at[i];
                executed = run_program(p, &d, false).executed;
                if (executed > worst)
                    worst = executed;
                else
                    d.args[arg] = kept;
            }
    } while (worst > before);
    return worst;
}

static void count_numbers(const struct subject *s, struct result *r)
{
    static struct values v;

    v.count = 0;
    collect_values(&r->program, &v);
    for (size_t a = 0; a < s->arch_count; a++)
        for (uint32_t nr = 0; nr < 600; nr++) {
            struct seccomp_data d = {.nr = (int)(s->archs[a]->nr_base + nr),
                                     .arch = s->archs[a]->audit};
            uint32_t worst = worst_of(&r->program, &v, d);

            r->answered += const_allow(&r->program, d.arch, (uint32_t)d.nr);
            r->worst = worst > r->worst ? worst : r->worst;
        }
}

/* --- one profile ------------------------------------------------------------------------------ */

static void to_json(struct json_object *list, const struct result *r, double ratio)
{
    struct json_object *o = json_object_new_object();

    json_object_object_add(o, "name", json_object_new_string(r->way->name));
    add_number(o, "instructions", r->program.count);
    json_object_object_add(o, "trace_mean", json_object_new_double(r->trace_mean));
    json_object_object_add(o, "run_mean", json_object_new_double(r->run_mean));
    add_number(o, "worst", r->worst);
    add_number(o, "answered", r->answered);
    add_number(o, "build_ns", r->build_ns);
    json_object_object_add(o, "build_ratio", json_object_new_double(ratio));
    add_number(o, "load_ns", r->kernel.load_ns);
    add_number(o, "answered_call_ns", r->kernel.answered_ns);
    add_number(o, "run_call_ns", r->kernel.run_ns);
    json_object_array_add(list, o);
}

static void show(const struct subject *s, struct result *results, size_t count, uint64_t peer_ns,
                 struct json_object *list)
{
    printf("%s\n%-18s %6s %7s %7s %6s %9s %9s %6s %8s %8s %8s\n", s->title, "", "size", "trace",
           "run", "worst", "answered", "build us", "ratio", "load us", "ans. ns", "run ns");
    for (size_t i = 0; i < count; i++) {
        struct result *r = &results[i];
        double ratio = (double)r->build_ns / (double)peer_ns;

        printf("%-18s %6u %7.1f %7.1f %6u %9u %9.0f %6.3f %8.0f %8u %8u\n", r->way->name,
               r->program.count, r->trace_mean, r->run_mean, r->worst, r->answered,
               (double)r->build_ns / 1e3, ratio, (double)r->kernel.load_ns / 1e3,
               (unsigned)r->kernel.answered_ns, (unsigned)r->kernel.run_ns);
        to_json(list, r, ratio);
        free(r->program.code);
    }
    fflush(stdout);
}

void bench_profile(const struct subject *s, struct json_object *all)
{
    const struct tuning traced = {.trace = s->trace->calls, .trace_count = s->trace->count};
    const struct way ways[] = {
        {"libseccomp, list", {0}, false, 1},
        {"libseccomp, tree", {0}, false, 2},
        {"-O0", {.level = TUNE_NONE}, false, 0},
        {"-O1", {.level = TUNE_LITTLE}, false, 0},
        {"-O2", {0}, false, 0},
        {"-Os", {.level = TUNE_SIZE}, false, 0},
        {"--trace", traced, false, 0},
        {"JSON -O2", {0}, true, 0},
        {"JSON -Os", {.level = TUNE_SIZE}, true, 0},
        {"JSON --trace", traced, true, 0},
    };
    static struct result results[ARRAY_SIZE(ways)];
    const struct program *blobs[ARRAY_SIZE(ways)];
    struct kernel_times times[ARRAY_SIZE(ways)] = {0};
    struct json_object *list = json_object_new_array();
    const char *why;

    memset(results, 0, sizeof(results));
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
        results[i].way = &ways[i];
    build_all(s, results, ARRAY_SIZE(ways));
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        count_trace(s->trace, &results[i]);
        count_numbers(s, &results[i]);
        blobs[i] = &results[i].program;
    }
    if (!kernel_times(blobs, ARRAY_SIZE(ways), times, &why))
        printf("skipped: times in the kernel: %s\n", why);
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
        results[i].kernel = times[i];
    show(s, results, ARRAY_SIZE(ways), results[0].build_ns, list);
    json_object_object_add(all, s->title, list);
}
