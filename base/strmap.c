/* SPDX-License-Identifier: Apache-2.0 */
#include "base/strmap.h"

#include <string.h>

/* FNV-1a */
static uint32_t hash_of(const char *key, uint32_t len)
{
    uint32_t h = 2166136261u, i;

    for (i = 0; i < len; i++)
        h = (h ^ (unsigned char)key[i]) * 16777619u;
    return h;
}

static struct strmap_entry *place_of(const struct strmap *m, const char *key, uint32_t len,
                                     uint32_t hash)
{
    uint32_t i = hash & (m->room - 1);

    for (;; i = (i + 1) & (m->room - 1)) {
        struct strmap_entry *e = &m->entries[i];

        if (!e->value || (e->hash == hash && e->len == len && !memcmp(e->key, key, len)))
            return e;
    }
}

void *strmap_get(const struct strmap *m, const char *key, uint32_t len)
{
    return m->room ? place_of(m, key, len, hash_of(key, len))->value : NULL;
}

static void grow(struct arena *a, struct strmap *m)
{
    struct strmap bigger = {.room = m->room ? m->room * 2 : 16, .count = m->count};
    uint32_t i;

    bigger.entries = ARENA_ARRAY(a, struct strmap_entry, bigger.room);
    for (i = 0; i < m->room; i++) {
        const struct strmap_entry *e = &m->entries[i];

        if (e->value)
            *place_of(&bigger, e->key, e->len, e->hash) = *e;
    }
    *m = bigger;
}

void strmap_put(struct arena *a, struct strmap *m, const char *key, uint32_t len, void *value)
{
    uint32_t hash = hash_of(key, len);
    struct strmap_entry *e;

    if (m->count >= m->room / 2)
        grow(a, m);
    e = place_of(m, key, len, hash);
    if (!e->value)
        m->count++;
    *e = (struct strmap_entry){key, len, hash, value};
}
