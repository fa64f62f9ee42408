/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search for a call: depth first over paths to the leaf, keeping for each word what is cheap
 * to know of it (bounds.h) to leave most impossible paths early; at the leaf each
 * word is solved exactly. Where a word has no value, only another outcome of a test of that word
 * can help, so all later steps are undone at once.
 *
 * Paths can be too many for that. Then each node is tried as if it were the root, from the leaf
 * upwards, and those that never lead to the leaf are known as such when the whole is tried again:
 * `$arg0 < 5` followed by `$arg0 >= 5` leaves nothing over, whatever came before.
 */
#include "compiler/graph/witness.h"

#include "compiler/graph/bounds.h"
#include "compiler/graph/solve.h"

#include <string.h>

/* Steps and looks at outcomes: of the whole search, and of the trial of one node. */
#define BUDGET       (UINT64_C(1) << 25)
#define TRIAL_BUDGET 2000

struct step {
    const struct node *node;
    bool yes;
    bool last;            /* the other branch was tried, or does not lead to the leaf */
    struct bounds before; /* of the node's word */
};

struct search {
    struct arena *arena;
    const struct node *leaf;
    uint32_t *distance; /* to the leaf by id; UINT32_MAX: does not lead there */
    struct bounds bounds[WORD_COUNT];
    VEC(struct step) path;
    struct outcome *outcomes; /* scratch, for one word */
    size_t outcome_room;
    uint64_t budget; /* what is left; 0: the search is given up */
};

#define NO_WAY UINT32_MAX

static void measure(struct search *s, const struct node *n)
{
    uint32_t d = n == s->leaf ? 0 : NO_WAY;

    if (n->kind != NODE_LEAF) {
        uint32_t yes = s->distance[n->yes->id], no = s->distance[n->no->id];

        d = yes < no ? yes : no;
        d += d != NO_WAY;
    }
    s->distance[n->id] = d;
}

static bool is_high(enum word w)
{
    return w >= WORD_IP_LOW && (w - WORD_IP_LOW) % 2 == 1;
}

/* Low numbers are the calls that people know, and small arguments those that they use: 0's way for
 * the number and the high words. Otherwise the nearer way. */
static bool prefers_yes(const struct search *s, const struct node *n)
{
    uint32_t yes = s->distance[n->yes->id], no = s->distance[n->no->id];

    if (yes == NO_WAY || no == NO_WAY)
        return no == NO_WAY;
    if (n->word == WORD_NR || is_high(n->word))
        return n->kind == NODE_EQ && n->k == 0;
    return yes < no;
}

/* Follows the step's outcome; NULL: it cannot be. */
static const struct node *take(struct search *s, const struct step *step)
{
    struct bounds *b = &s->bounds[step->node->word];

    *b = step->before;
    if (!bounds_narrow(b, step->node, step->yes))
        return NULL;
    return step->yes ? step->node->yes : step->node->no;
}

static const struct node *forward(struct search *s, const struct node *n)
{
    struct step step = {.node = n, .before = s->bounds[n->word]};

    step.yes = prefers_yes(s, n);
    step.last = s->distance[(step.yes ? n->no : n->yes)->id] == NO_WAY;
    VEC_PUSH(s->arena, &s->path, step);
    return take(s, &step);
}

/* The next alternative of the latest step that has one; NULL: there is none. */
static const struct node *back(struct search *s)
{
    while (s->path.count) {
        struct step *step = &s->path.at[s->path.count - 1];

        if (!step->last) {
            const struct node *n;

            step->last = true;
            step->yes = !step->yes;
            n = take(s, step);
            if (n)
                return n;
        }
        s->bounds[step->node->word] = step->before;
        s->path.count--;
    }
    return NULL;
}

/* Drops the steps behind the last one that tests the word. */
static void back_to(struct search *s, enum word w)
{
    while (s->path.at[s->path.count - 1].node->word != w) {
        const struct step *step = &s->path.at[--s->path.count];

        s->bounds[step->node->word] = step->before;
    }
}

static enum solution solve(struct search *s, enum word w, uint32_t *value)
{
    size_t count = 0;

    if (s->outcome_room < s->path.count) {
        s->outcome_room = 2 * s->path.count;
        s->outcomes = ARENA_ARRAY(s->arena, struct outcome, s->outcome_room);
    }
    for (size_t i = 0; i < s->path.count; i++)
        if (s->path.at[i].node->word == w)
            s->outcomes[count++] = (struct outcome){s->path.at[i].node, s->path.at[i].yes};
    return solve_word(s->outcomes, count, value, &s->budget);
}

static void put_word(struct seccomp_data *call, enum word w, uint32_t value)
{
    uint64_t *whole, shifted = (uint64_t)value;

    if (w == WORD_NR) {
        call->nr = (int)value;
        return;
    }
    if (w == WORD_ARCH) {
        call->arch = value;
        return;
    }
    whole = w <= WORD_IP_HIGH ? (uint64_t *)&call->instruction_pointer
                              : (uint64_t *)&call->args[(w - WORD_ARG0_LOW) / 2];
    *whole |= is_high(w) ? shifted << 32 : shifted;
}

static enum solution solve_path(struct search *s, struct seccomp_data *call)
{
    memset(call, 0, sizeof(*call));
    for (enum word w = 0; w < WORD_COUNT; w++) {
        uint32_t value = 0;
        enum solution found = solve(s, w, &value);

        if (found == IMPOSSIBLE)
            back_to(s, w);
        if (found != SOLVED)
            return found;
        put_word(call, w, value);
    }
    return SOLVED;
}

static enum witness search_from(struct search *s, const struct node *root, uint64_t budget,
                                struct seccomp_data *call)
{
    const struct node *n = root;

    s->budget = budget;
    s->path.count = 0;
    for (enum word w = 0; w < WORD_COUNT; w++)
        s->bounds[w] = BOUNDS_NONE;
    while (n && s->budget) {
        s->budget--;
        if (n == s->leaf) {
            if (solve_path(s, call) == SOLVED)
                return WITNESS_FOUND;
        } else {
            n = forward(s, n);
            if (n)
                continue;
        }
        n = back(s);
    }
    return s->budget ? WITNESS_NONE : WITNESS_UNKNOWN;
}

/* How far each node of root's graph is from the leaf; *count nodes are in *order, parents first.
 * false: no way leads there. */
static bool measure_all(struct search *s, const struct node *root, const struct node ***order,
                        size_t *count)
{
    *count = graph_order(s->arena, root, order);
    s->distance = ARENA_ARRAY(s->arena, uint32_t, (size_t)root->id + 1);
    for (size_t i = *count; i-- > 0;)
        measure(s, (*order)[i]);
    return s->distance[root->id] != NO_WAY;
}

enum witness seek_witness(struct arena *a, const struct node *root, const struct node *leaf,
                          struct seccomp_data *call, uint64_t *budget)
{
    struct search s = {.arena = a, .leaf = leaf};
    const struct node **order;
    size_t count;
    enum witness found;

    if (!*budget)
        return WITNESS_UNKNOWN;
    if (!measure_all(&s, root, &order, &count))
        return WITNESS_NONE;
    found = search_from(&s, root, *budget, call);
    *budget = s.budget;
    return found;
}

enum witness find_witness(struct arena *a, const struct node *root, const struct node *leaf,
                          struct seccomp_data *call)
{
    struct search s = {.arena = a, .leaf = leaf};
    const struct node **order;
    enum witness found;
    size_t count;

    if (!measure_all(&s, root, &order, &count))
        return WITNESS_NONE;
    found = search_from(&s, root, BUDGET, call);
    if (found != WITNESS_UNKNOWN)
        return found;
    for (size_t i = count; i-- > 0;) {
        const struct node *n = order[i];

        measure(&s, n);
        if (s.distance[n->id] != NO_WAY && search_from(&s, n, TRIAL_BUDGET, call) == WITNESS_NONE)
            s.distance[n->id] = NO_WAY;
    }
    if (s.distance[root->id] == NO_WAY)
        return WITNESS_NONE;
    return search_from(&s, root, BUDGET, call);
}
