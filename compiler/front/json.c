/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/json.h"

#include "base/compiler.h"
#include "base/str.h"
#include "base/strmap.h"

#include <string.h>

/* Above this many members a table finds the one that comes twice. */
#define FEW_MEMBERS 16

struct reader {
    struct arena *arena;
    const struct source *source;
    struct diags *diags;
    const char *at, *end;
    unsigned depth, values;
};

static uint32_t offset(const struct reader *r, const char *at)
{
    return (uint32_t)(at - r->source->text);
}

static bool PRINTF(4, 5)
    fail(struct reader *r, const char *begin, const char *end, const char *fmt, ...)
{
    struct span span = {r->source, offset(r, begin), offset(r, end)};
    va_list ap;

    va_start(ap, fmt);
    diag_add(r->diags, DIAG_JSON_SYNTAX, span, "%s", arena_vprintf(r->arena, fmt, ap));
    va_end(ap);
    return false;
}

/* What stands at r->at is not what must; `wanted` says that. */
static bool fail_here(struct reader *r, const char *wanted)
{
    unsigned char c;

    if (r->at == r->end)
        return fail(r, r->at, r->at, "the text ends where %s is expected", wanted);
    c = (unsigned char)*r->at;
    if (c > 0x20 && c < 0x7f)
        return fail(r, r->at, r->at + 1, "%s is expected, not '%c'", wanted, c);
    return fail(r, r->at, r->at + 1, "%s is expected, not the byte 0x%02x", wanted, c);
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
        r->at++;
}

/* --- strings -----------------------------------------------------------------------------------*/

static bool hex4(const char *s, const char *end, uint32_t *value)
{
    *value = 0;
    if (end - s < 4)
        return false;
    for (unsigned i = 0; i < 4; i++) {
        char c = s[i];
        uint32_t digit;

        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return false;
        *value = *value << 4 | digit;
    }
    return true;
}

static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

/* \uXXXX, with its other half where it is one of a pair; r->at is behind the u. */
static bool read_unicode(struct reader *r, uint32_t *c)
{
    const char *begin = r->at - 2;
    uint32_t low;

    if (!hex4(r->at, r->end, c))
        return fail(r, begin, r->at, "four hexadecimal digits are expected behind '\\u'");
    r->at += 4;
    if (*c < 0xd800 || *c > 0xdfff)
        return true;
    if (*c > 0xdbff || r->end - r->at < 6 || r->at[0] != '\\' || r->at[1] != 'u' ||
        !hex4(r->at + 2, r->end, &low) || low < 0xdc00 || low > 0xdfff)
        return fail(r, begin, r->at, "half of a surrogate pair");
    r->at += 6;
    *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

static bool read_escape(struct reader *r, char **out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *name;
    uint32_t c;

    if (++r->at == r->end)
        return fail_here(r, "an escape");
    if (*r->at == 'u') {
        r->at++;
        if (!read_unicode(r, &c))
            return false;
        *out = put_utf8(*out, c);
        return true;
    }
    name = *r->at ? strchr(names, *r->at) : NULL;
    if (!name)
        return fail(r, r->at - 1, r->at + 1, "an unknown escape");
    *(*out)++ = values[name - names];
    r->at++;
    return true;
}

/* Up to the closing quote. Without escapes the string is where it stands. */
static bool read_string(struct reader *r, const char **text, uint32_t *len)
{
    const char *quote = r->at, *plain = ++r->at;
    char *copy = NULL, *out = NULL;

    for (;;) {
        unsigned char c;
        size_t bytes;

        if (r->at == r->end)
            return fail(r, quote, r->at, "a string that is not closed");
        c = (unsigned char)*r->at;
        if (c == '"')
            break;
        if (c == '\\') {
            if (!copy) {
                const char *close = r->at;

                while (close < r->end && *close != '"')
                    close += *close == '\\' && r->end - close > 1 ? 2 : 1;
                /* no escape is shorter than what it stands for */
                out = copy = arena_alloc(r->arena, (size_t)(close - plain) + 1);
                memcpy(out, plain, (size_t)(r->at - plain));
                out += r->at - plain;
            }
            if (!read_escape(r, &out))
                return false;
            continue;
        }
        if (c < 0x20)
            return fail(r, r->at, r->at + 1, "the byte 0x%02x must be written '\\u%04x' here", c,
                        c);
        bytes = c < 0x80 ? 1 : utf8_length(r->at, (size_t)(r->end - r->at));
        if (!bytes)
            return fail(r, r->at, r->at + 1, "the byte 0x%02x is no UTF-8 here", c);
        if (copy) {
            memcpy(out, r->at, bytes);
            out += bytes;
        }
        r->at += bytes;
    }
    *text = copy ? copy : plain;
    *len = (uint32_t)(copy ? out - copy : r->at - plain);
    r->at++;
    return true;
}

/* --- numbers and words -------------------------------------------------------------------------*/

static bool is_digit(const struct reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static bool skip_digits(struct reader *r)
{
    if (!is_digit(r))
        return fail_here(r, "a digit");
    while (is_digit(r))
        r->at++;
    return true;
}

static bool read_number(struct reader *r)
{
    const char *begin = r->at;

    if (*r->at == '-')
        r->at++;
    if (r->at < r->end && *r->at == '0') {
        r->at++;
        if (is_digit(r))
            return fail(r, begin, r->at + 1, "a number that begins with 0");
    } else if (!skip_digits(r)) {
        return false;
    }
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        if (!skip_digits(r))
            return false;
    }
    if (r->at < r->end && (*r->at | 0x20) == 'e') {
        r->at++;
        if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
            r->at++;
        if (!skip_digits(r))
            return false;
    }
    return true;
}

static bool read_word(struct reader *r, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return fail_here(r, "a value");
    r->at += len;
    return true;
}

/* --- values ------------------------------------------------------------------------------------*/

static struct json *read_value(struct reader *r);

struct members {
    struct strmap by_name;
    struct json *last;
};

static bool same_key(const struct json *a, const struct json *b)
{
    return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

/* Appends a member; false if there is one of that name. */
static bool add_member(struct reader *r, struct json *object, struct members *m,
                       struct json *member)
{
    const struct json *other = NULL;
    struct diag *diag;

    if (object->count < FEW_MEMBERS) {
        for (other = object->first; other && !same_key(other, member);)
            other = other->next;
    } else {
        if (object->count == FEW_MEMBERS)
            for (struct json *k = object->first; k; k = k->next)
                strmap_put(r->arena, &m->by_name, k->key, k->key_len, k);
        other = strmap_get(&m->by_name, member->key, member->key_len);
        strmap_put(r->arena, &m->by_name, member->key, member->key_len, member);
    }
    if (m->last)
        m->last->next = member;
    else
        object->first = member;
    m->last = member;
    object->count++;
    if (!other)
        return true;
    diag = diag_add(
        r->diags, DIAG_JSON_SYNTAX,
        (struct span){r->source, member->key_begin, member->key_begin + member->key_len + 2},
        "a second member '%.*s' of one object",
        member->key_len < JSON_MAX_SHOWN ? (int)member->key_len : JSON_MAX_SHOWN, member->key);
    diag_note(r->diags, diag,
              (struct span){r->source, other->key_begin, other->key_begin + other->key_len + 2},
              "the first is here");
    return false;
}

static bool read_member(struct reader *r, struct json *object, struct members *m)
{
    const char *key, *begin = r->at;
    struct json *member;
    uint32_t len;

    if (r->at == r->end || *r->at != '"')
        return fail_here(r, "the name of a member");
    if (!read_string(r, &key, &len))
        return false;
    skip_blanks(r);
    if (r->at == r->end || *r->at != ':')
        return fail_here(r, "':'");
    r->at++;
    skip_blanks(r);
    member = read_value(r);
    if (!member)
        return false;
    member->key = key;
    member->key_len = len;
    member->key_begin = offset(r, begin);
    return add_member(r, object, m, member);
}

/* Members or elements up to the bracket that closes them; r->at is behind the one that opens. */
static bool read_list(struct reader *r, struct json *list, char close)
{
    const char *wanted = close == '}' ? "',' or '}'" : "',' or ']'";
    struct members m = {0};

    if (++r->depth > JSON_MAX_DEPTH)
        return fail(r, r->at - 1, r->at, "nested deeper than %d", JSON_MAX_DEPTH);
    skip_blanks(r);
    while (r->at == r->end || *r->at != close || m.last) {
        if (close == '}') {
            if (!read_member(r, list, &m))
                return false;
        } else {
            struct json *value = read_value(r);

            if (!value)
                return false;
            if (m.last)
                m.last->next = value;
            else
                list->first = value;
            m.last = value;
            list->count++;
        }
        skip_blanks(r);
        if (r->at < r->end && *r->at == close)
            break;
        if (r->at == r->end || *r->at != ',')
            return fail_here(r, wanted);
        r->at++;
        skip_blanks(r);
    }
    r->at++;
    r->depth--;
    return true;
}

static bool read_into(struct reader *r, struct json *value)
{
    value->text = r->at;
    switch (r->at < r->end ? *r->at : '\0') {
    case '{':
        value->kind = JSON_OBJECT;
        r->at++;
        return read_list(r, value, '}');
    case '[':
        value->kind = JSON_ARRAY;
        r->at++;
        return read_list(r, value, ']');
    case '"':
        value->kind = JSON_STRING;
        return read_string(r, &value->text, &value->len);
    case 't':
        value->kind = JSON_BOOL;
        return read_word(r, "true");
    case 'f':
        value->kind = JSON_BOOL;
        return read_word(r, "false");
    case 'n':
        value->kind = JSON_NULL;
        return read_word(r, "null");
    case '-':
    case '0' ... '9':
        value->kind = JSON_NUMBER;
        return read_number(r);
    default: /* any byte at all */
        return fail_here(r, "a value");
    }
}

static struct json *read_value(struct reader *r)
{
    struct json *value;

    if (++r->values > JSON_MAX_VALUES) {
        fail(r, r->at, r->at, "more than %d values", JSON_MAX_VALUES);
        return NULL;
    }
    value = ARENA_NEW(r->arena, struct json);
    value->begin = offset(r, r->at);
    if (!read_into(r, value))
        return NULL;
    value->end = offset(r, r->at);
    if (value->kind == JSON_NUMBER || value->kind == JSON_BOOL)
        value->len = value->end - value->begin;
    return value;
}

const struct json *json_parse(struct arena *a, const struct source *s, struct diags *diags)
{
    struct reader r = {.arena = a, .source = s, .diags = diags, .at = s->text};
    const struct json *value;

    r.end = s->text + s->len;
    skip_blanks(&r);
    value = read_value(&r);
    skip_blanks(&r);
    if (value && r.at < r.end) {
        fail_here(&r, "the end of the text");
        return NULL;
    }
    return value;
}

/* --- questions ---------------------------------------------------------------------------------*/

const struct json *json_member(const struct json *object, const char *key)
{
    size_t len = strlen(key);
    const struct json *m = object && object->kind == JSON_OBJECT ? object->first : NULL;

    while (m && (m->key_len != len || memcmp(m->key, key, len) != 0))
        m = m->next;
    return m;
}

bool json_is(const struct json *value, const char *text)
{
    return value->kind == JSON_STRING && value->len == strlen(text) &&
           memcmp(value->text, text, value->len) == 0;
}

bool json_u64(const struct json *value, uint64_t *number)
{
    uint64_t n = 0;

    if (!value || value->kind != JSON_NUMBER)
        return false;
    for (uint32_t i = 0; i < value->len; i++) {
        uint64_t digit = (uint64_t)(value->text[i] - '0');

        if (value->text[i] < '0' || value->text[i] > '9' || n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *number = n;
    return true;
}

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",       [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object",
    };

    return names[kind];
}
