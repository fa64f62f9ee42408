/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/lint/decide.h"

#include "base/sort.h"
#include "compiler/graph/solve.h"
#include "compiler/sema/eval.h"

/* A rule is one of very many in very many classes: nobody wrote that by hand. */
#define MAX_PLACES (UINT64_C(1) << 22)
/* So many rules about one call are not looked at one by one, which takes the square of it; what
 * the graph's making has not folded away then counts as reached. */
#define MAX_EXACT 2048
/* Steps of one search, and of all for a target: some seconds. */
#define ONE_BUDGET (UINT64_C(1) << 16)
#define ALL_BUDGET (UINT64_C(1) << 25)

/* --- classes -----------------------------------------------------------------------------------
 */

static void make_classes(struct decisions *d, number_list *cuts)
{
    const struct arch *arch = d->target->arch;

    /* where another architecture's numbers begin and end */
    for (uint32_t bits = 0; bits < 4; bits++)
        VEC_PUSH(d->arena, cuts, bits * X32_BIT);
    SORT_NUMBERS(d->arena, cuts->at, cuts->count);
    d->classes = ARENA_ARRAY(d->arena, struct number_class, cuts->count);
    for (size_t i = 0; i < cuts->count; i++) {
        struct number_class *c = &d->classes[d->class_count];

        if (i && cuts->at[i] == cuts->at[i - 1])
            continue;
        if (d->class_count)
            c[-1].to = cuts->at[i] - 1;
        c->from = cuts->at[i];
        c->to = UINT32_MAX;
        c->is_other = arch_of_call(arch->audit, c->from) != arch;
        d->class_count++;
    }
}

/* Index of the class with that number. */
static size_t find_class(const struct decisions *d, uint32_t nr)
{
    size_t low = 0, high = d->class_count;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        if (d->classes[middle].from <= nr)
            low = middle;
        else
            high = middle;
    }
    return low;
}

struct number_class *class_of(struct decisions *d, uint32_t nr)
{
    return &d->classes[find_class(d, nr)];
}

/* The numbers for which the formula may hold. */
static struct ranges may_hold(struct arena *a, const struct formula *f)
{
    struct ranges all = ranges_one(a, 0, UINT32_MAX), r = {NULL, 0};

    switch (f->kind) {
    case FORMULA_FALSE:
        return r;
    case FORMULA_TRUE:
        return all;
    case FORMULA_FIELD:
        return formula_is_number(f) ? f->values : all;
    case FORMULA_AND:
        for (size_t i = 0; i < f->kid_count; i++)
            if (f->kids[i]->kind != FORMULA_FIELD || formula_is_number(f->kids[i]))
                all = ranges_intersect(a, all, may_hold(a, f->kids[i]));
        return all;
    case FORMULA_OR:
        for (size_t i = 0; i < f->kid_count; i++)
            r = ranges_union(a, r, may_hold(a, f->kids[i]));
        return r;
    }
    return all;
}

/* Puts the rule into its classes; false: too many. */
static bool place_rule(struct decisions *d, uint32_t rule, uint64_t *places)
{
    const struct formula *f = d->formulas[rule];
    struct ranges r = may_hold(d->arena, f);

    for (size_t i = 0; i < r.count; i++)
        for (size_t at = find_class(d, (uint32_t)r.at[i].low);
             at < d->class_count && d->classes[at].from <= r.at[i].high; at++) {
            struct number_class *c = &d->classes[at];
            enum truth truth;

            truth = c->is_other ? NEVER_TRUE : formula_truth(f, c->from);
            if (truth == NEVER_TRUE)
                continue;
            VEC_PUSH(d->arena, &c->rules, rule);
            if (!c->is_closed)
                c->count++;
            c->is_closed |= truth == ALWAYS_TRUE;
            if (++*places > MAX_PLACES)
                return false;
        }
    return true;
}

static const uint32_t *rules_by_number(struct arena *a, const struct target *t, uint32_t numbers)
{
    uint32_t *list = ARENA_ARRAY(a, uint32_t, numbers);

    for (uint32_t i = 0; i < numbers; i++)
        list[i] = NO_RULE;
    for (size_t i = t->rule_count; i-- > 0;)
        list[t->rules[i]->number] = (uint32_t)i;
    return list;
}

struct decisions *decisions_of(struct arena *a, const struct target *t, uint32_t numbers)
{
    struct decisions *d = ARENA_NEW(a, struct decisions);
    const struct formula **formulas = ARENA_ARRAY(a, const struct formula *, t->rule_count);
    number_list cuts = {0};
    uint64_t places = 0;

    d->arena = a;
    d->budget = ALL_BUDGET;
    d->target = t;
    d->formulas = formulas;
    d->by_number = rules_by_number(a, t, numbers);
    for (size_t i = 0; i < t->rule_count; i++) {
        formulas[i] = formula_of(a, t->rules[i]->cond);
        formula_cuts(a, formulas[i], &cuts);
    }
    make_classes(d, &cuts);
    for (size_t i = 0; i < t->rule_count; i++)
        if (!place_rule(d, (uint32_t)i, &places))
            return NULL;
    return d;
}

/* --- the graph of a class ----------------------------------------------------------------------
 */

const struct node *class_root(struct decisions *d, struct number_class *c)
{
    const struct node *n;

    if (c->root)
        return c->root;
    graph_init(&c->graph, d->arena);
    n = graph_leaf(&c->graph, NO_RULE);
    for (size_t i = c->count; i-- > 0;) {
        uint32_t rule = c->rules.at[i];
        const struct formula *f = formula_at(d->arena, d->formulas[rule], c->from);

        n = formula_test(&c->graph, f, graph_leaf(&c->graph, rule), n);
    }
    c->root = n;
    return n;
}

enum witness seek(struct decisions *d, const struct node *root, const struct node *leaf,
                  struct seccomp_data *found)
{
    uint64_t budget = d->budget < ONE_BUDGET ? d->budget : ONE_BUDGET, left = budget;
    enum witness witness = seek_witness(d->arena, root, leaf, found, &left);

    /* looking over the graph is work, too */
    budget -= left;
    budget += root->id / 16;
    d->budget -= budget < d->budget ? budget : d->budget;
    return witness;
}

static bool leads_to(struct decisions *d, const struct node *root, const struct node *leaf)
{
    struct seccomp_data call;

    return root == leaf || seek(d, root, leaf, &call) != WITNESS_NONE;
}

static void find_reached(struct decisions *d, struct number_class *c)
{
    const struct node *root, **order;
    size_t count, i = 0;

    c->reached = ARENA_ARRAY(d->arena, bool, c->count);
    if (c->count == 1 && c->is_closed) {
        c->reached[0] = true;
        return;
    }
    root = class_root(d, c);
    count = graph_order(d->arena, root, &order);
    for (size_t at = 0; at < count; at++) {
        const struct node *n = order[at];

        if (n->kind != NODE_LEAF || n->k == NO_RULE)
            continue;
        for (i = 0; c->rules.at[i] != n->k; i++)
            ;
        c->reached[i] = c->count > MAX_EXACT || leads_to(d, root, n);
    }
}

bool class_reaches(struct decisions *d, struct number_class *c, size_t i)
{
    if (!c->reached)
        find_reached(d, c);
    return c->reached[i];
}

bool class_has_more(struct decisions *d, const struct number_class *c, uint32_t rule,
                    const uint32_t *others, size_t count)
{
    const struct node *n, *none, *more;
    struct graph g;

    graph_init(&g, d->arena);
    none = graph_leaf(&g, 0);
    more = graph_leaf(&g, 1);
    n = formula_test(&g, formula_at(d->arena, d->formulas[rule], c->from), more, none);
    for (size_t i = count; i-- > 0;)
        n = formula_test(&g, formula_at(d->arena, d->formulas[others[i]], c->from), none, n);
    return leads_to(d, n, more);
}

/*
 * Of each of the class's rules: how calls that pass it by are decided, whether like `ret` (leaf 0)
 * or not (leaf 1). One graph for all of them.
 */
struct behind {
    struct graph graph;
    uint32_t ret;
    const struct node **nodes; /* of rules.count */
};

static struct behind *behind_of(struct decisions *d, struct number_class *c, uint32_t ret)
{
    struct behind *b = c->behind;
    const struct node *n;

    if (b && b->ret == ret)
        return b;
    c->behind = b = ARENA_NEW(d->arena, struct behind);
    graph_init(&b->graph, d->arena);
    b->ret = ret;
    b->nodes = ARENA_ARRAY(d->arena, const struct node *, c->rules.count);
    n = graph_leaf(&b->graph, 1);
    for (size_t i = c->rules.count; i-- > 0;) {
        uint32_t rule = c->rules.at[i];
        const struct formula *f = formula_at(d->arena, d->formulas[rule], c->from);

        b->nodes[i] = n;
        n = formula_test(&b->graph, f, graph_leaf(&b->graph, d->target->rules[rule]->ret != ret),
                         n);
    }
    return b;
}

/* Does the call come to rules.at[i], as the rules before it do not hold? */
static bool comes_to(const struct decisions *d, const struct number_class *c, size_t i,
                     struct seccomp_data *call)
{
    call->nr = (int)c->from;
    call->arch = d->target->arch->audit;
    for (size_t j = 0; j < i; j++)
        if (eval_cond(d->target->rules[c->rules.at[j]]->cond, call))
            return false;
    return true;
}

bool class_needs(struct decisions *d, struct number_class *c, size_t i)
{
    uint32_t rule = c->rules.at[i];
    struct behind *b;
    const struct node *n, *same, *differs;
    struct seccomp_data call;

    if (c->rules.count > MAX_EXACT)
        return true;
    b = behind_of(d, c, d->target->rules[rule]->ret);
    same = graph_leaf(&b->graph, 0);
    differs = graph_leaf(&b->graph, 1);
    n = formula_test(&b->graph, formula_at(d->arena, d->formulas[rule], c->from), b->nodes[i],
                     same);
    /* first without those before it, which is seldom not enough to know */
    switch (n == same ? WITNESS_NONE : seek(d, n, differs, &call)) {
    case WITNESS_NONE:
        return false;
    case WITNESS_FOUND:
        if (comes_to(d, c, i, &call))
            return true;
        break;
    case WITNESS_UNKNOWN:
        return true;
    }
    for (size_t j = i; j-- > 0;)
        n = formula_test(&b->graph, formula_at(d->arena, d->formulas[c->rules.at[j]], c->from),
                         same, n);
    return leads_to(d, n, differs);
}

/* --- graphs from graphs ------------------------------------------------------------------------
 */

struct rewriting {
    struct graph *graph;
    const uint32_t *leaves; /* NULL: as they are */
    enum word word;         /* WORD_COUNT: none is fixed */
    uint32_t value;
};

static const struct node *rewrite(const struct rewriting *r, const struct node *root)
{
    const struct node **order, **made;
    size_t count = graph_order(r->graph->arena, root, &order);

    made = ARENA_ARRAY(r->graph->arena, const struct node *, (size_t)root->id + 1);
    for (size_t i = count; i-- > 0;) {
        const struct node *n = order[i];

        if (n->kind == NODE_LEAF)
            made[n->id] = r->leaves && n->k != NO_RULE ? graph_leaf(r->graph, r->leaves[n->k]) : n;
        else if (n->word == r->word)
            made[n->id] = made[test_bits(n, r->value, 0) == CERTAIN ? n->yes->id : n->no->id];
        else
            made[n->id] = graph_test(r->graph, n->kind, n->word, n->mask, n->k, made[n->yes->id],
                                     made[n->no->id]);
    }
    return made[root->id];
}

const uint32_t *leaves_of(struct arena *a, const struct target *t, bool let_through)
{
    uint32_t *leaves = ARENA_ARRAY(a, uint32_t, t->rule_count);

    for (size_t i = 0; i < t->rule_count; i++)
        leaves[i] = let_through ? lets_through(t->rules[i]->ret) : refuses(t->rules[i]->ret);
    return leaves;
}

const struct node *map_leaves(struct graph *g, const struct node *root, const uint32_t *leaves)
{
    return rewrite(&(struct rewriting){g, leaves, WORD_COUNT, 0}, root);
}

const struct node *fix_word(struct graph *g, const struct node *root, enum word word,
                            uint32_t value)
{
    return rewrite(&(struct rewriting){g, NULL, word, value}, root);
}
