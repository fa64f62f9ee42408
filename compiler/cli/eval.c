/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp eval: what a policy, or a program, decides for calls. */
#include "compiler/cli/cli.h"

#include "base/io.h"
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/disassemble.h"
#include "compiler/cbpf/run.h"
#include "compiler/cli/show.h"
#include "compiler/cli/source_map.h"
#include "compiler/cli/why.h"
#include "compiler/graph/call_text.h"
#include "compiler/sema/call.h"
#include "compiler/sema/eval.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is asked: a policy with its code, or a program alone. */
struct subject {
    struct cli *cli;
    struct compile *c;
    const struct policy *policy; /* NULL: a program alone */
    struct program program;
    bool big_endian;
    struct strbuf out;
    bool first;
};

struct path {
    uint32_t at[BPF_MAXINSNS];
    uint32_t count;
};

static void step(void *ctx, uint32_t at)
{
    struct path *path = ctx;

    path->at[path->count++] = at;
}

/* --- one call -----------------------------------------------------------------------------------
 */

static void show_json(struct subject *s, const char *call, const char *action,
                      const struct verdict *v, const struct why *why)
{
    struct strbuf *out = &s->out;

    strbuf_puts(out, s->first ? "[\n {\"call\":" : ",\n {\"call\":");
    strbuf_json_string(out, call);
    strbuf_puts(out, ",\"action\":");
    strbuf_json_string(out, action);
    if (v->rule && v->rule->span.source) {
        strbuf_puts(out, ",\"file\":");
        strbuf_json_string(out, v->rule->span.source->name);
        strbuf_printf(out, ",\"line\":%u",
                      source_place(v->rule->span.source, v->rule->span.begin).line);
    }
    if (v->rule && v->rule->reason) {
        strbuf_puts(out, ",\"reason\":");
        strbuf_json_string(out, v->rule->reason);
    }
    strbuf_printf(out, ",\"instructions\":%u", why->path_length);
    if (s->cli->args.why)
        why_json(why, out);
    strbuf_puts(out, "}");
}

static void show_text_line(struct subject *s, const char *call, const char *action,
                           const struct verdict *v)
{
    strbuf_printf(&s->out, "%s => %s", call, action);
    if (v->rule && v->rule->span.source) {
        strbuf_puts(&s->out, "  ");
        show_place(v->rule->span, &s->out);
    } else if (s->policy && !v->target) {
        strbuf_puts(&s->out, "  not among the policy's architectures");
    }
    if (v->rule && v->rule->reason)
        strbuf_printf(&s->out, "  \"%s\"", v->rule->reason);
    strbuf_putc(&s->out, '\n');
}

static struct why why_of(struct subject *s, const struct verdict *v, const struct path *path,
                         const struct seccomp_data *call)
{
    return (struct why){.arena = &s->cli->arena,
                        .ast = s->policy ? s->c->ast : NULL,
                        .verdict = v,
                        .call = call,
                        .path = path->at,
                        .path_length = path->count,
                        .program_length = s->program.count};
}

static int eval_call(struct subject *s, const struct seccomp_data *call)
{
    struct arena *a = &s->cli->arena;
    const struct arch *arch = arch_of_call(call->arch, (uint32_t)call->nr);
    struct path path = {.count = 0};
    struct run run = trace_program(&s->program, call, s->big_endian, step, &path);
    struct verdict v = {.decided = true, .ret = run.ret};
    const char *text = call_text(a, call);
    struct strbuf action;
    struct why why;

    if (s->policy)
        v = eval_policy(s->policy, call);
    if (v.ret != run.ret)
        return usage_error("the code returns 0x%x for %s where the policy means 0x%x: please "
                           "report this fault of the compiler",
                           run.ret, text, v.ret);
    strbuf_init(&action, a);
    action_text(v.ret, arch ? ARCH_BIT(arch_id(arch)) : 0, &action);
    why = why_of(s, &v, &path, call);
    if (s->cli->args.json) {
        show_json(s, text, strbuf_text(&action), &v, &why);
    } else {
        show_text_line(s, text, strbuf_text(&action), &v);
        if (s->cli->args.why)
            why_show(&why, &s->out);
    }
    s->first = false;
    return EXIT_DONE;
}

/* --- what the calls are -------------------------------------------------------------------------
 */

/* --arch; else this machine's if it is a target; else the first target. */
static const struct arch *default_arch(const struct subject *s)
{
    const struct arch *native = arch_native();
    size_t i;

    if (s->cli->args.archs.count)
        return s->cli->args.archs.at[0];
    if (!s->policy)
        return native;
    for (i = 0; i < s->policy->target_count; i++)
        if (s->policy->targets[i].arch == native)
            return native;
    return s->policy->targets[0].arch;
}

static bool is_number(const char *text)
{
    return *text >= '0' && *text <= '9';
}

static int parse_number(const char *text, uint64_t *value)
{
    char *end;

    errno = 0;
    *value = strtoull(text, &end, 0);
    if (errno || *end)
        return usage_error("'%s' is not a number of 64 bits", text);
    return EXIT_DONE;
}

/* `41 16 3 9`: the number and its arguments, each an operand. */
static int numeric_call(struct subject *s, const struct arch *arch, const char *const *words,
                        size_t count)
{
    struct seccomp_data call = {.arch = arch->audit};
    uint64_t value = 0;
    size_t i;

    if (count > SYSCALL_MAX_ARGS + 1)
        return usage_error("a call has at most six arguments");
    for (i = 0; i < count; i++) {
        int status = parse_number(words[i], &value);

        if (status != EXIT_DONE)
            return status;
        if (i == 0 && value > UINT32_MAX)
            return usage_error("the number '%s' needs more than 32 bits", words[i]);
        if (i == 0)
            call.nr = (int)(uint32_t)value;
        else
            call.args[i - 1] = value;
    }
    return eval_call(s, &call);
}

/* ctx of read_call() */
struct call_reading {
    struct subject *s;
    const struct arch *arch;
    const char *text;
    struct seccomp_data call;
};

static int read_call(void *ctx)
{
    struct call_reading *r = ctx;
    struct compile *c = r->s->c;
    const char *text = arena_printf(&c->arena, "%s%s", *r->text == '@' ? "" : "@", r->text);
    const struct source *source = source_new(&c->arena, "<call>", text, (uint32_t)strlen(text));
    const struct expr *e = parse_expression(&c->arena, source, &c->diags);

    if (!e || !resolve_call(&c->arena, e, r->arch, &c->fallback, &c->diags, &r->call))
        return -EINVAL;
    return 0;
}

static int named_call(struct subject *s, const struct arch *arch, const char *text)
{
    struct call_reading r = {.s = s, .arch = arch, .text = text};
    int ret = arena_run(&s->c->arena, read_call, &r);

    if (ret < 0) {
        report_failure(s->cli, s->c, ret);
        return EXIT_USAGE;
    }
    return eval_call(s, &r.call);
}

static int eval_calls(struct subject *s, const char *const *words, size_t count)
{
    const struct arch *arch = default_arch(s);
    int status = EXIT_DONE;
    size_t i;

    if (!arch)
        return usage_error("this machine's architecture is not in the table: name one with --arch");
    strbuf_init(&s->out, &s->cli->arena);
    s->first = true;
    if (is_number(words[0]))
        status = numeric_call(s, arch, words, count);
    else
        for (i = 0; i < count && status == EXIT_DONE; i++)
            status = named_call(s, arch, words[i]);
    if (s->cli->args.json)
        strbuf_puts(&s->out, s->first ? "[]\n" : "\n]\n");
    return status == EXIT_DONE ? write_result(s->cli, strbuf_text(&s->out), s->out.len, true)
                               : status;
}

/* --- the subject --------------------------------------------------------------------------------
 */

static int load_subject(struct subject *s, const char *path)
{
    int status = load_program(s->cli, s->c, path, &s->program, &s->big_endian);
    struct source_map map;

    if (status == EXIT_DONE && !s->c->ast)
        status = load_source_map(s->cli, s->c, path, &s->program, s->big_endian, &map);
    s->policy = s->c->policy;
    return status;
}

int cmd_eval(struct cli *cli)
{
    struct compile c;
    struct subject s = {.cli = cli, .c = &c};
    int status;

    if (cli->args.operands.count < 2)
        return usage_error("%s takes a source and at least one call: %s", cli->command->name,
                           cli->command->usage);
    init_compile(cli, &c);
    status = load_subject(&s, cli->args.operands.at[0]);
    if (status == EXIT_DONE)
        status = eval_calls(&s, cli->args.operands.at + 1, cli->args.operands.count - 1);
    compile_release(&c);
    return status;
}

int cmd_explain(struct cli *cli)
{
    cli->args.why = true;
    return cmd_eval(cli);
}
