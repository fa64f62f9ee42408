/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON (RFC 8259, strictly) as a tree whose every node knows its place. json-c, which the runtime
 * reads config.json with, has no places, and a profile is on the path of every container's start.
 *
 * Refused besides what the RFC refuses: two members of one object with the same name, bytes that
 * are not UTF-8, escapes of half a surrogate pair, and more than the limits below.
 */
#ifndef FRONT_JSON_H
#define FRONT_JSON_H

#include "base/diag.h"

#include <stdbool.h>

#define JSON_MAX_DEPTH  64
#define JSON_MAX_VALUES 1000000

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json {
    enum json_kind kind;
    uint32_t begin, end; /* in the source, with quotes and brackets */
    const char *text;    /* len bytes; string: without quotes, escapes; number, bool: as written */
    uint32_t len;
    uint32_t count; /* array, object: how many in it */
    struct json *first, *next;
    /* member of an object: */
    const char *key;
    uint32_t key_len, key_begin;
};

/* NULL: json-syntax was recorded, once. */
const struct json *json_parse(struct arena *a, const struct source *s, struct diags *diags);

/* NULL: no such member, or not an object, or NULL. */
const struct json *json_member(const struct json *object, const char *key);

/* Is it the string? */
bool json_is(const struct json *value, const char *text);

/* A number that is a whole one without sign, fraction and exponent, and fits 64 bits; NULL is
 * none. */
bool json_u64(const struct json *value, uint64_t *number);

/* "an object", "a string", ... */
const char *json_kind_name(enum json_kind kind);

/* How many bytes of a text go into a message: it may be as long as the file. */
#define JSON_MAX_SHOWN 64
static inline int json_shown(const struct json *value)
{
    return value->len < JSON_MAX_SHOWN ? (int)value->len : JSON_MAX_SHOWN;
}

static inline struct span json_span(const struct source *s, const struct json *value)
{
    return (struct span){s, value->begin, value->end};
}

#endif
