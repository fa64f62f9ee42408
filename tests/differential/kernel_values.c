/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every operator at every width, on the values around its constant. What is expected is computed
 * with C's own operators on the bits that the kernel reads, from the description of the operand
 * beside its spelling; nothing of the compiler has a part in it.
 */
#include "tests/differential/kernel_cases.h"

#include <inttypes.h>
#include <string.h>

#define BAD UINT32_MAX

/* An operand of a comparison on the second argument of a call. */
struct operand {
    const char *spelling;
    enum entry entry;
    const char *call;
    unsigned shift, bits; /* which bits of the register it is */
    bool is_signed;
    uint64_t mask;
    uint64_t constants[3]; /* compared with */
};

#define ALL UINT64_MAX

static const struct operand operands[] = {
    {"offset", ENTRY_NATIVE, "lseek", 0, 64, false, ALL, {0x1234, 0xffffffff, 0x8000000000000000}},
    {"cmd", ENTRY_NATIVE, "ioctl", 0, 32, false, ALL, {0, 0x5412, 0x80000000}},
    {"mode", ENTRY_NATIVE, "fchmod", 0, 16, false, ALL, {1, 0755, 0xffff}},
    {"full(cmd)", ENTRY_NATIVE, "ioctl", 0, 64, false, ALL, {0x5412, 0x100005412, ALL}},
    {"low(offset)", ENTRY_NATIVE, "lseek", 0, 32, false, ALL, {0x1234, 0, 0xffffffff}},
    {"high(offset)", ENTRY_NATIVE, "lseek", 32, 32, false, ALL, {0x1234, 0, 0xffffffff}},
    {"signed(offset)", ENTRY_NATIVE, "lseek", 0, 64, true, ALL, {0, ALL, 0x7fffffffffffffff}},
    {"signed(cmd)", ENTRY_NATIVE, "ioctl", 0, 32, true, ALL, {0, 0xffffffff, 0x80000000}},
    {"offset & 0xff00_0000_00ff_0000",
     ENTRY_NATIVE,
     "lseek",
     0,
     64,
     false,
     0xff00000000ff0000,
     {0x120000, 0x1200000000340000, 0xff00000000ff0000}},
    {"cmd & 0xf0f0", ENTRY_NATIVE, "ioctl", 0, 32, false, 0xf0f0, {0x5010, 0, 0xf0f0}},
    {"$arg1", ENTRY_NATIVE, "ioctl", 0, 32, false, ALL, {0x5412, 0xffffffff, 1}},
    {"offset", ENTRY_INT80, "lseek", 0, 32, false, ALL, {0x1234, 0xffffffff, 0x80000000}},
    {"signed(offset)", ENTRY_INT80, "lseek", 0, 32, true, ALL, {0, 0xffffffff, 0x7fffffff}},
    {"cmd & 0xf0f0", ENTRY_INT80, "ioctl", 0, 32, false, 0xf0f0, {0x5010, 0, 0xf0f0}},
    {"mode", ENTRY_INT80, "fchmod", 0, 16, false, ALL, {1, 0755, 0xffff}},
};

static const char *const operators[] = {"==", "!=", "<", "<=", ">", ">="};

static bool holds(const char *op, int order)
{
    if (!strcmp(op, "=="))
        return order == 0;
    if (!strcmp(op, "!="))
        return order != 0;
    if (op[0] == '<')
        return order < 0 || (op[1] == '=' && order == 0);
    return order > 0 || (op[1] == '=' && order == 0);
}

/* The bits that the kernel reads, as the number that they are. */
static uint64_t reads(const struct operand *o, uint64_t reg)
{
    uint64_t bits = reg >> o->shift & ALL >> (64 - o->bits) & o->mask;

    if (o->is_signed && bits >> (o->bits - 1) & 1)
        bits |= o->bits < 64 ? ALL << o->bits : 0;
    return bits;
}

static int compare(const struct operand *o, uint64_t a, uint64_t b)
{
    if (o->is_signed)
        return ((int64_t)a > (int64_t)b) - ((int64_t)a < (int64_t)b);
    return (a > b) - (a < b);
}

static void constant_text(const struct operand *o, uint64_t value, char *text, size_t size)
{
    value = reads(o, value << o->shift);
    if (o->is_signed)
        snprintf(text, size, "%" PRId64, (int64_t)value);
    else
        snprintf(text, size, "%#" PRIx64, value);
}

static void check_comparison(struct session *s, const struct operand *o, const char *op,
                             uint64_t constant)
{
    uint64_t here = constant << o->shift, step = UINT64_C(1) << o->shift;
    uint64_t registers[] = {here - step, here, here + step, here ^ JUNK, here ^ 0x80000000, 0, ALL};
    const char *targets = o->entry == ENTRY_INT80 ? "x86_64,x86" : NULL;
    char text[40], policy[200];
    struct compiled c;

    constant_text(o, constant, text, sizeof(text));
    snprintf(policy, sizeof(policy), "@%s(%s %s %s) => ERRNO(%d); default ALLOW();", o->call,
             o->spelling, op, text, DENIED);
    if (compile_case(s, &c, policy, targets)) {
        for (size_t i = 0; i < ARRAY_SIZE(registers); i++) {
            int order = compare(o, reads(o, registers[i]), reads(o, here));
            struct call_case call = {
                .entry = o->entry,
                .name = o->call,
                .args = {BAD, registers[i]},
                .ret = holds(op, order) ? RET_DENY : RET_ALLOW,
            };

            check_call(s, &c, policy, &call);
        }
    }
    compiled_release(&c);
}

void check_values(struct session *s)
{
    for (size_t i = 0; i < ARRAY_SIZE(operands); i++) {
        const struct operand *o = &operands[i];

        if (o->entry == ENTRY_INT80 && !need_int80(s, o->spelling))
            continue;
        for (size_t k = 0; k < ARRAY_SIZE(o->constants); k++) {
            for (size_t op = 0; op < ARRAY_SIZE(operators); op++)
                check_comparison(s, o, operators[op], o->constants[k]);
        }
    }
}
