/* SPDX-License-Identifier: Apache-2.0 */
/* Makes random policies: text and model, condition by condition. */
#include "tests/property/model.h"

#include "base/vec.h"

#include <inttypes.h>
#include <string.h>

struct maker {
    struct arena *arena;
    struct rng rng;
    struct model *m;
    struct strbuf text, head; /* rules; and the definitions they use */
    VEC(struct model_rule) rules;
    VEC(uint64_t) constants;
    unsigned definitions;
    const struct syscall_info *call; /* inside @name( ) */
};

static struct cond *new_cond(struct maker *k, enum kind kind)
{
    struct cond *c = ARENA_NEW(k->arena, struct cond);

    c->kind = kind;
    return c;
}

static void put_blank(struct maker *k)
{
    static const char *const blanks[] = {" ", " ", " ", " ", "  ", "\n    ", " /* x */ ", "\t"};

    strbuf_puts(&k->text, blanks[rng_below(&k->rng, ARRAY_SIZE(blanks))]);
}

static void put_number(struct maker *k, struct strbuf *out, value_t v)
{
    const uint64_t size = (uint64_t)(v < 0 ? -v : v);

    if (v < 0)
        strbuf_putc(out, '-');
    switch (v ? rng_below(&k->rng, 3) : 0) {
    case 0:
        strbuf_printf(out, "%" PRIu64, size);
        break;
    case 1:
        strbuf_printf(out, "0x%" PRIx64, size);
        break;
    case 2:
        strbuf_printf(out, "0%" PRIo64, size);
        break;
    }
}

/* A value, perhaps by the name of a constant made for it. */
static void put_value(struct maker *k, value_t v)
{
    if (!rng_chance(&k->rng, 15)) {
        put_number(k, &k->text, v);
        return;
    }
    strbuf_printf(&k->head, "const C%u = ", k->definitions);
    put_number(k, &k->head, v);
    strbuf_puts(&k->head, rng_chance(&k->rng, 50) ? " | 0;\n" : ";\n");
    strbuf_printf(&k->text, "C%u", k->definitions++);
}

static uint64_t low_ones(unsigned bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

/* Small, one bit, near a power of two, or anything of so many bits. */
static uint64_t random_value(struct maker *k, unsigned bits)
{
    uint64_t v;

    switch (rng_below(&k->rng, 5)) {
    case 0:
    case 1:
        v = rng_below(&k->rng, 40);
        break;
    case 2:
        v = UINT64_C(1) << rng_below(&k->rng, bits);
        break;
    case 3:
        v = (UINT64_C(1) << rng_below(&k->rng, bits)) - rng_below(&k->rng, 3);
        break;
    default:
        v = rng_next(&k->rng);
    }
    return v & low_ones(bits);
}

static void random_list(struct maker *k, struct cond *c, unsigned bits)
{
    unsigned i;

    c->list_count = 1 + rng_below(&k->rng, 4);
    strbuf_puts(&k->text, "(");
    for (i = 0; i < c->list_count; i++) {
        uint64_t low = random_value(k, bits), high = low;

        if (rng_chance(&k->rng, 40)) {
            high = random_value(k, bits);
            if (high < low) {
                uint64_t t = low;

                low = high;
                high = t;
            }
        }
        c->list[i] = (struct span_of_values){(value_t)low, (value_t)high};
        VEC_PUSH(k->arena, &k->constants, low);
        VEC_PUSH(k->arena, &k->constants, high);
        strbuf_puts(&k->text, i ? ", " : "");
        put_value(k, (value_t)low);
        if (high != low || rng_chance(&k->rng, 5)) {
            strbuf_puts(&k->text, "..");
            put_number(k, &k->text, (value_t)high);
        }
    }
    strbuf_puts(&k->text, ")");
}

static const char *const op_texts[M_OPS] = {"==", "!=", "<", "<=", ">", ">=", "in", "not in"};

static void put_field(struct maker *k, const struct cond *c, const char *name)
{
    static const char *const halves[] = {"", "full(", "low(", "high("};

    strbuf_puts(&k->text, c->is_signed ? "signed(" : "");
    strbuf_puts(&k->text, halves[c->half]);
    strbuf_puts(&k->text, name);
    strbuf_puts(&k->text, c->half ? ")" : "");
    strbuf_puts(&k->text, c->is_signed ? ")" : "");
    if (c->has_mask) {
        strbuf_puts(&k->text, " & ");
        put_number(k, &k->text, (value_t)c->mask);
    }
}

/* `p & mask OP value` under a macro's name. */
static void put_by_macro(struct maker *k, const struct cond *c, const char *name)
{
    strbuf_printf(&k->head, "macro m%u(p, v) = %s%s", k->definitions, c->is_signed ? "signed" : "",
                  c->is_signed ? "(p)" : "p");
    if (c->has_mask) {
        strbuf_puts(&k->head, " & ");
        put_number(k, &k->head, (value_t)c->mask);
    }
    strbuf_printf(&k->head, " %s v;\n", op_texts[c->op]);
    strbuf_printf(&k->text, "m%u(%s, ", k->definitions++, name);
    put_number(k, &k->text, c->value);
    strbuf_puts(&k->text, ")");
}

/* nominal: the width that values must fit, the least of the calls it may be about. */
static struct cond *make_arg(struct maker *k, unsigned arg, unsigned nominal, bool known,
                             const char *name)
{
    struct cond *c = new_cond(k, M_ARG);
    unsigned bits;

    c->arg = arg;
    c->known = known;
    if (rng_chance(&k->rng, 20))
        c->half = (enum half)(1 + rng_below(&k->rng, 3));
    bits = c->half == M_FULL ? 64 : c->half == M_AUTO ? nominal : 32;
    c->op = (enum op)rng_below(&k->rng, M_OPS);
    c->has_mask = rng_chance(&k->rng, 25);
    if (c->has_mask)
        c->mask = random_value(k, bits);
    if (c->op >= M_IN) {
        put_field(k, c, name);
        strbuf_printf(&k->text, " %s ", op_texts[c->op]);
        random_list(k, c, bits);
        return c;
    }
    c->is_signed = rng_chance(&k->rng, 20);
    c->value = (value_t)random_value(k, c->is_signed ? bits - 1 : bits);
    if (rng_chance(&k->rng, 15)) /* fits 32-bit registers too */
        c->value = -(value_t)random_value(k, (bits > 32 ? 32 : bits) - 1);
    VEC_PUSH(k->arena, &k->constants, (uint64_t)c->value);
    if (c->half == M_AUTO && rng_chance(&k->rng, 20)) {
        put_by_macro(k, c, name);
    } else if (!c->has_mask && rng_chance(&k->rng, 15)) {
        static const char *const mirrored[] = {"==", "!=", ">", ">=", "<", "<="};

        put_value(k, c->value);
        strbuf_printf(&k->text, " %s ", mirrored[c->op]);
        put_field(k, c, name);
    } else {
        put_field(k, c, name);
        strbuf_printf(&k->text, " %s ", op_texts[c->op]);
        put_value(k, c->value);
    }
    return c;
}

/* The least width at which a target's kernel reads it. */
static unsigned narrowest(const struct maker *k, const struct syscall_info *s, unsigned arg)
{
    unsigned bits = 64;

    for (size_t i = 0; i < k->m->target_count; i++) {
        const struct signature known = syscall_signature(s, k->m->targets[i]);

        if (arg < known.count && known.args[arg].bits < bits)
            bits = known.args[arg].bits;
    }
    return bits;
}

/* Its name, if that is at the same place on all targets. */
static const char *common_name(const struct maker *k, const struct syscall_info *s, unsigned arg)
{
    const char *name = syscall_signature(s, NULL).args[arg].name;

    for (size_t i = 0; i < k->m->target_count; i++) {
        const struct signature known = syscall_signature(s, k->m->targets[i]);

        if (signature_find(&known, name, strlen(name)) != (int)arg)
            return NULL;
    }
    return name;
}

/* A comparison of an argument of one of the calls (none: of any call). */
static struct cond *make_arg_of(struct maker *k, const struct cond *names)
{
    unsigned arg = rng_below(&k->rng, SYSCALL_MAX_ARGS), nominal = 64, i;
    char variable[] = "$arg0";
    const char *name;

    if (k->call && rng_chance(&k->rng, 70)) {
        arg = rng_below(&k->rng, syscall_signature(k->call, NULL).count);
        variable[4] = (char)('0' + arg);
        name = common_name(k, k->call, arg);
        return make_arg(k, arg, narrowest(k, k->call, arg), true, name ? name : variable);
    }
    for (i = 0; names && i < names->name_count; i++) {
        unsigned bits = narrowest(k, names->names[i], arg);

        nominal = bits < nominal ? bits : nominal;
    }
    variable[4] = (char)('0' + arg);
    return make_arg(k, arg, nominal, names != NULL, variable);
}

static struct cond *make_args(struct maker *k, const struct cond *names, unsigned depth)
{
    struct cond *c;
    unsigned i;

    if (depth == 0 || rng_chance(&k->rng, 50))
        return make_arg_of(k, names);
    if (rng_chance(&k->rng, 20)) {
        c = new_cond(k, M_NOT);
        strbuf_puts(&k->text, "!(");
        c->kids[c->kid_count++] = make_args(k, names, depth - 1);
        strbuf_puts(&k->text, ")");
        return c;
    }
    c = new_cond(k, rng_chance(&k->rng, 60) ? M_AND : M_OR);
    c->kid_count = 2 + rng_below(&k->rng, 2);
    strbuf_puts(&k->text, "(");
    for (i = 0; i < c->kid_count; i++) {
        if (i) {
            put_blank(k);
            strbuf_puts(&k->text, c->kind == M_AND ? "&& " : "|| ");
        }
        c->kids[i] = make_args(k, names, depth - 1);
    }
    strbuf_puts(&k->text, ")");
    return c;
}

/* --- conditions on the number --------------------------------------------------------------------
 */

static const struct syscall_info *random_call(struct maker *k, bool with_arguments)
{
    const struct syscall_info *s;

    do
        s = &syscall_table[rng_below(&k->rng, (uint32_t)syscall_count)];
    while (with_arguments && syscall_signature(s, NULL).count == 0);
    return s;
}

static struct cond *make_names(struct maker *k)
{
    struct cond *c = new_cond(k, M_NAMES);
    enum { SET, MEMBERS, ALTERNATIVES } form = rng_below(&k->rng, 3);
    struct strbuf *out = &k->text;
    unsigned i;

    c->name_count = 1 + rng_below(&k->rng, MAX_NAMES);
    for (i = 0; i < c->name_count; i++)
        c->names[i] = random_call(k, false);
    if (form == SET) {
        strbuf_printf(&k->head, "set %%s%u = (", k->definitions);
        strbuf_printf(out, "%%s%u", k->definitions++);
        out = &k->head;
    } else {
        strbuf_puts(out, form == MEMBERS ? "$syscall in (" : "(");
    }
    for (i = 0; i < c->name_count; i++)
        strbuf_printf(out, "%s@%s",
                      i == 0                 ? ""
                      : form == ALTERNATIVES ? " || "
                                             : ", ",
                      c->names[i]->name);
    strbuf_puts(out, form == SET ? ");\n" : ")");
    return c;
}

static struct cond *make_number(struct maker *k)
{
    struct cond *c;

    if (rng_chance(&k->rng, 25)) {
        c = new_cond(k, M_KERNEL);
        c->number = KERNEL_RELEASE(3 + rng_below(&k->rng, 4), rng_below(&k->rng, 20), 0);
        strbuf_printf(&k->text, "$syscall in KERNEL(%u.%u)", c->number >> 16,
                      c->number >> 8 & 0xff);
        return c;
    }
    c = new_cond(k, M_NUMBER);
    c->op = (enum op)rng_below(&k->rng, M_IN);
    c->number = rng_below(&k->rng, 600);
    strbuf_printf(&k->text, "$syscall %s %u", op_texts[c->op], c->number);
    return c;
}

static struct cond *make_arch(struct maker *k)
{
    struct cond *c = new_cond(k, M_ARCH);

    c->arch = k->m->targets[rng_below(&k->rng, (uint32_t)k->m->target_count)];
    c->op = rng_chance(&k->rng, 70) ? M_EQ : M_NE;
    strbuf_printf(&k->text, "$arch %s @%s", op_texts[c->op], c->arch->name);
    return c;
}

/* --- rules
 * ---------------------------------------------------------------------------------------- */

/* @name(…) */
static struct cond *make_call(struct maker *k)
{
    struct cond *both = new_cond(k, M_AND), *names = new_cond(k, M_NAMES);

    k->call = random_call(k, true);
    names->names[names->name_count++] = k->call;
    strbuf_printf(&k->text, "@%s(", k->call->name);
    both->kids[0] = names;
    both->kids[1] = make_args(k, names, 2);
    both->kid_count = 2;
    strbuf_puts(&k->text, ")");
    k->call = NULL;
    return both;
}

/* names && … */
static struct cond *make_names_and_args(struct maker *k)
{
    struct cond *both = new_cond(k, M_AND);

    both->kids[0] = make_names(k);
    put_blank(k);
    strbuf_puts(&k->text, "&& ");
    both->kids[1] = make_args(k, both->kids[0], 2);
    both->kid_count = 2;
    return both;
}

static struct cond *make_cond(struct maker *k)
{
    struct cond *c;

    switch (rng_below(&k->rng, 9)) {
    case 0:
    case 1:
        return make_call(k);
    case 2:
    case 3:
        return make_names_and_args(k);
    case 4:
        return make_names(k);
    case 5:
        return rng_chance(&k->rng, 50) ? make_number(k) : make_arch(k);
    case 6:
        return make_args(k, NULL, 1);
    case 7:
        c = new_cond(k, M_NOT);
        strbuf_puts(&k->text, "!(");
        c->kids[c->kid_count++] = rng_chance(&k->rng, 50) ? make_call(k) : make_names_and_args(k);
        strbuf_puts(&k->text, ")");
        return c;
    default:
        c = new_cond(k, M_OR);
        c->kid_count = 2;
        c->kids[0] = make_names_and_args(k);
        strbuf_puts(&k->text, " || ");
        c->kids[1] = make_call(k);
        return c;
    }
}

static uint32_t make_action(struct maker *k)
{
    const struct action_info *a = &action_table[rng_below(&k->rng, ACTION_COUNT)];
    uint32_t data = rng_below(&k->rng, a->data == DATA_ERRNO ? MAX_ERRNO : 0x10000);

    strbuf_printf(&k->text, "=> %s(", a->name);
    if (a->data == DATA_NONE)
        data = 0;
    else
        put_number(k, &k->text, (value_t)data);
    strbuf_puts(&k->text, rng_chance(&k->rng, 15) ? ") \"so it is\"" : ")");
    strbuf_puts(&k->text, rng_chance(&k->rng, 5) ? "; // done\n" : ";\n");
    return a->ret | data;
}

static void make_rule(struct maker *k)
{
    struct model_rule rule = {0};

    if (rng_chance(&k->rng, 10)) {
        rule.only_for = k->m->targets[rng_below(&k->rng, (uint32_t)k->m->target_count)];
        strbuf_printf(&k->text, "# if %s\n", rule.only_for->macro);
    }
    rule.cond = make_cond(k);
    put_blank(k);
    rule.ret = make_action(k);
    if (rule.only_for)
        strbuf_puts(&k->text, "#endif\n");
    VEC_PUSH(k->arena, &k->rules, rule);
}

static void choose_targets(struct maker *k)
{
    static const enum arch_id little[] = {ARCH_X86_64,  ARCH_X86_64, ARCH_X32,    ARCH_X86,
                                          ARCH_AARCH64, ARCH_ARM,    ARCH_RISCV64},
                              big[] = {ARCH_S390X, ARCH_S390, ARCH_PPC64, ARCH_MIPS};
    bool is_big = rng_chance(&k->rng, 15);
    size_t wanted = 1 + rng_below(&k->rng, 3), i;

    strbuf_puts(&k->head, "arch (");
    while (k->m->target_count < wanted) {
        const struct arch *arch =
            &arch_table[is_big ? big[rng_below(&k->rng, ARRAY_SIZE(big))]
                               : little[rng_below(&k->rng, ARRAY_SIZE(little))]];

        for (i = 0; i < k->m->target_count && k->m->targets[i] != arch; i++)
            ;
        if (i < k->m->target_count)
            continue;
        strbuf_printf(&k->head, "%s%s", i ? ", " : "", arch->name);
        k->m->targets[k->m->target_count++] = arch;
    }
    strbuf_puts(&k->head, ");\n");
}

/* `unknown`, and `default` or a last rule for everything, which leaves nothing to `unknown`. */
static void make_end(struct maker *k)
{
    struct model_rule rule = {.unknown_only = true, .known = syscall_table_release};
    bool by_rule = rng_chance(&k->rng, 30);

    if (rng_chance(&k->rng, 40)) {
        if (rng_chance(&k->rng, 50)) {
            rule.known = KERNEL_RELEASE(5, 10, 0);
            strbuf_puts(&k->text, "known KERNEL(5.10);\n");
        }
        strbuf_puts(&k->text, "unknown ERRNO(ENOSYS);\n");
        if (!by_rule)
            VEC_PUSH(k->arena, &k->rules, rule);
    }
    strbuf_puts(&k->text, by_rule ? "=> LOG();\n" : "default LOG();\n");
}

static uint32_t errno_of(const char *name, const struct arch *arch)
{
    uint16_t value = 0;

    errno_value(name, strlen(name), arch, &value);
    return value;
}

/* ENOSYS is another number on some architectures: one rule for each. */
static void finish_rules(struct maker *k)
{
    VEC(struct model_rule) all = {0};
    size_t i, j;

    for (i = 0; i < k->rules.count; i++) {
        struct model_rule rule = k->rules.at[i];

        if (!rule.unknown_only) {
            VEC_PUSH(k->arena, &all, rule);
            continue;
        }
        for (j = 0; j < k->m->target_count; j++) {
            rule.only_for = k->m->targets[j];
            rule.ret = 0x00050000u | errno_of("ENOSYS", rule.only_for);
            VEC_PUSH(k->arena, &all, rule);
        }
    }
    VEC_PUSH(k->arena, &all, ((struct model_rule){.ret = 0x7ffc0000u}));
    k->m->rules = all.at;
    k->m->rule_count = all.count;
}

struct model *model_new(struct arena *a, uint64_t seed, unsigned max_rules)
{
    struct maker k = {.arena = a, .rng = {seed}, .m = ARENA_NEW(a, struct model)};
    unsigned rules, i;

    strbuf_init(&k.text, a);
    strbuf_init(&k.head, a);
    choose_targets(&k);
    rules = 1 + rng_below(&k.rng, max_rules);
    for (i = 0; i < rules; i++)
        make_rule(&k);
    k.m->foreign = 0x80000000u;
    if (rng_chance(&k.rng, 30)) {
        strbuf_puts(&k.text, "foreign TRAP(7);\n");
        k.m->foreign = 0x00030007u;
    }
    make_end(&k);
    finish_rules(&k);
    strbuf_puts(&k.head, strbuf_text(&k.text));
    k.m->text = strbuf_text(&k.head);
    k.m->constants = k.constants.at;
    k.m->constant_count = k.constants.count;
    return k.m;
}
