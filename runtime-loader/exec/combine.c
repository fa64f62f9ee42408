/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program becomes a part of the combined one in such a way that each of its instructions stays
 * one, so that all jumps lead where they led. A return becomes a jump behind the program:
 *
 *     program   ret #k  ──▶  ja exit of k            exits   ld #k
 *               ret a   ──▶  ja merge                        ja merge
 *                                                    merge   the stricter one of A and RESULT
 */
#include "runtime-loader/exec/combine.h"

#include "compiler/include/easyseccomp.h"

#include <errno.h>
#include <linux/seccomp.h>

#define UNRESOLVED UINT32_MAX  /* a jump whose target is not there yet */
#define SIGN       0x80000000U /* flipped, the order of signed numbers is that of unsigned ones */

static int32_t action_of(uint32_t ret)
{
    return (int32_t)(ret & SECCOMP_RET_ACTION_FULL);
}

uint32_t stack_result(const filter_stack *stack, const struct seccomp_data *call,
                      const struct seccomp_filter **decided)
{
    uint32_t strictest = SECCOMP_RET_ALLOW;

    *decided = NULL;
    for (size_t i = stack->count; i-- > 0;) {
        const struct seccomp_filter *f = stack->at[i];
        uint32_t ret = es_run_blob(f->code, f->count * sizeof(*f->code), call);

        if (action_of(ret) < action_of(strictest)) {
            strictest = ret;
            *decided = f;
        }
    }
    return strictest;
}

bool filter_notifies(const struct seccomp_filter *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->code[i].code == (BPF_RET | BPF_K) &&
            (f->code[i].k & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF)
            return true;
    return f->notifies;
}

/* Where X is 0 it ends the program, and all that it is a part of, with KILL_THREAD. */
bool filter_divides(const struct seccomp_filter *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->code[i].code == (BPF_ALU | BPF_DIV | BPF_X))
            return true;
    return false;
}

/* --- memory ----------------------------------------------------------------------------------- */

struct slots {
    uint32_t result; /* the strictest so far: no program that comes later uses it */
    uint32_t now;    /* for comparing, between two programs */
};

static uint32_t used_slots(const struct seccomp_filter *f)
{
    uint32_t used = 0;

    for (size_t i = 0; i < f->count; i++) {
        const struct sock_filter *in = &f->code[i];
        uint16_t class = BPF_CLASS(in->code);

        if (class == BPF_ST || class == BPF_STX ||
            ((class == BPF_LD || class == BPF_LDX) && BPF_MODE(in->code) == BPF_MEM))
            used |= 1U << in->k;
    }
    return used;
}

/* The one that is asked first may use all. */
static int choose_slots(const filter_stack *stack, struct slots *out, struct error *err)
{
    uint32_t used = 0;

    for (size_t i = 0; i + 1 < stack->count; i++)
        used |= used_slots(stack->at[i]);
    for (uint32_t k = 0; k < BPF_MEMWORDS; k++)
        if (!(used >> k & 1)) {
            *out = (struct slots){.result = k, .now = (k + 1) % BPF_MEMWORDS};
            return 0;
        }
    return error_text(err, ENOTSUP,
                      "seccomp: filters that use all %d words of memory cannot be made one program",
                      BPF_MEMWORDS);
}

/* --- code ------------------------------------------------------------------------------------- */

typedef VEC(struct sock_filter) code_list;

static void put(struct arena *a, code_list *out, uint16_t code, uint32_t k)
{
    VEC_PUSH(a, out, ((struct sock_filter){code, 0, 0, k}));
}

static void jump_to_here(code_list *out, size_t from)
{
    out->at[from].k = (uint32_t)(out->count - from - 1);
}

/* The program and its exits: what it returns is in A behind them. */
static void put_program(struct arena *a, code_list *out, const struct seccomp_filter *f)
{
    size_t start = out->count;
    VEC(size_t) to_merge = {0};

    for (size_t i = 0; i < f->count; i++) {
        if (BPF_CLASS(f->code[i].code) == BPF_RET)
            put(a, out, BPF_JMP | BPF_JA, UNRESOLVED);
        else
            VEC_PUSH(a, out, f->code[i]);
    }
    for (size_t i = 0; i < f->count; i++) {
        const struct sock_filter *in = &f->code[i];

        if (BPF_CLASS(in->code) != BPF_RET)
            continue;
        if (BPF_RVAL(in->code) == BPF_A) {
            VEC_PUSH(a, &to_merge, start + i);
            continue;
        }
        if (out->at[start + i].k != UNRESOLVED)
            continue; /* it goes to the exit of an earlier one */
        for (size_t j = i; j < f->count; j++)
            if (f->code[j].code == in->code && f->code[j].k == in->k)
                jump_to_here(out, start + j);
        put(a, out, BPF_LD | BPF_IMM, in->k);
        VEC_PUSH(a, &to_merge, out->count);
        put(a, out, BPF_JMP | BPF_JA, UNRESOLVED);
    }
    for (size_t i = 0; i < to_merge.count; i++)
        jump_to_here(out, to_merge.at[i]);
}

/* A is what the program returns. As it is compared, what it has beside its action is all ones: so
 * RESULT is above it only if its action is. */
static void put_merge(struct arena *a, code_list *out, const struct slots *m)
{
    put(a, out, BPF_ST, m->now);
    put(a, out, BPF_ALU | BPF_XOR | BPF_K, SIGN);
    put(a, out, BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_DATA);
    put(a, out, BPF_MISC | BPF_TAX, 0);
    put(a, out, BPF_LD | BPF_MEM, m->result);
    put(a, out, BPF_ALU | BPF_XOR | BPF_K, SIGN);
    VEC_PUSH(a, out, ((struct sock_filter){BPF_JMP | BPF_JGT | BPF_X, 0, 2, 0}));
    put(a, out, BPF_LD | BPF_MEM, m->now);
    put(a, out, BPF_ST, m->result);
}

/* The kernel starts a program with A and X at 0, and so must one that comes behind another. */
static void put_fresh(struct arena *a, code_list *out)
{
    put(a, out, BPF_LD | BPF_IMM, 0);
    put(a, out, BPF_MISC | BPF_TAX, 0);
}

static uint32_t common_flags(const filter_stack *stack)
{
    uint32_t any = 0, all = SECCOMP_FILTER_FLAG_SPEC_ALLOW;

    for (size_t i = 0; i < stack->count; i++) {
        any |= stack->at[i]->flags;
        all &= stack->at[i]->flags;
    }
    return (any & ~(uint32_t)SECCOMP_FILTER_FLAG_SPEC_ALLOW) | all;
}

int stack_combine(struct arena *a, const filter_stack *stack, struct seccomp_filter *out,
                  struct error *err)
{
    code_list code = {0};
    struct slots m = {0};
    int rc;

    if (stack->count == 1) {
        *out = *stack->at[0];
        return 0;
    }
    for (size_t i = 0; i < stack->count; i++)
        if (filter_divides(stack->at[i]))
            return error_text(err, ENOTSUP,
                              "seccomp: a filter that divides by X cannot become a part of one "
                              "program");
    rc = choose_slots(stack, &m, err);
    if (rc < 0)
        return rc;
    for (size_t i = stack->count; i-- > 0;) {
        bool first = i + 1 == stack->count;

        if (!first)
            put_fresh(a, &code);
        put_program(a, &code, stack->at[i]);
        if (first)
            put(a, &code, BPF_ST, m.result);
        else
            put_merge(a, &code, &m);
    }
    put(a, &code, BPF_LD | BPF_MEM, m.result);
    put(a, &code, BPF_RET | BPF_A, 0);
    if (code.count > BPF_MAXINSNS)
        return error_text(err, ENOTSUP,
                          "seccomp: the filters have to be made one program, which would have "
                          "more than %d instructions",
                          BPF_MAXINSNS);
    *out = (struct seccomp_filter){
        .code = code.at, .count = (uint16_t)code.count, .flags = common_flags(stack)};
    for (size_t i = 0; i < stack->count; i++)
        out->notifies |= filter_notifies(stack->at[i]);
    return 0;
}
