/* SPDX-License-Identifier: Apache-2.0 */
/* From GVariant's text to a value of D-Bus, by way of a tree. */
#include "runtime-loader/systemd/variant.h"

#include "base/vec.h"
#include "runtime-loader/systemd/wire.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_BOOL, KIND_NUMBER, KIND_STRING, KIND_ARRAY, KIND_TUPLE };

struct variant {
    enum kind kind;
    const char *type; /* signature that was given; NULL: by what it looks like */
    const char *text; /* of a number or string */
    bool truth;
    VEC(struct variant *) elements;
    struct arena *arena;
};

struct parser {
    struct arena *arena;
    const char *whole, *at;
    struct error *err;
    unsigned depth;
};

enum { MOST_DEPTH = 16, LONGEST_TYPE = 64 };

static int fail(struct parser *p, const char *what)
{
    return error_text(p->err, EINVAL, "'%s': %s at '%.20s'", p->whole, what, p->at);
}

static void skip_blanks(struct parser *p)
{
    p->at += strspn(p->at, " \t\n");
}

static const struct {
    const char *word, *type;
} type_words[] = {
    {"boolean", "b"}, {"byte", "y"},   {"int16", "n"},      {"uint16", "q"},
    {"int32", "i"},   {"uint32", "u"}, {"int64", "x"},      {"uint64", "t"},
    {"double", "d"},  {"string", "s"}, {"objectpath", "o"}, {"signature", "g"},
};

/* The type in front of a value: "@as" or a word. */
static int parse_type(struct parser *p, const char **type)
{
    size_t len;

    *type = NULL;
    if (*p->at == '@') {
        len = strcspn(p->at + 1, " ");
        if (len == 0 || len > LONGEST_TYPE)
            return fail(p, "no type");
        *type = arena_strndup(p->arena, p->at + 1, len);
        p->at += 1 + len;
        return 0;
    }
    len = strspn(p->at, "abcdefghijklmnopqrstuvwxyz0123456789");
    for (size_t i = 0; i < ARRAY_SIZE(type_words); i++)
        if (strlen(type_words[i].word) == len && strncmp(p->at, type_words[i].word, len) == 0 &&
            isspace((unsigned char)p->at[len])) {
            *type = type_words[i].type;
            p->at += len;
        }
    return 0;
}

static int parse_string(struct parser *p, struct variant *v)
{
    char quote = *p->at++;
    struct strbuf text;

    strbuf_init(&text, p->arena);
    for (; *p->at && *p->at != quote; p->at++) {
        char c = *p->at;

        if (c == '\\') {
            c = *++p->at;
            if (!c)
                break;
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        strbuf_putc(&text, c);
    }
    if (*p->at != quote)
        return fail(p, "no end of the string");
    p->at++;
    v->kind = KIND_STRING;
    v->text = strbuf_text(&text);
    return 0;
}

static int parse_value(struct parser *p, struct variant **out);

static int parse_elements(struct parser *p, struct variant *v, char end)
{
    p->at++;
    for (skip_blanks(p); *p->at != end; skip_blanks(p)) {
        struct variant *element;
        int rc = parse_value(p, &element);

        if (rc < 0)
            return rc;
        VEC_PUSH(p->arena, &v->elements, element);
        skip_blanks(p);
        if (*p->at == ',')
            p->at++;
        else if (*p->at != end)
            return fail(p, "neither ',' nor the end");
    }
    p->at++;
    v->kind = end == ']' ? KIND_ARRAY : KIND_TUPLE;
    return 0;
}

static int parse_bare(struct parser *p, struct variant *v)
{
    size_t len = strspn(p->at, "+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFX");
    const char *word = arena_strndup(p->arena, p->at, len);

    v->kind = KIND_BOOL;
    v->truth = strcmp(word, "true") == 0;
    if (!v->truth && strcmp(word, "false") != 0) {
        v->kind = KIND_NUMBER;
        v->text = word;
        if (!isdigit((unsigned char)word[strspn(word, "+-.")]))
            return fail(p, "no value");
    }
    p->at += len;
    return 0;
}

static int parse_value(struct parser *p, struct variant **out)
{
    struct variant *v = ARENA_NEW(p->arena, struct variant);
    int rc;

    v->arena = p->arena;
    skip_blanks(p);
    rc = parse_type(p, &v->type);
    if (rc < 0)
        return rc;
    if (++p->depth > MOST_DEPTH)
        return fail(p, "too deep");
    skip_blanks(p);
    if (*p->at == '\'' || *p->at == '"')
        rc = parse_string(p, v);
    else if (*p->at == '[' || *p->at == '(')
        rc = parse_elements(p, v, *p->at == '[' ? ']' : ')');
    else
        rc = parse_bare(p, v);
    p->depth--;
    *out = v;
    return rc;
}

int variant_parse(struct arena *a, const char *text, struct variant **out, struct error *err)
{
    struct parser p = {.arena = a, .whole = text, .at = text, .err = err};
    int rc = parse_value(&p, out);

    skip_blanks(&p);
    return rc == 0 && *p.at ? fail(&p, "more than one value") : rc;
}

int variant_microseconds(struct variant *v, struct error *err)
{
    char *end;
    double seconds = v->kind == KIND_NUMBER ? strtod(v->text, &end) : -1;

    if (v->kind != KIND_NUMBER || *end || !(seconds >= 0 && seconds < 1e12))
        return error_text(err, EINVAL, "not a number of seconds");
    v->type = "t";
    v->text = arena_printf(v->arena, "%" PRIu64, (uint64_t)(seconds * 1e6 + 0.5));
    return 0;
}

static const char *type_of(const struct variant *v)
{
    struct strbuf type;

    if (v->type)
        return v->type;
    strbuf_init(&type, v->arena);
    switch (v->kind) {
    case KIND_BOOL:
        return "b";
    case KIND_NUMBER:
        return strchr(v->text, '.') ? "d" : "i";
    case KIND_STRING:
        return "s";
    case KIND_ARRAY:
        strbuf_putc(&type, 'a');
        strbuf_puts(&type, v->elements.count ? type_of(v->elements.at[0]) : "?");
        break;
    case KIND_TUPLE:
        strbuf_putc(&type, '(');
        for (size_t i = 0; i < v->elements.count; i++)
            strbuf_puts(&type, type_of(v->elements.at[i]));
        strbuf_putc(&type, ')');
        break;
    }
    return strbuf_text(&type);
}

static int mismatch(const char *type, struct error *err)
{
    return error_text(err, EINVAL, "a value is not of type '%s'", type);
}

static int write_number(struct strbuf *b, const struct variant *v, const char *type,
                        struct error *err)
{
    static const struct {
        char type;
        int64_t min;
        uint64_t max;
    } ranges[] = {
        {'y', 0, UINT8_MAX},         {'n', INT16_MIN, INT16_MAX}, {'q', 0, UINT16_MAX},
        {'i', INT32_MIN, INT32_MAX}, {'u', 0, UINT32_MAX},        {'x', INT64_MIN, INT64_MAX},
        {'t', 0, UINT64_MAX},
    };
    bool negative = v->text[0] == '-';
    size_t i = 0, size;
    char *end;
    uint64_t value;

    if (*type == 'd') {
        double real = strtod(v->text, &end);

        memcpy(&value, &real, sizeof(value));
        wire_u64(b, value);
        return *end ? mismatch(type, err) : 0;
    }
    while (i < ARRAY_SIZE(ranges) && ranges[i].type != *type)
        i++;
    errno = 0;
    value = strtoull(v->text + (negative || v->text[0] == '+'), &end, 0);
    if (i == ARRAY_SIZE(ranges) || *end || errno ||
        (negative ? value > 0 - (uint64_t)ranges[i].min : value > ranges[i].max))
        return mismatch(type, err);
    value = negative ? 0 - value : value;
    size = wire_alignment(*type);
    if (size == 1)
        wire_byte(b, (uint8_t)value);
    else if (size == 2)
        wire_u16(b, (uint16_t)value);
    else if (size == 4)
        wire_u32(b, (uint32_t)value);
    else
        wire_u64(b, value);
    return 0;
}

static int write_value(struct strbuf *b, const struct variant *v, const char **type,
                       struct error *err);

/* Of nothing: only its type has to be right. */
static int empty_array(const char **type, struct error *err)
{
    if (!**type || !strchr("ybnqiuxtdsog", **type))
        return mismatch(*type - 1, err);
    ++*type;
    return 0;
}

static int write_array(struct strbuf *b, const struct variant *v, const char **type,
                       struct error *err)
{
    const char *element = ++*type;
    struct wire_array array = wire_array_begin(b, wire_alignment(*element));
    int rc = 0;

    if (v->elements.count == 0)
        return empty_array(type, err);
    for (size_t i = 0; rc == 0 && i < v->elements.count; i++) {
        *type = element;
        rc = write_value(b, v->elements.at[i], type, err);
    }
    wire_array_end(b, &array);
    return rc;
}

static int write_tuple(struct strbuf *b, const struct variant *v, const char **type,
                       struct error *err)
{
    int rc = 0;

    wire_align(b, 8);
    ++*type;
    for (size_t i = 0; rc == 0 && i < v->elements.count; i++)
        rc = write_value(b, v->elements.at[i], type, err);
    if (rc == 0 && **type != ')')
        return mismatch(*type, err);
    ++*type;
    return rc;
}

/* Leaves *type behind what it has written. */
static int write_value(struct strbuf *b, const struct variant *v, const char **type,
                       struct error *err)
{
    static const char *const letters[] = {
        [KIND_BOOL] = "b",  [KIND_NUMBER] = "ynqiuxtd", [KIND_STRING] = "sog",
        [KIND_ARRAY] = "a", [KIND_TUPLE] = "(",
    };
    int rc = 0;

    if (!**type || !strchr(letters[v->kind], **type))
        return mismatch(*type, err);
    switch (v->kind) {
    case KIND_BOOL:
        wire_u32(b, v->truth);
        break;
    case KIND_NUMBER:
        rc = write_number(b, v, *type, err);
        break;
    case KIND_STRING:
        if (**type == 'g')
            wire_signature(b, v->text);
        else
            wire_string(b, v->text);
        break;
    case KIND_ARRAY:
        return write_array(b, v, type, err);
    case KIND_TUPLE:
        return write_tuple(b, v, type, err);
    }
    ++*type;
    return rc;
}

int variant_write(struct strbuf *b, const struct variant *v, struct error *err)
{
    const char *type = type_of(v);
    int rc;

    if (strlen(type) > LONGEST_TYPE)
        return error_text(err, EINVAL, "its type is too long");
    wire_signature(b, type);
    rc = write_value(b, v, &type, err);
    return rc == 0 && *type ? mismatch(type, err) : rc;
}
