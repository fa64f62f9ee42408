/* SPDX-License-Identifier: Apache-2.0 */
/*
 * easyseccomp-prove: the program that easyseccomp starts to have something proved, so that nothing
 * else loads Z3.
 *
 *     easyseccomp-prove [option]... same|subset|loads NAME FD NAME FD
 *     easyseccomp-prove [option]... intersect|union NAME FD NAME FD...
 *     easyseccomp-prove [option]... claims NAME FD
 *
 * Sources are descriptors, each with its name; of `loads` the second is JSON, to be loaded by
 * libseccomp; of `intersect` and `union` the first is the policy that all others were merged to;
 * `claims` are the `expect never` of a policy. Options are those of struct compile_options; -t
 * seconds, -j for JSON, -q to say nothing where it holds. The answer goes to standard output; the
 * status is that of easyseccomp diff: 0 it holds, 1 it does not, 2 unknown or no answer.
 */
#include "base/diag_render.h"
#include "base/io.h"
#include "compiler/prove/claims.h"
#include "compiler/prove/load.h"
#include "compiler/prove/loads.h"
#include "compiler/prove/report.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_HOLDS = 0, EXIT_FAILS = 1, EXIT_NO_ANSWER = 2 };

#define DEFAULT_SECONDS 60

struct request {
    struct arena arena;
    VEC(const struct arch *) archs;
    VEC(struct define) defines;
    VEC(const char *) include_dirs;
    struct compile_options options;
    unsigned seconds;
    bool json, quiet;
    char **operands;
    int operand_count;
    int argc;
    char **argv;
};

static int PRINTF(1, 2) fail(const char *fmt, ...)
{
    va_list ap;

    fputs("easyseccomp-prove: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return EXIT_NO_ANSWER;
}

/* --- the command line -------------------------------------------------------------------------*/

/* NAME=VALUE */
static int add_define(struct request *r, const char *text)
{
    const char *equals = strchr(text, '=');
    struct define d = {0};

    if (!equals)
        return fail("'%s' is no NAME=VALUE", text);
    d.name = arena_strndup(&r->arena, text, (size_t)(equals - text));
    d.value = strtoull(equals + 1, NULL, 0);
    VEC_PUSH(&r->arena, &r->defines, d);
    return 0;
}

static int take_option(struct request *r, int letter, const char *value)
{
    const struct arch *arch;

    switch (letter) {
    case 'a':
        arch = arch_by_name(value, strlen(value));
        if (!arch)
            return fail("unknown architecture '%s'", value);
        VEC_PUSH(&r->arena, &r->archs, arch);
        return 0;
    case 'd':
        return add_define(r, value);
    case 'I':
        VEC_PUSH(&r->arena, &r->include_dirs, value);
        return 0;
    case 'r':
        r->options.runtime = (enum oci_runtime)atoi(value);
        return 0;
    case 'k':
        r->options.kernel = (kernel_release)strtoul(value, NULL, 0);
        return 0;
    case 't':
        r->seconds = (unsigned)strtoul(value, NULL, 0);
        return 0;
    case 'j':
        r->json = true;
        return 0;
    case 'q':
        r->quiet = true;
        return 0;
    }
    return fail("wrong usage: this is a part of easyseccomp, which starts it");
}

static int parse_options(struct request *r)
{
    int letter;

    r->seconds = DEFAULT_SECONDS;
    while ((letter = getopt(r->argc, r->argv, "a:d:I:r:k:t:jq")) != -1) {
        int status = take_option(r, letter, optarg);

        if (status)
            return status;
    }
    r->options.targets = r->archs.at;
    r->options.target_count = r->archs.count;
    r->options.defines = r->defines.at;
    r->options.define_count = r->defines.count;
    r->options.include_dirs = r->include_dirs.at;
    r->options.include_dir_count = r->include_dirs.count;
    r->operands = r->argv + optind;
    r->operand_count = r->argc - optind;
    return 0;
}

/* --- the answer -------------------------------------------------------------------------------*/

static void put_json(struct request *r, const struct proof *proof, const char *verdict)
{
    struct strbuf out;

    strbuf_init(&out, &r->arena);
    strbuf_printf(&out, "{\"verdict\":\"%s\",\"a\":", verdict);
    strbuf_json_string(&out, r->operands[1]);
    strbuf_puts(&out, ",\"b\":");
    strbuf_json_string(&out, r->operands[3]);
    if (proof->reason) {
        strbuf_puts(&out, ",\"reason\":");
        strbuf_json_string(&out, proof->reason);
    }
    strbuf_printf(&out, ",\"more\":%s,\n \"differences\":", proof->more ? "true" : "false");
    report_json(&r->arena, proof, &out);
    strbuf_puts(&out, "}\n");
    fputs(strbuf_text(&out), stdout);
}

static void put_differences(struct request *r, const struct proof *proof)
{
    struct strbuf out;

    strbuf_init(&out, &r->arena);
    report_text(&r->arena, proof, &out);
    printf("A: %s\nB: %s\n%s", r->operands[1], r->operands[3], strbuf_text(&out));
    if (proof->more)
        puts("and others like these");
    if (proof->reason)
        printf("not all calls were looked at: %s\n", proof->reason);
}

/* Returns the exit status. */
static int answer(struct request *r, enum relation relation, const struct proof *proof)
{
    static const char *const verdicts[] = {[PROOF_HOLDS] = "same",
                                           [PROOF_FAILS] = "differ",
                                           [PROOF_UNKNOWN] = "unknown",
                                           [PROOF_FAULT] = "fault"};
    const char *a = r->operands[1], *b = r->operands[3];

    if (proof->verdict == PROOF_FAULT)
        return fail("please report this fault of the prover: %s", proof->reason);
    if (r->json)
        put_json(r, proof,
                 relation == RELATION_SUBSET && proof->verdict == PROOF_HOLDS
                     ? "subset"
                     : verdicts[proof->verdict]);
    switch (proof->verdict) {
    case PROOF_HOLDS:
        if (!r->json && !r->quiet)
            printf(relation == RELATION_SAME ? "same: %s and %s decide every call alike\n"
                                             : "subset: %s allows nothing that %s forbids\n",
                   a, b);
        return EXIT_HOLDS;
    case PROOF_FAILS:
        if (!r->json)
            put_differences(r, proof);
        return EXIT_FAILS;
    case PROOF_UNKNOWN:
        return fail("unknown whether %s and %s differ: %s", a, b, proof->reason);
    case PROOF_FAULT:
        break;
    }
    return EXIT_NO_ANSWER;
}

/* --- what is asked ----------------------------------------------------------------------------*/

static int render(void *ctx)
{
    struct compile *c = ctx;
    struct strbuf out;

    strbuf_init(&out, &c->arena);
    diags_render_text(&c->diags, false, &out);
    fputs(strbuf_text(&out), stderr);
    return 0;
}

/* easyseccomp has loaded the sources before, and told what is wrong with them. */
static int load(struct request *r, int operand, struct loaded *loaded)
{
    struct error err = {0};
    int fd = atoi(r->operands[operand + 1]);

    if (load_subject(&r->arena, &r->options, r->operands[operand], fd, loaded, &err) == 0)
        return 0;
    if (err.code)
        return fail("%s", err.text);
    if (arena_run(&loaded->compile.arena, render, &loaded->compile) < 0)
        return fail("out of memory");
    return EXIT_NO_ANSWER;
}

static bool is_big_endian(const struct subject *s)
{
    return s->policy ? s->policy->targets[0].arch->big_endian : s->big_endian;
}

/* What the proof leaves out: easyseccomp-diff(1). */
static struct domain domain_of(const struct loaded *x, const struct loaded *y)
{
    struct domain domain = {.no_negative = x->compile.is_json || y->compile.is_json};

    for (unsigned i = 0; i < ARCH_COUNT; i++)
        if (arch_table[i].bits == 32)
            domain.no_high |= ARCH_BIT(i);
    return domain;
}

static int compare(struct request *r, enum relation relation, struct loaded *x, struct loaded *y)
{
    struct domain domain;
    struct proof proof;
    struct terms terms;
    int status = load(r, 1, x);

    if (status == 0)
        status = load(r, 3, y);
    if (status)
        return status;
    if (is_big_endian(&x->subject) != is_big_endian(&y->subject))
        return fail("%s and %s are for machines of different byte order", r->operands[1],
                    r->operands[3]);
    domain = domain_of(x, y);
    terms_init(&terms, r->seconds);
    prove(&r->arena, &terms, &x->subject, &y->subject, relation, &domain, &proof);
    status = answer(r, relation, &proof);
    terms_release(&terms);
    return status;
}

/* --- JSON as it is loaded ---------------------------------------------------------------------*/

#define LIBSECCOMP_SECONDS 30

struct json_text {
    struct compile *c; /* for its arena and diagnostics */
    const char *name, *text;
    size_t len;
    const struct json *root;
};

static int parse_json(void *ctx)
{
    struct json_text *t = ctx;
    const struct source *s = source_new(&t->c->arena, t->name, t->text, (uint32_t)t->len);

    t->root = json_parse(&t->c->arena, s, &t->c->diags);
    return t->root ? 0 : -EINVAL;
}

static int read_json(struct request *r, struct compile *c, const struct json **root)
{
    struct json_text t = {.c = c, .name = r->operands[3]};
    CLEANUP_FREE char *bytes = NULL;
    struct error err;

    if (read_all(atoi(r->operands[4]), t.name, COMPILE_MAX_SOURCE, &bytes, &t.len, &err) < 0)
        return fail("%s", err.text);
    t.text = bytes;
    if (arena_run(&c->arena, parse_json, &t) < 0)
        return fail("'%s' is no JSON", t.name);
    *root = t.root;
    return 0;
}

/* Names, each once, of the differences' calls. */
static void note_unknown(struct request *r, const struct proof *proof)
{
    struct strmap seen = {0};
    const char *before = "not so for calls that this machine's libseccomp does not know: ";

    for (size_t i = 0; i < proof->differences.count; i++) {
        const struct extent *e = proof->differences.at[i].extents;
        uint32_t audit = (uint32_t)e[EXTENT_ARCH].low, nr = (uint32_t)e[EXTENT_NR].low;
        const struct syscall_info *info = syscall_by_number(arch_of_call(audit, nr), nr);

        if (!info || strmap_get(&seen, info->name, (uint32_t)strlen(info->name)))
            continue;
        strmap_put(&r->arena, &seen, info->name, (uint32_t)strlen(info->name), &seen);
        printf("%s%s", before, info->name);
        before = ", ";
    }
    if (seen.count)
        putchar('\n');
}

/* Tells what the proof leaves out that the policy cares for. */
static void check_unknown(struct request *r, struct terms *terms, const struct loaded *x,
                          const struct subject *loaded, const struct loading_way *way)
{
    struct domain domain = loads_unknown(&r->arena, x->subject.policy);
    struct proof proof;

    if (way != loading_ways)
        return; /* the others do the same */
    prove(&r->arena, terms, &x->subject, loaded, RELATION_SAME, &domain, &proof);
    note_unknown(r, &proof);
}

/* One way of loading it. */
static int compare_loaded(struct request *r, struct terms *terms, const struct loaded *x,
                          const struct json *root, const struct loading_way *way)
{
    struct domain domain = loads_domain(&r->arena, root, x->subject.policy, way);
    struct subject subject;
    struct error err = {0};
    struct proof proof;

    switch (
        load_profile(&r->arena, root, x->subject.policy, way, LIBSECCOMP_SECONDS, &subject, &err)) {
    case LOAD_DONE:
        break;
    case LOAD_REFUSED:
        printf("%s refuses %s: %s\n", way->name, r->operands[3], err.text);
        return EXIT_FAILS;
    case LOAD_LOOPED:
        printf("%s does not come to an end with %s: libseccomp loops (%d s)\n", way->name,
               r->operands[3], LIBSECCOMP_SECONDS);
        return EXIT_FAILS;
    case LOAD_FAILED:
        return fail("%s", err.text);
    }
    prove(&r->arena, terms, &x->subject, &subject, RELATION_SAME, &domain, &proof);
    if (proof.verdict == PROOF_HOLDS) {
        check_unknown(r, terms, x, &subject, way);
        return EXIT_HOLDS;
    }
    if (proof.verdict == PROOF_FAILS)
        printf("%s loads something else:\n", way->name);
    return answer(r, RELATION_SAME, &proof);
}

static int compare_loads(struct request *r, struct loaded *x, struct loaded *y)
{
    const struct json *root = NULL;
    struct terms terms;
    int status = load(r, 1, x);

    compile_init(&y->compile, &r->options);
    if (status == 0)
        status = read_json(r, &y->compile, &root);
    if (status == 0 && !x->subject.policy)
        status = fail("'%s' is no policy", r->operands[1]);
    if (status != 0)
        return status;
    terms_init(&terms, r->seconds);
    for (size_t i = 0; i < loading_way_count && status == 0; i++)
        status = compare_loaded(r, &terms, x, root, &loading_ways[i]);
    terms_release(&terms);
    if (status == EXIT_HOLDS && !r->quiet)
        printf("same: %s and %s, as crun and runc load it, decide every call alike\n",
               r->operands[1], r->operands[3]);
    return status;
}

/* --- merged policies --------------------------------------------------------------------------*/

/* The sources behind the first, as one subject. */
static int load_parts(struct request *r, struct loaded *parts, size_t count,
                      struct subject *together)
{
    const struct subject **subjects = ARENA_ARRAY(&r->arena, const struct subject *, count);
    int status = 0;

    for (size_t i = 0; i < count && status == 0; i++) {
        status = load(r, (int)(2 * i + 3), &parts[i]);
        subjects[i] = &parts[i].subject;
    }
    together->parts = subjects;
    together->part_count = count;
    return status;
}

static int compare_merged(struct request *r, enum merge how, struct loaded *merged)
{
    size_t count = (size_t)r->operand_count / 2 - 1;
    struct loaded *parts = ARENA_ARRAY(&r->arena, struct loaded, count);
    struct subject together = {.how = how};
    struct domain domain;
    struct terms terms;
    struct proof proof;
    int status = load(r, 1, merged);

    if (status == 0)
        status = load_parts(r, parts, count, &together);
    if (status == 0) {
        domain = domain_of(merged, merged);
        domain.no_negative = true; /* which the writer of policies does not look at */
        terms_init(&terms, r->seconds);
        prove(&r->arena, &terms, &merged->subject, &together, RELATION_SAME, &domain, &proof);
        r->operands[3] = arena_strdup(&r->arena, "the sources together");
        status = answer(r, RELATION_SAME, &proof);
        terms_release(&terms);
    }
    for (size_t i = 0; i < count; i++)
        loaded_release(&parts[i]);
    return status;
}

/* --- what a policy claims of itself -----------------------------------------------------------*/

static int check_claim(struct request *r, struct terms *terms, const struct policy *p,
                       const struct target *target, const struct claim *claim)
{
    struct place place = source_place(claim->span.source, claim->span.begin);
    struct strbuf calls;
    struct proof proof;

    prove_claim(&r->arena, terms, p, target, claim, &proof);
    switch (proof.verdict) {
    case PROOF_HOLDS:
        return EXIT_HOLDS;
    case PROOF_FAILS:
        strbuf_init(&calls, &r->arena);
        source_excerpt(claim->span, 160, &calls);
        printf("%s:%u: not so: %s\n", claim->span.source->name, place.line, strbuf_text(&calls));
        calls.len = 0;
        report_calls(&r->arena, &proof, &calls);
        fputs(strbuf_text(&calls), stdout);
        return EXIT_FAILS;
    case PROOF_UNKNOWN:
        return fail("unknown: %s:%u: %s", claim->span.source->name, place.line, proof.reason);
    case PROOF_FAULT:
        break;
    }
    return fail("please report this fault of the prover: %s", proof.reason);
}

static int check_claims(struct request *r, struct loaded *x)
{
    const struct policy *p;
    struct terms terms;
    int status = load(r, 1, x), worst = EXIT_HOLDS;

    if (status)
        return status;
    p = x->subject.policy;
    if (!p)
        return fail("'%s' is no policy", r->operands[1]);
    terms_init(&terms, r->seconds);
    for (size_t i = 0; i < p->target_count; i++)
        for (size_t j = 0; j < p->targets[i].claims.count; j++) {
            status = check_claim(r, &terms, p, &p->targets[i], &p->targets[i].claims.at[j]);
            worst = status > worst ? status : worst;
        }
    terms_release(&terms);
    return worst;
}

/* --- the program ------------------------------------------------------------------------------*/

static int run(void *ctx)
{
    struct request *r = ctx;
    struct loaded x = {0}, y = {0};
    const char *what;
    int status = parse_options(r);

    if (status)
        return status;
    what = r->operand_count ? r->operands[0] : "";
    if (r->operand_count < (strcmp(what, "claims") ? 5 : 3) || r->operand_count % 2 == 0)
        return fail("wrong usage: this is a part of easyseccomp, which starts it");
    if (!strcmp(what, "claims"))
        status = check_claims(r, &x);
    else if (!strcmp(what, "loads"))
        status = compare_loads(r, &x, &y);
    else if (!strcmp(what, "intersect"))
        status = compare_merged(r, MERGE_INTERSECT, &x);
    else if (!strcmp(what, "union"))
        status = compare_merged(r, MERGE_UNION, &x);
    else
        status = compare(r, strcmp(what, "subset") ? RELATION_SAME : RELATION_SUBSET, &x, &y);
    loaded_release(&x);
    loaded_release(&y);
    return status;
}

int main(int argc, char **argv)
{
    struct request r = {.argc = argc, .argv = argv};
    int status;

    arena_init(&r.arena);
    status = arena_run(&r.arena, run, &r);
    arena_release(&r.arena);
    if (status < 0)
        status = fail("out of memory");
    if (fflush(stdout) || ferror(stdout))
        status = fail("cannot write to standard output");
    return status;
}
