/* SPDX-License-Identifier: Apache-2.0 */
/* Writing structures as JSON by the same tables that read them. */
#include "runtime-loader/spec/record.h"

#include <inttypes.h>
#include <string.h>

struct any_list {
    const char *at;
    size_t count;
};

static int64_t load_int(const struct field *f, const void *in)
{
    int64_t wide;
    int32_t narrow;

    if (f->size == sizeof(wide)) {
        memcpy(&wide, in, sizeof(wide));
        return wide;
    }
    memcpy(&narrow, in, sizeof(narrow));
    /* Only numbers above zero have the high bit set here: ids and masks. */
    return f->min < 0 ? narrow : (int64_t)(uint32_t)narrow;
}

static bool holds_default(const struct field *f, const void *in)
{
    static const char zeros[64];

    if (f->kind == FIELD_RECORD)
        return false;
    if (f->kind == FIELD_OPT_INT || f->kind == FIELD_OPT_BOOL)
        return !((const struct opt_int *)in)->set;
    if (f->kind == FIELD_STRINGS || f->kind == FIELD_MAP || f->kind == FIELD_LIST ||
        f->kind == FIELD_IDS || f->kind == FIELD_NAMED)
        return ((const struct any_list *)in)->count == 0;
    return f->size <= sizeof(zeros) && memcmp(in, zeros, f->size) == 0;
}

static void write_strings(const string_list *list, struct strbuf *out)
{
    strbuf_putc(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            strbuf_putc(out, ',');
        strbuf_json_string(out, list->at[i]);
    }
    strbuf_putc(out, ']');
}

static void write_map(const string_map *map, struct strbuf *out)
{
    strbuf_putc(out, '{');
    for (size_t i = 0; i < map->count; i++) {
        if (i)
            strbuf_putc(out, ',');
        strbuf_json_string(out, map->at[i].key);
        strbuf_putc(out, ':');
        strbuf_json_string(out, map->at[i].value);
    }
    strbuf_putc(out, '}');
}

static void write_bits(const struct field *f, uint64_t bits, struct strbuf *out)
{
    const char *comma = "";

    strbuf_putc(out, '[');
    for (const struct name_value *n = f->names; n->name; n++) {
        if (!(bits >> n->value & 1))
            continue;
        strbuf_puts(out, comma);
        strbuf_json_string(out, n->name);
        comma = ",";
    }
    strbuf_putc(out, ']');
}

static void write_list(const struct field *f, const struct any_list *list, struct strbuf *out)
{
    bool named = f->kind == FIELD_NAMED;

    strbuf_putc(out, named ? '{' : '[');
    for (size_t i = 0; i < list->count; i++) {
        const char *element = list->at + i * f->record->size;
        const char *name;

        if (i)
            strbuf_putc(out, ',');
        if (named) {
            memcpy(&name, element, sizeof(name));
            strbuf_json_string(out, name);
            strbuf_putc(out, ':');
        }
        record_write(f->record, element, out);
    }
    strbuf_putc(out, named ? '}' : ']');
}

static void write_ids(const struct any_list *list, struct strbuf *out)
{
    strbuf_putc(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        uint32_t id;

        memcpy(&id, list->at + i * sizeof(id), sizeof(id));
        strbuf_printf(out, "%s%" PRIu32, i ? "," : "", id);
    }
    strbuf_putc(out, ']');
}

static void write_value(const struct field *f, const void *in, struct strbuf *out)
{
    switch (f->kind) {
    case FIELD_BOOL:
        strbuf_puts(out, *(const bool *)in ? "true" : "false");
        break;
    case FIELD_OPT_BOOL:
        strbuf_puts(out, ((const struct opt_int *)in)->value ? "true" : "false");
        break;
    case FIELD_STRING:
        strbuf_json_string(out, *(const char *const *)in ? *(const char *const *)in : "");
        break;
    case FIELD_OBJECT:
        strbuf_puts(out, *(const char *const *)in);
        break;
    case FIELD_INT:
        strbuf_printf(out, "%" PRId64, load_int(f, in));
        break;
    case FIELD_U64:
        strbuf_printf(out, "%" PRIu64, *(const uint64_t *)in);
        break;
    case FIELD_OPT_INT:
        strbuf_printf(out, "%" PRId64, ((const struct opt_int *)in)->value);
        break;
    case FIELD_ENUM:
        strbuf_json_string(out, name_of(f->names, load_int(f, in)));
        break;
    case FIELD_BITS:
    case FIELD_ENUM_BITS:
        write_bits(f, *(const uint64_t *)in, out);
        break;
    case FIELD_STRINGS:
        write_strings(in, out);
        break;
    case FIELD_IDS:
        write_ids(in, out);
        break;
    case FIELD_MAP:
        write_map(in, out);
        break;
    case FIELD_RECORD:
        record_write(f->record, in, out);
        break;
    case FIELD_POINTER:
        record_write(f->record, *(const void *const *)in, out);
        break;
    case FIELD_LIST:
    case FIELD_NAMED:
        write_list(f, in, out);
        break;
    case FIELD_UNSUPPORTED:
        break;
    }
}

void record_write(const struct record *record, const void *in, struct strbuf *out)
{
    const char *comma = "";

    strbuf_putc(out, '{');
    for (size_t i = 0; i < record->count; i++) {
        const struct field *f = &record->fields[i];
        const char *at = (const char *)in + f->offset;

        if (f->kind == FIELD_UNSUPPORTED || (!f->always && holds_default(f, at)))
            continue;
        strbuf_puts(out, comma);
        strbuf_json_string(out, f->name);
        strbuf_putc(out, ':');
        write_value(f, at, out);
        comma = ",";
    }
    strbuf_putc(out, '}');
}
