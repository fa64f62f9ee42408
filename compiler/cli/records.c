/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/records.h"

#include "base/io.h"
#include "compiler/front/json.h"

#include <string.h>

/* What a filter gets of a call: "audit", "nr" and "data", six numbers. The rest is for people. */
static bool read_call(const struct json *record, struct seccomp_data *call)
{
    const struct json *audit = json_member(record, "audit"), *nr = json_member(record, "nr");
    const struct json *data = json_member(record, "data");
    uint64_t arch, number;
    size_t i = 0;

    if (!audit || !json_u64(audit, &arch) || arch > UINT32_MAX)
        return false;
    if (!nr || !json_u64(nr, &number) || number > INT32_MAX)
        return false;
    if (!data || data->kind != JSON_ARRAY || data->count != ARRAY_SIZE(call->args))
        return false;
    *call = (struct seccomp_data){.arch = (uint32_t)arch, .nr = (int)number};
    for (const struct json *value = data->first; value; value = value->next) {
        uint64_t argument;

        if (!json_u64(value, &argument))
            return false;
        call->args[i++] = argument;
    }
    return true;
}

struct reading {
    struct compile *c;
    const char *path, *text;
    size_t len;
    see_call *see;
    void *ctx;
    unsigned line, wrong; /* the line that is no record; 0: none */
};

static int read_lines(void *ctx)
{
    struct reading *r = ctx;
    const char *at = r->text, *end = r->text + r->len;

    while (at < end && !r->wrong) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = newline ? (size_t)(newline - at) : (size_t)(end - at);
        struct seccomp_data call;

        r->line++;
        if (len) {
            const struct source *s = source_new(&r->c->arena, r->path, at, (uint32_t)len);
            struct diags ignored;
            const struct json *record;

            diags_init(&ignored, &r->c->arena);
            record = json_parse(&r->c->arena, s, &ignored);
            if (record && read_call(record, &call))
                r->see(r->ctx, &call);
            else
                r->wrong = r->line;
        }
        at += len + 1;
    }
    return 0;
}

int read_records(struct cli *cli, const char *path, see_call *see, void *ctx)
{
    struct reading r = {.path = path, .see = see, .ctx = ctx};
    CLEANUP_FREE char *text = NULL;
    struct compile c;
    int ret;

    if (read_source(path, &text, &r.len) < 0)
        return EXIT_USAGE;
    init_compile(cli, &c);
    r.c = &c;
    r.text = text;
    ret = arena_run(&c.arena, read_lines, &r);
    if (ret < 0)
        ret = report_failure(cli, &c, ret);
    else if (r.wrong)
        ret = usage_error("%s:%u: expected a record of easyrun's complain mode: an object with "
                          "\"audit\", \"nr\" and \"data\"",
                          path, r.wrong);
    else
        ret = EXIT_DONE;
    compile_release(&c);
    return ret;
}
