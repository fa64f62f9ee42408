/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/term.h"

#include "compiler/cbpf/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EXIT_PROVER 2

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void fail(Z3_context z3, Z3_error_code code)
{
    fprintf(stderr, "easyseccomp-prove: Z3 fails: %s\n", Z3_get_error_msg(z3, code));
    exit(EXIT_PROVER);
}

void terms_init(struct terms *t, unsigned seconds)
{
    static const char *const names[WORD_COUNT] = {"nr",       "arch",      "ip.low",   "ip.high",
                                                  "arg0.low", "arg0.high", "arg1.low", "arg1.high",
                                                  "arg2.low", "arg2.high", "arg3.low", "arg3.high",
                                                  "arg4.low", "arg4.high", "arg5.low", "arg5.high"};
    Z3_config config = Z3_mk_config();

    t->z3 = Z3_mk_context(config);
    Z3_del_config(config);
    Z3_set_error_handler(t->z3, fail);
    t->word_sort = Z3_mk_bv_sort(t->z3, 32);
    t->yes = Z3_mk_true(t->z3);
    t->no = Z3_mk_false(t->z3);
    for (unsigned w = 0; w < WORD_COUNT; w++)
        t->words[w] = Z3_mk_const(t->z3, Z3_mk_string_symbol(t->z3, names[w]), t->word_sort);
    t->solver = Z3_mk_solver_for_logic(t->z3, Z3_mk_string_symbol(t->z3, "QF_BV"));
    Z3_solver_inc_ref(t->z3, t->solver);
    t->timeout = Z3_mk_string_symbol(t->z3, "timeout");
    t->checks = 0;
    t->deadline_ns = now_ns() + (int64_t)seconds * 1000000000;
}

void terms_hurry(struct terms *t, unsigned seconds)
{
    int64_t end_ns = now_ns() + (int64_t)seconds * 1000000000;

    if (t->deadline_ns > end_ns)
        t->deadline_ns = end_ns;
}

void terms_release(struct terms *t)
{
    Z3_solver_dec_ref(t->z3, t->solver);
    Z3_del_context(t->z3);
}

/* --- conditions -------------------------------------------------------------------------------*/

Z3_ast term_bool(const struct terms *t, bool b)
{
    return b ? t->yes : t->no;
}

Z3_ast term_not(const struct terms *t, Z3_ast a)
{
    if (a == t->yes || a == t->no)
        return term_bool(t, a == t->no);
    if (Z3_get_decl_kind(t->z3, Z3_get_app_decl(t->z3, Z3_to_app(t->z3, a))) == Z3_OP_NOT)
        return Z3_get_app_arg(t->z3, Z3_to_app(t->z3, a), 0);
    return Z3_mk_not(t->z3, a);
}

Z3_ast term_and(const struct terms *t, Z3_ast a, Z3_ast b)
{
    if (a == t->no || b == t->no)
        return t->no;
    if (a == t->yes || a == b)
        return b;
    if (b == t->yes)
        return a;
    return Z3_mk_and(t->z3, 2, (Z3_ast[]){a, b});
}

Z3_ast term_or(const struct terms *t, Z3_ast a, Z3_ast b)
{
    if (a == t->yes || b == t->yes)
        return t->yes;
    if (a == t->no || a == b)
        return b;
    if (b == t->no)
        return a;
    return Z3_mk_or(t->z3, 2, (Z3_ast[]){a, b});
}

/* --- values -----------------------------------------------------------------------------------*/

struct value value_any(Z3_ast ast)
{
    return (struct value){ast, 0, UINT32_MAX};
}

Z3_ast value_ast(const struct terms *t, struct value v)
{
    return v.ast ? v.ast : Z3_mk_unsigned_int(t->z3, v.low, t->word_sort);
}

static bool same(struct value a, struct value b)
{
    return is_constant(a) ? is_constant(b) && a.low == b.low : a.ast == b.ast;
}

struct value value_ite(const struct terms *t, Z3_ast cond, struct value yes, struct value no)
{
    struct value v = {.low = yes.low < no.low ? yes.low : no.low,
                      .high = yes.high > no.high ? yes.high : no.high};

    if (cond == t->yes || same(yes, no))
        return yes;
    if (cond == t->no)
        return no;
    v.ast = Z3_mk_ite(t->z3, cond, value_ast(t, yes), value_ast(t, no));
    return v;
}

/* The bits that all values between the bounds have in common: those above the highest in which
 * the bounds differ. */
static uint32_t known_bits(struct value v)
{
    uint32_t differ = v.low ^ v.high;

    return differ ? ~(uint32_t)((UINT64_C(2) << (31 - __builtin_clz(differ))) - 1) : UINT32_MAX;
}

static Z3_ast alu_ast(const struct terms *t, uint16_t op, Z3_ast a, Z3_ast b)
{
    Z3_context z3 = t->z3;

    switch (op) {
    case BPF_ADD:
        return Z3_mk_bvadd(z3, a, b);
    case BPF_SUB:
        return Z3_mk_bvsub(z3, a, b);
    case BPF_MUL:
        return Z3_mk_bvmul(z3, a, b);
    case BPF_DIV:
        return Z3_mk_bvudiv(z3, a, b);
    case BPF_AND:
        return Z3_mk_bvand(z3, a, b);
    case BPF_OR:
        return Z3_mk_bvor(z3, a, b);
    case BPF_XOR:
        return Z3_mk_bvxor(z3, a, b);
    case BPF_LSH:
        return Z3_mk_bvshl(z3, a, Z3_mk_bvand(z3, b, value_ast(t, value_constant(31))));
    case BPF_RSH:
        return Z3_mk_bvlshr(z3, a, Z3_mk_bvand(z3, b, value_ast(t, value_constant(31))));
    case BPF_NEG:
        return Z3_mk_bvneg(z3, a);
    }
    abort();
}

struct value value_alu(const struct terms *t, uint16_t op, struct value a, struct value b)
{
    struct value v;

    if (is_constant(a) && (is_constant(b) || op == BPF_NEG))
        return value_constant(alu_result(op, a.low, b.low));
    v = value_any(NULL);
    if (op == BPF_AND && is_constant(b)) {
        v.low = a.low & known_bits(a) & b.low;
        v.high = (a.high | ~known_bits(a)) & b.low;
        if (is_constant(v))
            return v;
    }
    v.ast = alu_ast(t, op, value_ast(t, a), value_ast(t, b));
    return v;
}

/* Does the test come out the same for all values between the bounds? */
static bool decided(uint16_t op, struct value a, struct value b, bool *outcome)
{
    switch (op) {
    case BPF_JEQ:
        *outcome = is_constant(a) && same(a, b);
        return (is_constant(a) && is_constant(b)) || a.high < b.low || b.high < a.low;
    case BPF_JGT:
        *outcome = a.low > b.high;
        return *outcome || a.high <= b.low;
    case BPF_JGE:
        *outcome = a.low >= b.high;
        return *outcome || a.high < b.low;
    case BPF_JSET: {
        uint32_t known = known_bits(a), set = is_constant(b) ? b.low : 0;

        *outcome = (a.low & known & set) != 0;
        return is_constant(b) && (*outcome || !(set & ~known));
    }
    }
    abort();
}

Z3_ast value_test(const struct terms *t, uint16_t op, struct value a, struct value b)
{
    Z3_ast x, y;
    bool outcome;

    if (decided(op, a, b, &outcome))
        return term_bool(t, outcome);
    x = value_ast(t, a);
    y = value_ast(t, b);
    switch (op) {
    case BPF_JEQ:
        return Z3_mk_eq(t->z3, x, y);
    case BPF_JGT:
        return Z3_mk_bvugt(t->z3, x, y);
    case BPF_JGE:
        return Z3_mk_bvuge(t->z3, x, y);
    case BPF_JSET:
        return term_not(t,
                        Z3_mk_eq(t->z3, Z3_mk_bvand(t->z3, x, y), value_ast(t, value_constant(0))));
    }
    abort();
}

/* --- the solver -------------------------------------------------------------------------------*/

/* That a call is of the class: what its words do not say by being constants. */
static void assert_class(const struct terms *t, Z3_solver solver, const struct call_class *class)
{
    for (enum word w = 0; w < WORD_COUNT; w++) {
        struct value v = class->word[w], any = value_any(t->words[w]);

        if (is_constant(v))
            continue;
        Z3_solver_assert(t->z3, solver, value_test(t, BPF_JGE, any, value_constant(v.low)));
        Z3_solver_assert(t->z3, solver, value_test(t, BPF_JGE, value_constant(v.high), any));
    }
}

/* The value of a word in a model; 0 where the model does not care. */
static uint32_t word_of(const struct terms *t, Z3_model model, enum word w)
{
    Z3_ast value;
    unsigned number = 0;

    if (Z3_model_eval(t->z3, model, t->words[w], true, &value))
        Z3_get_numeral_uint(t->z3, value, &number);
    return number;
}

static void read_model(const struct terms *t, Z3_solver solver, const struct call_class *class,
                       struct seccomp_data *call)
{
    Z3_model model = Z3_solver_get_model(t->z3, solver);

    Z3_model_inc_ref(t->z3, model);
    memset(call, 0, sizeof(*call));
    for (enum word w = 0; w < WORD_COUNT; w++) {
        struct value v = class->word[w];
        uint32_t value = is_constant(v) ? v.low : word_of(t, model, w);

        memcpy((char *)call + word_offset(w, HOST_BIG_ENDIAN), &value, sizeof(value));
    }
    Z3_model_dec_ref(t->z3, model);
}

/* Asks the solver, within what is left of the time. */
static enum answer ask(struct terms *t, Z3_solver solver, const struct call_class *class,
                       struct seccomp_data *call)
{
    int64_t left_ms = (t->deadline_ns - now_ns()) / 1000000;
    Z3_params params;

    if (left_ms <= 0)
        return UNKNOWN;
    params = Z3_mk_params(t->z3);
    Z3_params_inc_ref(t->z3, params);
    Z3_params_set_uint(t->z3, params, t->timeout, (unsigned)left_ms);
    Z3_solver_set_params(t->z3, solver, params);
    Z3_params_dec_ref(t->z3, params);
    t->checks++;
    switch (Z3_solver_check(t->z3, solver)) {
    case Z3_L_FALSE:
        return UNSATISFIABLE;
    case Z3_L_TRUE:
        if (call)
            read_model(t, solver, class, call);
        return SATISFIABLE;
    case Z3_L_UNDEF:
        break;
    }
    return UNKNOWN;
}

enum answer terms_check(struct terms *t, const struct call_class *class, const Z3_ast *all,
                        unsigned count, struct seccomp_data *call)
{
    Z3_solver_reset(t->z3, t->solver);
    assert_class(t, t->solver, class);
    for (unsigned i = 0; i < count; i++)
        Z3_solver_assert(t->z3, t->solver, all[i]);
    return ask(t, t->solver, class, call);
}

void inquiry_begin(struct inquiry *q, struct terms *t, const struct call_class *class,
                   Z3_ast formula)
{
    q->class = class;
    q->solver = Z3_mk_simple_solver(t->z3); /* which keeps what it learns from one to the next */
    Z3_solver_inc_ref(t->z3, q->solver);
    assert_class(t, q->solver, class);
    Z3_solver_assert(t->z3, q->solver, formula);
}

enum answer inquiry_check(struct inquiry *q, struct terms *t, const Z3_ast *all, unsigned count,
                          struct seccomp_data *call)
{
    enum answer answer;

    Z3_solver_push(t->z3, q->solver);
    for (unsigned i = 0; i < count; i++)
        Z3_solver_assert(t->z3, q->solver, all[i]);
    answer = ask(t, q->solver, q->class, call);
    Z3_solver_pop(t->z3, q->solver, 1);
    return answer;
}

void inquiry_end(struct inquiry *q, struct terms *t)
{
    Z3_solver_dec_ref(t->z3, q->solver);
}
