/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/graph_random.h"

uint64_t random_value(struct rng *r)
{
    switch (rng_below(r, 5)) {
    case 0:
        return rng_below(r, 16);
    case 1:
        return (UINT64_C(1) << rng_below(r, 64)) + rng_below(r, 3) - 1;
    case 2:
        return (uint64_t)rng_below(r, 3) << 32 | rng_below(r, 8);
    case 3:
        return -(uint64_t)rng_below(r, 16);
    default:
        return rng_next(r);
    }
}

uint32_t random_mask(struct rng *r)
{
    switch (rng_below(r, 5)) {
    case 0:
        return UINT32_MAX;
    case 1:
        return UINT32_MAX << rng_below(r, 32);
    case 2:
        return UINT32_C(1) << rng_below(r, 32);
    case 3:
        return rng_below(r, 32);
    default:
        return (uint32_t)rng_next(r);
    }
}

static uint64_t ones(unsigned bits)
{
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static struct ranges random_set(struct rng *r, struct arena *a, uint64_t max)
{
    struct range list[6];
    size_t count = 1 + rng_below(r, 6);

    for (size_t i = 0; i < count; i++) {
        uint64_t low = random_value(r) & max, high = low;

        if (rng_chance(r, 40))
            high = rng_chance(r, 50) ? random_value(r) & max : low + rng_below(r, 4);
        list[i] = high >= low && high <= max ? (struct range){low, high} : (struct range){low, low};
    }
    return ranges_from(a, list, count);
}

struct atom random_atom(struct rng *r, struct arena *a, enum field field)
{
    static const uint8_t widths[] = {8, 16, 32, 64};
    struct atom atom = {.field = field, .op = rng_below(r, CMP_IN + 1)};
    uint64_t max;

    atom.width = field == FIELD_NR ? 32 : widths[rng_below(r, 4)];
    if (field != FIELD_NR && atom.width <= 32 && rng_chance(r, 25))
        atom.shift = 32;
    max = ones(atom.width);
    atom.is_signed = rng_chance(r, 25);
    atom.mask = max;
    if (rng_chance(r, field == FIELD_NR ? 10 : 40))
        atom.mask &= (uint64_t)random_mask(r) << 32 | random_mask(r);
    if (field == FIELD_NR) {
        atom.value = rng_below(r, 12);
        atom.set = random_set(r, a, 15);
    } else {
        atom.value = random_value(r) & max;
        if (rng_chance(r, 50))
            atom.value &= atom.mask;
        atom.set = random_set(r, a, max);
    }
    return atom;
}

void atom_constants(struct arena *a, const struct atom *atom, values *v)
{
    VEC_PUSH(a, v, atom->mask << atom->shift);
    VEC_PUSH(a, v, atom->value << atom->shift);
    for (size_t i = 0; atom->op == CMP_IN && i < atom->set.count; i++) {
        VEC_PUSH(a, v, atom->set.at[i].low << atom->shift);
        VEC_PUSH(a, v, atom->set.at[i].high << atom->shift);
    }
}

const struct cond *cond_atom(struct arena *a, struct atom atom)
{
    struct cond *c = ARENA_NEW(a, struct cond);

    c->kind = COND_ATOM;
    c->atom = atom;
    return c;
}

const struct cond *cond_join(struct arena *a, enum cond_kind kind, const struct cond *x,
                             const struct cond *y)
{
    const struct cond **kids = ARENA_ARRAY(a, const struct cond *, 2);
    struct cond *c = ARENA_NEW(a, struct cond);

    kids[0] = x;
    kids[1] = y;
    *c = (struct cond){.kind = kind, .kids = kids, .kid_count = kind == COND_NOT ? 1 : 2};
    return c;
}

static enum field random_field(struct rng *r)
{
    if (rng_chance(r, 40))
        return FIELD_NR;
    return rng_chance(r, 10) ? FIELD_IP : FIELD_ARG0 + rng_below(r, 2);
}

const struct cond *random_cond(struct rng *r, struct arena *a, unsigned depth)
{
    struct cond *c = ARENA_NEW(a, struct cond);
    const struct cond **kids;

    if (depth == 0 || rng_chance(r, 40))
        return cond_atom(a, random_atom(r, a, random_field(r)));
    switch (rng_below(r, 20)) {
    case 0:
        c->kind = COND_FALSE;
        return c;
    case 1:
        c->kind = COND_TRUE;
        return c;
    case 2:
    case 3:
    case 4:
        return cond_join(a, COND_NOT, random_cond(r, a, depth - 1), NULL);
    default:
        c->kind = rng_chance(r, 60) ? COND_AND : COND_OR;
        c->kid_count = 2 + rng_below(r, 3);
        kids = ARENA_ARRAY(a, const struct cond *, c->kid_count);
        for (size_t i = 0; i < c->kid_count; i++)
            kids[i] = random_cond(r, a, depth - 1);
        c->kids = kids;
        return c;
    }
}

void cond_constants(struct arena *a, const struct cond *c, values *v)
{
    if (c->kind == COND_ATOM)
        atom_constants(a, &c->atom, v);
    for (size_t i = 0; i < c->kid_count; i++)
        cond_constants(a, c->kids[i], v);
}

struct rule *make_rule(struct arena *a, const struct cond *c, uint32_t ret)
{
    struct rule *rule = ARENA_NEW(a, struct rule);

    rule->cond = c;
    rule->ret = ret;
    return rule;
}

struct policy *make_policy(struct arena *a, enum arch_id arch, const struct rule *const *rules,
                           size_t count)
{
    struct policy *p = ARENA_NEW(a, struct policy);

    p->foreign = SECCOMP_RET_KILL_PROCESS;
    p->target_count = 1;
    p->targets = ARENA_NEW(a, struct target);
    *p->targets = (struct target){.arch = &arch_table[arch], .rules = rules, .rule_count = count};
    return p;
}

struct policy *random_policy(struct rng *r, struct arena *a, size_t count, bool has_default)
{
    const struct rule **rules = ARENA_ARRAY(a, const struct rule *, count + 1);
    struct cond *always = ARENA_NEW(a, struct cond);

    for (size_t i = 0; i < count; i++)
        rules[i] = make_rule(a, random_cond(r, a, 3), SECCOMP_RET_ERRNO | (1 + rng_below(r, 4)));
    always->kind = COND_TRUE;
    rules[count] = make_rule(a, always, SECCOMP_RET_ALLOW);
    return make_policy(a, ARCH_X86_64, rules, count + has_default);
}

uint64_t near_value(struct rng *r, const values *v)
{
    uint64_t x = v->count ? v->at[rng_below(r, (uint32_t)v->count)] : 0;

    x += rng_below(r, 3) - 1;
    switch (rng_below(r, 12)) {
    case 0:
        return (uint32_t)x;
    case 1:
        return x | rng_next(r) << 32;
    case 2:
        return (x & UINT64_C(0xffffffff00000000)) | (uint32_t)rng_next(r);
    case 3:
        return x + (rng_below(r, 3) - UINT64_C(1)) * (UINT64_C(1) << 32);
    case 4:
        return rng_next(r);
    case 5:
        return rng_below(r, 2);
    case 6:
        return (int64_t)(int32_t)x;
    default:
        return x;
    }
}

struct seccomp_data near_call(struct rng *r, const values *v, uint32_t audit)
{
    struct seccomp_data call = {.arch = audit};

    call.nr = (int)(rng_chance(r, 80) ? rng_below(r, 18) : (uint32_t)near_value(r, v));
    call.instruction_pointer = near_value(r, v);
    for (size_t i = 0; i < 6; i++)
        call.args[i] = near_value(r, v);
    return call;
}

void graph_constants(struct arena *a, const struct node *root, values *v)
{
    const struct node **order;
    size_t count = graph_order(a, root, &order);

    for (size_t i = 0; i < count; i++) {
        VEC_PUSH(a, v, order[i]->k);
        VEC_PUSH(a, v, (uint64_t)order[i]->k << 32);
    }
}

const struct node *random_graph(struct rng *r, struct graph *g, size_t count)
{
    const struct node **nodes = ARENA_ARRAY(g->arena, const struct node *, count + 5);
    size_t have = 5;

    for (uint32_t i = 0; i < have; i++)
        nodes[i] = graph_leaf(g, SECCOMP_RET_ERRNO | i);
    for (; have < count + 5; have++) {
        /* mostly of those made lately, so that it gets deep */
        uint32_t near = have < 8 || rng_chance(r, 20) ? (uint32_t)have : 8;
        const struct node *yes = nodes[have - 1 - rng_below(r, near)];
        const struct node *no = nodes[have - 1 - rng_below(r, near)];
        enum word word = rng_chance(r, 30) ? WORD_NR : WORD_ARG0_LOW + rng_below(r, 3);
        uint32_t mask = rng_chance(r, 50) ? UINT32_MAX : rng_below(r, 16);

        nodes[have] =
            graph_test(g, NODE_EQ + rng_below(r, 4), word, mask, rng_below(r, 20), yes, no);
    }
    return nodes[have - 1];
}
