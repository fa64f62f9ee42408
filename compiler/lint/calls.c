/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that are better refused, calls that cannot be, and calls that belong together. */
#include "compiler/lint/verdicts.h"
#include "compiler/sema/eval.h"

#include <errno.h>
#include <string.h>

/* --- findings about a statement, for several calls ---------------------------------------------
 */

/* What was found of a statement: the calls, and why. */
struct tally {
    struct strbuf calls; /* "'ptrace', 'bpf'" */
    unsigned count;
    struct strbuf notes; /* texts, each with a NUL behind it */
};

static void add_call(struct linter *l, struct tally *list, uint32_t number, const char *call,
                     const char *why)
{
    struct tally *t = &list[number];

    if (!t->count) {
        strbuf_init(&t->calls, l->arena);
        strbuf_init(&t->notes, l->arena);
    } else if (strstr(strbuf_text(&t->calls), call)) {
        return; /* of another target */
    }
    strbuf_printf(&t->calls, "%s%s", t->count++ ? ", " : "", call);
    if (why)
        strbuf_printf(&t->notes, "%s: %s\n", call, why);
}

/* --- dangerous ones ----------------------------------------------------------------------------
 */

struct danger {
    const char *call, *argument, *constant, *why;
    bool bits;
};

static const struct danger dangers[] = {
#define DANGER(call, why)                         {#call, NULL, NULL, why, false},
#define DANGER_VALUE(call, argument, number, why) {#call, #argument, #number, why, false},
#define DANGER_BITS(call, argument, number, why)  {#call, #argument, #number, why, true},
#include "compiler/lint/dangers.def"
#undef DANGER
#undef DANGER_VALUE
#undef DANGER_BITS
};

/* Does the argument, where it is not refused, get through? The graph for the calls in question. */
static const struct node *dangerous_part(const struct danger *danger, const struct syscall_info *s,
                                         const struct arch *arch, struct graph *g,
                                         const struct node *root)
{
    const struct constant *constant = constant_by_name(danger->constant, strlen(danger->constant));
    const struct signature known = syscall_signature(s, arch);
    const struct node *miss = graph_leaf(g, 0);
    int arg = signature_find(&known, danger->argument, strlen(danger->argument));
    uint64_t value;

    if (arg < 0 || !constant || !constant_value(constant, arch, &value))
        return miss;
    return graph_test(g, danger->bits ? NODE_SET : NODE_EQ, WORD_ARG_LOW((unsigned)arg), UINT32_MAX,
                      (uint32_t)value, root, miss);
}

/* The statement that lets it through; NO_RULE: none does. */
static uint32_t danger_passes(struct linter *l, struct decisions *d, const struct danger *danger)
{
    const struct syscall_info *s = syscall_by_name(danger->call, strlen(danger->call));
    struct verdicts v = verdicts_of(l, d, s);
    const struct node *root;
    struct seccomp_data call;
    struct verdict verdict;
    struct graph *g;

    if (!v.may_pass || !danger->argument)
        return v.passing;
    root = class_root(d, v.class);
    g = &v.class->graph;
    root = map_leaves(g, root, leaves_of(l->arena, d->target, true));
    root = dangerous_part(danger, s, d->target->arch, g, root);
    if (seek(d, root, graph_leaf(g, 1), &call) != WITNESS_FOUND)
        return NO_RULE;
    call.nr = (int)v.nr;
    call.arch = d->target->arch->audit;
    verdict = eval_policy(l->policy, &call);
    return verdict.rule ? verdict.rule->number : NO_RULE;
}

/* Is there a word on why the statement does what it does? */
static bool is_justified(const struct statement *s)
{
    const struct json *comment, *caps;

    if (s->item)
        return s->item->reason.len;
    if (!s->entry)
        return false;
    comment = json_member(s->entry->entry, "comment");
    caps = json_member(s->entry->entry, "includes");
    caps = caps ? json_member(caps, "caps") : NULL;
    return (caps && caps->count) || (comment && comment->kind == JSON_STRING && comment->len &&
                                     !strstr(comment->text, "lint:"));
}

static void check_dangers(struct linter *l)
{
    struct tally *list = ARENA_ARRAY(l->arena, struct tally, l->statement_count);

    for (size_t i = 0; i < ARRAY_SIZE(dangers); i++)
        for (size_t j = 0; j < l->policy->target_count; j++) {
            uint32_t number = danger_passes(l, l->decisions[j], &dangers[i]);
            const struct danger *d = &dangers[i];

            if (number == NO_RULE || is_justified(&l->statements[number]))
                continue;
            add_call(l, list, number,
                     d->constant ? arena_printf(l->arena, "'%s' with %s", d->call, d->constant)
                                 : arena_printf(l->arena, "'%s'", d->call),
                     d->why);
        }
    for (size_t i = 0; i < l->statement_count; i++) {
        struct diag *diag;
        const char *note;

        if (!list[i].count)
            continue;
        diag = find(l, LINT_DANGEROUS, l->statements[i].span, "%s %s let through without a reason",
                    strbuf_text(&list[i].calls), list[i].count > 1 ? "are" : "is");
        for (note = strbuf_text(&list[i].notes); *note; note = strchr(note, '\n') + 1)
            find_note(l, diag, (struct span){0}, "%.*s", (int)strcspn(note, "\n"), note);
    }
}

/* --- essential ones ----------------------------------------------------------------------------
 */

static void check_essential(struct linter *l)
{
    static const char *const essential[] = {"execve", "exit_group", "rt_sigreturn"};
    struct tally *list = ARENA_ARRAY(l->arena, struct tally, l->statement_count);

    for (size_t i = 0; i < ARRAY_SIZE(essential); i++)
        for (size_t j = 0; j < l->policy->target_count; j++) {
            struct verdicts v = verdicts_by_name(l, l->decisions[j], essential[i]);

            if (v.exists && v.must_refuse && v.refusing != NO_RULE)
                add_call(l, list, v.refusing, arena_printf(l->arena, "'%s'", essential[i]), NULL);
        }
    for (size_t i = 0; i < l->statement_count; i++)
        if (list[i].count)
            find(l, LINT_ESSENTIAL, l->statements[i].span, "%s %s refused, so that programs %s",
                 strbuf_text(&list[i].calls), list[i].count > 1 ? "are" : "is",
                 strstr(strbuf_text(&list[i].calls), "'execve'") ? "do not start"
                 : strstr(strbuf_text(&list[i].calls), "'exit_group'")
                     ? "do not end"
                     : "do not come back from signal handlers");
}

/* --- companions --------------------------------------------------------------------------------
 */

struct pair {
    const struct syscall_info *older, *newer;
    bool is_part; /* the older does not do all that the newer does */
};
typedef VEC(struct pair) pairs;

static const struct {
    const char *older, *newer;
    bool is_part;
} written_pairs[] = {
#define COMPANION(older, newer) {#older, #newer, false},
#define SUCCESSOR(older, newer) {#older, #newer, true},
#include "compiler/lint/companions.def"
#undef COMPANION
#undef SUCCESSOR
};

static void add_twins(struct linter *l, pairs *list)
{
    static const char *const suffixes[] = {"_time64", "64", "32"};

    for (size_t i = 0; i < syscall_count; i++)
        for (size_t j = 0; j < ARRAY_SIZE(suffixes); j++) {
            const char *name = syscall_table[i].name;
            size_t len = strlen(name), suffix = strlen(suffixes[j]);
            const struct syscall_info *older =
                len > suffix && !strcmp(name + len - suffix, suffixes[j])
                    ? syscall_by_name(name, len - suffix)
                    : NULL;

            if (older)
                VEC_PUSH(l->arena, list, ((struct pair){older, &syscall_table[i], false}));
        }
}

static void add_written(struct linter *l, pairs *list)
{
    for (size_t i = 0; i < ARRAY_SIZE(written_pairs); i++) {
        const char *older = written_pairs[i].older, *newer = written_pairs[i].newer;
        struct pair p = {syscall_by_name(older, strlen(older)),
                         syscall_by_name(newer, strlen(newer)), written_pairs[i].is_part};

        VEC_PUSH(l->arena, list, p);
    }
}

/* `refused` is, on purpose and for some arguments at least, and `open` never is. ENOSYS says: use
 * the other one. */
static void check_leak(struct linter *l, const struct verdicts *refused,
                       const struct syscall_info *refused_call, const struct verdicts *open,
                       const struct syscall_info *open_call)
{
    struct diag *diag;

    if (!refused->may_refuse || refused->is_enosys || !refused->on_purpose || !open->must_pass)
        return;
    diag = find(l, LINT_COMPANION_LEAK, place_in_statement(l, refused->refusing, refused_call),
                "'%s' is refused%s, and '%s', which does the same, is let through",
                refused_call->name, refused->must_refuse ? "" : " by arguments", open_call->name);
    find_note(l, diag, place_in_statement(l, open->passing, open_call), "'%s' is let through here",
              open_call->name);
}

static void check_pair(struct linter *l, struct decisions *d, const struct pair *p)
{
    struct verdicts older = verdicts_of(l, d, p->older), newer = verdicts_of(l, d, p->newer);
    struct diag *diag;

    if (!older.exists || !newer.exists)
        return;
    check_leak(l, &older, p->older, &newer, p->newer);
    if (newer.must_refuse || !p->is_part)
        check_leak(l, &newer, p->newer, &older, p->older);
    if (!older.may_pass || !newer.must_refuse || newer.is_enosys || newer.on_purpose ||
        !strcmp(p->newer->name, "clone3"))
        return;
    diag = find(l, LINT_COMPANION, place_in_statement(l, older.passing, p->older),
                "'%s' is let through, and '%s', which newer C libraries use instead, is not",
                p->older->name, p->newer->name);
    find_note(l, diag, l->statements[newer.refusing].span,
              "'%s' is refused here; with ENOSYS they would go on with '%s'", p->newer->name,
              p->older->name);
}

static void check_clone3(struct linter *l, struct decisions *d)
{
    struct verdicts clone = verdicts_by_name(l, d, "clone");
    struct verdicts clone3 = verdicts_by_name(l, d, "clone3");
    const struct statement *s;
    struct diag *diag;

    if (!clone.may_pass || !clone3.exists || !clone3.must_refuse || clone3.is_enosys)
        return;
    s = &l->statements[clone3.refusing];
    diag = find(l, LINT_CLONE3_ERRNO, s->span,
                "'clone3' is refused with other than ENOSYS: C libraries do not fall back to "
                "'clone'");
    if (s->item && s->item->kind == ITEM_RULE && s->item->expr &&
        s->item->expr->kind == EXPR_SYSCALL)
        find_fix(l, diag, s->item->action.span, "ERRNO(ENOSYS)", "refuse it with 'ERRNO(ENOSYS)'");
    else if (s->item)
        find_note(l, diag, (struct span){0}, "a rule '@clone3 => ERRNO(ENOSYS);' above mends it");
}

void lint_calls(struct linter *l)
{
    pairs list = {0};

    add_written(l, &list);
    add_twins(l, &list);
    check_dangers(l);
    check_essential(l);
    for (size_t i = 0; i < l->policy->target_count; i++) {
        for (size_t j = 0; j < list.count; j++)
            check_pair(l, l->decisions[i], &list.at[j]);
        check_clone3(l, l->decisions[i]);
    }
}
