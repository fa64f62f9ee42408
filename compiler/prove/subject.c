/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/subject.h"

#include "compiler/cbpf/run.h"
#include "compiler/sema/eval.h"

void add_cut(struct cuts *cuts, enum word word, uint64_t low, uint64_t high)
{
    if (word == WORD_ARCH) {
        VEC_PUSH(cuts->arena, &cuts->archs, (uint32_t)low);
        if (high < UINT32_MAX)
            VEC_PUSH(cuts->arena, &cuts->archs, (uint32_t)high + 1);
    } else if (low <= UINT32_MAX) {
        VEC_PUSH(cuts->arena, &cuts->numbers, (uint32_t)low);
        if (high < UINT32_MAX)
            VEC_PUSH(cuts->arena, &cuts->numbers, (uint32_t)high + 1);
    }
}

void add_outcome(struct arena *a, const struct terms *t, struct outcomes *out, Z3_ast when,
                 struct value effect)
{
    if (when == t->no)
        return;
    for (size_t i = 0; i < out->list.count; i++) {
        struct outcome *o = &out->list.at[i];

        if (is_constant(effect) && is_constant(o->effect) && effect.low == o->effect.low) {
            o->when = term_or(t, o->when, when);
            return;
        }
    }
    VEC_PUSH(a, &out->list, ((struct outcome){when, effect}));
}

void subject_init(struct arena *a, struct subject *s)
{
    if (!s->policy && !s->parts)
        program_init(a, s);
}

void subject_cuts(struct arena *a, const struct subject *s, struct cuts *cuts)
{
    for (size_t i = 0; i < s->part_count; i++)
        subject_cuts(a, s->parts[i], cuts);
    if (s->policy)
        policy_cuts(s->policy, cuts);
    else if (!s->parts)
        program_cuts(a, s, cuts);
}

/* Every outcome of the one with every outcome of the other. */
static struct outcomes product(struct arena *a, const struct terms *t, enum merge how,
                               const struct outcomes *x, const struct outcomes *y)
{
    struct outcomes all = {0};

    for (size_t i = 0; i < x->list.count; i++)
        for (size_t j = 0; j < y->list.count; j++)
            add_outcome(a, t, &all, term_and(t, x->list.at[i].when, y->list.at[j].when),
                        effect_merged(t, how, x->list.at[i].effect, y->list.at[j].effect));
    return all;
}

void subject_outcomes(struct arena *a, const struct terms *t, const struct subject *s,
                      const struct call_class *class, struct outcomes *out)
{
    out->list.count = 0;
    for (size_t i = 0; i < s->part_count; i++) {
        struct outcomes part = {0};

        subject_outcomes(a, t, s->parts[i], class, &part);
        *out = i ? product(a, t, s->how, out, &part) : part;
    }
    if (s->policy)
        policy_outcomes(a, t, s->policy, class, out);
    else if (!s->parts)
        program_outcomes(a, t, s, class, out);
}

static uint32_t merged_effect(const struct subject *s, const struct seccomp_data *call)
{
    uint32_t effect = subject_effect(s->parts[0], call);

    for (size_t i = 1; i < s->part_count; i++) {
        uint32_t other = subject_effect(s->parts[i], call);

        if (effect == EFFECT_UNDECIDED || other == EFFECT_UNDECIDED)
            return EFFECT_UNDECIDED;
        effect = merge_ret(s->how, effect, other);
    }
    return effect;
}

uint32_t subject_effect(const struct subject *s, const struct seccomp_data *call)
{
    struct verdict v;

    if (s->parts)
        return merged_effect(s, call);
    if (!s->policy)
        return effect_of(run_program(&s->program, call, s->big_endian).ret);
    v = eval_policy(s->policy, call);
    return v.decided ? effect_of(v.ret) : EFFECT_UNDECIDED;
}
