/* SPDX-License-Identifier: Apache-2.0 */
/* Text of programs: instructions by the patterns of isa.c, comments by what flow.c knows. */
#include "compiler/cbpf/disassemble.h"

#include "compiler/cbpf/flow.h"
#include "compiler/cbpf/isa.h"
#include "compiler/tables/names.h"

#include <inttypes.h>
#include <string.h>

/* Where more architectures than this are possible, a number is left without its names. */
#define MOST_NAMED 3

/* --- instructions ----------------------------------------------------------------------------- */

/* Actions, bits and large numbers are hexadecimal, amounts decimal. */
static void print_k(const struct sock_filter *in, struct strbuf *out)
{
    const uint16_t class = BPF_CLASS(in->code), op = BPF_OP(in->code);
    const bool bits = (class == BPF_JMP && op == BPF_JSET) ||
                      (class == BPF_ALU && (op == BPF_AND || op == BPF_OR || op == BPF_XOR));

    if (class == BPF_RET)
        strbuf_printf(out, "0x%08" PRIx32, in->k);
    else if (bits || in->k > UINT16_MAX)
        strbuf_printf(out, "0x%" PRIx32, in->k);
    else
        strbuf_printf(out, "%" PRIu32, in->k);
}

static void print_slot(char slot, const struct sock_filter *in, uint32_t at, struct strbuf *out)
{
    const uint64_t next = (uint64_t)at + 1;

    switch (slot) {
    case 'k':
        print_k(in, out);
        break;
    case 's':
        strbuf_printf(out, "%" PRIu64, next + in->k);
        break;
    case 't':
        strbuf_printf(out, "%" PRIu64, next + in->jt);
        break;
    case 'f':
        strbuf_printf(out, "%" PRIu64, next + in->jf);
        break;
    case 'c':
        strbuf_printf(out, "0x%02x", in->code);
        break;
    case 'T':
        strbuf_printf(out, "%u", in->jt);
        break;
    case 'F':
        strbuf_printf(out, "%u", in->jf);
        break;
    }
}

static const struct isa *row_of(const struct sock_filter *in)
{
    const struct isa *op = isa_of(in->code);

    return op ? op : &isa_raw;
}

void disassemble_instruction(const struct program *p, uint32_t at, struct strbuf *out)
{
    const struct sock_filter *in = &p->code[at];
    const struct isa *op = row_of(in);

    strbuf_printf(out, *op->pattern ? "%-4s " : "%s", op->mnemonic);
    for (const char *c = op->pattern; *c; c++) {
        if (*c == '%')
            print_slot(*++c, in, at, out);
        else
            strbuf_putc(out, *c);
    }
}

/* --- names ------------------------------------------------------------------------------------ */

/* What is to be named; the name may differ by architecture. */
struct question {
    uint32_t value; /* errno, call or constant */
    uint32_t nr;    /* constants: the call that is made ... */
    unsigned arg;   /* ... and which of its arguments is compared */
};
typedef const char *name_fn(const struct question *q, const struct arch *a);

static const char *errno_of(const struct question *q, const struct arch *a)
{
    return errno_name((uint16_t)q->value, a);
}

static const char *call_of(const struct question *q, const struct arch *a)
{
    const struct syscall_info *call = syscall_by_number(a, q->value);

    return call ? call->name : NULL;
}

static const char *constant_of(const struct question *q, const struct arch *a)
{
    const struct syscall_info *call = syscall_by_number(a, q->nr);
    const struct signature s = syscall_signature(call, a);
    const struct argument_family *family =
        q->arg < s.count ? argument_family(call->name, s.args[q->arg].name) : NULL;

    return family ? constant_name(family->family, q->value, a) : NULL;
}

static const char *arch_of(const struct question *q, const struct arch *a)
{
    return a->audit == q->value ? a->name : NULL;
}

/* The answers behind `before`: one where they agree, else each with its architecture, and nothing
 * where there are none or too many. */
static bool print_names(arch_set archs, name_fn *name_of, const struct question *q,
                        const char *before, struct strbuf *out)
{
    const char *names[ARCH_COUNT], *first = NULL;
    unsigned count = 0;
    bool agree = true;

    for (int id = 0; id < ARCH_COUNT; id++) {
        names[id] = (archs & ARCH_BIT(id)) ? name_of(q, &arch_table[id]) : NULL;
        if (!names[id])
            continue;
        count++;
        if (!first)
            first = names[id];
        agree = agree && strcmp(names[id], first) == 0;
    }
    if (!first || (!agree && count > MOST_NAMED))
        return false;
    strbuf_puts(out, before);
    if (agree)
        strbuf_puts(out, first);
    for (int id = 0; !agree && id < ARCH_COUNT; id++)
        if (names[id])
            strbuf_printf(out, "%s%s (%s)", names[id] == first ? "" : " or ", names[id],
                          arch_table[id].name);
    return true;
}

void action_text(uint32_t ret, arch_set archs, struct strbuf *out)
{
    const struct action_info *action = action_of_ret(ret);
    const struct question data = {.value = ret & SECCOMP_RET_DATA};

    strbuf_puts(out, action->name);
    switch (action->data) {
    case DATA_NONE:
        return;
    case DATA_ERRNO:
        if (print_names(archs, errno_of, &data, "(", out))
            strbuf_putc(out, ')');
        else
            strbuf_printf(out, "(%" PRIu32 ")", data.value);
        return;
    case DATA_U16:
        if (data.value || !action->data_optional)
            strbuf_printf(out, "(%" PRIu32 ")", data.value);
        return;
    }
}

/* --- comments --------------------------------------------------------------------------------- */

void word_text(enum word w, struct strbuf *out)
{
    static const char *const fields[] = {"nr", "arch", "ip low", "ip high"};

    if (w < WORD_ARG0_LOW)
        strbuf_puts(out, fields[w]);
    else
        strbuf_printf(out, "arg%u %s", (w - WORD_ARG0_LOW) / 2,
                      (w - WORD_ARG0_LOW) % 2 ? "high" : "low");
}

static const char *comparison_sign(uint16_t code)
{
    switch (BPF_OP(code)) {
    case BPF_JEQ:
        return " == ";
    case BPF_JGT:
        return " > ";
    case BPF_JGE:
        return " >= ";
    default:
        return " & ";
    }
}

/* The architectures that a name at this instruction may be of. */
static arch_set archs_in_force(const struct flow_state *s, const struct disassembly *how)
{
    const arch_set hint = how->arch ? ARCH_BIT(arch_id(how->arch)) : 0;

    return s->any_arch && s->archs & hint ? hint : s->archs;
}

/* What A is compared with, and the name of k if it has one. */
static void comment_comparison(const struct sock_filter *in, const struct flow_state *s,
                               arch_set archs, struct strbuf *out)
{
    const char *sign = comparison_sign(in->code);
    struct question q = {.value = in->k};

    if (s->a.word == WORD_COUNT)
        return;
    word_text(s->a.word, out);
    if (s->a.mask != UINT32_MAX)
        strbuf_printf(out, " & 0x%" PRIx32, s->a.mask);
    /* Part of a number or of an architecture has no name. */
    if (BPF_SRC(in->code) == BPF_X || (s->a.word <= WORD_ARCH && s->a.mask != UINT32_MAX))
        return;
    if (s->a.word == WORD_ARCH) {
        for (int id = 0; id < ARCH_COUNT; id++) {
            if (!arch_of(&q, &arch_table[id]))
                continue;
            strbuf_printf(out, "%s%s", sign, arch_table[id].name);
            sign = " or ";
        }
    } else if (s->a.word == WORD_NR && in->k == X32_BIT) {
        strbuf_printf(out, "%sthe bit of x32", sign);
    } else if (s->a.word == WORD_NR) {
        print_names(archs, call_of, &q, sign, out);
    } else if (s->a.word >= WORD_ARG0_LOW && s->nr != FLOW_NR_UNKNOWN) {
        q.nr = (uint32_t)s->nr;
        q.arg = (s->a.word - WORD_ARG0_LOW) / 2;
        if (s->a.word == (enum word)WORD_ARG_LOW(q.arg))
            print_names(archs, constant_of, &q, sign, out);
    }
}

static void comment_meaning(const struct program *p, uint32_t at, const struct flow_state *s,
                            const struct disassembly *how, struct strbuf *out)
{
    const struct sock_filter *in = &p->code[at];
    const arch_set archs = archs_in_force(s, how);

    switch (row_of(in)->operand) {
    case OPERAND_WORD:
        if (in->k < sizeof(struct seccomp_data))
            word_text(word_at(in->k, how->big_endian), out);
        return;
    case OPERAND_IMM_JUMP:
    case OPERAND_X_JUMP:
        comment_comparison(in, s, archs, out);
        return;
    case OPERAND_IMM:
        if (BPF_CLASS(in->code) == BPF_RET)
            action_text(in->k, archs, out);
        return;
    case OPERAND_NONE:
    case OPERAND_LEN:
    case OPERAND_DIVISOR:
    case OPERAND_SHIFT:
    case OPERAND_MEM:
    case OPERAND_X:
    case OPERAND_A:
    case OPERAND_SKIP:
        return;
    }
}

/* Between the parts of a comment. */
static void separate(struct strbuf *out)
{
    if (out->len > 0)
        strbuf_puts(out, ", ");
}

/* Fields that the instruction has no use for are not in its text: told here if not 0. */
static void comment_unused(const struct sock_filter *in, struct strbuf *out)
{
    const char *pattern = row_of(in)->pattern;
    const bool jumps = strstr(pattern, "%t") || strstr(pattern, "%T");
    const bool has_k = strstr(pattern, "%k") || strstr(pattern, "%s");

    if (!jumps && (in->jt || in->jf)) {
        separate(out);
        strbuf_printf(out, "unused jt %u jf %u", in->jt, in->jf);
    }
    if (!has_k && in->k) {
        separate(out);
        strbuf_printf(out, "unused k 0x%" PRIx32, in->k);
    }
}

static void comment_on(const struct program *p, uint32_t at, const struct flow_state *s,
                       const struct disassembly *how, struct strbuf *out)
{
    const char *more = how->comment ? how->comment(how->ctx, at) : NULL;

    if (s->reached)
        comment_meaning(p, at, s, how, out);
    else
        strbuf_puts(out, "unreachable");
    comment_unused(&p->code[at], out);
    if (more) {
        separate(out);
        strbuf_puts(out, more);
    }
}

void disassemble(const struct program *p, const struct disassembly *how, struct strbuf *out)
{
    const struct flow_state *states = flow_of(out->arena, p, how->big_endian);
    struct strbuf instruction, comment;

    strbuf_init(&instruction, out->arena);
    strbuf_init(&comment, out->arena);
    for (uint32_t i = 0; i < p->count; i++) {
        instruction.len = comment.len = 0;
        disassemble_instruction(p, i, &instruction);
        comment_on(p, i, &states[i], how, &comment);
        if (comment.len > 0)
            strbuf_printf(out, "%4" PRIu32 ": %-32s; %s\n", i, strbuf_text(&instruction),
                          strbuf_text(&comment));
        else
            strbuf_printf(out, "%4" PRIu32 ": %s\n", i, strbuf_text(&instruction));
    }
}
