/* SPDX-License-Identifier: Apache-2.0 */
/* Writing and reading the values of D-Bus messages. */
#include "runtime-loader/systemd/wire.h"

#include <string.h>

void wire_align(struct strbuf *b, size_t alignment)
{
    while (b->len % alignment)
        strbuf_putc(b, '\0');
}

static void add(struct strbuf *b, const void *value, size_t size)
{
    wire_align(b, size);
    strbuf_add(b, value, size);
}

void wire_byte(struct strbuf *b, uint8_t value)
{
    add(b, &value, sizeof(value));
}

void wire_u16(struct strbuf *b, uint16_t value)
{
    add(b, &value, sizeof(value));
}

void wire_u32(struct strbuf *b, uint32_t value)
{
    add(b, &value, sizeof(value));
}

void wire_u64(struct strbuf *b, uint64_t value)
{
    add(b, &value, sizeof(value));
}

void wire_string(struct strbuf *b, const char *text)
{
    size_t len = strlen(text);

    wire_u32(b, (uint32_t)len);
    strbuf_add(b, text, len + 1);
}

void wire_signature(struct strbuf *b, const char *text)
{
    size_t len = strlen(text);

    wire_byte(b, (uint8_t)len);
    strbuf_add(b, text, len + 1);
}

struct wire_array wire_array_begin(struct strbuf *b, size_t element_alignment)
{
    struct wire_array array;

    wire_u32(b, 0);
    array.length_at = b->len - sizeof(uint32_t);
    wire_align(b, element_alignment);
    array.begin = b->len;
    return array;
}

void wire_array_end(struct strbuf *b, const struct wire_array *array)
{
    uint32_t len = (uint32_t)(b->len - array->begin);

    memcpy(b->text + array->length_at, &len, sizeof(len));
}

size_t wire_alignment(char type)
{
    static const struct {
        const char *types;
        size_t alignment;
    } rules[] = {{"ygv", 1}, {"nq", 2}, {"biusoah", 4}, {"xtd({", 8}};

    for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
        if (type && strchr(rules[i].types, type))
            return rules[i].alignment;
    return 1;
}

void wire_read_align(struct wire_reader *r, size_t alignment)
{
    while (r->at % alignment)
        r->at++;
}

/* The next n bytes, or NULL. */
static const char *take(struct wire_reader *r, size_t alignment, size_t n)
{
    const char *bytes;

    wire_read_align(r, alignment);
    if (r->failed || r->at > r->len || r->len - r->at < n) {
        r->failed = true;
        return NULL;
    }
    bytes = r->bytes + r->at;
    r->at += n;
    return bytes;
}

uint8_t wire_read_byte(struct wire_reader *r)
{
    const char *bytes = take(r, 1, 1);

    return bytes ? (uint8_t)bytes[0] : 0;
}

uint32_t wire_read_u32(struct wire_reader *r)
{
    const char *bytes = take(r, sizeof(uint32_t), sizeof(uint32_t));
    uint32_t value = 0;

    if (bytes)
        memcpy(&value, bytes, sizeof(value));
    return value;
}

static const char *read_text(struct wire_reader *r, size_t len)
{
    const char *bytes = len < SIZE_MAX ? take(r, 1, len + 1) : NULL;

    if (bytes && bytes[len] == '\0' && strlen(bytes) == len)
        return bytes;
    r->failed = true;
    return "";
}

const char *wire_read_string(struct wire_reader *r)
{
    return read_text(r, wire_read_u32(r));
}

const char *wire_read_signature(struct wire_reader *r)
{
    return read_text(r, wire_read_byte(r));
}
