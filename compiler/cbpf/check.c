/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's check of a filter in one pass: jumps only go forward, so what holds on all paths to
 * an instruction is known when the pass comes to it. */
#include "compiler/cbpf/check.h"

#include "compiler/cbpf/isa.h"
#include "compiler/tables/names.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ALL_SLOTS UINT16_MAX
_Static_assert(BPF_MEMWORDS == 16, "a slot is a bit of 16");

struct checker {
    const struct program *p;
    uint32_t at;
    uint16_t written;                  /* slots that every path to here has written */
    uint16_t written_at[BPF_MAXINSNS]; /* the same for jumps that go to later instructions */
    struct error *err;
};

static int PRINTF(2, 3) refuse(struct checker *c, const char *fmt, ...)
{
    char why[200];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why, sizeof(why), fmt, ap);
    va_end(ap);
    return error_text(c->err, EINVAL, "instruction %" PRIu32 ": %s", c->at, why);
}

/* A jump over skipped instructions. */
static int check_jump(struct checker *c, uint32_t skipped)
{
    const uint32_t behind = c->p->count - c->at - 1;

    if (skipped >= behind)
        return refuse(c, "jump over %" PRIu32 " instructions leaves the program", skipped);
    c->written_at[c->at + 1 + skipped] &= c->written;
    return 0;
}

static int check_slot(struct checker *c, const struct sock_filter *in)
{
    const uint16_t slot = (uint16_t)(UINT32_C(1) << (in->k % BPF_MEMWORDS));

    if (in->k >= BPF_MEMWORDS)
        return refuse(c, "'M[%" PRIu32 "]' is none of the %d slots", in->k, BPF_MEMWORDS);
    if (BPF_CLASS(in->code) == BPF_ST || BPF_CLASS(in->code) == BPF_STX)
        c->written |= slot;
    else if (!(c->written & slot))
        return refuse(c, "'M[%" PRIu32 "]' is read where it may not have been written", in->k);
    return 0;
}

static int check_instruction(struct checker *c)
{
    const struct sock_filter *in = &c->p->code[c->at];
    const struct isa *op = isa_of(in->code);
    int r = 0;

    c->written &= c->written_at[c->at];
    if (!op)
        return refuse(c, "opcode 0x%02x is not allowed in a seccomp filter", in->code);
    switch (op->operand) {
    case OPERAND_NONE:
    case OPERAND_LEN:
    case OPERAND_IMM:
    case OPERAND_X:
    case OPERAND_A:
        return 0;
    case OPERAND_WORD:
        if (in->k >= sizeof(struct seccomp_data) || in->k % sizeof(uint32_t))
            return refuse(c, "offset %" PRIu32 " is not that of a word of seccomp_data", in->k);
        return 0;
    case OPERAND_DIVISOR:
        return in->k == 0 ? refuse(c, "division by zero") : 0;
    case OPERAND_SHIFT:
        return in->k > 31 ? refuse(c, "shift by %" PRIu32 ", more than 31 bits", in->k) : 0;
    case OPERAND_MEM:
        return check_slot(c, in);
    case OPERAND_SKIP:
        r = check_jump(c, in->k);
        break;
    case OPERAND_IMM_JUMP:
    case OPERAND_X_JUMP:
        r = check_jump(c, in->jt);
        if (r == 0)
            r = check_jump(c, in->jf);
        break;
    }
    /* Nothing falls through to the next instruction: it has what its jumps bring. The kernel does
     * not say so behind a return, and refuses some programs for that; so does this. */
    c->written = ALL_SLOTS;
    return r;
}

int check_program(const struct program *p, uint32_t *at, struct error *err)
{
    struct checker c;
    int r = 0;

    *at = 0;
    if (p->count == 0)
        return error_text(err, EINVAL, "the program is empty");
    if (p->count > BPF_MAXINSNS) {
        *at = BPF_MAXINSNS;
        return error_text(err, EINVAL, "%" PRIu32 " instructions, more than the kernel's %d",
                          p->count, BPF_MAXINSNS);
    }
    c.p = p;
    c.err = err;
    c.written = 0;
    memset(c.written_at, 0xff, p->count * sizeof(c.written_at[0]));
    for (c.at = 0; r == 0 && c.at < p->count; c.at++) {
        *at = c.at;
        r = check_instruction(&c);
    }
    if (r == 0 && BPF_CLASS(p->code[*at].code) != BPF_RET) {
        c.at = *at;
        r = refuse(&c, "the last one is not a return");
    }
    return r;
}

/* --- does it look at the architecture? -------------------------------------------------------- */

/* Which registers hold the architecture word: a set of these. */
enum { HOLDS_A = 1, HOLDS_X = 2, HOLDS_COUNT = 4 };

/* What they hold behind an instruction. */
static unsigned holds_behind(const struct sock_filter *in, unsigned holds)
{
    switch (BPF_CLASS(in->code)) {
    case BPF_LD:
        return in->code == (BPF_LD | BPF_W | BPF_ABS) && word_at(in->k, false) == WORD_ARCH
                   ? holds | HOLDS_A
                   : holds & ~(unsigned)HOLDS_A;
    case BPF_ALU:
        return holds & ~(unsigned)HOLDS_A;
    case BPF_LDX:
        return holds & ~(unsigned)HOLDS_X;
    case BPF_MISC: /* both are then alike */
        holds &= BPF_MISCOP(in->code) == BPF_TAX ? HOLDS_A : HOLDS_X;
        return holds ? HOLDS_A | HOLDS_X : 0;
    default:
        return holds;
    }
}

static bool compares(const struct sock_filter *in, unsigned holds)
{
    if (BPF_CLASS(in->code) != BPF_JMP || BPF_OP(in->code) == BPF_JA || in->jt == in->jf)
        return false;
    return holds & HOLDS_A || (BPF_SRC(in->code) == BPF_X && holds & HOLDS_X);
}

static bool may_be_milder_than_kill(const struct sock_filter *in)
{
    const struct action_info *action = action_of_ret(in->k);

    return BPF_RVAL(in->code) == BPF_A ||
           (action->ret != SECCOMP_RET_KILL_PROCESS && action->ret != SECCOMP_RET_KILL_THREAD);
}

bool checks_architecture(const struct program *p)
{
    /* For each instruction the paths to it that have not compared the word yet: bit n is set if on
     * one of them the registers hold it as n says. */
    unsigned char unchecked[BPF_MAXINSNS] = {1 << 0};

    for (uint32_t i = 0; i < p->count; i++) {
        const struct sock_filter *in = &p->code[i];
        unsigned char behind = 0;

        for (unsigned holds = 0; holds < HOLDS_COUNT; holds++)
            if (unchecked[i] & 1u << holds && !compares(in, holds))
                behind |= (unsigned char)(1u << holds_behind(in, holds));
        if (BPF_CLASS(in->code) == BPF_RET) {
            if (behind && may_be_milder_than_kill(in))
                return false;
        } else if (BPF_CLASS(in->code) != BPF_JMP) {
            unchecked[i + 1] |= behind;
        } else if (BPF_OP(in->code) == BPF_JA) {
            unchecked[i + 1 + in->k] |= behind;
        } else {
            unchecked[i + 1 + in->jt] |= behind;
            unchecked[i + 1 + in->jf] |= behind;
        }
    }
    return true;
}
