/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/condition.h"

#include <string.h>

const char *arithmetic(enum expr_op op, wide_int x, wide_int y, wide_int *value)
{
    wide_int v = 0;

    switch (op) {
    case OP_BIT_OR:
        v = x | y;
        break;
    case OP_BIT_XOR:
        v = x ^ y;
        break;
    case OP_BIT_AND:
        v = x & y;
        break;
    case OP_SHL:
    case OP_SHR:
        if (y < 0 || y > 63)
            return "shifts by 0 to 63 bits are possible";
        /* multiplied, since shifting a negative number left is undefined */
        v = op == OP_SHL ? x * ((wide_int)1 << (int)y) : x >> (int)y;
        break;
    case OP_ADD:
        v = x + y;
        break;
    case OP_SUB:
        v = x - y;
        break;
    case OP_NEGATE:
        v = -x;
        break;
    case OP_BIT_NOT:
        v = ~x;
        if (v < INT64_MIN) /* of 64 bits: ~0xffffffffffffffff is 0 */
            v += (wide_int)1 << 64;
        break;
    case OP_NONE:
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
    case OP_IN:
    case OP_NOT_IN:
    case OP_NOT:
        return "not an operator of arithmetic";
    }
    if (v < INT64_MIN || v > UINT64_MAX)
        return "the result needs more than 64 bits";
    *value = v;
    return NULL;
}

const struct arch *condition_arch(const struct name *name)
{
    size_t i;

    for (i = 0; i < ARCH_COUNT; i++)
        if (strlen(arch_table[i].macro) == name->len &&
            !memcmp(arch_table[i].macro, name->text, name->len))
            return &arch_table[i];
    return NULL;
}

bool condition_has(const struct expr *e)
{
    switch (e->kind) {
    case EXPR_NUMBER:
    case EXPR_NAME:
    case EXPR_UNARY:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_ERROR:
        return true;
    case EXPR_BINARY:
        return e->op != OP_IN && e->op != OP_NOT_IN;
    case EXPR_CALL:
    case EXPR_VARIABLE:
    case EXPR_SYSCALL:
    case EXPR_SET:
    case EXPR_KERNEL:
    case EXPR_RANGE:
    case EXPR_LIST:
        return false;
    }
    return false;
}

struct evaluation {
    struct diags *diags;
    uint64_t (*name_value)(void *ctx, const struct name *name);
    void *ctx;
};

static wide_int evaluate(const struct evaluation *ev, const struct expr *e);

static wide_int evaluate_operator(const struct evaluation *ev, const struct expr *e)
{
    wide_int x = evaluate(ev, e->kids.at[0]);
    wide_int y = e->kind == EXPR_BINARY ? evaluate(ev, e->kids.at[1]) : 0;
    wide_int value = 0;
    const char *fault;

    switch (e->op) {
    case OP_NOT:
        return !x;
    case OP_EQ:
        return x == y;
    case OP_NE:
        return x != y;
    case OP_LT:
        return x < y;
    case OP_LE:
        return x <= y;
    case OP_GT:
        return x > y;
    case OP_GE:
        return x >= y;
    case OP_NONE:
    case OP_IN:
    case OP_NOT_IN:
    case OP_BIT_OR:
    case OP_BIT_XOR:
    case OP_BIT_AND:
    case OP_SHL:
    case OP_SHR:
    case OP_ADD:
    case OP_SUB:
    case OP_BIT_NOT:
    case OP_NEGATE:
        break;
    }
    fault = arithmetic(e->op, x, y, &value);
    if (fault)
        diag_add(ev->diags, DIAG_ARITHMETIC, e->span, "%s", fault);
    return value;
}

/* Like in C: what the left side decides leaves the right side alone. */
static wide_int evaluate_chain(const struct evaluation *ev, const struct expr *e)
{
    bool enough = e->kind == EXPR_OR;
    size_t i;

    for (i = 0; i < e->kids.count; i++)
        if ((evaluate(ev, e->kids.at[i]) != 0) == enough)
            return enough;
    return !enough;
}

static wide_int evaluate(const struct evaluation *ev, const struct expr *e)
{
    switch (e->kind) {
    case EXPR_NUMBER:
        return e->number;
    case EXPR_NAME:
        return ev->name_value(ev->ctx, &e->name);
    case EXPR_UNARY:
    case EXPR_BINARY:
        return evaluate_operator(ev, e);
    case EXPR_AND:
    case EXPR_OR:
        return evaluate_chain(ev, e);
    case EXPR_CALL:
    case EXPR_VARIABLE:
    case EXPR_SYSCALL:
    case EXPR_SET:
    case EXPR_KERNEL:
    case EXPR_RANGE:
    case EXPR_LIST:
    case EXPR_ERROR:
        break;
    }
    return 0;
}

wide_int condition_value(struct diags *diags, const struct expr *e,
                         uint64_t (*name_value)(void *ctx, const struct name *name), void *ctx)
{
    struct evaluation ev = {diags, name_value, ctx};

    return evaluate(&ev, e);
}
