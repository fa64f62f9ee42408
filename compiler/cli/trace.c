/* SPDX-License-Identifier: Apache-2.0 */
/* Traces: how often which calls were made. */
#include "compiler/cli/cli.h"

#include "base/io.h"
#include "compiler/front/json.h"

#include <errno.h>
#include <stdlib.h>

/* Counts may be means of runs: fractions count. */
#define UNITS_PER_CALL 1000
#define MAX_COUNT      1e12

struct reading {
    struct compile *c;
    const char *path, *text;
    size_t len;
    const struct source *source;
    const struct json *wrong; /* the value that is not as it should be */
    const char *wanted;
    VEC(struct traced_call) calls;
};

static bool refuse(struct reading *r, const struct json *value, const char *wanted)
{
    r->wrong = value;
    r->wanted = wanted;
    return false;
}

static bool read_count(const struct json *value, uint64_t *count)
{
    double number = value && value->kind == JSON_NUMBER ? strtod(value->text, NULL) : -1;

    if (!(number >= 0 && number <= MAX_COUNT))
        return false;
    *count = (uint64_t)(number * UNITS_PER_CALL + 0.5);
    return true;
}

static bool read_args(struct reading *r, const struct json *args, struct traced_call *call)
{
    size_t i = 0;

    if (args->kind != JSON_ARRAY || args->count > ARRAY_SIZE(call->args))
        return refuse(r, args, "\"args\", an array of at most six numbers");
    for (const struct json *value = args->first; value; value = value->next)
        if (!json_u64(value, &call->args[i++]))
            return refuse(r, value, "a number of 64 bits");
    return true;
}

static bool read_call(struct reading *r, const struct json *entry)
{
    const struct json *name = json_member(entry, "name"), *nr = json_member(entry, "nr");
    const struct json *args = json_member(entry, "args");
    struct traced_call call = {0};
    uint64_t number = 0;

    if (entry->kind != JSON_OBJECT || (!name && !nr))
        return refuse(r, entry, "an object with \"name\" or \"nr\", and \"count\"");
    if (name && name->kind != JSON_STRING)
        return refuse(r, name, "\"name\", a string");
    if (nr && (!json_u64(nr, &number) || number > UINT32_MAX))
        return refuse(r, nr, "\"nr\", a number of 32 bits");
    if (!read_count(json_member(entry, "count"), &call.count))
        return refuse(r, entry, "a \"count\", at most 10^12");
    if (args && !read_args(r, args, &call))
        return false;
    call.name = name ? arena_strndup(&r->c->arena, name->text, name->len) : NULL;
    call.nr = (uint32_t)number;
    VEC_PUSH(&r->c->arena, &r->calls, call);
    return true;
}

static int read_trace(void *ctx)
{
    struct reading *r = ctx;
    const struct json *list;

    r->source = source_new(&r->c->arena, r->path, r->text, (uint32_t)r->len);
    list = json_parse(&r->c->arena, r->source, &r->c->diags);
    if (!list)
        return -EINVAL;
    if (list->kind != JSON_ARRAY || !list->count)
        refuse(r, list, "an array of calls");
    for (const struct json *entry = list->first; entry && !r->wrong; entry = entry->next)
        if (!read_call(r, entry))
            break;
    return 0;
}

int load_trace(struct cli *cli, struct compile *c)
{
    struct reading r = {.c = c, .path = cli->args.trace};
    CLEANUP_FREE char *text = NULL;
    int ret;

    if (!r.path)
        return EXIT_DONE;
    if (read_source(r.path, &text, &r.len) < 0)
        return EXIT_USAGE;
    r.text = text;
    ret = arena_run(&c->arena, read_trace, &r);
    if (ret < 0) {
        report_failure(cli, c, ret);
        return EXIT_USAGE;
    }
    if (r.wrong) {
        struct place at = source_place(r.source, r.wrong->begin);

        return usage_error("%s:%u:%u: expected %s", r.path, at.line, at.column, r.wanted);
    }
    c->options.tuning.trace = r.calls.at;
    c->options.tuning.trace_count = r.calls.count;
    return EXIT_DONE;
}
