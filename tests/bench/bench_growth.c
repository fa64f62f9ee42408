/* SPDX-License-Identifier: Apache-2.0 */
/* How build time grows: made policies with more and more of one thing. */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPEATS 3

struct text {
    char *at;
    size_t len, size;
};

/* A sort of policy of size n. */
struct curve {
    const char *name;      /* what there is more and more of */
    size_t from, to, step; /* step 0: times ten */
    void (*write)(struct text *t, size_t n);
};

static void add(struct text *t, const char *fmt, ...) PRINTF(2, 3);

static void add(struct text *t, const char *fmt, ...)
{
    va_list ap;

    if (t->size - t->len < 512) {
        t->size = 2 * t->size + 4096;
        t->at = realloc(t->at, t->size);
    }
    va_start(ap, fmt);
    t->len += (size_t)vsnprintf(t->at + t->len, t->size - t->len, fmt, ap);
    va_end(ap);
}

/* Rules about as many numbers as there are: none of them can be left out. */
static void write_rules(struct text *t, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(t, "$syscall == %zu => ERRNO(%zu);\n", 2 * i, 1 + i % 3);
    add(t, "default ALLOW();\n");
}

/* Values that are no range and have no mask in common. */
static void write_members(struct text *t, size_t n)
{
    add(t, "@ioctl(cmd in (1");
    for (size_t i = 1; i < n; i++)
        add(t, ", %zu", 1 + 3 * i);
    add(t, ")) => ERRNO(EPERM);\ndefault ALLOW();\n");
}

static void write_arguments(struct text *t, size_t n)
{
    for (size_t rule = 0; rule < 100; rule++) {
        add(t, "$syscall == %zu", 2 * rule);
        for (size_t i = 0; i < n; i++)
            add(t, " && full($arg%zu) == 0x%zx%08zx", i, rule + 1, rule + i);
        add(t, " => ERRNO(EPERM);\n");
    }
    add(t, "default ALLOW();\n");
}

/* A filter has one byte order. */
static void write_archs(struct text *t, size_t n)
{
    add(t, "arch (");
    for (size_t i = 0, listed = 0; i < ARCH_COUNT && listed < n; i++)
        if (!arch_table[i].big_endian)
            add(t, "%s%s", listed++ ? ", " : "", arch_table[i].name);
    add(t, ");\n");
    for (size_t i = 0; i < 100; i++)
        add(t, "$syscall == %zu => ERRNO(%zu);\n", 2 * i, 1 + i % 3);
    add(t, "default ALLOW();\n");
}

static const struct curve curves[] = {
    {"rules", 10, 100000, 0, write_rules},
    {"set members", 10, 100000, 0, write_members},
    {"arguments of 100 rules", 1, 6, 1, write_arguments},
    {"architectures", 1, 10, 3, write_archs},
};

/* The largest is more than the kernel takes, which is known only when it is made: that is a result
 * too. 0: the policy is wrong. */
static uint64_t time_of(const struct text *t, unsigned *instructions)
{
    struct compile_options options = {0};
    struct compile c;
    uint64_t begin = now_ns();
    bool done;

    compile_init(&c, &options);
    done = compile_parse(&c, "policy", t->at, t->len) == 0 && compile_resolve(&c) == 0;
    *instructions = done && compile_filter(&c) == 0 ? c.filter->layout.program.count : 0;
    compile_release(&c);
    return done ? now_ns() - begin : 0;
}

static void measure(const struct curve *curve, size_t n, struct json_object *list)
{
    uint64_t samples[REPEATS], ns;
    unsigned instructions = 0;
    struct text t = {0};
    struct json_object *o = json_object_new_object();

    curve->write(&t, n);
    for (size_t i = 0; i < REPEATS; i++)
        samples[i] = time_of(&t, &instructions);
    ns = median(samples, REPEATS);
    printf("%8zu %-24s %12.0f us  ", n, curve->name, (double)ns / 1e3);
    if (instructions)
        printf("%u instructions\n", instructions);
    else
        printf("%s\n", ns ? "too large for the kernel" : "not a policy");
    add_number(o, "n", n);
    add_number(o, "build_ns", ns);
    add_number(o, "instructions", instructions);
    json_object_array_add(list, o);
    free(t.at);
    fflush(stdout);
}

void bench_growth(struct json_object *all)
{
    struct json_object *growth = json_object_new_object();

    printf("growth\n");
    for (size_t i = 0; i < ARRAY_SIZE(curves); i++) {
        const struct curve *c = &curves[i];
        struct json_object *list = json_object_new_array();

        for (size_t n = c->from; n <= c->to; n = c->step ? n + c->step : 10 * n)
            measure(c, n, list);
        json_object_object_add(growth, c->name, list);
    }
    json_object_object_add(all, "growth", growth);
}
