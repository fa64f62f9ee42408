/* SPDX-License-Identifier: Apache-2.0 */
/*
 * easyseccomp record: a command's calls, as the policy that allows them.
 *
 *     calls ─supervise, or from records─▶ those that the base denies ─recording─▶ a rule for each
 * ─compile─▶ policy ─import_write─▶ the same with groups, names of constants and calls that are
 * alike together ─format_policy─▶ text
 */
#include "compiler/cli/cli.h"

#include "base/io.h"
#include "compiler/front/fmt.h"
#include "compiler/import/import.h"
#include "compiler/cli/recording.h"
#include "compiler/cli/records.h"
#include "compiler/cli/supervise.h"
#include "compiler/sema/eval.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USUAL_DEFAULT "ERRNO(EPERM)"

struct record {
    struct cli *cli;
    struct recording recording;
    const struct compile *base; /* NULL: none */
    bool no_memory;
    /* ctx of the step at hand */
    const struct seccomp_data *call;
    struct compile made; /* of plain_policy() */
    char **command;
    struct strbuf text;
};

/* --- taking calls ----------------------------------------------------------------------------- */

static int add_call(void *ctx)
{
    struct record *r = ctx;

    recording_add(&r->recording, r->call);
    return 0;
}

static bool allows(const struct policy *p, const struct seccomp_data *call)
{
    struct verdict v = eval_policy(p, call);

    return v.decided && lets_through(v.ret);
}

/* Between calls the supervisor holds descriptors, so that memory that runs out is noted only. */
static void see(void *ctx, const struct seccomp_data *call)
{
    struct record *r = ctx;

    if (r->base && allows(r->base->policy, call))
        return;
    r->call = call;
    r->no_memory |= arena_run(r->recording.arena, add_call, r) < 0;
}

/* --- the policy ------------------------------------------------------------------------------- */

static const char *title_of(struct record *r)
{
    struct strbuf title;

    strbuf_init(&title, &r->cli->arena);
    strbuf_puts(&title, "Recorded:");
    if (r->cli->args.from)
        strbuf_printf(&title, " %s", r->cli->args.from);
    for (char **word = r->command; word && *word; word++) {
        size_t line = strcspn(*word, "\n");

        strbuf_printf(&title, " %.*s%s", (int)line, *word, (*word)[line] ? "…" : "");
    }
    return strbuf_text(&title);
}

/* A rule for each call, however many there are. */
static const char *plain_policy(struct record *r)
{
    const char *action = r->cli->args.default_action;
    struct strbuf text;

    strbuf_init(&text, &r->cli->arena);
    strbuf_puts(&text, "arch (");
    recording_write_archs(&r->recording, &text);
    strbuf_puts(&text, ");\n");
    recording_write(&r->recording, &text);
    strbuf_printf(&text, "default %s;\n", action ? action : USUAL_DEFAULT);
    return strbuf_text(&text);
}

/* The comments at the head of a text. */
static size_t head_of(const struct source *s)
{
    size_t at = 0;

    while (at < s->len && (s->text[at] == '\n' || !strncmp(s->text + at, "//", 2))) {
        const char *end = memchr(s->text + at, '\n', s->len - at);

        at = end ? (size_t)(end - s->text) + 1 : s->len;
    }
    return at;
}

/* The rules alone, and the base behind them: the first rule that holds decides. */
static void write_before_base(struct record *r, struct strbuf *out)
{
    const struct source *s = r->base->source;
    size_t head = r->cli->args.append ? head_of(s) : 0;

    strbuf_printf(out, "%.*s", (int)head, s->text);
    if (r->recording.calls.count) {
        write_title(out, title_of(r));
        import_write_rules(&r->made.arena, r->made.policy, out);
        strbuf_putc(out, '\n');
    }
    if (r->cli->args.append)
        strbuf_printf(out, "%.*s", (int)(s->len - head), s->text + head);
    else
        strbuf_printf(out, "include \"%s\";\n", r->cli->args.base);
}

static int write_text(void *ctx)
{
    struct record *r = ctx;
    struct arena *a = &r->made.arena;
    const struct import_options options = {title_of(r)};
    const struct parse_options plain = {0};
    const struct source *source;
    struct strbuf out;

    strbuf_init(&out, a);
    strbuf_init(&r->text, a);
    if (r->base)
        write_before_base(r, &out);
    else
        import_write(a, r->made.policy, &options, &out);
    source = source_new(a, "recorded", strbuf_text(&out), (uint32_t)out.len);
    return format_policy(a, source, &plain, &r->made.diags, &r->text) == FORMAT_DONE ? 0 : -EINVAL;
}

static int write_policy(struct cli *cli, struct record *r)
{
    const char *plain = plain_policy(r);
    struct compile *made = &r->made;
    int ret, status;

    compile_init(made, &(struct compile_options){0});
    ret = compile_parse(made, "recorded", plain, strlen(plain));
    if (ret == 0)
        ret = compile_resolve(made);
    if (ret == 0)
        ret = arena_run(&made->arena, write_text, r);
    status = ret < 0 ? report_failure(cli, made, ret)
                     : write_result(cli, strbuf_text(&r->text), r->text.len, true);
    compile_release(made);
    return status;
}

/* --- the command ------------------------------------------------------------------------------ */

static void tell(const struct record *r, int status)
{
    if (status)
        usage_error("the command ended with status %d; what it did until then is recorded", status);
    if (r->recording.foreign)
        usage_error("%llu calls of unknown architectures are not recorded",
                    (unsigned long long)r->recording.foreign);
}

static int record(struct cli *cli, struct record *r)
{
    struct error err;
    int status;

    if (cli->args.from) {
        status = read_records(cli, cli->args.from, see, r);
        if (status != EXIT_DONE)
            return status;
        if (r->no_memory)
            return usage_error("not enough memory for what was recorded");
        tell(r, 0);
        return write_policy(cli, r);
    }
    status = supervise(r->command, see, r, &err);
    if (status < 0)
        return report_error(&err);
    if (r->no_memory)
        return usage_error("not enough memory for what was recorded");
    tell(r, status);
    return write_policy(cli, r);
}

int cmd_record(struct cli *cli)
{
    struct record r = {.cli = cli, .recording = {.arena = &cli->arena}};
    struct compile base;
    int status = EXIT_DONE;

    if (cli->args.from && cli->args.operands.count)
        return usage_error("--from is in place of a command");
    if (cli->args.operands.count < 1 && !cli->args.from)
        return usage_error("record takes a command: %s", cli->command->usage);
    if (!arch_native())
        return usage_error("this machine's architecture is not in the table");
    r.command = cli->args.from ? NULL : command_of(cli, 0);
    if (cli->args.append && (!cli->args.output || cli->args.base))
        return usage_error("--append is for the file of --output, which is its own base");
    if (cli->args.append && access(cli->args.output, F_OK) == 0)
        cli->args.base = cli->args.output;
    init_compile(cli, &base);
    if (cli->args.base) {
        status = load_policy(cli, &base, cli->args.base);
        r.base = &base;
    }
    if (status == EXIT_DONE)
        status = record(cli, &r);
    compile_release(&base);
    return status;
}
