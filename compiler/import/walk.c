/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program as a policy. For each architecture that the program names and each number between
 * those that it compares with, the program is walked with these two known and the other words not:
 * what is left is a decision graph on arguments, equal ones being one node. Each node becomes the
 * rules of the numbers that come to it.
 */
#include "base/sort.h"
#include "compiler/cbpf/flow.h"
#include "compiler/cbpf/run.h"
#include "compiler/graph/graph.h"
#include "compiler/import/behaviour.h"
#include "compiler/import/import.h"

#include <errno.h>
#include <string.h>

#define MAX_RULES 2000

/* What a register or a cell holds: a word under a mask, or a number. */
struct held {
    enum word word; /* WORD_COUNT: the number */
    uint32_t mask, number;
};

#define CELL_X BPF_MEMWORDS
#define CELL_A (BPF_MEMWORDS + 1)
struct state {
    struct held cells[BPF_MEMWORDS + 2];
};

struct visit {
    struct state state;
    const struct node *node;
    struct visit *next;
};

struct walking {
    struct arena *arena, *scratch; /* of the policy; of one walk */
    const struct program *program;
    bool big_endian;
    uint32_t audit, nr;
    struct graph graph;
    struct visit **visits; /* by instruction */
    struct error *err;
};

/* --- one number --------------------------------------------------------------------------------*/

static const struct node *walk(struct walking *w, uint32_t at, struct state s);

static const struct node *refuse(struct walking *w, uint32_t at, const char *what)
{
    error_set(w->err, EINVAL, "instruction %u %s", at, what);
    return NULL;
}

static bool divides_by_zero(const struct state *s, const struct sock_filter *in)
{
    const struct held *x = &s->cells[CELL_X];

    return BPF_OP(in->code) == BPF_DIV && BPF_SRC(in->code) == BPF_X && x->word == WORD_COUNT &&
           x->number == 0;
}

static bool alu(struct state *s, const struct sock_filter *in)
{
    struct held *a = &s->cells[CELL_A], b = s->cells[CELL_X];

    if (BPF_SRC(in->code) == BPF_K)
        b = (struct held){WORD_COUNT, 0, in->k};
    if (BPF_OP(in->code) == BPF_NEG)
        b = (struct held){WORD_COUNT, 0, 0};
    if (b.word != WORD_COUNT)
        return false;
    if (a->word == WORD_COUNT)
        a->number = alu_result(BPF_OP(in->code), a->number, b.number);
    else if (BPF_OP(in->code) == BPF_AND)
        a->mask &= b.number;
    else
        return false;
    return true;
}

static struct held loaded(const struct walking *w, const struct sock_filter *in)
{
    enum word word;

    if (BPF_MODE(in->code) == BPF_IMM)
        return (struct held){WORD_COUNT, 0, in->k};
    if (BPF_MODE(in->code) != BPF_ABS)
        return (struct held){WORD_COUNT, 0, sizeof(struct seccomp_data)};
    word = word_at(in->k, w->big_endian);
    if (word == WORD_NR || word == WORD_ARCH)
        return (struct held){WORD_COUNT, 0, word == WORD_NR ? w->nr : w->audit};
    return (struct held){word, UINT32_MAX, 0};
}

static bool holds(uint16_t op, uint32_t a, uint32_t b)
{
    switch (op) {
    case BPF_JEQ:
        return a == b;
    case BPF_JGT:
        return a > b;
    case BPF_JGE:
        return a >= b;
    default:
        return a & b; /* BPF_JSET */
    }
}

static const struct node *jump(struct walking *w, uint32_t at, const struct state *s)
{
    const struct sock_filter *in = &w->program->code[at];
    struct held a = s->cells[CELL_A], b = s->cells[CELL_X];
    const struct node *yes, *no;
    enum node_kind kind = NODE_EQ;

    if (BPF_OP(in->code) == BPF_JA)
        return walk(w, at + 1 + in->k, *s);
    if (BPF_SRC(in->code) == BPF_K)
        b = (struct held){WORD_COUNT, 0, in->k};
    if (b.word != WORD_COUNT)
        return refuse(w, at, "compares with a word of the call");
    if (a.word == WORD_COUNT)
        return walk(w, at + 1 + (holds(BPF_OP(in->code), a.number, b.number) ? in->jt : in->jf),
                    *s);
    yes = walk(w, at + 1 + in->jt, *s);
    no = yes ? walk(w, at + 1 + in->jf, *s) : NULL;
    if (!no)
        return NULL;
    switch (BPF_OP(in->code)) {
    case BPF_JGT:
        kind = NODE_GT;
        break;
    case BPF_JGE:
        kind = NODE_GE;
        break;
    case BPF_JSET:
        return graph_test(&w->graph, NODE_EQ, a.word, a.mask & b.number, 0, no, yes);
    }
    return graph_test(&w->graph, kind, a.word, a.mask, b.number, yes, no);
}

static const struct node *step(struct walking *w, uint32_t at, struct state s)
{
    const struct sock_filter *in = &w->program->code[at];
    struct held *a = &s.cells[CELL_A], *x = &s.cells[CELL_X];

    switch (BPF_CLASS(in->code)) {
    case BPF_LD:
        *a = BPF_MODE(in->code) == BPF_MEM ? s.cells[in->k] : loaded(w, in);
        break;
    case BPF_LDX:
        *x = BPF_MODE(in->code) == BPF_MEM ? s.cells[in->k] : loaded(w, in);
        break;
    case BPF_ST:
        s.cells[in->k] = *a;
        break;
    case BPF_STX:
        s.cells[in->k] = *x;
        break;
    case BPF_ALU:
        if (divides_by_zero(&s, in))
            return graph_leaf(&w->graph, 0);
        if (!alu(&s, in))
            return refuse(w, at, "computes with a word of the call");
        break;
    case BPF_JMP:
        return jump(w, at, &s);
    case BPF_RET:
        if (BPF_RVAL(in->code) == BPF_K)
            return graph_leaf(&w->graph, in->k);
        if (a->word != WORD_COUNT)
            return refuse(w, at, "returns a word of the call");
        return graph_leaf(&w->graph, a->number);
    case BPF_MISC:
        if (BPF_MISCOP(in->code) == BPF_TAX)
            *x = *a;
        else
            *a = *x;
        break;
    }
    return walk(w, at + 1, s);
}

static const struct node *walk(struct walking *w, uint32_t at, struct state s)
{
    struct visit *v;

    for (v = w->visits[at]; v; v = v->next)
        if (!memcmp(&v->state, &s, sizeof(s)))
            return v->node;
    v = ARENA_NEW(w->scratch, struct visit);
    v->state = s;
    v->node = step(w, at, s);
    v->next = w->visits[at];
    w->visits[at] = v;
    return v->node;
}

static const struct node *walk_number(struct walking *w, uint32_t audit, uint32_t nr)
{
    struct state start;

    memset(&start, 0, sizeof(start));
    for (unsigned i = 0; i < BPF_MEMWORDS + 2; i++)
        start.cells[i] = (struct held){WORD_COUNT, 0, 0};
    w->audit = audit;
    w->nr = nr;
    memset(w->visits, 0, w->program->count * sizeof(struct visit *));
    return walk(w, 0, start);
}

/* --- nodes to rules ----------------------------------------------------------------------------*/

typedef VEC(struct residual_rule) rule_list;

static const struct cond *test_of(struct arena *a, const struct node *n, bool outcome)
{
    struct cond *cond = ARENA_NEW(a, struct cond);
    unsigned offset = (n->word - WORD_IP_LOW) / 2;
    struct atom atom = {.field = offset ? FIELD_ARG0 + (enum field)(offset - 1) : FIELD_IP,
                        .shift = (n->word - WORD_IP_LOW) % 2 ? 32 : 0,
                        .width = 32,
                        .mask = n->mask,
                        .value = n->k};

    cond->kind = COND_ATOM;
    switch (n->kind) {
    case NODE_GT:
        atom.op = outcome ? CMP_GT : CMP_LE;
        break;
    case NODE_GE:
        atom.op = outcome ? CMP_GE : CMP_LT;
        break;
    case NODE_SET:
        atom.mask = n->k;
        atom.value = 0;
        atom.op = outcome ? CMP_NE : CMP_EQ;
        break;
    case NODE_EQ:
    case NODE_LEAF:
        atom.op = outcome ? CMP_EQ : CMP_NE;
        break;
    }
    cond->atom = atom;
    return cond;
}

/* The test, then the rule's condition; a high half and the low one behind it, both equal to
 * something, are the whole. */
static const struct cond *both(struct arena *a, const struct cond *test, const struct cond *rest)
{
    const struct cond *first = rest->kind == COND_AND ? rest->kids[0] : rest;
    size_t count = rest->kind == COND_AND ? rest->kid_count : rest->kind == COND_TRUE ? 0 : 1;
    const struct cond **kids = ARENA_ARRAY(a, const struct cond *, count + 1);
    struct cond *cond = ARENA_NEW(a, struct cond);
    size_t skip = 0;

    kids[0] = test;
    if (count && first->atom.field == test->atom.field && test->atom.op == CMP_EQ &&
        first->atom.op == CMP_EQ && test->atom.shift == 32 && !first->atom.shift &&
        first->atom.width == 32) {
        struct cond *whole = ARENA_NEW(a, struct cond);

        *whole = *first;
        whole->atom.width = 64;
        whole->atom.mask |= test->atom.mask << 32;
        whole->atom.value |= test->atom.value << 32;
        kids[0] = whole;
        skip = 1;
    }
    for (size_t i = skip; i < count; i++)
        kids[1 + i - skip] = rest->kind == COND_AND ? rest->kids[i] : rest;
    if (count - skip == 0)
        return kids[0];
    cond->kind = COND_AND;
    cond->kids = kids;
    cond->kid_count = count + 1 - skip;
    return cond;
}

/* First match: what holds under the test, then what does not need it. */
static bool add_rules(struct arena *a, const struct node *n, rule_list *list)
{
    static const struct cond always = {.kind = COND_TRUE};
    rule_list yes = {0}, no = {0}, *first = &yes, *second = &no;
    const struct cond *test;

    if (n->kind == NODE_LEAF) {
        VEC_PUSH(a, list, ((struct residual_rule){&always, n->k}));
        return true;
    }
    if (!add_rules(a, n->yes, &yes) || !add_rules(a, n->no, &no) ||
        yes.count + no.count > MAX_RULES)
        return false;
    if (n->kind != NODE_EQ && no.count < yes.count) {
        first = &no;
        second = &yes;
    }
    test = test_of(a, n, first == &yes);
    while (first->count && second->count == 1 &&
           first->at[first->count - 1].ret == second->at[0].ret)
        first->count--;
    for (size_t i = 0; i < first->count; i++)
        VEC_PUSH(a, list,
                 ((struct residual_rule){both(a, test, first->at[i].cond), first->at[i].ret}));
    for (size_t i = 0; i < second->count; i++)
        VEC_PUSH(a, list, second->at[i]);
    return true;
}

/* --- all numbers -------------------------------------------------------------------------------*/

struct group {
    const struct node *node;
    VEC(struct range) numbers;
    uint64_t size;
};

typedef VEC(uint32_t) numbers;

/* Where what becomes of a number may change; false if the number is compared in another way. */
static bool find_cuts(struct walking *w, numbers *cuts)
{
    const struct flow_state *flow = flow_of(w->arena, w->program, w->big_endian);

    VEC_PUSH(w->arena, cuts, 0);
    for (uint32_t i = 0; i < w->program->count; i++) {
        const struct sock_filter *in = &w->program->code[i];

        if (!flow[i].reached || BPF_CLASS(in->code) != BPF_JMP || BPF_OP(in->code) == BPF_JA)
            continue;
        if (flow[i].a.word != WORD_NR && flow[i].a.word != WORD_COUNT)
            continue;
        if (flow[i].a.word == WORD_NR &&
            ((flow[i].a.mask != UINT32_MAX && flow[i].a.mask != X32_BIT) ||
             (BPF_OP(in->code) == BPF_JSET && in->k != X32_BIT))) {
            refuse(w, i, "compares bits of the number");
            return false;
        }
        VEC_PUSH(w->arena, cuts, in->k);
        VEC_PUSH(w->arena, cuts, in->k + 1);
    }
    VEC_PUSH(w->arena, cuts, X32_BIT);
    SORT_NUMBERS(w->arena, cuts->at, cuts->count);
    return true;
}

typedef VEC(struct group) groups;

static bool find_groups(struct walking *w, const struct arch *arch, const numbers *cuts,
                        groups *out)
{
    bool shared = arch_id(arch) == ARCH_X86_64 || arch_id(arch) == ARCH_X32;
    uint32_t first = arch_id(arch) == ARCH_X32 ? X32_BIT : 0;
    uint32_t last = shared ? first + (X32_BIT - 1) : UINT32_MAX;

    for (size_t i = 0; i < cuts->count; i++) {
        uint32_t low = cuts->at[i], high = i + 1 < cuts->count ? cuts->at[i + 1] - 1 : UINT32_MAX;
        const struct node *node;
        size_t g = 0;

        if (low < first || low > last || (i + 1 < cuts->count && cuts->at[i + 1] == low))
            continue;
        high = high > last ? last : high;
        node = walk_number(w, arch->audit, low);
        if (!node)
            return false;
        while (g < out->count && out->at[g].node != node)
            g++;
        if (g == out->count)
            VEC_PUSH(w->arena, out, ((struct group){.node = node}));
        VEC_PUSH(w->arena, &out->at[g].numbers, ((struct range){low, high}));
        out->at[g].size += (uint64_t)high - low + 1;
    }
    return true;
}

/* --- the policy --------------------------------------------------------------------------------*/

static const struct cond *with_numbers(struct arena *a, const struct group *g,
                                       const struct cond *cond)
{
    const struct cond **kids = ARENA_ARRAY(a, const struct cond *, 2);
    struct cond *nr = ARENA_NEW(a, struct cond), *all = ARENA_NEW(a, struct cond);

    nr->kind = COND_ATOM;
    nr->atom = (struct atom){.field = FIELD_NR, .width = 32, .op = CMP_IN, .mask = UINT32_MAX};
    nr->atom.set = ranges_from(a, g->numbers.at, g->numbers.count);
    if (cond->kind == COND_TRUE)
        return nr;
    kids[0] = nr;
    kids[1] = cond;
    all->kind = COND_AND;
    all->kids = kids;
    all->kid_count = 2;
    return all;
}

static bool make_target(struct walking *w, const groups *found, struct target *t)
{
    VEC(const struct rule *) rules = {0};
    size_t largest = 0;

    for (size_t i = 0; i < found->count; i++)
        if (found->at[i].size > found->at[largest].size)
            largest = i;
    for (size_t i = 0; i <= found->count; i++) { /* the largest group comes last, without numbers */
        const struct group *g = &found->at[i < found->count ? i : largest];
        rule_list list = {0};

        if (i == largest)
            continue;
        if (!add_rules(w->arena, g->node, &list)) {
            error_set(w->err, EINVAL, "more than %d rules for one call", MAX_RULES);
            return false;
        }
        for (size_t j = 0; j < list.count; j++) {
            struct rule *rule = ARENA_NEW(w->arena, struct rule);

            rule->cond =
                i < found->count ? with_numbers(w->arena, g, list.at[j].cond) : list.at[j].cond;
            rule->ret = list.at[j].ret;
            rule->number = (unsigned)rules.count;
            VEC_PUSH(w->arena, &rules, rule);
        }
    }
    t->rules = rules.at;
    t->rule_count = rules.count;
    return true;
}

/* Does the program name the architecture's audit value? */
static bool names(struct walking *w, const struct arch *a)
{
    const struct flow_state *flow = flow_of(w->arena, w->program, w->big_endian);

    for (uint32_t i = 0; i < w->program->count; i++)
        if (flow[i].reached && flow[i].a.word == WORD_ARCH && w->program->code[i].k == a->audit &&
            BPF_CLASS(w->program->code[i].code) == BPF_JMP)
            return true;
    return false;
}

static bool make_targets(struct walking *w, struct policy *p)
{
    const struct node *foreign = walk_number(w, 0, 0);
    numbers cuts = {0};

    if (!foreign || !find_cuts(w, &cuts))
        return false;
    if (foreign->kind != NODE_LEAF) {
        error_set(w->err, EINVAL, "what it does with unknown architectures goes by arguments");
        return false;
    }
    p->foreign = foreign->k;
    for (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++) {
        struct target t = {.arch = a};
        groups found = {0};

        if (a->big_endian != w->big_endian || !names(w, a))
            continue;
        if (!find_groups(w, a, &cuts, &found) || !make_target(w, &found, &t))
            return false;
        if (arch_id(a) == ARCH_X32 && found.count == 1 && found.at[0].node == foreign)
            continue;
        p->targets[p->target_count++] = t;
    }
    if (!p->target_count)
        error_set(w->err, EINVAL, "it names no architecture");
    return p->target_count > 0;
}

struct policy *import_program(struct arena *a, const struct program *program, bool big_endian,
                              struct error *err)
{
    struct walking w = {.arena = a, .scratch = a, .program = program, .err = err};
    struct policy *p = ARENA_NEW(a, struct policy);

    w.big_endian = big_endian;
    w.visits = ARENA_ARRAY(a, struct visit *, program->count);
    graph_init(&w.graph, a);
    p->targets = ARENA_ARRAY(a, struct target, ARCH_COUNT);
    return make_targets(&w, p) ? p : NULL;
}
