/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a name to its place in a table, in constant time: a hash table with linear probing, at
 * most half full, that the generator lays out (generate.py, name_index(); both sides must agree
 * on the hash). Tables hold their names inside their rows: no pointers to relocate at start-up.
 */
#ifndef TABLES_NAME_INDEX_H
#define TABLES_NAME_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NAME_INDEX_EMPTY UINT16_MAX

struct name_index {
    uint32_t mask; /* slots less one; a power of two less one */
    const uint16_t *slots;
    const char *names; /* name of row 0; NUL-terminated within size bytes */
    size_t stride;     /* from row to row */
    size_t size;
};

/* FNV-1a, 32 bits. */
static inline uint32_t name_hash(const char *name, size_t len)
{
    uint32_t hash = UINT32_C(0x811c9dc5);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT32_C(0x01000193);
    return hash;
}

/* NAME_INDEX_EMPTY if there is no such name. */
static inline uint16_t name_index_find(const struct name_index *x, const char *name, size_t len)
{
    if (len >= x->size)
        return NAME_INDEX_EMPTY;
    for (uint32_t i = name_hash(name, len);; i++) {
        uint16_t row = x->slots[i & x->mask];
        if (row == NAME_INDEX_EMPTY)
            return NAME_INDEX_EMPTY;
        const char *candidate = x->names + row * x->stride;
        if (memcmp(candidate, name, len) == 0 && strlen(candidate) == len)
            return row;
    }
}

#endif
