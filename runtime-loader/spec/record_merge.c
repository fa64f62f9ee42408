/* SPDX-License-Identifier: Apache-2.0 */
/* Putting one structure over another by the tables that read them: what `update` does to the
 * resources that are on record. */
#include "runtime-loader/spec/record.h"

#include <string.h>

struct any_list {
    void *at;
    size_t count;
};

static void put_pair(string_map *map, const struct string_pair *pair)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->at[i].key, pair->key) == 0) {
            map->at[i].value = pair->value;
            return;
        }
    }
    map->at[map->count++] = *pair;
}

static void merge_map(struct arena *a, string_map *out, const string_map *over)
{
    struct string_pair *old = out->at;

    out->at = ARENA_ARRAY(a, struct string_pair, out->count + over->count);
    if (out->count)
        memcpy(out->at, old, out->count * sizeof(*old));
    for (size_t i = 0; i < over->count; i++)
        put_pair(out, &over->at[i]);
}

static void merge_pointer(struct arena *a, const struct record *record, void **out,
                          const void *over)
{
    if (!over)
        return;
    *out = *out ? arena_copy(a, *out, record->size) : arena_alloc(a, record->size);
    record_merge(a, record, *out, over);
}

/* A number that is 0, a string that is NULL: not said. */
static void merge_plain(const struct field *f, void *out, const void *over)
{
    static const char zeros[8];

    if (memcmp(over, zeros, f->size) != 0)
        memcpy(out, over, f->size);
}

static void merge_field(struct arena *a, const struct field *f, void *out, const void *over)
{
    switch (f->kind) {
    case FIELD_OPT_BOOL:
    case FIELD_OPT_INT:
        if (((const struct opt_int *)over)->set)
            memcpy(out, over, f->size);
        break;
    case FIELD_RECORD:
        record_merge(a, f->record, out, over);
        break;
    case FIELD_POINTER:
        merge_pointer(a, f->record, out, *(const void *const *)over);
        break;
    case FIELD_MAP:
        merge_map(a, out, over);
        break;
    case FIELD_STRINGS:
    case FIELD_IDS:
    case FIELD_LIST:
    case FIELD_NAMED:
        if (((const struct any_list *)over)->count)
            memcpy(out, over, f->size);
        break;
    case FIELD_BOOL:
    case FIELD_STRING:
    case FIELD_OBJECT:
    case FIELD_INT:
    case FIELD_U64:
    case FIELD_ENUM:
    case FIELD_BITS:
    case FIELD_ENUM_BITS:
        merge_plain(f, out, over);
        break;
    case FIELD_UNSUPPORTED:
        break;
    }
}

void record_merge(struct arena *a, const struct record *record, void *out, const void *over)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct field *f = &record->fields[i];

        merge_field(a, f, (char *)out + f->offset, (const char *)over + f->offset);
    }
}
