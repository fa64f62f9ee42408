/* SPDX-License-Identifier: Apache-2.0 */
/* The way through: targets, the dispatch between them, and the proof that every call is decided. */
#include "compiler/graph/build.h"

#include "compiler/graph/call_text.h"
#include "compiler/graph/known.h"
#include "compiler/graph/numbers.h"
#include "compiler/graph/witness.h"
#include "compiler/sema/eval.h"

/* No action: stands for "no rule decides" while the graph is made. */
#define UNDECIDED UINT32_C(0x00010000)

struct entry {
    uint32_t audit;
    const struct node *root;
};

struct build {
    struct graph *graph;
    const struct policy *policy;
    const struct node *undecided, *foreign;
    struct entry entries[ARCH_COUNT]; /* by audit value */
    size_t entry_count;
};

/* NULL: over the limit of nodes. */
static const struct node *target_graph(struct build *b, const struct arch *arch,
                                       const struct node *marked)
{
    for (size_t i = 0; i < b->policy->target_count; i++)
        if (b->policy->targets[i].arch == arch)
            return numbers_graph(b->graph, &b->policy->targets[i], b->undecided, marked);
    if (!marked)
        return b->foreign;
    return graph_test(b->graph, NODE_SET, WORD_NR, UINT32_MAX, X32_BIT, marked, b->foreign);
}

/* x32 has the audit value of x86_64, and a bit of the number. */
static const struct node *audit_graph(struct build *b, uint32_t audit)
{
    const struct arch *plain = arch_of_call(audit, 0), *marked = arch_of_call(audit, X32_BIT);
    const struct node *beyond = NULL;

    if (marked != plain) {
        beyond = target_graph(b, marked, NULL);
        if (!beyond)
            return NULL;
    }
    return target_graph(b, plain, beyond);
}

static bool has_entry(const struct build *b, uint32_t audit)
{
    for (size_t i = 0; i < b->entry_count; i++)
        if (b->entries[i].audit == audit)
            return true;
    return false;
}

static bool add_entry(struct build *b, uint32_t audit)
{
    const struct node *root = audit_graph(b, audit);
    size_t i;

    for (i = b->entry_count++; i > 0 && b->entries[i - 1].audit > audit; i--)
        b->entries[i] = b->entries[i - 1];
    b->entries[i] = (struct entry){audit, root};
    return root != NULL;
}

static const struct node *dispatch(struct build *b)
{
    struct cut cuts[2 * ARCH_COUNT + 1] = {{.to = b->foreign}};
    size_t count = 1;

    b->graph->origin = (struct span){0};
    for (size_t i = 0; i < b->entry_count; i++) {
        uint32_t audit = b->entries[i].audit;

        if (cuts[count - 1].from == audit) /* follows the one before, or is 0 */
            count--;
        cuts[count++] = (struct cut){.from = audit, .to = b->entries[i].root};
        if (audit != UINT32_MAX)
            cuts[count++] = (struct cut){.from = audit + 1, .to = b->foreign};
    }
    return graph_search(b->graph, WORD_ARCH, UINT32_MAX, cuts, count, NULL);
}

static struct span last_rule(const struct target *t)
{
    struct span span = {0};

    for (size_t i = 0; t && i < t->rule_count; i++)
        if (t->rules[i]->span.source)
            span = t->rules[i]->span;
    return span;
}

/* The graph without its undecided leaf, or NULL. */
static const struct node *check_decided(struct build *b, const struct node *root,
                                        struct diags *diags)
{
    struct graph *g = b->graph;
    struct seccomp_data call;
    struct verdict v = {0};
    struct diag *d;

    switch (find_witness(g->arena, root, b->undecided, &call)) {
    case WITNESS_NONE:
        return graph_replace(g, root, b->undecided, graph_leaf(g, SECCOMP_RET_KILL_PROCESS));
    case WITNESS_FOUND:
        v = eval_policy(b->policy, &call);
        break;
    case WITNESS_UNKNOWN:
        v.decided = true;
        break;
    }
    if (v.decided)
        d = diag_add(diags, DIAG_UNDECIDED, last_rule(&b->policy->targets[0]),
                     "cannot show that every call is decided");
    else
        d = diag_add(diags, DIAG_UNDECIDED, last_rule(v.target), "no rule decides '%s'",
                     call_text(g->arena, &call));
    diag_note(diags, d, (struct span){0}, "a last 'default ERRNO(ENOSYS);' decides what is left");
    return NULL;
}

const struct node *build_graph(struct graph *g, const struct policy *p, struct diags *diags)
{
    struct build b = {.graph = g, .policy = p, .undecided = graph_leaf(g, UNDECIDED)};
    const struct node *root;

    g->origin = p->foreign_span;
    b.foreign = graph_leaf(g, p->foreign);
    for (size_t i = 0; i < p->target_count; i++) {
        uint32_t audit = p->targets[i].arch->audit;

        if (!has_entry(&b, audit) && !add_entry(&b, audit)) {
            diag_add(diags, DIAG_TOO_COMPLEX, (struct span){0},
                     "the policy needs more than %zu decisions", MAX_NODES);
            return NULL;
        }
    }
    root = dispatch(&b);
    if (g->tuning.level != TUNE_NONE)
        root = drop_known_tests(g, root);
    return check_decided(&b, root, diags);
}
