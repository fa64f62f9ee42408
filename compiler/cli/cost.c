/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp cost: what a filter takes of memory and of the time of calls. */
#include "compiler/cli/cost.h"

#include "compiler/cbpf/run.h"
#include "compiler/cli/show.h"
#include "compiler/graph/weights.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct subject {
    struct cli *cli;
    struct compile *c;
    const struct layout *layout; /* NULL: a program alone */
    struct program program;
    bool big_endian;
    uint32_t *longest; /* by instruction: see longest_from(); 0: not known yet */
    struct strbuf out;
};

/* What the calls of one architecture execute. */
struct sum {
    double calls, executed;
};

struct call_cost {
    const struct syscall_info *info;
    uint32_t executed; /* with arguments of 0 */
    uint32_t worst;    /* with any */
    bool answered;     /* by the kernel's bitmap */
};

struct arch_cost {
    const struct arch *arch;
    struct sum all, run; /* by name, each once; those that run the filter */
    struct sum traced, traced_run;
    uint32_t worst; /* of any number */
    VEC(struct call_cost) calls;
};

/* --- the longest way through ------------------------------------------------------------------ */

/* A call of which number and architecture are known, and an accumulator. */
struct walk {
    const struct subject *s;
    uint32_t nr, audit;
    bool known; /* is the value of the accumulator? */
    uint32_t value;
};

static bool jumps(const struct sock_filter *in, uint32_t value)
{
    switch (BPF_OP(in->code)) {
    case BPF_JEQ:
        return value == in->k;
    case BPF_JGT:
        return value > in->k;
    case BPF_JGE:
        return value >= in->k;
    default:
        return (value & in->k) != 0;
    }
}

static void step(struct walk *w, const struct sock_filter *in)
{
    enum word word = WORD_COUNT;

    if (in->code == (BPF_LD | BPF_W | BPF_ABS))
        word = word_at(in->k, w->s->big_endian);
    if (in->code == (BPF_ALU | BPF_AND | BPF_K)) {
        w->value &= in->k;
    } else if (word == WORD_NR || word == WORD_ARCH) {
        w->known = true;
        w->value = word == WORD_NR ? w->nr : w->audit;
    } else if (BPF_CLASS(in->code) == BPF_LD || BPF_CLASS(in->code) == BPF_ALU ||
               BPF_CLASS(in->code) == BPF_MISC) {
        w->known = false;
    }
}

/* The most instructions that a call executes from `at` on, whatever its arguments. Where it goes by
 * them, both ways are taken: from there on the accumulator's value is not known, so that the
 * answer is kept by instruction. */
static uint32_t longest_from(struct walk w, uint32_t at)
{
    uint32_t *longest = w.s->longest, count = 1;

    for (;; at++, count++) {
        const struct sock_filter *in = &w.s->program.code[at];
        bool reads_x = BPF_SRC(in->code) == BPF_X;
        uint32_t yes, no;

        if (BPF_CLASS(in->code) == BPF_RET)
            return count;
        if (BPF_CLASS(in->code) != BPF_JMP) {
            step(&w, in);
        } else if (BPF_OP(in->code) == BPF_JA) {
            at += in->k;
        } else if (w.known && !reads_x) {
            at += jumps(in, w.value) ? in->jt : in->jf;
        } else {
            if (!longest[at]) {
                w.known = false;
                yes = longest_from(w, at + 1 + in->jt);
                no = longest_from(w, at + 1 + in->jf);
                longest[at] = yes > no ? yes : no;
            }
            return count + longest[at];
        }
    }
}

static uint32_t longest(const struct subject *s, uint32_t audit, uint32_t nr)
{
    memset(s->longest, 0, s->program.count * sizeof(*s->longest));
    return longest_from((struct walk){.s = s, .nr = nr, .audit = audit}, 0);
}

/* Of any number: what the program compares with is where a number's way changes. */
static uint32_t longest_of_any(const struct subject *s, uint32_t audit)
{
    uint32_t most = longest(s, audit, 0);

    for (uint32_t i = 0; i < s->program.count; i++) {
        const struct sock_filter *in = &s->program.code[i];

        if (BPF_CLASS(in->code) != BPF_JMP || BPF_OP(in->code) == BPF_JA)
            continue;
        for (uint32_t d = 0; d < 3; d++) {
            uint32_t there = longest(s, audit, in->k + d - 1);

            most = there > most ? there : most;
        }
    }
    return most;
}

/* --- one architecture ------------------------------------------------------------------------- */

static void add(struct sum *s, double calls, uint32_t executed)
{
    s->calls += calls;
    s->executed += calls * executed;
}

static double mean(const struct sum *s)
{
    return s->calls > 0 ? s->executed / s->calls : 0;
}

static void add_call(struct subject *s, struct arch_cost *cost, const struct syscall_info *info,
                     uint32_t nr)
{
    struct seccomp_data call = {.nr = (int)nr, .arch = cost->arch->audit};
    struct call_cost c = {
        .info = info,
        .executed = run_program(&s->program, &call, s->big_endian).executed,
        .worst = longest(s, cost->arch->audit, nr),
        .answered = const_allow(&s->program, cost->arch->audit, nr),
    };

    add(&cost->all, 1, c.executed);
    if (!c.answered)
        add(&cost->run, 1, c.executed);
    VEC_PUSH(&s->cli->arena, &cost->calls, c);
}

static void add_traced(struct subject *s, struct arch_cost *cost, const struct traced_call *traced)
{
    int64_t nr = traced_number(traced, cost->arch);
    struct seccomp_data call = {.nr = (int)nr, .arch = cost->arch->audit};
    uint32_t executed;

    if (nr < 0)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(traced->args); i++)
        call.args[i] = traced->args[i];
    executed = run_program(&s->program, &call, s->big_endian).executed;
    add(&cost->traced, (double)traced->count, executed);
    if (!const_allow(&s->program, cost->arch->audit, (uint32_t)nr))
        add(&cost->traced_run, (double)traced->count, executed);
}

static struct arch_cost arch_cost(struct subject *s, const struct arch *arch)
{
    struct arch_cost cost = {.arch = arch, .worst = longest_of_any(s, arch->audit)};

    for (size_t i = 0; i < syscall_count; i++) {
        int64_t nr = syscall_number(&syscall_table[i], arch);

        if (nr >= 0)
            add_call(s, &cost, &syscall_table[i], (uint32_t)nr);
    }
    for (size_t i = 0; i < s->c->options.tuning.trace_count; i++)
        add_traced(s, &cost, &s->c->options.tuning.trace[i]);
    return cost;
}

static int by_worst(const void *pa, const void *pb)
{
    const struct call_cost *a = pa, *b = pb;

    if (a->worst != b->worst)
        return a->worst > b->worst ? -1 : 1;
    return strcmp(a->info->name, b->info->name);
}

/* --- as text ---------------------------------------------------------------------------------- */

static void show_arch(struct subject *s, struct arch_cost *cost)
{
    struct strbuf *out = &s->out;
    size_t answered = cost->calls.count - (size_t)cost->run.calls;

    strbuf_printf(out, "\n%s: %.1f executed in the mean of %zu calls, %u at most\n",
                  cost->arch->name, mean(&cost->all), cost->calls.count, cost->worst);
    strbuf_printf(out, "%zu of them the kernel's bitmap answers; %.1f in the mean of the others\n",
                  answered, mean(&cost->run));
    if (cost->traced.calls > 0)
        strbuf_printf(out, "%.1f in the mean of the trace, %.1f of its calls that run the filter\n",
                      mean(&cost->traced), mean(&cost->traced_run));
    qsort(cost->calls.at, cost->calls.count, sizeof(*cost->calls.at), by_worst);
    for (size_t i = 0; i < cost->calls.count; i++) {
        const struct call_cost *c = &cost->calls.at[i];

        if (!c->answered && c->worst != c->executed)
            strbuf_printf(out, "%12u  %s\n", c->worst, c->info->name);
    }
}

static void show_rules(struct subject *s)
{
    struct rule_share *shares;
    size_t count = rule_shares(&s->cli->arena, s->layout, &shares);
    uint32_t others = s->program.count;

    for (size_t i = 0; i < count; i++) {
        others -= shares[i].count;
        strbuf_printf(&s->out, "%12u  ", shares[i].count);
        show_place(shares[i].span, &s->out);
        strbuf_puts(&s->out, ": ");
        show_text(shares[i].span, &s->out);
        strbuf_putc(&s->out, '\n');
    }
    strbuf_printf(&s->out, "%12u  to tell architectures and numbers apart, and to return\n",
                  others);
}

/* --- as JSON ---------------------------------------------------------------------------------- */

static void json_call(struct strbuf *out, const struct call_cost *c)
{
    strbuf_puts(out, "{\"name\":");
    strbuf_json_string(out, c->info->name);
    strbuf_printf(out, ",\"executed\":%u,\"worst\":%u,\"answered\":%s}", c->executed, c->worst,
                  c->answered ? "true" : "false");
}

static void json_arch(struct subject *s, const struct arch_cost *cost)
{
    struct strbuf *out = &s->out;

    strbuf_puts(out, "{\"arch\":");
    strbuf_json_string(out, cost->arch->name);
    strbuf_printf(out, ",\"calls\":%zu,\"answered\":%" PRIu64, cost->calls.count,
                  (uint64_t)cost->calls.count - (uint64_t)cost->run.calls);
    if (cost->traced.calls > 0)
        strbuf_printf(out, ",\"trace_mean\":%.3f,\"trace_mean_run\":%.3f", mean(&cost->traced),
                      mean(&cost->traced_run));
    strbuf_printf(out, ",\"mean\":%.3f,\"mean_run\":%.3f,\"worst\":%u,\"syscalls\":[",
                  mean(&cost->all), mean(&cost->run), cost->worst);
    for (size_t i = 0; i < cost->calls.count; i++) {
        strbuf_puts(out, i ? ",\n  " : "\n  ");
        json_call(out, &cost->calls.at[i]);
    }
    strbuf_puts(out, "]}");
}

static void json_rules(struct subject *s)
{
    struct rule_share *shares;
    size_t count = rule_shares(&s->cli->arena, s->layout, &shares);

    strbuf_puts(&s->out, ",\n \"rules\":[");
    for (size_t i = 0; i < count; i++) {
        struct span span = shares[i].span;

        strbuf_puts(&s->out, i ? ",\n  {\"file\":" : "\n  {\"file\":");
        strbuf_json_string(&s->out, span.source->name);
        strbuf_printf(&s->out, ",\"line\":%u,\"instructions\":%u}",
                      source_place(span.source, span.begin).line, shares[i].count);
    }
    strbuf_puts(&s->out, "]");
}

/* --- the subject ------------------------------------------------------------------------------ */

static void show_archs(struct subject *s, const struct arch *const *archs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arch_cost cost = arch_cost(s, archs[i]);

        if (!s->cli->args.json) {
            show_arch(s, &cost);
            continue;
        }
        strbuf_puts(&s->out, i ? ",\n " : "\n ");
        json_arch(s, &cost);
    }
}

static void show_cost(struct subject *s, const char *path, const struct arch *const *archs,
                      size_t count)
{
    if (s->cli->args.json) {
        strbuf_printf(&s->out, "{\"instructions\":%u,\n \"archs\":[", s->program.count);
        show_archs(s, archs, count);
        strbuf_puts(&s->out, "]");
        if (s->layout)
            json_rules(s);
        strbuf_puts(&s->out, "}\n");
        return;
    }
    strbuf_printf(&s->out, "%s: %u instructions\n", path, s->program.count);
    if (s->layout)
        show_rules(s);
    show_archs(s, archs, count);
}

/* The policy's targets; of a program, --arch or this machine. */
static int measure(struct subject *s, const char *path)
{
    VEC(const struct arch *) archs = {0};
    const struct policy *policy = s->c->policy;
    struct arena *a = &s->cli->arena;

    for (size_t i = 0; policy && i < policy->target_count; i++)
        VEC_PUSH(a, &archs, policy->targets[i].arch);
    for (size_t i = 0; !policy && i < s->cli->args.archs.count; i++)
        VEC_PUSH(a, &archs, s->cli->args.archs.at[i]);
    if (!archs.count && arch_native())
        VEC_PUSH(a, &archs, arch_native());
    s->longest = ARENA_ARRAY(a, uint32_t, s->program.count);
    strbuf_init(&s->out, a);
    show_cost(s, path, archs.at, archs.count);
    return write_result(s->cli, strbuf_text(&s->out), s->out.len, true);
}

static int load(struct subject *s, const char *path)
{
    int status = load_program(s->cli, s->c, path, &s->program, &s->big_endian);

    if (status == EXIT_DONE && s->c->ast)
        s->layout = &s->c->filter->layout;
    return status;
}

int cmd_cost(struct cli *cli)
{
    struct compile c;
    struct subject s = {.cli = cli, .c = &c};
    int status;

    if (cli->args.operands.count != 1)
        return usage_error("cost takes one source: %s", cli->command->usage);
    init_compile(cli, &c);
    status = load(&s, cli->args.operands.at[0]);
    if (status == EXIT_DONE && !c.policy)
        status = load_trace(cli, &c);
    if (status == EXIT_DONE && cli->args.format)
        status = write_picture(cli, &c, cli->args.operands.at[0]);
    else if (status == EXIT_DONE)
        status = measure(&s, cli->args.operands.at[0]);
    compile_release(&c);
    return status;
}
