/* SPDX-License-Identifier: Apache-2.0 */
/* `expect never` of a policy's tests: what is to be proved of a target. */
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

void collect_claims(struct resolver *r, claims *list)
{
    for (size_t i = 0; i < r->statements.count; i++) {
        const struct statement *s = &r->statements.at[i];

        if (s->item->kind != ITEM_TEST || !statement_holds(r, s))
            continue;
        for (size_t j = 0; j < s->item->expects.count; j++) {
            const struct expect *e = &s->item->expects.at[j];

            if (e->kind == EXPECT_NEVER && applies(r, e))
                add_claim(r, e, list);
        }
    }
}
