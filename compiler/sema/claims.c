/* SPDX-License-Identifier: Apache-2.0 */
/* The tests of a policy: what is expected of a target. */
#include "compiler/sema/internal.h"

#include <string.h>

static bool is_defined(const struct resolver *r, struct name name)
{
    for (size_t i = 0; i < r->options->define_count; i++) {
        const char *define = r->options->defines[i].name;

        if (strlen(define) == name.len && !memcmp(define, name.text, name.len))
            return true;
    }
    return false;
}

/* Is it about this target, and this set of defines? */
static bool applies(struct resolver *r, const struct expect *e)
{
    for (size_t i = 0; i < e->with.count; i++)
        if (!is_defined(r, e->with.at[i]))
            return false;
    return !e->arch.len || resolve_arch(r, e->arch) == r->arch;
}

static void add_claim(struct resolver *r, const struct expect *e, claims *list)
{
    static const struct scope nowhere;
    struct draft *draft = resolve_condition(r, e->call, &nowhere);
    struct claim claim = {.span = e->span};

    if (draft)
        claim.cond = size_draft(r, draft);
    if (resolve_action(r, &e->action, &claim.ret) && claim.cond)
        VEC_PUSH(r->arena, list, claim);
}

/* Without `on`, an expectation is about the architectures that have the call. */
static void add_expectation(struct resolver *r, const struct expect *e, expectations *list)
{
    struct expectation x = {.span = e->span};
    const struct missing *missing;

    if (read_call(r, e->call, &x.call, &missing) == CONSTANT_OK &&
        resolve_action(r, &e->action, &x.ret))
        VEC_PUSH(r->arena, list, x);
}

void collect_claims(struct resolver *r, struct target *t)
{
    for (size_t i = 0; i < r->statements.count; i++) {
        const struct statement *s = &r->statements.at[i];

        if (s->item->kind != ITEM_TEST || !statement_holds(r, s))
            continue;
        for (size_t j = 0; j < s->item->expects.count; j++) {
            const struct expect *e = &s->item->expects.at[j];

            if (!applies(r, e))
                continue;
            if (e->kind == EXPECT_NEVER)
                add_claim(r, e, &t->claims);
            else
                add_expectation(r, e, &t->expectations);
        }
    }
}

/* Is it on an architecture that is no target? */
static const struct arch *foreign_arch(struct resolver *r, const struct expect *e)
{
    const struct arch *arch = e->arch.len ? arch_by_name(e->arch.text, e->arch.len) : NULL;

    for (size_t i = 0; arch && i < r->targets.count; i++)
        if (r->targets.at[i] == arch)
            return NULL;
    return e->kind == EXPECT_CALL ? arch : NULL;
}

void collect_foreign(struct resolver *r, expectations *list)
{
    for (size_t i = 0; i < r->statements.count; i++) {
        const struct item *item = r->statements.at[i].item;

        for (size_t j = 0; j < item->expects.count; j++) {
            const struct expect *e = &item->expects.at[j];

            r->arch = foreign_arch(r, e);
            if (!r->arch)
                continue;
            collect_definitions(r);
            if (applies(r, e) && statement_holds(r, &r->statements.at[i]))
                add_expectation(r, e, list);
        }
    }
}
