/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/subject.h"

#include "compiler/cbpf/flow.h"
#include "compiler/cbpf/isa.h"

#include <stdlib.h>
#include <string.h>

/* What is known before an instruction. */
struct program_state {
    Z3_ast path; /* holds for the calls that come here */
    struct value a, x, m[BPF_MEMWORDS];
};

struct walk {
    struct arena *arena;
    const struct terms *terms;
    const struct subject *subject;
    const struct call_class *class;
    struct outcomes *out;
    uint32_t states_used;
};

void program_init(struct arena *a, struct subject *s)
{
    s->states = ARENA_ARRAY(a, struct program_state, s->program.count);
    s->at = ARENA_ARRAY(a, struct program_state *, s->program.count);
}

static void merge(const struct terms *t, struct program_state *into,
                  const struct program_state *from, Z3_ast path)
{
    into->a = value_ite(t, path, from->a, into->a);
    into->x = value_ite(t, path, from->x, into->x);
    for (unsigned i = 0; i < BPF_MEMWORDS; i++)
        into->m[i] = value_ite(t, path, from->m[i], into->m[i]);
    into->path = term_or(t, into->path, path);
}

/* Calls of the state of which cond holds go to the instruction `to`. */
static void go(struct walk *w, const struct program_state *from, Z3_ast cond, uint32_t to)
{
    struct program_state **at = &w->subject->at[to];
    Z3_ast path = term_and(w->terms, from->path, cond);

    if (path == w->terms->no)
        return;
    if (*at) {
        merge(w->terms, *at, from, path);
        return;
    }
    *at = &w->subject->states[w->states_used++];
    **at = *from;
    (*at)->path = path;
}

static void give(struct walk *w, Z3_ast path, struct value ret)
{
    add_outcome(w->arena, w->terms, w->out, path, effect_value(w->terms, ret));
}

static void load(struct walk *w, const struct sock_filter *in, struct value *to,
                 const struct program_state *s)
{
    switch (BPF_MODE(in->code)) {
    case BPF_ABS:
        *to = w->class->word[word_at(in->k, w->subject->big_endian)];
        return;
    case BPF_LEN:
        *to = value_constant(sizeof(struct seccomp_data));
        return;
    case BPF_IMM:
        *to = value_constant(in->k);
        return;
    case BPF_MEM:
        *to = s->m[in->k];
        return;
    }
    abort();
}

static void calculate(struct walk *w, const struct sock_filter *in, struct program_state *s)
{
    const struct terms *t = w->terms;
    struct value b = BPF_SRC(in->code) == BPF_X ? s->x : value_constant(in->k);

    if (BPF_OP(in->code) == BPF_DIV && BPF_SRC(in->code) == BPF_X) { /* by 0: returns 0 */
        Z3_ast zero = value_test(t, BPF_JEQ, b, value_constant(0));

        give(w, term_and(t, s->path, zero), value_constant(0));
        s->path = term_and(t, s->path, term_not(t, zero));
        if (s->path == t->no)
            return;
    }
    s->a = value_alu(t, BPF_OP(in->code), s->a, b);
}

static void jump(struct walk *w, uint32_t i, const struct program_state *s)
{
    const struct sock_filter *in = &w->subject->program.code[i];
    struct value b = BPF_SRC(in->code) == BPF_X ? s->x : value_constant(in->k);
    Z3_ast holds;

    if (BPF_OP(in->code) == BPF_JA) {
        go(w, s, w->terms->yes, i + 1 + in->k);
        return;
    }
    if (in->jt == in->jf) {
        go(w, s, w->terms->yes, i + 1 + in->jt);
        return;
    }
    holds = value_test(w->terms, BPF_OP(in->code), s->a, b);
    go(w, s, holds, i + 1 + in->jt);
    go(w, s, term_not(w->terms, holds), i + 1 + in->jf);
}

static void step(struct walk *w, uint32_t i, struct program_state *s)
{
    const struct sock_filter *in = &w->subject->program.code[i];

    switch (BPF_CLASS(in->code)) {
    case BPF_LD:
        load(w, in, &s->a, s);
        break;
    case BPF_LDX:
        load(w, in, &s->x, s);
        break;
    case BPF_ST:
        s->m[in->k] = s->a;
        break;
    case BPF_STX:
        s->m[in->k] = s->x;
        break;
    case BPF_ALU:
        calculate(w, in, s);
        break;
    case BPF_MISC:
        if (BPF_MISCOP(in->code) == BPF_TAX)
            s->x = s->a;
        else
            s->a = s->x;
        break;
    case BPF_JMP:
        jump(w, i, s);
        return;
    case BPF_RET:
        give(w, s->path, BPF_RVAL(in->code) == BPF_A ? s->a : value_constant(in->k));
        return;
    }
    go(w, s, w->terms->yes, i + 1);
}

void program_outcomes(struct arena *a, const struct terms *t, const struct subject *s,
                      const struct call_class *class, struct outcomes *out)
{
    struct walk w = {a, t, s, class, out, 1};

    memset(s->at, 0, s->program.count * sizeof(*s->at));
    s->states[0] = (struct program_state){.path = t->yes};
    s->at[0] = &s->states[0];
    for (uint32_t i = 0; i < s->program.count; i++)
        if (s->at[i])
            step(&w, i, s->at[i]);
}

void program_cuts(struct arena *a, const struct subject *s, struct cuts *cuts)
{
    const struct flow_state *flow = flow_of(a, &s->program, s->big_endian);

    for (uint32_t i = 0; i < s->program.count; i++) {
        const struct sock_filter *in = &s->program.code[i];
        enum word word = flow[i].a.word;

        if (BPF_CLASS(in->code) != BPF_JMP || BPF_OP(in->code) == BPF_JA || !flow[i].reached)
            continue;
        if (word == WORD_ARCH || word == WORD_COUNT)
            add_cut(cuts, WORD_ARCH, in->k, in->k);
        if (word == WORD_NR || word == WORD_COUNT)
            add_cut(cuts, WORD_NR, in->k, in->k);
    }
}
