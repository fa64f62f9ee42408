/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `make bench`: what filters cost, ours beside libseccomp's. Counts are exact; times are medians of
 * this machine, now, and only their ratios say something. Nothing is asserted of them.
 *
 * Writes a table to standard output and the same as JSON to the file named by the first argument.
 */
#include "tests/bench/bench.h"

#include "base/io.h"
#include "compiler/cbpf/run.h"
#include "compiler/driver.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TRACE 1000
#define BUILDS    30

struct trace {
    struct traced_call calls[MAX_TRACE];
    struct seccomp_data data[MAX_TRACE];
    size_t count;
};

struct build_options {
    const char *name;
    struct tuning tuning;
    unsigned libseccomp; /* 0: ours; else its mode */
};

struct result {
    const struct build_options *options;
    struct program program;
    double trace_mean, run_mean;
    uint32_t worst;
    unsigned answered;
    uint64_t build_ns;
    struct kernel_times kernel;
};

struct bench {
    const char *policy, *profile; /* texts: of ours, of libseccomp's */
    size_t policy_len;
    const struct arch *archs[3];
    size_t arch_count;
    struct trace trace;
    struct json_object *out;
};

static const char *const caps[] = {"CAP_CHOWN",   "CAP_DAC_OVERRIDE", "CAP_FOWNER",
                                   "CAP_FSETID",  "CAP_KILL",         "CAP_NET_BIND_SERVICE",
                                   "CAP_SETFCAP", "CAP_SETGID",       "CAP_SETPCAP",
                                   "CAP_SETUID",  "CAP_SYS_CHROOT"};

static char *read_text(const char *dir, const char *path, size_t *len)
{
    char full[4096], *text = NULL;
    struct error err;

    snprintf(full, sizeof(full), "%s/%s", dir, path);
    if (read_file(full, COMPILE_MAX_SOURCE, &text, len, &err) < 0) {
        fprintf(stderr, "bench: %s\n", err.text);
        exit(EXIT_FAILURE);
    }
    return text;
}

static void read_trace(struct trace *t, const char *text)
{
    struct json_object *list = json_tokener_parse(text), *value, *args;

    for (size_t i = 0; i < json_object_array_length(list) && i < MAX_TRACE; i++) {
        struct json_object *call = json_object_array_get_idx(list, i);
        struct traced_call *c = &t->calls[t->count];
        struct seccomp_data *d = &t->data[t->count++];

        json_object_object_get_ex(call, "name", &value);
        c->name = json_object_get_string(value); /* lives as long as the list: for ever */
        json_object_object_get_ex(call, "nr", &value);
        c->nr = (uint32_t)json_object_get_int64(value);
        json_object_object_get_ex(call, "count", &value);
        c->count = (uint64_t)(json_object_get_double(value) * 1000 + 0.5);
        *d = (struct seccomp_data){.nr = (int)c->nr, .arch = arch_table[ARCH_X86_64].audit};
        for (size_t j = 0; json_object_object_get_ex(call, "args", &args) && j < 6; j++)
            d->args[j] = (uint64_t)json_object_get_int64(json_object_array_get_idx(args, j));
    }
}

/* --- building --------------------------------------------------------------------------------- */

static bool build_ours(const struct bench *b, const struct tuning *t, struct program *out)
{
    struct define defines[sizeof(caps) / sizeof(*caps)];
    struct compile_options o = {.targets = b->archs,
                                .target_count = b->arch_count,
                                .tuning = *t,
                                .defines = defines,
                                .define_count = sizeof(caps) / sizeof(*caps)};
    struct compile c;
    bool done;

    for (size_t i = 0; i < o.define_count; i++)
        defines[i] = (struct define){caps[i], 1};
    compile_init(&c, &o);
    done = compile_parse(&c, "policy", b->policy, b->policy_len) == 0 && compile_resolve(&c) == 0 &&
           compile_filter(&c) == 0;
    if (done) {
        const struct program *p = &c.filter->layout.program;

        out->count = p->count;
        out->code = malloc(p->count * sizeof(*p->code));
        memcpy(out->code, p->code, p->count * sizeof(*p->code));
    }
    compile_release(&c);
    return done;
}

static void build(struct bench *b, struct result *r)
{
    uint64_t samples[BUILDS];

    for (size_t i = 0; i < BUILDS; i++) {
        uint64_t begin = now_ns();
        bool done;

        free(r->program.code);
        r->program.code = NULL;
        done = r->options->libseccomp
                   ? libseccomp_build(b->profile, r->options->libseccomp, &r->program)
                   : build_ours(b, &r->options->tuning, &r->program);
        samples[i] = now_ns() - begin;
        if (!done) {
            fprintf(stderr, "bench: '%s' is not built\n", r->options->name);
            exit(EXIT_FAILURE);
        }
    }
    r->build_ns = median(samples, BUILDS);
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

/* Arguments that the profiles look at, and others. */
static void count_worst(struct bench *b, struct result *r)
{
    static const uint64_t values[] = {0,  1,       8,       9,          16,        40,
                                      41, 0x20000, 0x20008, 0xffffffff, UINT64_MAX};

    for (size_t a = 0; a < b->arch_count; a++)
        for (uint32_t nr = 0; nr < 600; nr++) {
            struct seccomp_data d = {.nr = (int)(b->archs[a]->nr_base + nr),
                                     .arch = b->archs[a]->audit};

            r->answered += const_allow(&r->program, d.arch, (uint32_t)d.nr);
            for (size_t i = 0; i < ARRAY_SIZE(values) * ARRAY_SIZE(values); i++) {
                uint32_t executed;

                d.args[0] = values[i % ARRAY_SIZE(values)];
                d.args[2] = values[i / ARRAY_SIZE(values)];
                executed = run_program(&r->program, &d, false).executed;
                r->worst = executed > r->worst ? executed : r->worst;
            }
        }
}

/* --- one profile ------------------------------------------------------------------------------ */

static void to_json(struct json_object *list, const struct result *r)
{
    struct json_object *o = json_object_new_object();

    json_object_object_add(o, "name", json_object_new_string(r->options->name));
    json_object_object_add(o, "instructions", json_object_new_int64(r->program.count));
    json_object_object_add(o, "trace_mean", json_object_new_double(r->trace_mean));
    json_object_object_add(o, "run_mean", json_object_new_double(r->run_mean));
    json_object_object_add(o, "worst", json_object_new_int64(r->worst));
    json_object_object_add(o, "answered", json_object_new_int64(r->answered));
    json_object_object_add(o, "build_ns", json_object_new_int64((int64_t)r->build_ns));
    json_object_object_add(o, "load_ns", json_object_new_int64((int64_t)r->kernel.load_ns));
    json_object_object_add(o, "answered_call_ns",
                           json_object_new_int64((int64_t)r->kernel.answered_ns));
    json_object_object_add(o, "run_call_ns", json_object_new_int64((int64_t)r->kernel.run_ns));
    json_object_array_add(list, o);
}

static void bench_profile(struct bench *b, const char *title)
{
    struct build_options options[] = {
        {"-O0", {.level = TUNE_NONE}, 0},
        {"-O1", {.level = TUNE_LITTLE}, 0},
        {"-O2", {0}, 0},
        {"-Os", {.level = TUNE_SIZE}, 0},
        {"--trace", {.trace = b->trace.calls, .trace_count = b->trace.count}, 0},
        {"libseccomp, list", {0}, 1},
        {"libseccomp, tree", {0}, 2},
    };
    struct result results[ARRAY_SIZE(options)] = {0};
    const struct program *blobs[ARRAY_SIZE(options)];
    struct kernel_times times[ARRAY_SIZE(options)] = {0};
    struct json_object *list = json_object_new_array();
    const char *why;

    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        results[i].options = &options[i];
        build(b, &results[i]);
        count_trace(&b->trace, &results[i]);
        count_worst(b, &results[i]);
        blobs[i] = &results[i].program;
    }
    if (!kernel_times(blobs, ARRAY_SIZE(options), times, &why))
        printf("skipped: times in the kernel: %s\n", why);
    printf("%s\n%-18s %6s %7s %7s %6s %9s %9s %8s %8s %8s\n", title, "", "size", "trace", "run",
           "worst", "answered", "build us", "load us", "ans. ns", "run ns");
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        struct result *r = &results[i];

        r->kernel = times[i];
        printf("%-18s %6u %7.1f %7.1f %6u %9u %9.0f %8.0f %8u %8u\n", options[i].name,
               r->program.count, r->trace_mean, r->run_mean, r->worst, r->answered,
               (double)r->build_ns / 1e3, (double)r->kernel.load_ns / 1e3,
               (unsigned)r->kernel.answered_ns, (unsigned)r->kernel.run_ns);
        to_json(list, r);
        free(r->program.code);
    }
    json_object_object_add(b->out, title, list);
}

/* --- growth ----------------------------------------------------------------------------------- */

/* Rules about as many numbers as there are: none of them can be left out. */
static void bench_growth(struct bench *b)
{
    struct json_object *list = json_object_new_array();

    printf("rules against time\n");
    for (size_t rules = 10; rules <= 10000; rules *= 10) {
        char *text = malloc(64 * rules + 64);
        size_t len = 0;
        struct json_object *o = json_object_new_object();
        struct compile_options options = {0};
        struct compile c;
        uint64_t begin;

        for (size_t i = 0; i < rules; i++)
            len +=
                (size_t)sprintf(text + len, "$syscall == %zu => ERRNO(%zu);\n", 2 * i, 1 + i % 3);
        len += (size_t)sprintf(text + len, "default ALLOW();\n");
        compile_init(&c, &options);
        begin = now_ns();
        /* the largest is more than the kernel takes, and known to be only when it is made */
        (void)!(compile_parse(&c, "rules", text, len) == 0 && compile_resolve(&c) == 0 &&
                compile_filter(&c) == 0);
        begin = now_ns() - begin;
        printf("%-18zu %9.0f us\n", rules, (double)begin / 1e3);
        json_object_object_add(o, "rules", json_object_new_int64((int64_t)rules));
        json_object_object_add(o, "build_ns", json_object_new_int64((int64_t)begin));
        json_object_array_add(list, o);
        compile_release(&c);
        free(text);
    }
    json_object_object_add(b->out, "rules", list);
}

int main(int argc, char **argv)
{
    const char *dir = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
    static struct bench b;
    size_t len;

    b.out = json_object_new_object();
    b.policy = read_text(dir, "profiles/container-default.seccomp", &b.policy_len);
    read_trace(&b.trace, read_text(dir, "tests/bench/data/trace.json", &len));
    b.archs[0] = &arch_table[ARCH_X86_64];
    b.archs[1] = &arch_table[ARCH_X86];
    b.archs[2] = &arch_table[ARCH_X32];
    b.arch_count = 1;
    b.profile = read_text(dir, "tests/data/container-default.x86_64.json", &len);
    bench_profile(&b, "container-default for x86_64");
    b.arch_count = 3;
    b.profile = read_text(dir, "tests/bench/data/container-default.3arch.json", &len);
    bench_profile(&b, "container-default for x86_64, x86 and x32");
    bench_growth(&b);
    if (argc > 1 && json_object_to_file_ext(argv[1], b.out, JSON_C_TO_STRING_PRETTY) < 0) {
        fprintf(stderr, "bench: cannot write '%s'\n", argv[1]);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
