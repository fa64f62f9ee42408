/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `make bench`: what filters cost, ours beside libseccomp's. Counts are exact; times are medians of
 * this machine, now, and only their ratios say something. Nothing is asserted of them.
 *
 *     bench OUT.json EASYSECCOMP   writes tables to standard output and the same as JSON
 *     bench --build NAME           builds a filter once, for profilers
 */
#include "tests/bench/bench.h"

#include "base/io.h"
#include "compiler/emit/oci.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_text(const char *path)
{
    const char *dir = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
    char full[4096], *bytes = NULL, *text;
    struct error err;
    size_t len;

    snprintf(full, sizeof(full), "%s/%s", dir, path);
    if (read_file(full, COMPILE_MAX_SOURCE, &bytes, &len, &err) < 0) {
        fprintf(stderr, "bench: %s\n", err.text);
        exit(EXIT_FAILURE);
    }
    text = strndup(bytes, len);
    free(bytes);
    if (!text)
        exit(EXIT_FAILURE);
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
        for (size_t j = 0; json_object_object_get_ex(call, "args", &args) && j < 6; j++) {
            d->args[j] = (uint64_t)json_object_get_int64(json_object_array_get_idx(args, j));
            c->args[j] = d->args[j];
        }
    }
}

/* The policy as JSON, as `easyseccomp -f json` writes it. */
static char *lower(const char *policy)
{
    static const struct oci_options plain = {0};
    const struct arch *arch = &arch_table[ARCH_X86_64];
    struct compile_options o = {.targets = &arch, .target_count = 1};
    struct compile c;
    struct strbuf out;
    char *text = NULL;

    compile_init(&c, &o);
    strbuf_init(&out, &c.arena);
    if (compile_parse(&c, "policy", policy, strlen(policy)) == 0 && compile_resolve(&c) == 0 &&
        emit_oci(&c.arena, c.policy, &plain, &out, &c.diags) == 0)
        text = strdup(strbuf_text(&out));
    compile_release(&c);
    if (!text) {
        fprintf(stderr, "bench: a policy does not become JSON\n");
        exit(EXIT_FAILURE);
    }
    return text;
}

#define SUBJECTS 3

static void read_subjects(struct subject subjects[static SUBJECTS], const struct trace *trace)
{
    const struct arch *x86_64 = &arch_table[ARCH_X86_64];
    const char *container = read_text("profiles/container-default.seccomp");
    const char *ten = read_text("tests/bench/data/ten-syscalls.seccomp");

    subjects[0] = (struct subject){"container-default for x86_64",
                                   container,
                                   read_text("tests/data/container-default.x86_64.json"),
                                   {x86_64},
                                   1,
                                   trace};
    subjects[1] = (struct subject){"container-default for x86_64, x86 and x32",
                                   container,
                                   read_text("tests/data/container-default.3arch.json"),
                                   {x86_64, &arch_table[ARCH_X86], &arch_table[ARCH_X32]},
                                   3,
                                   trace};
    subjects[2] = (struct subject){"conditions on ten calls", ten, lower(ten), {x86_64}, 1, trace};
}

/* What --build takes. */
static const struct {
    const char *name;
    size_t subject;
    bool json;
} builds[] = {
    {"json", 0, true},        {"text", 0, false},    {"json-3arch", 1, true},
    {"text-3arch", 1, false}, {"json-ten", 2, true}, {"text-ten", 2, false},
};

static int build_once(const struct subject *subjects, const char *name)
{
    static const struct tuning tuning;

    for (size_t i = 0; i < ARRAY_SIZE(builds); i++)
        if (!strcmp(builds[i].name, name))
            return build_ours(&subjects[builds[i].subject], builds[i].json, &tuning, NULL)
                       ? EXIT_SUCCESS
                       : EXIT_FAILURE;
    fprintf(stderr, "bench: nothing to build is called '%s'\n", name);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static struct trace trace;
    struct subject subjects[SUBJECTS];
    struct json_object *all = json_object_new_object();

    if (argc != 3) {
        fprintf(stderr, "usage: bench OUT.json EASYSECCOMP | bench --build NAME\n");
        return EXIT_FAILURE;
    }
    read_trace(&trace, read_text("tests/bench/data/trace.json"));
    read_subjects(subjects, &trace);
    if (!strcmp(argv[1], "--build"))
        return build_once(subjects, argv[2]);
    for (size_t i = 0; i < SUBJECTS; i++)
        bench_profile(&subjects[i], all);
    for (size_t i = 0; i < ARRAY_SIZE(builds); i++)
        bench_instructions(builds[i].name, all);
    bench_process(argv[2], subjects[0].policy, all);
    bench_growth(all);
    if (json_object_to_file_ext(argv[1], all, JSON_C_TO_STRING_PRETTY) < 0) {
        fprintf(stderr, "bench: cannot write '%s'\n", argv[1]);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
