/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a line by trying the patterns of isa.c on it; the first that fits the whole line is it. */
#include "compiler/cbpf/assemble.h"

#include "base/vec.h"
#include "compiler/cbpf/isa.h"

#include <errno.h>
#include <string.h>

/* What is left of one line. */
struct cursor {
    const char *at, *end;
};

static void skip_blanks(struct cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\r'))
        c->at++;
}

static bool read_char(struct cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

/* Value of a digit, 16 if it is none. */
static unsigned digit_value(char ch)
{
    if (ch >= '0' && ch <= '9')
        return (unsigned)(ch - '0');
    if (ch >= 'a' && ch <= 'f')
        return (unsigned)(ch - 'a') + 10;
    if (ch >= 'A' && ch <= 'F')
        return (unsigned)(ch - 'A') + 10;
    return 16;
}

/* At most max. */
static bool read_number(struct cursor *c, uint64_t max, uint64_t *value)
{
    unsigned base = 10;
    const char *first;

    if (c->end - c->at > 2 && c->at[0] == '0' && c->at[1] == 'x') {
        base = 16;
        c->at += 2;
    }
    first = c->at;
    for (*value = 0; c->at < c->end && digit_value(*c->at) < base; c->at++) {
        *value = *value * base + digit_value(*c->at);
        if (*value > max)
            return false;
    }
    return c->at > first;
}

/* One slot of a pattern into the instruction with this index. */
static bool read_slot(struct cursor *c, char slot, uint32_t index, struct sock_filter *in)
{
    const bool is_target = slot == 's' || slot == 't' || slot == 'f';
    const uint64_t first_target = is_target ? (uint64_t)index + 1 : 0;
    uint64_t max, value;

    switch (slot) {
    case 'c':
        max = UINT16_MAX;
        break;
    case 'k':
    case 's':
        max = UINT32_MAX;
        break;
    default:
        max = UINT8_MAX;
    }
    if (!read_number(c, first_target + max, &value) || value < first_target)
        return false;
    value -= first_target;
    switch (slot) {
    case 'c':
        in->code = (uint16_t)value;
        break;
    case 'k':
    case 's':
        in->k = (uint32_t)value;
        break;
    case 't':
    case 'T':
        in->jt = (uint8_t)value;
        break;
    default:
        in->jf = (uint8_t)value;
    }
    return true;
}

/* The cursor stands behind the mnemonic. */
static bool read_operand(struct cursor c, const struct isa *op, uint32_t index,
                         struct sock_filter *in)
{
    *in = (struct sock_filter){.code = op->code};
    for (const char *p = op->pattern; *p; p++) {
        skip_blanks(&c);
        if (*p == ' ')
            continue;
        if (*p == '%' ? !read_slot(&c, *++p, index, in) : !read_char(&c, *p))
            return false;
    }
    skip_blanks(&c);
    return c.at == c.end;
}

/* `INDEX:` if there is one; false if it is another's. */
static bool read_index(struct cursor *c, uint32_t index)
{
    uint64_t value;

    if (c->at == c->end || digit_value(*c->at) > 9)
        return true;
    if (!read_number(c, UINT32_MAX, &value) || value != index || !read_char(c, ':'))
        return false;
    skip_blanks(c);
    return true;
}

static bool read_instruction(struct cursor c, uint32_t index, struct sock_filter *in)
{
    const char *mnemonic;
    size_t len;

    if (!read_index(&c, index))
        return false;
    mnemonic = c.at;
    while (c.at < c.end && (*c.at == '.' || (*c.at >= 'a' && *c.at <= 'z')))
        c.at++;
    len = (size_t)(c.at - mnemonic);
    for (int i = 0; i <= ISA_COUNT; i++) {
        const struct isa *op = i < ISA_COUNT ? &isa_table[i] : &isa_raw;

        if (strlen(op->mnemonic) == len && memcmp(op->mnemonic, mnemonic, len) == 0 &&
            read_operand(c, op, index, in))
            return true;
    }
    return false;
}

int assemble(struct arena *a, const char *text, struct program *p, struct error *err)
{
    VEC(struct sock_filter) code = {0};
    unsigned line = 1;

    for (const char *at = text; *at; line++) {
        struct cursor c = {at, at + strcspn(at, ";\n")};
        struct sock_filter in;

        at += strcspn(at, "\n");
        at += *at != '\0';
        skip_blanks(&c);
        if (c.at == c.end)
            continue;
        if (!read_instruction(c, (uint32_t)code.count, &in))
            return error_text(err, EINVAL, "line %u: cannot assemble '%.*s'", line,
                              (int)(c.end - c.at), c.at);
        VEC_PUSH(a, &code, in);
    }
    p->code = code.at;
    p->count = (uint32_t)code.count;
    return 0;
}
