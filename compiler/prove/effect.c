/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/effect.h"

#include "base/compiler.h"
#include "compiler/tables/names.h"

#define ACTION_MASK SECCOMP_RET_ACTION_FULL
#define DATA_MASK   SECCOMP_RET_DATA

uint32_t effect_of(uint32_t ret)
{
    uint32_t data = ret & DATA_MASK;

    switch (ret & ACTION_MASK) {
    case SECCOMP_RET_TRAP:
    case SECCOMP_RET_TRACE:
        return ret;
    case SECCOMP_RET_ERRNO:
        return SECCOMP_RET_ERRNO | (data < MAX_ERRNO ? data : MAX_ERRNO);
    default:
        /* that of an unknown action is KILL_PROCESS */
        return action_of_ret(ret)->ret;
    }
}

static const uint32_t without_data[] = {SECCOMP_RET_KILL_THREAD, SECCOMP_RET_USER_NOTIF,
                                        SECCOMP_RET_LOG, SECCOMP_RET_ALLOW};

struct value effect_value(const struct terms *t, struct value ret)
{
    struct value action, data, max = value_constant(MAX_ERRNO), v;
    Z3_ast is;

    if (is_constant(ret))
        return value_constant(effect_of(ret.low));
    action = value_alu(t, BPF_AND, ret, value_constant(ACTION_MASK));
    data = value_alu(t, BPF_AND, ret, value_constant(DATA_MASK));
    data = value_ite(t, value_test(t, BPF_JGT, data, max), max, data);
    is = value_test(t, BPF_JEQ, action, value_constant(SECCOMP_RET_ERRNO));
    v = value_ite(t, is, value_alu(t, BPF_OR, data, value_constant(SECCOMP_RET_ERRNO)),
                  value_constant(SECCOMP_RET_KILL_PROCESS));
    is = term_or(t, value_test(t, BPF_JEQ, action, value_constant(SECCOMP_RET_TRAP)),
                 value_test(t, BPF_JEQ, action, value_constant(SECCOMP_RET_TRACE)));
    v = value_ite(t, is, ret, v);
    for (size_t i = 0; i < ARRAY_SIZE(without_data); i++) {
        struct value k = value_constant(without_data[i]);

        v = value_ite(t, value_test(t, BPF_JEQ, action, k), k, v);
    }
    return v;
}

static uint32_t merge_constants(enum merge how, uint32_t x, uint32_t y)
{
    if (x == EFFECT_UNDECIDED || y == EFFECT_UNDECIDED)
        return EFFECT_UNDECIDED;
    return merge_ret(how, x, y);
}

/* The action so that a stricter one is a smaller unsigned number. */
static struct value rank(const struct terms *t, struct value effect)
{
    struct value action = value_alu(t, BPF_AND, effect, value_constant(ACTION_MASK));

    return value_alu(t, BPF_XOR, action, value_constant(UINT32_C(1) << 31));
}

struct value effect_merged(const struct terms *t, enum merge how, struct value x, struct value y)
{
    struct value undecided = value_constant(EFFECT_UNDECIDED), strict, mild;
    Z3_ast second, missing;

    if (is_constant(x) && is_constant(y))
        return value_constant(merge_constants(how, x.low, y.low));
    strict = how == MERGE_INTERSECT ? x : y;
    mild = how == MERGE_INTERSECT ? y : x;
    second = value_test(t, BPF_JGT, rank(t, strict), rank(t, mild));
    missing =
        term_or(t, value_test(t, BPF_JEQ, x, undecided), value_test(t, BPF_JEQ, y, undecided));
    return value_ite(t, missing, undecided, value_ite(t, second, y, x));
}

enum reach effect_reach(uint32_t effect)
{
    switch (effect & ACTION_MASK) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG:
        return REACH_MADE;
    case SECCOMP_RET_USER_NOTIF:
    case SECCOMP_RET_TRACE:
        return REACH_ASKED;
    default:
        return REACH_NONE;
    }
}

struct value effect_reach_value(const struct terms *t, struct value effect)
{
    static const uint32_t further[] = {SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, SECCOMP_RET_USER_NOTIF,
                                       SECCOMP_RET_TRACE};
    struct value action, v = value_constant(REACH_NONE);

    if (is_constant(effect))
        return value_constant(effect_reach(effect.low));
    action = value_alu(t, BPF_AND, effect, value_constant(ACTION_MASK));
    for (size_t i = 0; i < ARRAY_SIZE(further); i++)
        v = value_ite(t, value_test(t, BPF_JEQ, action, value_constant(further[i])),
                      value_constant(effect_reach(further[i])), v);
    return v;
}
