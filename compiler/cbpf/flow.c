/* SPDX-License-Identifier: Apache-2.0 */
/* One pass forward: jumps only go forward, so all paths to an instruction are joined before the
 * pass comes to it. */
#include "compiler/cbpf/flow.h"

#include "compiler/cbpf/isa.h"

#define WHOLE UINT32_MAX
_Static_assert(ARCH_COUNT <= 32, "an arch_set has a bit for each");

static const struct flow_value unknown = {.word = WORD_COUNT};

static void join_value(struct flow_value *to, struct flow_value from)
{
    if (to->word != from.word || to->mask != from.mask)
        *to = unknown;
}

static void join(struct flow_state *to, const struct flow_state *from)
{
    if (!to->reached) {
        *to = *from;
        return;
    }
    to->archs |= from->archs;
    to->any_arch |= from->any_arch;
    if (to->nr != from->nr)
        to->nr = FLOW_NR_UNKNOWN;
    join_value(&to->a, from->a);
    join_value(&to->x, from->x);
}

/* Values from low to high: may the comparison come out like this? */
static bool may_be(uint16_t op, uint32_t low, uint32_t high, uint32_t k, bool outcome)
{
    switch (op) {
    case BPF_JEQ:
        return outcome ? low <= k && k <= high : low != k || high != k;
    case BPF_JGT:
        return outcome ? high > k : low <= k;
    case BPF_JGE:
        return outcome ? high >= k : low < k;
    default: /* BPF_JSET: told of single values only */
        return low != high || ((low & k) != 0) == outcome;
    }
}

/* Architectures that share an audit value are told apart by X32_BIT of the number. Numbers of
 * x86_64 are all below it; what has the sign bit set is no number of either. */
static bool number_may_be(enum arch_id id, const struct sock_filter *in, uint32_t mask,
                          bool outcome)
{
    uint32_t low = id == ARCH_X32 ? X32_BIT : 0, high = low + (X32_BIT - 1);

    if (id != ARCH_X32 && id != ARCH_X86_64)
        return true;
    if (mask == X32_BIT || (BPF_OP(in->code) == BPF_JSET && (mask & in->k) == X32_BIT))
        high = low;
    else if (mask != WHOLE)
        return true;
    return may_be(BPF_OP(in->code), low, high, in->k, outcome);
}

/* What a comparison with k leaves possible where it comes out like this. */
static void narrow(struct flow_state *s, const struct sock_filter *in, bool outcome)
{
    const bool equal = BPF_OP(in->code) == BPF_JEQ && outcome && s->a.mask == WHOLE;

    if (s->a.word == WORD_NR && equal)
        s->nr = in->k;
    if (s->a.word == WORD_ARCH && equal)
        s->any_arch = arch_of_call(in->k, 0) == NULL;
    for (int id = 0; id < ARCH_COUNT; id++) {
        const uint32_t audit = arch_table[id].audit & s->a.mask;

        if ((s->a.word == WORD_ARCH && !may_be(BPF_OP(in->code), audit, audit, in->k, outcome)) ||
            (s->a.word == WORD_NR && !number_may_be((enum arch_id)id, in, s->a.mask, outcome)))
            s->archs &= ~ARCH_BIT(id);
    }
}

static void compute(struct flow_state *s, const struct sock_filter *in, bool big_endian)
{
    if (in->code == (BPF_LD | BPF_W | BPF_ABS) && in->k < sizeof(struct seccomp_data))
        s->a = (struct flow_value){word_at(in->k, big_endian), WHOLE};
    else if (in->code == (BPF_ALU | BPF_AND | BPF_K))
        s->a.mask &= in->k;
    else if (in->code == (BPF_MISC | BPF_TAX))
        s->x = s->a;
    else if (in->code == (BPF_MISC | BPF_TXA))
        s->a = s->x;
    else if (BPF_CLASS(in->code) == BPF_LDX)
        s->x = unknown;
    else if (BPF_CLASS(in->code) == BPF_LD || BPF_CLASS(in->code) == BPF_ALU)
        s->a = unknown;
}

struct pass {
    struct flow_state *states;
    uint32_t count;
};

/* The state goes on to the instruction behind `at` and those skipped. */
static void arrive(struct pass *pass, uint32_t at, uint32_t skipped, const struct flow_state *s)
{
    if (skipped < pass->count - at - 1)
        join(&pass->states[at + 1 + skipped], s);
}

const struct flow_state *flow_of(struct arena *a, const struct program *p, bool big_endian)
{
    struct pass pass = {ARENA_ARRAY(a, struct flow_state, p->count), p->count};
    struct flow_state start = {
        .reached = true, .any_arch = true, .nr = FLOW_NR_UNKNOWN, .a = unknown, .x = unknown};

    for (int id = 0; id < ARCH_COUNT; id++)
        if (arch_table[id].big_endian == big_endian)
            start.archs |= ARCH_BIT(id);
    if (p->count > 0)
        pass.states[0] = start;
    for (uint32_t i = 0; i < p->count; i++) {
        const struct sock_filter *in = &p->code[i];
        struct flow_state holds = pass.states[i], fails = pass.states[i];

        if (!holds.reached || BPF_CLASS(in->code) == BPF_RET)
            continue;
        if (BPF_CLASS(in->code) != BPF_JMP) {
            compute(&holds, in, big_endian);
            arrive(&pass, i, 0, &holds);
        } else if (BPF_OP(in->code) == BPF_JA) {
            arrive(&pass, i, in->k, &holds);
        } else {
            if (BPF_SRC(in->code) == BPF_K) {
                narrow(&holds, in, true);
                narrow(&fails, in, false);
            }
            arrive(&pass, i, in->jt, &holds);
            arrive(&pass, i, in->jf, &fails);
        }
    }
    return pass.states;
}
