/* SPDX-License-Identifier: Apache-2.0 */
/* Errnos and the kernel's constants: names to values and back, by architecture. */
#include "compiler/tables/generated.h"

#include <stdlib.h>

/* A table of constants; errnos and the others differ in nothing else. */
struct constants {
    const struct constant *rows;
    const struct constant_override *overrides;
};

static const struct constants errnos = {errno_table, errno_overrides};
static const struct constants constants = {constant_table, constant_overrides};

static bool value_on(const struct constants *t, const struct constant *c, const struct arch *a,
                     uint64_t *value)
{
    const struct constant_override *o = t->overrides + c->first_override;

    for (const struct constant_override *end = o + c->override_count; o < end; o++) {
        if ((o->archs & ARCH_BIT(arch_id(a))) == 0)
            continue;
        *value = o->value;
        return !o->absent;
    }
    *value = c->value;
    return true;
}

static uint64_t place_value(const struct constants *t, const struct constant_place *p)
{
    return p->override == NO_OVERRIDE ? t->rows[p->row].value : t->overrides[p->override].value;
}

static const char *name_of(const struct constants *t, const struct constant_family *f,
                           uint64_t value, const struct arch *a)
{
    size_t low = 0, high = f->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (place_value(t, &f->places[middle]) < value)
            low = middle + 1;
        else
            high = middle;
    }
    for (const struct constant_place *p = f->places + low; p < f->places + f->count; p++) {
        const struct constant *c = &t->rows[p->row];
        uint64_t here;
        if (place_value(t, p) != value)
            break;
        if (value_on(t, c, a, &here) && here == value)
            return c->name;
    }
    return NULL;
}

bool errno_value(const char *name, size_t len, const struct arch *a, uint16_t *value)
{
    uint16_t row = name_index_find(&errno_names, name, len);
    uint64_t wide;

    if (row == NAME_INDEX_EMPTY || !value_on(&errnos, &errno_table[row], a, &wide))
        return false;
    *value = (uint16_t)wide;
    return true;
}

const char *errno_name(uint16_t value, const struct arch *a)
{
    return name_of(&errnos, errno_families, value, a);
}

const char *errno_at(size_t i)
{
    return i < errno_count ? errno_table[i].name : NULL;
}

const struct constant *constant_by_name(const char *name, size_t len)
{
    uint16_t row = name_index_find(&constant_names, name, len);

    return row == NAME_INDEX_EMPTY ? NULL : &constant_table[row];
}

bool constant_value(const struct constant *c, const struct arch *a, uint64_t *value)
{
    return value_on(&constants, c, a, value);
}

static int by_family_name(const void *name, const void *family)
{
    return strcmp(name, ((const struct constant_family *)family)->name);
}

const char *constant_name(const char *family, uint64_t value, const struct arch *a)
{
    const struct constant_family *f = bsearch(family, constant_families, constant_family_count,
                                              sizeof(*constant_families), by_family_name);

    return f == NULL ? NULL : name_of(&constants, f, value, a);
}
