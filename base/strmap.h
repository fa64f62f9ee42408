/* SPDX-License-Identifier: Apache-2.0 */
/* Map from byte strings to pointers, in an arena. Empty when zeroed; O(1) expected. */
#ifndef BASE_STRMAP_H
#define BASE_STRMAP_H

#include "base/arena.h"

#include <stdint.h>

struct strmap_entry {
    const char *key; /* not copied: must live as long as the map */
    uint32_t len, hash;
    void *value; /* NULL marks a free place */
};

struct strmap {
    struct strmap_entry *entries;
    uint32_t room, count;
};

/* NULL if the key is not there. */
void *strmap_get(const struct strmap *m, const char *key, uint32_t len);
/* Adds or replaces; value is not NULL. */
void strmap_put(struct arena *a, struct strmap *m, const char *key, uint32_t len, void *value);

#endif
