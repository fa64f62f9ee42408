/* SPDX-License-Identifier: Apache-2.0 */
/* Names of calls: where they stand twice or where another rule has them, and who knows them. */
#include "compiler/lint/internal.h"

#include <string.h>

/* --- names of an expression --------------------------------------------------------------------
 */

/* Only what names calls that the condition is for: not behind `!`, `!=` and `not in`. */
void collect_names(struct arena *a, const struct expr *e, named_calls *list)
{
    const struct syscall_info *s;

    switch (e->kind) {
    case EXPR_SYSCALL:
        s = syscall_by_name(e->name.text, e->name.len);
        if (s && !e->arch.len)
            VEC_PUSH(a, list, ((struct named_call){s, e->name.span}));
        return;
    case EXPR_BINARY:
        if (e->op != OP_EQ && e->op != OP_IN)
            return;
        break;
    case EXPR_UNARY:
    case EXPR_NUMBER:
    case EXPR_NAME:
    case EXPR_CALL:
    case EXPR_VARIABLE:
    case EXPR_SET:
    case EXPR_KERNEL:
    case EXPR_RANGE:
    case EXPR_ERROR:
        return;
    case EXPR_LIST:
    case EXPR_AND:
    case EXPR_OR:
        break;
    }
    for (size_t i = 0; i < e->kids.count; i++)
        collect_names(a, e->kids.at[i], list);
}

/* --- libseccomp --------------------------------------------------------------------------------
 */

/* Releases whose tables of calls end with that kernel (its CHANGELOG), the newest last. */
static const struct {
    const char *version;
    kernel_release knows;
} libseccomps[] = {{"2.5.4", KERNEL_RELEASE(5, 17, 0)},
                   {"2.5.5", KERNEL_RELEASE(6, 7, 0)},
                   {"2.6.0", KERNEL_RELEASE(6, 13, 0)}};

/* The newest release that does not know the call; NULL: all do. */
static const char *unknown_to(const struct syscall_info *s)
{
    const char *version = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(libseccomps); i++)
        if (s->since > libseccomps[i].knows)
            version = libseccomps[i].version;
    return version;
}

/* What calls end with that no rule is about; refused where the targets differ. */
static bool default_lets_through(const struct linter *l)
{
    for (size_t i = 0; i < l->policy->target_count; i++) {
        const struct target *t = &l->policy->targets[i];

        if (!t->rule_count || !lets_through(t->rules[t->rule_count - 1]->ret))
            return false;
    }
    return true;
}

static void check_libseccomp(struct linter *l, const struct statement *s, bool open)
{
    for (size_t i = 0; i < s->names.count; i++) {
        const struct named_call *n = &s->names.at[i];
        const char *version = unknown_to(n->call);

        if (!version)
            continue;
        if (open && !lets_through(s->ret))
            find(l, LINT_LIBSECCOMP_DENY, n->span,
                 "libseccomp %s and older do not know '%s': through a JSON profile it would not be "
                 "refused",
                 version, n->call->name);
        else
            find(l, LINT_LIBSECCOMP_NAME, n->span,
                 "libseccomp %s and older do not know '%s': in a JSON profile it would be skipped",
                 version, n->call->name);
    }
}

/* --- targets -----------------------------------------------------------------------------------
 */

/* "x86, x32"; NULL if all have it. */
static const char *lacking(struct linter *l, const struct syscall_info *s)
{
    struct strbuf text;

    strbuf_init(&text, l->arena);
    for (size_t i = 0; i < l->policy->target_count; i++) {
        const struct arch *arch = l->policy->targets[i].arch;

        if (syscall_number(s, arch) < 0)
            strbuf_printf(&text, "%s%s", text.len ? ", " : "", arch->name);
    }
    return text.len ? strbuf_text(&text) : NULL;
}

static void check_numbers(struct linter *l, const struct statement *s)
{
    for (size_t i = 0; i < s->names.count; i++) {
        const struct named_call *n = &s->names.at[i];
        const char *archs = lacking(l, n->call);

        if (archs)
            find(l, LINT_NO_NUMBER, n->span, "'%s' has no number on %s", n->call->name, archs);
    }
}

/* --- all ---------------------------------------------------------------------------------------
 */

void lint_names(struct linter *l)
{
    bool open = default_lets_through(l);

    for (size_t i = 0; i < l->statement_count; i++) {
        check_libseccomp(l, &l->statements[i], open);
        check_numbers(l, &l->statements[i]);
    }
}
