/* SPDX-License-Identifier: Apache-2.0 */
/* Programs for tests, from text and by chance. */
#include "tests/unit/cbpf_testlib.h"

#include "compiler/cbpf/assemble.h"
#include "compiler/cbpf/isa.h"

#include <stdio.h>
#include <stdlib.h>

struct program assembled(struct arena *a, const char *text)
{
    struct program p;
    struct error err;

    if (assemble(a, text, &p, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    return p;
}

uint32_t rng_constant(struct rng *rng)
{
    static const uint32_t centres[] = {0,          2,          16,         31,         64,
                                       0xff,       0x1000,     0xffff,     0x40000000, 0x7fffffff,
                                       0x80000000, 0xc000003e, 0x40000003, 0xffffffff};

    switch (rng_below(rng, 4)) {
    case 0:
        return (uint32_t)rng_next(rng);
    case 1:
        return rng_below(rng, 512);
    default:
        return centres[rng_below(rng, ARRAY_SIZE(centres))] + rng_below(rng, 3) - 1;
    }
}

uint32_t random_length(struct rng *rng)
{
    static const uint32_t longest[] = {4, 16, 16, 40, 40, 40, 300};

    return 1 + rng_below(rng, rng_below(rng, 100) ? longest[rng_below(rng, ARRAY_SIZE(longest))]
                                                  : BPF_MAXINSNS);
}

/* left: instructions behind this one. */
static struct sock_filter random_instruction(struct rng *rng, const struct isa *op, uint32_t left)
{
    const uint32_t near = left < UINT8_MAX + 1 ? left : UINT8_MAX + 1;
    struct sock_filter in = {.code = op->code};

    switch (op->operand) {
    case OPERAND_NONE:
    case OPERAND_LEN:
    case OPERAND_X:
    case OPERAND_A:
        break;
    case OPERAND_WORD:
        in.k = 4 * rng_below(rng, WORD_COUNT);
        break;
    case OPERAND_IMM:
        in.k = rng_constant(rng);
        break;
    case OPERAND_DIVISOR:
        in.k = rng_constant(rng) | 1;
        break;
    case OPERAND_SHIFT:
        in.k = rng_below(rng, 32);
        break;
    case OPERAND_MEM:
        in.k = rng_below(rng, rng_below(rng, 4) ? 2 : BPF_MEMWORDS);
        break;
    case OPERAND_SKIP:
        in.k = rng_below(rng, rng_below(rng, 8) ? near : left);
        break;
    case OPERAND_IMM_JUMP:
    case OPERAND_X_JUMP:
        in.k = op->operand == OPERAND_IMM_JUMP ? rng_constant(rng) : 0;
        /* Mostly short, so that much of the program is on some path. */
        in.jt = (uint8_t)rng_below(rng, near > 4 && rng_below(rng, 8) ? 4 : near);
        in.jf = (uint8_t)rng_below(rng, near > 4 && rng_below(rng, 8) ? 4 : near);
        break;
    }
    return in;
}

void random_program(struct rng *rng, struct sock_filter *code, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t left = count - i - 1;
        const struct isa *op = &isa_table[rng_below(rng, ISA_COUNT)];

        /* Returns are rare but for the last one, which is nothing else; loads from memory are
         * rare before there was time to write it. */
        while (left > 0 &&
               ((BPF_CLASS(op->code) == BPF_RET && rng_below(rng, 8)) ||
                (op->operand == OPERAND_MEM && BPF_MODE(op->code) == BPF_MEM && rng_below(rng, 3))))
            op = &isa_table[rng_below(rng, ISA_COUNT)];
        if (left == 0)
            op = &isa_table[rng_below(rng, 2) ? ISA_RET_K : ISA_RET_A];
        /* The first instructions write the slots that are read most. */
        if (i < 2 && left > 4)
            op = &isa_table[ISA_ST];
        code[i] = random_instruction(rng, op, left);
        if (i < 2 && left > 4)
            code[i].k = i;
    }
}

void mutate_program(struct rng *rng, struct program *p)
{
    struct sock_filter *in = &p->code[rng_below(rng, p->count)];

    switch (rng_below(rng, 8)) {
    case 0:
        in->code = (uint16_t)(rng_below(rng, 8) ? rng_below(rng, 256) : rng_next(rng));
        break;
    case 1:
        in->code ^= (uint16_t)(1u << rng_below(rng, 9));
        break;
    case 2:
        in->jt = (uint8_t)rng_next(rng);
        break;
    case 3:
        in->jf = (uint8_t)rng_next(rng);
        break;
    case 4:
        in->k = rng_constant(rng);
        break;
    case 5:
        in->k ^= UINT32_C(1) << rng_below(rng, 32);
        break;
    case 6:
        p->count = 1 + rng_below(rng, p->count);
        break;
    default:
        *in = p->code[rng_below(rng, p->count)];
    }
}
