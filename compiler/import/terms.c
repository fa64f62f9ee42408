/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions and actions as text. */
#include "compiler/import/behaviour.h"

#include "compiler/tables/names.h"

#include <inttypes.h>
#include <string.h>

/* Numbers above this read better in base 16. */
#define LARGEST_DECIMAL 0xffff

void write_number(struct strbuf *out, uint64_t value)
{
    strbuf_printf(out, value <= LARGEST_DECIMAL ? "%" PRIu64 : "0x%" PRIx64, value);
}

void write_action(struct strbuf *out, uint32_t ret, const struct arch *arch)
{
    char text[ACTION_TEXT];

    action_source(ret, arch, text, sizeof(text));
    strbuf_puts(out, text);
}

/* --- operands ----------------------------------------------------------------------------------*/

struct writing {
    struct strbuf *out;
    const struct syscall_info *call;
    const struct arch *arch;
    struct signature signature; /* of the call; of several, none is known */
};

/* The width at which the argument is compared if nothing is said of it. */
static unsigned natural_width(const struct writing *w, enum field field)
{
    unsigned arg = field - FIELD_ARG0, bits = 64;

    if (field == FIELD_IP)
        return 64;
    if (!w->call) /* of several calls: it is said */
        return 0;
    if (arg < w->signature.count)
        bits = w->signature.args[arg].bits;
    return bits;
}

static void write_operand(const struct writing *w, const struct atom *a)
{
    unsigned arg = a->field - FIELD_ARG0;
    const char *around = NULL;

    if (a->shift == 32)
        around = "high";
    else if (a->width == 64 && natural_width(w, a->field) != 64)
        around = "full";
    else if (a->width < 64 && a->width != natural_width(w, a->field))
        around = "low";
    if (a->is_signed)
        strbuf_puts(w->out, "signed(");
    if (around)
        strbuf_printf(w->out, "%s(", around);
    if (a->field == FIELD_IP)
        strbuf_puts(w->out, "$instruction_pointer");
    else if (arg < w->signature.count)
        strbuf_puts(w->out, w->signature.args[arg].name);
    else
        strbuf_printf(w->out, "$arg%u", arg);
    strbuf_puts(w->out, around ? ")" : "");
    strbuf_puts(w->out, a->is_signed ? ")" : "");
}

/* --- values ------------------------------------------------------------------------------------*/

static const struct argument_family *family_of(const struct writing *w, const struct atom *a)
{
    unsigned arg = a->field - FIELD_ARG0;

    if (a->field < FIELD_ARG0 || a->shift || arg >= w->signature.count)
        return NULL;
    return argument_family(w->call->name, w->signature.args[arg].name);
}

/* Names or-ed together; false if some bit has none. */
static bool write_flags(const struct writing *w, const char *family, uint64_t value)
{
    unsigned count = 0;
    struct strbuf names;

    strbuf_init(&names, w->out->arena);
    for (uint64_t rest = value; rest; rest &= rest - 1) {
        const char *name = constant_name(family, rest & -rest, w->arch);

        if (!name)
            return false;
        strbuf_printf(&names, "%s%s", count++ ? " | " : "", name);
    }
    if (!count)
        return false;
    strbuf_printf(w->out, count > 1 ? "(%s)" : "%s", strbuf_text(&names));
    return true;
}

static void write_value(const struct writing *w, const struct atom *a, uint64_t value)
{
    const struct argument_family *family = family_of(w, a);
    const char *name = family ? constant_name(family->family, value, w->arch) : NULL;

    if (a->is_signed && a->width && value >> (a->width - 1))
        strbuf_printf(w->out, "-%" PRIu64,
                      (~value + 1) & (a->width == 64 ? UINT64_MAX : (UINT64_C(1) << a->width) - 1));
    else if (name)
        strbuf_puts(w->out, name);
    else if (!(family && family->flags && write_flags(w, family->family, value)))
        write_number(w->out, value);
}

static void write_set(const struct writing *w, const struct atom *a, struct ranges set)
{
    strbuf_putc(w->out, '(');
    for (size_t i = 0; i < set.count; i++) {
        strbuf_puts(w->out, i ? ", " : "");
        if (set.at[i].low == set.at[i].high) {
            write_value(w, a, set.at[i].low);
        } else {
            write_number(w->out, set.at[i].low);
            strbuf_puts(w->out, set.at[i].high == set.at[i].low + 1 ? ", " : "..");
            write_number(w->out, set.at[i].high);
        }
    }
    strbuf_putc(w->out, ')');
}

/* Words that the set takes. */
static size_t set_cost(struct ranges set)
{
    size_t cost = 0;

    for (size_t i = 0; i < set.count; i++)
        cost += set.at[i].low == set.at[i].high ? 1 : 2;
    return cost;
}

static void write_in(const struct writing *w, const struct atom *a)
{
    uint64_t max = a->width == 64 ? UINT64_MAX : (UINT64_C(1) << a->width) - 1;
    struct ranges other = ranges_complement(w->out->arena, a->set, max);
    bool outside = set_cost(other) < set_cost(a->set);
    struct ranges set = outside ? other : a->set;

    if (set.count == 1 && set.at[0].low == set.at[0].high) {
        strbuf_puts(w->out, outside ? " != " : " == ");
        write_value(w, a, set.at[0].low);
    } else if (a->set.count == 1 && a->set.at[0].low == 0) {
        strbuf_puts(w->out, " <= ");
        write_value(w, a, a->set.at[0].high);
    } else if (a->set.count == 1 && a->set.at[0].high == max) {
        strbuf_puts(w->out, " >= ");
        write_value(w, a, a->set.at[0].low);
    } else {
        strbuf_puts(w->out, outside ? " not in " : " in ");
        write_set(w, a, set);
    }
}

static void write_atom(const struct writing *w, const struct atom *a)
{
    static const char *const ops[] = {
        [CMP_EQ] = "==", [CMP_NE] = "!=", [CMP_LT] = "<", [CMP_LE] = "<=",
        [CMP_GT] = ">",  [CMP_GE] = ">=", [CMP_IN] = "in"};
    uint64_t max = a->width == 64 ? UINT64_MAX : (UINT64_C(1) << a->width) - 1;

    write_operand(w, a);
    if (a->mask != max) {
        strbuf_puts(w->out, " & ");
        write_value(w, a, a->mask);
    }
    if (a->op == CMP_IN && a->mask == max) {
        write_in(w, a);
    } else if (a->op == CMP_IN) {
        strbuf_puts(w->out, " in ");
        write_set(w, a, a->set);
    } else {
        strbuf_printf(w->out, " %s ", ops[a->op]);
        write_value(w, a, a->value);
    }
}

static void write_cond(const struct writing *w, const struct cond *cond, bool inside)
{
    bool parens = inside && (cond->kind == COND_AND || cond->kind == COND_OR);

    switch (cond->kind) {
    case COND_FALSE:
        strbuf_puts(w->out, "$syscall in ()");
        return;
    case COND_TRUE:
        strbuf_puts(w->out, "$syscall >= 0");
        return;
    case COND_ATOM:
        write_atom(w, &cond->atom);
        return;
    case COND_NOT:
        strbuf_puts(w->out, "!(");
        write_cond(w, cond->kids[0], false);
        strbuf_putc(w->out, ')');
        return;
    case COND_AND:
    case COND_OR:
        strbuf_puts(w->out, parens ? "(" : "");
        for (size_t i = 0; i < cond->kid_count; i++) {
            strbuf_puts(w->out, i == 0 ? "" : cond->kind == COND_AND ? " && " : " || ");
            write_cond(w, cond->kids[i], true);
        }
        strbuf_puts(w->out, parens ? ")" : "");
        return;
    }
}

void write_condition(struct strbuf *out, const struct cond *cond, const struct syscall_info *call,
                     const struct arch *arch)
{
    write_cond(&(struct writing){out, call, arch, syscall_signature(call, arch)}, cond, false);
}
