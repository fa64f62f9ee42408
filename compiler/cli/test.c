/* SPDX-License-Identifier: Apache-2.0 */
/*
 * easyseccomp test: the tests that policies hold.
 *
 * An expectation is about the policy as it is with the defines of the command line and those behind
 * its `with`. It is about each of the policy's architectures that has the call, or the one behind
 * `on`; where neither the policy nor the command line says which architectures there are, the
 * policy is compiled for that one.
 */
#include "compiler/cli/test.h"

#include "base/io.h"
#include "compiler/cbpf/disassemble.h"
#include "compiler/cbpf/run.h"
#include "compiler/cli/prover.h"
#include "compiler/cli/show.h"
#include "compiler/graph/call_text.h"
#include "compiler/graph/never.h"
#include "compiler/sema/eval.h"

#include <string.h>
#include <unistd.h>

/* The policy as one set of expectations is about it. */
struct variant {
    const name_list *with;
    const struct arch *only; /* NULL: the architectures of the policy */
    struct compile c;
    int status; /* of loading it, after a report */
};

/* One run of the command. */
struct run_of_tests {
    struct cli *cli;
    struct strbuf out;
    unsigned cases;
};

/* One file. */
struct file_of_tests {
    struct run_of_tests *run;
    struct cli *cli;
    const char *path, *name;
    char *text;
    size_t len;
    VEC(struct variant *) variants; /* the first is without `with` and `on` */
    bool has_archs;                 /* it is said what the architectures are */
    struct diags failures;
    struct coverage coverage;
};

/* --- variants -----------------------------------------------------------------------------------
 */

static bool same_names(const name_list *a, const name_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->at[i].len != b->at[i].len || memcmp(a->at[i].text, b->at[i].text, a->at[i].len) != 0)
            return false;
    return true;
}

static struct compile_options variant_options(struct file_of_tests *f, const struct variant *v)
{
    const struct arguments *args = &f->cli->args;
    struct compile_options o = options_of(f->cli);
    VEC(struct define) defines = {0};

    for (size_t i = 0; i < args->defines.count; i++)
        VEC_PUSH(&f->cli->arena, &defines, args->defines.at[i]);
    for (size_t i = 0; i < v->with->count; i++) {
        struct name name = v->with->at[i];

        VEC_PUSH(&f->cli->arena, &defines,
                 ((struct define){arena_strndup(&f->cli->arena, name.text, name.len), 1}));
    }
    o.defines = defines.at;
    o.define_count = defines.count;
    if (v->only) {
        o.targets = &v->only;
        o.target_count = 1;
    }
    return o;
}

static int load_variant(struct file_of_tests *f, struct variant *v)
{
    struct compile_options options = variant_options(f, v);
    int status, ret;

    compile_init(&v->c, &options);
    status = load_text(f->cli, &v->c, f->path, f->text, f->len);
    if (status != EXIT_DONE)
        return status;
    ret = compile_filter(&v->c);
    if (ret < 0)
        return report_failure(f->cli, &v->c, ret);
    coverage_add_policy(&f->coverage, v->c.policy);
    return EXIT_DONE;
}

static struct variant *variant_of(struct file_of_tests *f, const name_list *with,
                                  const struct arch *only)
{
    struct variant *v;

    for (size_t i = 0; i < f->variants.count; i++)
        if (f->variants.at[i]->only == only && same_names(f->variants.at[i]->with, with))
            return f->variants.at[i];
    v = ARENA_NEW(&f->cli->arena, struct variant);
    v->with = with;
    v->only = only;
    VEC_PUSH(&f->cli->arena, &f->variants, v);
    v->status = load_variant(f, v);
    return v;
}

/* --- results ------------------------------------------------------------------------------------
 */

enum outcome { HOLDS, FAILS, SKIPPED };

/* An expectation on its way. */
struct trial {
    struct file_of_tests *file;
    const struct item *test;
    const struct expect *expect;
    enum outcome outcome;
    unsigned decided; /* on how many architectures it has been tried */
    const char *why;  /* FAILS, SKIPPED */
};

static const char *place_text(struct arena *a, struct span span)
{
    struct strbuf b;

    strbuf_init(&b, a);
    show_place(span, &b);
    return strbuf_text(&b);
}

static const char *excerpt(struct arena *a, struct span span)
{
    struct strbuf b;

    strbuf_init(&b, a);
    show_text(span, &b);
    return strbuf_text(&b);
}

static void tell_json(struct run_of_tests *run, const struct trial *t)
{
    static const char *const outcomes[] = {
        [HOLDS] = "holds", [FAILS] = "fails", [SKIPPED] = "skipped"};
    struct arena *a = &run->cli->arena;
    struct strbuf *out = &run->out;

    strbuf_puts(out, run->cases == 1 ? "\n  {\"file\":" : ",\n  {\"file\":");
    strbuf_json_string(out, t->expect->span.source->name);
    strbuf_printf(out, ",\"line\":%u,\"test\":",
                  source_place(t->expect->span.source, t->expect->span.begin).line);
    strbuf_json_string(out, arena_strndup(a, t->test->name.text, t->test->name.len));
    strbuf_puts(out, ",\"expectation\":");
    strbuf_json_string(out, excerpt(a, t->expect->span));
    strbuf_printf(out, ",\"outcome\":\"%s\"", outcomes[t->outcome]);
    if (t->why) {
        strbuf_puts(out, ",\"why\":");
        strbuf_json_string(out, t->why);
    }
    strbuf_puts(out, "}");
}

/* A # in a description would begin a directive of TAP. */
static void add_escaped(struct strbuf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '#' || *text == '\\')
            strbuf_putc(out, '\\');
        strbuf_putc(out, *text);
    }
}

static void tell(const struct trial *t)
{
    struct run_of_tests *run = t->file->run;
    struct arena *a = &run->cli->arena;
    struct strbuf *out = &run->out;

    run->cases++;
    if (run->cli->args.json) {
        tell_json(run, t);
        return;
    }
    strbuf_printf(out, "%sok %u - ", t->outcome == FAILS ? "not " : "", run->cases);
    add_escaped(out, place_text(a, t->expect->span));
    strbuf_puts(out, ": ");
    add_escaped(out, arena_strndup(a, t->test->name.text, t->test->name.len));
    strbuf_puts(out, ": ");
    add_escaped(out, excerpt(a, t->expect->span));
    if (t->outcome == SKIPPED)
        strbuf_printf(out, " # SKIP %s", t->why);
    strbuf_putc(out, '\n');
    if (t->outcome == FAILS)
        strbuf_printf(out, "# %s\n", t->why);
}

/* --- expectations -------------------------------------------------------------------------------
 */

static bool is_at(struct span a, struct span b)
{
    return a.begin == b.begin && !strcmp(a.source->name, b.source->name);
}

/* The call does not come to what is expected. */
static void fail_call(struct trial *t, const struct variant *v, const struct seccomp_data *call,
                      const struct verdict *verdict)
{
    struct arena *a = &t->file->cli->arena;
    const struct arch *arch = arch_of_call(call->arch, (uint32_t)call->nr);
    struct strbuf action;
    struct diag *d;

    strbuf_init(&action, a);
    action_text(verdict->ret, arch ? ARCH_BIT(arch_id(arch)) : 0, &action);
    if (t->outcome != FAILS)
        t->why = arena_printf(a, "%s => %s  %s", call_text(a, call), strbuf_text(&action),
                              verdict->rule ? place_text(a, verdict->rule->span) : "foreign");
    t->outcome = FAILS;
    d = diag_add(&t->file->failures, DIAG_EXPECTATION, t->expect->span, "%s gets %s",
                 call_text(a, call), strbuf_text(&action));
    if (verdict->rule)
        diag_note(&t->file->failures, d, verdict->rule->span, "this rule decides");
    else if (v->c.policy->foreign_span.source)
        diag_note(&t->file->failures, d, v->c.policy->foreign_span, "a foreign architecture");
    else
        diag_note(&t->file->failures, d, (struct span){0},
                  "the architecture is not one of the policy's");
}

static void fail(struct trial *t, const char *why)
{
    if (t->outcome != FAILS)
        t->why = why;
    t->outcome = FAILS;
    diag_add(&t->file->failures, DIAG_EXPECTATION, t->expect->span, "%s", why);
}

/* Runs the code besides: it means what the policy means, or this is a fault of the compiler. */
static struct verdict decide(struct trial *t, const struct variant *v,
                             const struct seccomp_data *call)
{
    struct verdict verdict = eval_policy(v->c.policy, call);
    bool big_endian = v->c.policy->targets[0].arch->big_endian;
    struct run run = run_program(&v->c.filter->layout.program, call, big_endian);

    if (run.ret != verdict.ret)
        fail(t, "a fault of the compiler: the code decides otherwise than the policy");
    return verdict;
}

static void try_calls(struct trial *t, const struct variant *v, const struct target *target)
{
    for (size_t i = 0; i < target->expectations.count; i++) {
        const struct expectation *x = &target->expectations.at[i];
        struct verdict verdict;

        if (!is_at(x->span, t->expect->span))
            continue;
        verdict = decide(t, v, &x->call);
        t->decided++;
        if (verdict.ret != x->ret)
            fail_call(t, v, &x->call, &verdict);
        if (!t->file->cli->args.trace)
            coverage_follow(&t->file->coverage, target, &x->call);
    }
}

/* Asks the prover of all claims of the variant; only where the graph has no answer. */
static bool is_proved(struct trial *t, const struct variant *v)
{
    struct cli *cli = t->file->cli;
    struct arguments old = cli->args;
    struct prover_source source = {v->c.source->name, v->c.source->text, v->c.source->len};
    int status;

    memset(&cli->args.defines, 0, sizeof(cli->args.defines));
    for (size_t i = 0; i < v->c.options.define_count; i++)
        VEC_PUSH(&cli->arena, &cli->args.defines, v->c.options.defines[i]);
    memset(&cli->args.archs, 0, sizeof(cli->args.archs));
    for (size_t i = 0; i < v->c.options.target_count; i++)
        VEC_PUSH(&cli->arena, &cli->args.archs, v->c.options.targets[i]);
    cli->args.json = false;
    status = run_prover(cli, "claims", &source, 1, true, STDERR_FILENO);
    cli->args = old;
    return status == EXIT_DONE;
}

static void try_claims(struct trial *t, const struct variant *v, const struct target *target)
{
    struct arena *a = &t->file->cli->arena;

    for (size_t i = 0; i < target->claims.count; i++) {
        const struct claim *claim = &target->claims.at[i];
        struct seccomp_data call;
        struct verdict verdict;

        if (!is_at(claim->span, t->expect->span))
            continue;
        t->decided++;
        switch (find_exception(a, target, claim, &call)) {
        case WITNESS_NONE:
            break;
        case WITNESS_FOUND:
            verdict = decide(t, v, &call);
            if (!eval_cond(claim->cond, &call) || verdict.ret != claim->ret)
                fail(t, "a fault of easyseccomp: the call that was found is none");
            else
                fail_call(t, v, &call, &verdict);
            break;
        case WITNESS_UNKNOWN:
            if (!is_proved(t, v))
                fail(t, "it could not be proved");
            break;
        }
    }
}

static bool has_arch(const struct policy *p, const struct arch *arch)
{
    for (size_t i = 0; i < p->target_count; i++)
        if (p->targets[i].arch == arch)
            return true;
    return false;
}

/* An architecture outside of the policy's own: its calls are foreign. */
static void try_foreign(struct trial *t, const struct variant *v, const struct arch *arch)
{
    struct cli *cli = t->file->cli;
    const struct policy *p = v->c.policy;

    for (size_t i = 0; !cli->args.archs.count && i < p->foreign_expectations.count; i++) {
        const struct expectation *x = &p->foreign_expectations.at[i];
        struct verdict verdict;

        if (!is_at(x->span, t->expect->span))
            continue;
        verdict = decide(t, v, &x->call);
        if (verdict.ret != x->ret)
            fail_call(t, v, &x->call, &verdict);
        return;
    }
    t->outcome = SKIPPED;
    t->why = arena_printf(&cli->arena, "the policy is not compiled for %s", arch->name);
}

static void run_expectation(struct file_of_tests *f, const struct item *test,
                            const struct expect *e)
{
    struct trial t = {.file = f, .test = test, .expect = e};
    const struct arch *on = e->arch.len ? arch_by_name(e->arch.text, e->arch.len) : NULL;
    bool inside = !on || has_arch(f->variants.at[0]->c.policy, on);
    const struct variant *v = variant_of(f, &e->with, inside || f->has_archs ? NULL : on);

    if (v->status != EXIT_DONE) {
        fail(&t, "the policy does not compile with these defines");
    } else if (!inside && f->has_archs) {
        try_foreign(&t, v, on);
    } else {
        for (size_t i = 0; i < v->c.policy->target_count; i++) {
            try_calls(&t, v, &v->c.policy->targets[i]);
            try_claims(&t, v, &v->c.policy->targets[i]);
        }
        if (!t.decided)
            fail(&t, "no architecture of the policy has this call");
    }
    tell(&t);
}

/* --- files --------------------------------------------------------------------------------------
 */

static void run_tests(struct file_of_tests *f)
{
    static const name_list none;
    const struct variant *base = variant_of(f, &none, NULL);
    const struct policy *p = base->c.policy;

    if (base->status != EXIT_DONE)
        return;
    f->has_archs = f->cli->args.archs.count || p->declares_archs;
    for (size_t i = 0; i < p->tests.count; i++)
        for (size_t j = 0; j < p->tests.at[i]->expects.count; j++)
            run_expectation(f, p->tests.at[i], &p->tests.at[i]->expects.at[j]);
    if (f->cli->args.trace)
        coverage_follow_trace(&f->coverage, &base->c);
}

/* Whatever came of it, the report is complete. */
static int run_file(struct run_of_tests *run, const char *path, struct strbuf *coverage)
{
    struct cli *cli = run->cli;
    CLEANUP_FREE char *text = NULL;
    struct file_of_tests f = {.run = run, .cli = cli, .path = path};
    int status;

    f.name = source_name(path);
    f.coverage.arena = &cli->arena;
    if (read_source(path, &text, &f.len) < 0)
        return EXIT_USAGE;
    f.text = text;
    diags_init(&f.failures, &cli->arena);
    run_tests(&f);
    status = report_list(cli, &f.failures);
    if (f.variants.at[0]->status != EXIT_DONE) {
        status = f.variants.at[0]->status;
        if (!cli->args.json)
            strbuf_printf(&run->out, "not ok %u - %s does not compile\n", ++run->cases, f.name);
    } else if (cli->args.coverage && cli->args.json) {
        strbuf_puts(coverage, coverage->len ? ",\n  {\"file\":" : "\n  {\"file\":");
        strbuf_json_string(coverage, f.name);
        strbuf_puts(coverage, ",");
        coverage_json(&f.coverage, coverage);
        strbuf_puts(coverage, "}");
    } else if (cli->args.coverage) {
        coverage_show(&f.coverage, f.name, coverage);
    }
    for (size_t i = 0; i < f.variants.count; i++)
        compile_release(&f.variants.at[i]->c);
    return status;
}

static void end_report(struct run_of_tests *run, const struct strbuf *coverage)
{
    bool json = run->cli->args.json;

    if (json)
        strbuf_puts(&run->out, "]");
    else
        strbuf_printf(&run->out, run->cases ? "1..%u\n" : "1..%u # SKIP there are no tests\n",
                      run->cases);
    if (json && run->cli->args.coverage)
        strbuf_printf(&run->out, ",\n \"coverage\":[%s]", strbuf_text(coverage));
    else
        strbuf_puts(&run->out, strbuf_text(coverage));
    if (json)
        strbuf_puts(&run->out, "}\n");
}

int cmd_test(struct cli *cli)
{
    struct run_of_tests run = {.cli = cli};
    int worst = EXIT_DONE;
    struct strbuf coverage;

    if (!cli->args.operands.count)
        return usage_error("test takes policies: %s", cli->command->usage);
    if (cli->args.trace && !cli->args.coverage)
        return usage_error("--trace is of --coverage");
    strbuf_init(&run.out, &cli->arena);
    strbuf_init(&coverage, &cli->arena);
    if (cli->args.json)
        strbuf_puts(&run.out, "{\"tests\":[");
    for (size_t i = 0; i < cli->args.operands.count; i++) {
        int status = run_file(&run, cli->args.operands.at[i], &coverage);

        worst = status > worst ? status : worst;
    }
    end_report(&run, &coverage);
    if (write_result(cli, strbuf_text(&run.out), run.out.len, true) != EXIT_DONE)
        return EXIT_USAGE;
    return worst;
}
