/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON objects described as tables of fields: one table reads a document into a structure,
 * checks the types and ranges on the way, and writes the structure out again.
 *
 * A member that is missing or null leaves zero in the structure; a member the table does not
 * name is ignored, as the runtime specification asks. Errors name the JSON path.
 */
#ifndef SPEC_RECORD_H
#define SPEC_RECORD_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIST(type)                                                                                 \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t count;                                                                              \
    }

/* at ends with a NULL that count leaves out, so that it can be an argument vector. */
typedef LIST(const char *) string_list;

struct string_pair {
    const char *key, *value;
};
typedef LIST(struct string_pair) string_map;

/* A number that may be missing where zero means something. */
struct opt_int {
    bool set;
    int64_t value;
};

enum field_kind {
    FIELD_BOOL,        /* bool */
    FIELD_OPT_BOOL,    /* struct opt_int, 0 or 1 */
    FIELD_STRING,      /* const char * */
    FIELD_INT,         /* an integer of 4 or 8 bytes, between min and max */
    FIELD_U64,         /* uint64_t, the whole range */
    FIELD_OPT_INT,     /* struct opt_int, between min and max */
    FIELD_ENUM,        /* a string of names, stored as int */
    FIELD_BITS,        /* strings of names, stored as uint64_t; an unknown one is a warning */
    FIELD_ENUM_BITS,   /* the same, but an unknown one is an error */
    FIELD_STRINGS,     /* string_list */
    FIELD_IDS,         /* LIST(uint32_t) */
    FIELD_MAP,         /* string_map */
    FIELD_RECORD,      /* the structure itself */
    FIELD_POINTER,     /* pointer to it, NULL when missing */
    FIELD_LIST,        /* LIST(structure) */
    FIELD_NAMED,       /* the same from an object: member names go to the first member */
    FIELD_OBJECT,      /* const char *: the value as JSON text, for another reader */
    FIELD_UNSUPPORTED, /* known to the specification, refused here */
};

struct name_value {
    const char *name;
    int64_t value;
};

struct record;

struct field {
    const char *name;
    enum field_kind kind;
    bool required;
    bool always;     /* written even when it holds its default */
    bool zero_unset; /* FIELD_OPT_INT: 0 is as if it were missing */
    uint16_t offset, size;
    int64_t min, max;
    const struct record *record;
    const struct name_value *names; /* ends with a NULL name */
};

struct record {
    size_t size;
    size_t count;
    const struct field *fields;
};

typedef VEC(const char *) warning_list;

/* Reads text into *out (record->size bytes, zeroed by the caller). name stands for the document
 * in errors. */
int record_read(struct arena *a, const struct record *record, const char *name, const char *text,
                size_t len, void *out, warning_list *warnings, struct error *err) MUST_CHECK;

/* Appends the structure as JSON, without the members that hold their defaults. */
void record_write(const struct record *record, const void *in, struct strbuf *out);

/* Puts what over says over what is in *out: numbers and strings that are set, lists that are not
 * empty, maps key by key, records member by member. */
void record_merge(struct arena *a, const struct record *record, void *out, const void *over);

/* Name of value in a table, or NULL. */
const char *name_of(const struct name_value *names, int64_t value);

#define FIELD_AT(type, member, text, k)                                                            \
    .name = (text), .kind = (k), .offset = offsetof(type, member),                                 \
    .size = sizeof(((type *)NULL)->member)
#define F_BOOL(type, member, text)                                                                 \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_BOOL)                                                   \
    }
#define F_OPT_BOOL(type, member, text)                                                             \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_OPT_BOOL)                                               \
    }
#define F_STRING(type, member, text)                                                               \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_STRING)                                                 \
    }
#define F_NEED_STRING(type, member, text)                                                          \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_STRING), .required = true                               \
    }
#define F_INT(type, member, text, lo, hi)                                                          \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_INT), .min = (lo), .max = (hi)                          \
    }
#define F_NEED_INT(type, member, text, lo, hi)                                                     \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_INT), .min = (lo), .max = (hi), .required = true        \
    }
#define F_U64(type, member, text)                                                                  \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_U64), .required = true                                  \
    }
#define F_OPT_INT(type, member, text, lo, hi)                                                      \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_OPT_INT), .min = (lo), .max = (hi)                      \
    }
/* Clients write 0 for what they do not ask for. */
#define F_LIMIT(type, member, text, lo, hi)                                                        \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_OPT_INT), .min = (lo), .max = (hi), .zero_unset = true  \
    }
#define F_ENUM(type, member, text, table)                                                          \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_ENUM), .names = (table)                                 \
    }
#define F_NEED_ENUM(type, member, text, table)                                                     \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_ENUM), .names = (table), .required = true               \
    }
#define F_BITS(type, member, text, table)                                                          \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_BITS), .names = (table)                                 \
    }
#define F_ENUM_BITS(type, member, text, table)                                                     \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_ENUM_BITS), .names = (table)                            \
    }
#define F_STRINGS(type, member, text)                                                              \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_STRINGS)                                                \
    }
#define F_IDS(type, member, text)                                                                  \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_IDS)                                                    \
    }
#define F_MAP(type, member, text)                                                                  \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_MAP)                                                    \
    }
#define F_RECORD(type, member, text, sub)                                                          \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_RECORD), .record = &(sub)                               \
    }
#define F_NEED_RECORD(type, member, text, sub)                                                     \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_RECORD), .record = &(sub), .required = true             \
    }
#define F_POINTER(type, member, text, sub)                                                         \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_POINTER), .record = &(sub)                              \
    }
#define F_LIST(type, member, text, sub)                                                            \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_LIST), .record = &(sub)                                 \
    }
#define F_NAMED(type, member, text, sub)                                                           \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_NAMED), .record = &(sub)                                \
    }
#define F_OBJECT(type, member, text)                                                               \
    {                                                                                              \
        FIELD_AT(type, member, text, FIELD_OBJECT)                                                 \
    }
#define F_UNSUPPORTED(text)                                                                        \
    {                                                                                              \
        .name = (text), .kind = FIELD_UNSUPPORTED                                                  \
    }

#define RECORD(type, table)                                                                        \
    {                                                                                              \
        .size = sizeof(type), .count = ARRAY_SIZE(table), .fields = (table)                        \
    }

#endif
