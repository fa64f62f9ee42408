/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The target's rules behind one for all calls that the claim does not speak of, with two actions
 * only: the claimed one, and another for all the rest. A call that gets the first is what is asked
 * for.
 */
#include "compiler/graph/never.h"

#include "compiler/graph/build.h"

#define CLAIMED SECCOMP_RET_ALLOW
#define OTHER   SECCOMP_RET_KILL_PROCESS

static const struct cond *combine(struct arena *a, enum cond_kind kind,
                                  const struct cond *const *kids, size_t count)
{
    struct cond *c = ARENA_NEW(a, struct cond);

    *c = (struct cond){.kind = kind, .kid_count = count};
    c->kids = arena_copy(a, kids, count * sizeof(*kids));
    return c;
}

/* Is the upper half of an argument not 0? */
static const struct cond *is_wide(struct arena *a, unsigned argument)
{
    struct cond *c = ARENA_NEW(a, struct cond);

    *c = (struct cond){.kind = COND_ATOM,
                       .atom = {.field = FIELD_ARG0 + argument,
                                .shift = 32,
                                .width = 32,
                                .op = CMP_NE,
                                .mask = UINT32_MAX}};
    return c;
}

/* Is it none of the calls that are asked about? */
static const struct cond *is_beside(struct arena *a, const struct target *t,
                                    const struct claim *claim)
{
    const struct cond *kids[SYSCALL_MAX_ARGS + 1];
    size_t count = 0;

    kids[count++] = combine(a, COND_NOT, &claim->cond, 1);
    if (t->arch->bits != 32)
        return kids[0];
    for (unsigned i = 0; i < SYSCALL_MAX_ARGS; i++)
        kids[count++] = is_wide(a, i);
    return combine(a, COND_OR, kids, count);
}

enum witness find_exception(struct arena *a, const struct target *t, const struct claim *claim,
                            struct seccomp_data *call)
{
    const struct rule **rules = ARENA_ARRAY(a, const struct rule *, t->rule_count + 1);
    struct target target = {.arch = t->arch, .rules = rules, .rule_count = t->rule_count + 1};
    struct policy question = {.targets = &target, .target_count = 1, .foreign = OTHER};
    const struct node *root;
    struct diags diags;
    struct graph g;

    rules[0] = rule_with(a, &(struct rule){.span = claim->span}, is_beside(a, t, claim), OTHER);
    for (size_t i = 0; i < t->rule_count; i++)
        rules[i + 1] = rule_with(a, t->rules[i], t->rules[i]->cond,
                                 t->rules[i]->ret == claim->ret ? CLAIMED : OTHER);
    diags_init(&diags, a);
    graph_init(&g, a);
    g.tuning.level = TUNE_NONE;
    root = build_graph(&g, &question, &diags);
    if (!root)
        return WITNESS_UNKNOWN;
    return find_witness(a, root, graph_leaf(&g, CLAIMED), call);
}
