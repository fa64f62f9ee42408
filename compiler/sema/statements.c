/* SPDX-License-Identifier: Apache-2.0 */
/* Which statements hold on which target, and the names that they define. */
#include "compiler/sema/internal.h"

#include "compiler/front/condition.h"

#include <string.h>

static void collect(struct resolver *r, const item_list *items, const struct guard *guard)
{
    size_t i;

    for (i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];

        if (item->kind == ITEM_INCLUDE) {
            collect(r, &item->items, guard);
        } else if (item->kind == ITEM_IF) {
            struct guard *both = ARENA_ARRAY(r->arena, struct guard, 2);

            both[0] = (struct guard){item->expr, true, guard};
            both[1] = (struct guard){item->expr, false, guard};
            collect(r, &item->items, &both[0]);
            collect(r, &item->else_items, &both[1]);
        } else {
            VEC_PUSH(r->arena, &r->statements, ((struct statement){item, guard}));
        }
    }
}

void collect_statements(struct resolver *r, const struct ast *ast)
{
    collect(r, &ast->items, NULL);
}

/* --- conditions of #if on this architecture ----------------------------------------------------
 */

static uint64_t guard_name(void *ctx, const struct name *name)
{
    const struct resolver *r = ctx;
    const struct arch *arch = condition_arch(name);
    size_t i;

    if (arch)
        return arch == r->arch;
    for (i = 0; i < r->options->define_count; i++) {
        const struct define *d = &r->options->defines[i];

        if (strlen(d->name) == name->len && !memcmp(d->name, name->text, name->len))
            return d->value;
    }
    return 0;
}

bool statement_holds(struct resolver *r, const struct statement *s)
{
    const struct guard *g;

    for (g = s->guard; g; g = g->outer)
        if ((condition_value(r->diags, g->condition, guard_name, r) != 0) != g->wanted)
            return false;
    return true;
}

/* --- definitions -------------------------------------------------------------------------------
 */

static bool is_reserved(struct name name)
{
    static const char *const reserved[] = {"signed", "low", "high", "full"};
    size_t i;

    for (i = 0; i < ARRAY_SIZE(reserved); i++)
        if (strlen(reserved[i]) == name.len && !memcmp(reserved[i], name.text, name.len))
            return true;
    return false;
}

static void define(struct resolver *r, struct strmap *map, const struct item *item)
{
    const struct definition *old = strmap_get(map, item->name.text, item->name.len);
    const char *sigil = item->kind == ITEM_SET ? "%" : "";
    struct definition *d;

    if (old) {
        struct diag *diag =
            diag_add(r->diags, DIAG_REDEFINED, item->name.span, "'%s%.*s' is defined twice", sigil,
                     (int)item->name.len, item->name.text);
        diag_note(r->diags, diag, old->item->name.span, "the first definition is here");
        return;
    }
    if (item->kind == ITEM_MACRO && is_reserved(item->name)) {
        diag_add(r->diags, DIAG_REDEFINED, item->name.span,
                 "'%.*s' is part of the language and cannot be a macro", (int)item->name.len,
                 item->name.text);
        return;
    }
    d = ARENA_NEW(r->arena, struct definition);
    d->item = item;
    strmap_put(r->arena, map, item->name.text, item->name.len, d);
}

void collect_definitions(struct resolver *r)
{
    size_t i;

    r->names = (struct strmap){0};
    r->sets = (struct strmap){0};
    r->groups = (struct strmap){0};
    for (i = 0; i < r->statements.count; i++) {
        const struct item *item = r->statements.at[i].item;

        if (item->kind != ITEM_CONST && item->kind != ITEM_MACRO && item->kind != ITEM_SET)
            continue;
        if (statement_holds(r, &r->statements.at[i]))
            define(r, item->kind == ITEM_SET ? &r->sets : &r->names, item);
    }
}

struct definition *find_name(const struct resolver *r, struct name name)
{
    return strmap_get(&r->names, name.text, name.len);
}

struct definition *find_set(const struct resolver *r, struct name name)
{
    return strmap_get(&r->sets, name.text, name.len);
}

int macro_parameter(const struct item *macro, struct name name)
{
    size_t i;

    for (i = 0; macro && i < macro->names.count; i++)
        if (macro->names.at[i].len == name.len &&
            !memcmp(macro->names.at[i].text, name.text, name.len))
            return (int)i;
    return -1;
}

int call_argument(const struct resolver *r, const struct syscall_info *call, struct name name)
{
    const struct signature s = syscall_signature(call, r->arch);
    int found = signature_find(&s, name.text, name.len);

    if (found < 0 && call && syscall_has_argument(call, name.text, name.len))
        return ARGUMENT_ELSEWHERE;
    return found;
}
