/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON by tables of fields. */
#include "runtime-loader/spec/record.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <json-c/json.h>

/* Where the reader is: a chain of members up to the document, on the stack. */
struct member {
    const struct member *up;
    const char *member; /* NULL for an element of an array */
    size_t index;
};

struct reader {
    struct arena *arena;
    const char *document;
    warning_list *warnings;
    struct error *err;
};

static void put_path(const struct member *at, struct strbuf *out)
{
    if (!at)
        return;
    put_path(at->up, out);
    if (at->member)
        strbuf_printf(out, "%s%s", out->len ? "." : "", at->member);
    else
        strbuf_printf(out, "[%zu]", at->index);
}

static const char *path_of(const struct reader *r, const struct member *at)
{
    struct strbuf path;

    strbuf_init(&path, r->arena);
    put_path(at, &path);
    return path.len ? strbuf_text(&path) : "the document";
}

static const char *kind_name(struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_null:
        return "null";
    case json_type_boolean:
        return "a boolean";
    case json_type_double:
        return "a fraction";
    case json_type_int:
        return "a number";
    case json_type_object:
        return "an object";
    case json_type_array:
        return "an array";
    case json_type_string:
        return "a string";
    }
    return "nothing";
}

static int expect(const struct reader *r, const struct member *at, struct json_object *value,
                  enum json_type type, const char *wanted)
{
    if (json_object_is_type(value, type))
        return 0;
    return error_text(r->err, EINVAL, "%s: %s: expected %s, found %s", r->document, path_of(r, at),
                      wanted, kind_name(value));
}

static int read_string(const struct reader *r, const struct member *at, struct json_object *value,
                       const char **out)
{
    const char *text;
    size_t len;
    int rc = expect(r, at, value, json_type_string, "a string");

    if (rc < 0)
        return rc;
    text = json_object_get_string(value);
    len = (size_t)json_object_get_string_len(value);
    if (memchr(text, '\0', len))
        return error_text(r->err, EINVAL, "%s: %s: the string holds a NUL character", r->document,
                          path_of(r, at));
    *out = arena_strndup(r->arena, text, len);
    return 0;
}

static int read_int(const struct reader *r, const struct member *at, struct json_object *value,
                    int64_t min, int64_t max, int64_t *out)
{
    int rc = expect(r, at, value, json_type_int, "an integer");
    int64_t number;

    if (rc < 0)
        return rc;
    number = json_object_get_int64(value);
    /* What does not fit comes back as the largest value; tell it apart by the unsigned one. */
    if (number < min || number > max ||
        (number == INT64_MAX && json_object_get_uint64(value) > INT64_MAX))
        return error_text(r->err, ERANGE, "%s: %s: %s is not between %" PRId64 " and %" PRId64,
                          r->document, path_of(r, at), json_object_to_json_string(value), min, max);
    *out = number;
    return 0;
}

static int read_u64(const struct reader *r, const struct member *at, struct json_object *value,
                    uint64_t *out)
{
    int rc = expect(r, at, value, json_type_int, "an integer");

    if (rc < 0)
        return rc;
    if (json_object_get_int64(value) < 0)
        return error_text(r->err, ERANGE, "%s: %s: %s is negative", r->document, path_of(r, at),
                          json_object_to_json_string(value));
    *out = json_object_get_uint64(value);
    return 0;
}

static const struct name_value *find_name(const struct name_value *names, const char *name)
{
    for (const struct name_value *n = names; n->name; n++)
        if (strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

const char *name_of(const struct name_value *names, int64_t value)
{
    for (const struct name_value *n = names; n->name; n++)
        if (n->value == value)
            return n->name;
    return NULL;
}

static int unknown_name(const struct reader *r, const struct member *at,
                        const struct name_value *names, const char *text)
{
    struct nearest near;

    nearest_init(&near, text, strlen(text));
    for (const struct name_value *n = names; n->name; n++)
        nearest_feed(&near, n->name);
    if (near.best)
        return error_text(r->err, EINVAL, "%s: %s: unknown value '%s', did you mean '%s'?",
                          r->document, path_of(r, at), text, near.best);
    return error_text(r->err, EINVAL, "%s: %s: unknown value '%s'", r->document, path_of(r, at),
                      text);
}

static int read_enum(const struct reader *r, const struct member *at, struct json_object *value,
                     const struct name_value *names, int64_t *out)
{
    const struct name_value *found;
    const char *text;
    int rc = read_string(r, at, value, &text);

    if (rc < 0)
        return rc;
    found = find_name(names, text);
    if (!found)
        return unknown_name(r, at, names, text);
    *out = found->value;
    return 0;
}

static int read_bits(const struct reader *r, const struct member *at, struct json_object *value,
                     const struct field *f, uint64_t *out)
{
    int rc = expect(r, at, value, json_type_array, "an array of strings");

    for (size_t i = 0; rc == 0 && i < json_object_array_length(value); i++) {
        struct member here = {at, NULL, i};
        const struct name_value *found;
        const char *text;

        rc = read_string(r, &here, json_object_array_get_idx(value, i), &text);
        if (rc < 0)
            return rc;
        found = find_name(f->names, text);
        if (found)
            *out |= (uint64_t)1 << found->value;
        else if (f->kind == FIELD_ENUM_BITS)
            return unknown_name(r, &here, f->names, text);
        else
            VEC_PUSH(r->arena, r->warnings,
                     arena_printf(r->arena, "%s: %s: unknown value '%s' is ignored", r->document,
                                  path_of(r, &here), text));
    }
    return rc;
}

static int read_strings(const struct reader *r, const struct member *at, struct json_object *value,
                        string_list *out)
{
    size_t count;
    int rc = expect(r, at, value, json_type_array, "an array of strings");

    if (rc < 0)
        return rc;
    count = json_object_array_length(value);
    out->at = ARENA_ARRAY(r->arena, const char *, count + 1);
    out->count = count;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct member here = {at, NULL, i};

        rc = read_string(r, &here, json_object_array_get_idx(value, i), &out->at[i]);
    }
    return rc;
}

typedef LIST(uint32_t) id_list;

static int read_ids(const struct reader *r, const struct member *at, struct json_object *value,
                    id_list *out)
{
    int rc = expect(r, at, value, json_type_array, "an array of integers");

    if (rc < 0)
        return rc;
    out->count = json_object_array_length(value);
    out->at = ARENA_ARRAY(r->arena, uint32_t, out->count + 1);
    for (size_t i = 0; rc == 0 && i < out->count; i++) {
        struct member here = {at, NULL, i};
        int64_t id = 0;

        rc = read_int(r, &here, json_object_array_get_idx(value, i), 0, UINT32_MAX, &id);
        out->at[i] = (uint32_t)id;
    }
    return rc;
}

static int read_map(const struct reader *r, const struct member *at, struct json_object *value,
                    string_map *out)
{
    int rc = expect(r, at, value, json_type_object, "an object of strings");
    size_t i = 0;

    if (rc < 0)
        return rc;
    out->at = ARENA_ARRAY(r->arena, struct string_pair, (size_t)json_object_object_length(value));
    json_object_object_foreach(value, key, member)
    {
        struct member here = {at, key, 0};

        out->at[i].key = arena_strdup(r->arena, key);
        rc = read_string(r, &here, member, &out->at[i].value);
        if (rc < 0)
            return rc;
        out->count = ++i;
    }
    return 0;
}

static int read_members(const struct reader *r, const struct member *at, struct json_object *value,
                        const struct record *record, void *out);

/* The layout that every LIST() shares. */
struct any_list {
    void *at;
    size_t count;
};

static int read_list(const struct reader *r, const struct member *at, struct json_object *value,
                     const struct record *record, struct any_list *out)
{
    int rc = expect(r, at, value, json_type_array, "an array of objects");

    if (rc < 0)
        return rc;
    out->count = json_object_array_length(value);
    out->at = arena_array(r->arena, out->count, record->size);
    for (size_t i = 0; rc == 0 && i < out->count; i++) {
        struct member here = {at, NULL, i};

        rc = read_members(r, &here, json_object_array_get_idx(value, i), record,
                          (char *)out->at + i * record->size);
    }
    return rc;
}

static int read_named(const struct reader *r, const struct member *at, struct json_object *value,
                      const struct record *record, struct any_list *out)
{
    int rc = expect(r, at, value, json_type_object, "an object of objects");

    if (rc < 0)
        return rc;
    out->at = arena_array(r->arena, (size_t)json_object_object_length(value), record->size);
    json_object_object_foreach(value, key, member)
    {
        struct member here = {at, key, 0};
        char *element = (char *)out->at + out->count++ * record->size;
        const char *name = arena_strdup(r->arena, key);

        memcpy(element, &name, sizeof(name));
        rc = read_members(r, &here, member, record, element);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static void store_int(const struct field *f, void *out, int64_t number)
{
    if (f->size == sizeof(int64_t))
        memcpy(out, &number, sizeof(number));
    else
        memcpy(out, &(int32_t){(int32_t)number}, sizeof(int32_t));
}

static int read_number_field(const struct reader *r, const struct member *at,
                             struct json_object *value, const struct field *f, void *out)
{
    int64_t number = 0;
    int rc;

    if (f->kind == FIELD_ENUM)
        rc = read_enum(r, at, value, f->names, &number);
    else
        rc = read_int(r, at, value, f->min, f->max, &number);
    if (rc < 0)
        return rc;
    if (f->kind == FIELD_OPT_INT)
        *(struct opt_int *)out = (struct opt_int){!f->zero_unset || number != 0, number};
    else
        store_int(f, out, number);
    return 0;
}

/* As text on one line. */
static int read_object(const struct reader *r, const struct member *at, struct json_object *value,
                       const char **out)
{
    int rc = expect(r, at, value, json_type_object, "an object");

    if (rc == 0)
        *out =
            arena_strdup(r->arena, json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN));
    return rc;
}

static int read_field(const struct reader *r, const struct member *at, struct json_object *value,
                      const struct field *f, void *out)
{
    int rc;

    switch (f->kind) {
    case FIELD_BOOL:
    case FIELD_OPT_BOOL:
        rc = expect(r, at, value, json_type_boolean, "a boolean");
        if (rc < 0)
            return rc;
        if (f->kind == FIELD_BOOL)
            *(bool *)out = json_object_get_boolean(value);
        else
            *(struct opt_int *)out = (struct opt_int){true, json_object_get_boolean(value)};
        return 0;
    case FIELD_STRING:
        return read_string(r, at, value, out);
    case FIELD_INT:
    case FIELD_OPT_INT:
    case FIELD_ENUM:
        return read_number_field(r, at, value, f, out);
    case FIELD_U64:
        return read_u64(r, at, value, out);
    case FIELD_BITS:
    case FIELD_ENUM_BITS:
        return read_bits(r, at, value, f, out);
    case FIELD_STRINGS:
        return read_strings(r, at, value, out);
    case FIELD_IDS:
        return read_ids(r, at, value, out);
    case FIELD_MAP:
        return read_map(r, at, value, out);
    case FIELD_RECORD:
        return read_members(r, at, value, f->record, out);
    case FIELD_POINTER:
        *(void **)out = arena_alloc(r->arena, f->record->size);
        return read_members(r, at, value, f->record, *(void **)out);
    case FIELD_LIST:
        return read_list(r, at, value, f->record, out);
    case FIELD_NAMED:
        return read_named(r, at, value, f->record, out);
    case FIELD_OBJECT:
        return read_object(r, at, value, out);
    case FIELD_UNSUPPORTED:
        return error_text(r->err, ENOTSUP, "%s: %s: not supported by this runtime", r->document,
                          path_of(r, at));
    }
    return 0;
}

static int read_members(const struct reader *r, const struct member *at, struct json_object *value,
                        const struct record *record, void *out)
{
    int rc = expect(r, at, value, json_type_object, "an object");

    for (size_t i = 0; rc == 0 && i < record->count; i++) {
        const struct field *f = &record->fields[i];
        struct member here = {at, f->name, 0};
        struct json_object *member;

        if (json_object_object_get_ex(value, f->name, &member) && member)
            rc = read_field(r, &here, member, f, (char *)out + f->offset);
        else if (f->required)
            rc = error_text(r->err, EINVAL, "%s: %s: missing", r->document, path_of(r, &here));
    }
    return rc;
}

static int parse(const char *name, const char *text, size_t len, struct json_object **root,
                 struct error *err)
{
    struct json_tokener *tokener = json_tokener_new();
    enum json_tokener_error problem;
    size_t end;

    if (!tokener || len >= INT32_MAX) {
        json_tokener_free(tokener);
        return error_set(err, tokener ? EFBIG : ENOMEM, "%s", name);
    }
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    /* The NUL behind the text ends a document that is a bare number. */
    *root = json_tokener_parse_ex(tokener, text, (int)len + 1);
    problem = json_tokener_get_error(tokener);
    end = json_tokener_get_parse_end(tokener);
    json_tokener_free(tokener);
    if (problem == json_tokener_success)
        while (end < len && strchr(" \t\r\n", text[end]))
            end++;
    if (problem == json_tokener_success && end >= len)
        return 0;
    json_object_put(*root);
    *root = NULL;
    return error_text(err, EINVAL, "%s: not valid JSON at byte %zu: %s", name, end,
                      problem == json_tokener_success ? "text behind the end"
                                                      : json_tokener_error_desc(problem));
}

int record_read(struct arena *a, const struct record *record, const char *name, const char *text,
                size_t len, void *out, warning_list *warnings, struct error *err)
{
    struct reader r = {.arena = a, .document = name, .warnings = warnings, .err = err};
    struct json_object *root = NULL;
    int rc = parse(name, text, len, &root, err);

    if (rc < 0)
        return rc;
    rc = read_members(&r, NULL, root, record, out);
    json_object_put(root);
    return rc;
}
