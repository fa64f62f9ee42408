/* SPDX-License-Identifier: Apache-2.0 */
/* The sides of a comparison: a field of the call, perhaps masked, or a constant. */
#include "compiler/sema/internal.h"

#include "base/str.h"
#include "compiler/tables/names.h"

#include <string.h>

static bool is_name(struct name name, const char *s)
{
    return strlen(s) == name.len && !memcmp(s, name.text, name.len);
}

static struct operand field_operand(enum field field)
{
    return (struct operand){.kind = OPERAND_FIELD, .on = {.field = field}};
}

static struct operand constant_operand(value_t value)
{
    return (struct operand){.kind = OPERAND_CONSTANT, .value = value};
}

static struct operand error_operand(void)
{
    return (struct operand){.kind = OPERAND_ERROR};
}

static struct operand from_constant(enum constant_result result, value_t value,
                                    const struct missing *missing)
{
    struct operand o = constant_operand(value);

    if (result == CONSTANT_ERROR)
        return error_operand();
    if (result == CONSTANT_MISSING)
        o.missing = missing;
    return o;
}

static struct operand variable_operand(struct resolver *r, const struct expr *e)
{
    struct name name = e->name;
    struct nearest near;
    struct diag *diag;
    size_t i;

    if (is_name(name, "syscall"))
        return field_operand(FIELD_NR);
    if (is_name(name, "arch"))
        return (struct operand){.kind = OPERAND_ARCH};
    if (is_name(name, "instruction_pointer"))
        return field_operand(FIELD_IP);
    if (name.len == 4 && !memcmp(name.text, "arg", 3) && name.text[3] >= '0' && name.text[3] <= '5')
        return field_operand(FIELD_ARG0 + (name.text[3] - '0'));

    diag = diag_add(r->diags, DIAG_UNKNOWN_VARIABLE, e->span, "unknown variable '$%.*s'",
                    (int)name.len, name.text);
    nearest_init(&near, name.text, name.len);
    for (i = 0; i < variable_count; i++)
        nearest_feed(&near, variable_table[i].name);
    if (near.best)
        diag_note(r->diags, diag, e->span, "did you mean '$%s'?", near.best);
    return error_operand();
}

static const char *argument_list(struct resolver *r, const struct signature *s)
{
    struct strbuf text;

    strbuf_init(&text, r->arena);
    strbuf_puts(&text, s->count ? "its arguments are" : "it has no arguments");
    for (unsigned i = 0; i < s->count; i++)
        strbuf_printf(&text, "%s '%s'", i ? "," : "", s->args[i].name);
    return strbuf_text(&text);
}

static void report_unknown_argument(struct resolver *r, struct name name,
                                    const struct syscall_info *call)
{
    const struct signature s = syscall_signature(call, r->arch);
    struct nearest near;
    struct diag *diag;

    diag = diag_add(r->diags, DIAG_UNKNOWN_ARGUMENT, name.span, "%s has no argument '%.*s'",
                    call->name, (int)name.len, name.text);
    if (!s.known) {
        diag_note(r->diags, diag, name.span,
                  "the names of its arguments are not known: write $arg0 to $arg5");
        return;
    }
    nearest_init(&near, name.text, name.len);
    for (unsigned i = 0; i < s.count; i++)
        nearest_feed(&near, s.args[i].name);
    if (near.best)
        diag_note(r->diags, diag, name.span, "did you mean '%s'?", near.best);
    else
        diag_note(r->diags, diag, (struct span){0}, "%s", argument_list(r, &s));
}

void report_missing_argument(struct resolver *r, const struct missing *missing)
{
    const struct signature s = syscall_signature(missing->call, r->arch);
    struct diag *diag =
        diag_add(r->diags, DIAG_UNKNOWN_ARGUMENT, missing->span, "%s has no argument '%s' on %s",
                 missing->call->name, missing->name, r->arch->name);

    diag_note(r->diags, diag, (struct span){0}, "%s",
              s.known ? argument_list(r, &s) : "the names of its arguments there are not known");
}

/* To be compared as if it were there; the comparison must not matter. */
static struct operand missing_argument(struct resolver *r, struct name name,
                                       const struct syscall_info *call)
{
    struct operand o = field_operand(FIELD_ARG0);
    struct missing *m = ARENA_NEW(r->arena, struct missing);

    *m = (struct missing){arena_strndup(r->arena, name.text, name.len), name.span, call};
    o.missing = m;
    return o;
}

/* The kernel's arguments are, its constants are not: which of them a misspelt name was to be. */
static bool is_lower_case(struct name name)
{
    uint32_t i;

    for (i = 0; i < name.len; i++)
        if (name.text[i] >= 'A' && name.text[i] <= 'Z')
            return false;
    return true;
}

static struct operand name_operand(struct resolver *r, const struct expr *e,
                                   const struct scope *scope, bool beside_arch)
{
    int parameter = macro_parameter(scope->macro, e->name);
    const struct missing *missing = NULL;
    enum constant_result result;
    value_t value = 0;
    int arg;

    if (parameter >= 0)
        return resolve_operand(r, scope->macro_call->kids.at[parameter], scope->caller,
                               beside_arch);
    arg = call_argument(r, scope->call, e->name);
    if (arg >= 0)
        return field_operand(FIELD_ARG0 + arg);
    if (arg == ARGUMENT_ELSEWHERE)
        return missing_argument(r, e->name, scope->call);
    if (scope->call && is_lower_case(e->name) && !find_name(r, e->name) &&
        !constant_by_name(e->name.text, e->name.len)) {
        report_unknown_argument(r, e->name, scope->call);
        return error_operand();
    }
    result = eval_constant_name(r, e->name, &value, &missing);
    return from_constant(result, value, missing);
}

static struct operand syscall_operand(struct resolver *r, const struct expr *e, bool beside_arch)
{
    struct operand o;
    int64_t nr;

    if (e->has_parens) {
        diag_add(r->diags, DIAG_WRONG_KIND, e->span,
                 "a value is needed here: '@%.*s(…)' is a condition", (int)e->name.len,
                 e->name.text);
        return error_operand();
    }
    if (beside_arch && !e->arch.len) {
        const struct arch *arch = resolve_arch(r, e->name);

        if (!arch)
            return error_operand();
        o = constant_operand(arch->audit);
        o.arch_name = arch;
        return o;
    }
    nr = resolve_syscall(r, e);
    if (nr == -2)
        return error_operand();
    o = constant_operand(nr);
    o.is_syscall = true;
    o.absent = nr == -1;
    return o;
}

/* signed(), full(), low(), high(): how a field is compared. */
static struct operand wrapped_operand(struct resolver *r, const struct expr *e,
                                      const struct scope *scope)
{
    bool is_signed = is_name(e->name, "signed");
    struct operand o;

    if (e->kids.count != 1) {
        diag_add(r->diags, DIAG_MACRO_ARITY, e->span, "'%.*s' takes one argument", (int)e->name.len,
                 e->name.text);
        return error_operand();
    }
    o = resolve_operand(r, e->kids.at[0], scope, false);
    if (o.kind == OPERAND_ERROR)
        return o;
    if (o.kind != OPERAND_FIELD || (!is_signed && (o.on.field == FIELD_NR || o.on.has_mask))) {
        diag_add(r->diags, DIAG_NOT_CONSTANT, e->span, "'%.*s' applies to an argument of the call",
                 (int)e->name.len, e->name.text);
        return error_operand();
    }
    if (is_signed ? o.on.is_signed : o.on.half != HALF_AUTO || o.on.is_signed) {
        diag_add(r->diags, DIAG_WRONG_KIND, e->span,
                 is_signed ? "'signed' is applied twice" : "'signed' belongs around '%.*s'",
                 (int)e->name.len, e->name.text);
        return error_operand();
    }
    if (is_signed)
        o.on.is_signed = true;
    else
        o.on.half = is_name(e->name, "full")  ? HALF_FULL
                    : is_name(e->name, "low") ? HALF_LOW
                                              : HALF_HIGH;
    return o;
}

static bool is_wrapper(struct name name)
{
    return is_name(name, "signed") || is_name(name, "full") || is_name(name, "low") ||
           is_name(name, "high");
}

static struct operand masked_operand(struct resolver *r, const struct expr *e, struct operand x,
                                     struct operand y)
{
    struct operand o = x.kind == OPERAND_CONSTANT ? y : x;
    struct operand mask = x.kind == OPERAND_CONSTANT ? x : y;

    if (e->op != OP_BIT_AND) {
        diag_add(r->diags, DIAG_NOT_CONSTANT, e->span,
                 "only '&' with a constant mask can be applied to a variable");
        return error_operand();
    }
    if (mask.kind != OPERAND_CONSTANT) {
        diag_add(r->diags, DIAG_NOT_CONSTANT, e->span,
                 "a mask must be constant: a filter cannot combine two variables");
        return error_operand();
    }
    if (mask.missing)
        o.missing = mask.missing;
    o.on.mask = o.on.has_mask ? o.on.mask & mask.value : mask.value;
    o.on.has_mask = true;
    o.on.mask_span = e->kids.at[x.kind == OPERAND_CONSTANT ? 0 : 1]->span;
    return o;
}

static struct operand arithmetic_operand(struct resolver *r, const struct expr *e,
                                         const struct scope *scope)
{
    struct operand x = resolve_operand(r, e->kids.at[0], scope, false), y = constant_operand(0);
    enum constant_result result;
    value_t value = 0;

    if (e->kind == EXPR_BINARY)
        y = resolve_operand(r, e->kids.at[1], scope, false);
    if (x.kind == OPERAND_ERROR || y.kind == OPERAND_ERROR)
        return error_operand();
    if (x.kind != OPERAND_CONSTANT || y.kind != OPERAND_CONSTANT)
        return masked_operand(r, e, x, y);
    if (x.missing || y.missing)
        return from_constant(CONSTANT_MISSING, 0, x.missing ? x.missing : y.missing);
    result = apply_operator(r, e, x.value, y.value, &value);
    return from_constant(result, value, NULL);
}

bool is_condition_operator(enum expr_op op)
{
    return (op >= OP_EQ && op <= OP_NOT_IN) || op == OP_NOT;
}

struct operand resolve_operand(struct resolver *r, const struct expr *e, const struct scope *scope,
                               bool beside_arch)
{
    const char *hint = "a value is needed here, not a condition";

    switch (e->kind) {
    case EXPR_NUMBER:
        return constant_operand((value_t)e->number);
    case EXPR_NAME:
        return name_operand(r, e, scope, beside_arch);
    case EXPR_VARIABLE:
        return variable_operand(r, e);
    case EXPR_SYSCALL:
        return syscall_operand(r, e, beside_arch);
    case EXPR_CALL:
        if (is_wrapper(e->name))
            return wrapped_operand(r, e, scope);
        hint = "a value is needed here: a macro is a condition";
        break;
    case EXPR_UNARY:
    case EXPR_BINARY:
        if (!is_condition_operator(e->op))
            return arithmetic_operand(r, e, scope);
        if (e->op == OP_NOT)
            hint = "'!' applies to a condition: write !( … ) around the comparison";
        break;
    case EXPR_ERROR:
        return error_operand();
    case EXPR_SET:
    case EXPR_KERNEL:
    case EXPR_LIST:
    case EXPR_RANGE:
        hint = "a single value is needed here: several are compared with 'in'";
        break;
    case EXPR_AND:
    case EXPR_OR:
        break;
    }
    diag_add(r->diags, DIAG_WRONG_KIND, e->span, "%s", hint);
    return error_operand();
}

bool mentions_arch(const struct expr *e)
{
    size_t i;

    if (e->kind == EXPR_VARIABLE)
        return is_name(e->name, "arch");
    if (e->kind != EXPR_BINARY || is_condition_operator(e->op))
        return false;
    for (i = 0; i < e->kids.count; i++)
        if (mentions_arch(e->kids.at[i]))
            return true;
    return false;
}
