/* SPDX-License-Identifier: Apache-2.0 */
/* Lookups in the generated table of system calls. */
#include "compiler/tables/generated.h"

#include <string.h>

const struct syscall_info *syscall_by_name(const char *name, size_t len)
{
    uint16_t row = name_index_find(&syscall_names, name, len);

    return row == NAME_INDEX_EMPTY ? NULL : &syscall_table[row];
}

static struct signature make_signature(unsigned count, unsigned first)
{
    if (count == SYSCALL_ARGS_UNKNOWN)
        return (struct signature){0};
    return (struct signature){syscall_args_table + first, count, true};
}

/* The call's signature of some architectures at this place of the table; NULL: no more of it. */
static const struct syscall_variant *variant_at(const struct syscall_info *s, size_t i)
{
    return i < syscall_variant_count && syscall_variants[i].call == s - syscall_table
               ? &syscall_variants[i]
               : NULL;
}

struct signature syscall_signature(const struct syscall_info *s, const struct arch *a)
{
    const struct syscall_variant *v;

    if (!s)
        return (struct signature){0};
    for (size_t i = s->first_variant; a && (v = variant_at(s, i)); i++)
        if (v->archs & ARCH_BIT(arch_id(a)))
            return make_signature(v->nargs, v->first_arg);
    return make_signature(s->nargs, s->first_arg);
}

bool syscall_has_argument(const struct syscall_info *s, const char *name, size_t len)
{
    struct signature signature = make_signature(s->nargs, s->first_arg);
    bool found = signature_find(&signature, name, len) >= 0;
    const struct syscall_variant *v;

    for (size_t i = s->first_variant; !found && (v = variant_at(s, i)); i++) {
        signature = make_signature(v->nargs, v->first_arg);
        found = signature_find(&signature, name, len) >= 0;
    }
    return found;
}

int signature_find(const struct signature *s, const char *name, size_t len)
{
    for (unsigned i = 0; i < s->count; i++)
        if (strlen(s->args[i].name) == len && !memcmp(s->args[i].name, name, len))
            return (int)i;
    return -1;
}

int64_t syscall_number(const struct syscall_info *s, const struct arch *a)
{
    uint16_t folded = syscall_numbers[a->column][s - syscall_table];

    return folded == NUMBER_NONE ? -1 : (int64_t)a->nr_base + number_unfold(folded);
}

const struct syscall_info *syscall_by_number(const struct arch *a, uint32_t nr)
{
    /* Numbers below the base wrap to large ones, which no call has. */
    uint32_t folded = number_fold(nr - a->nr_base);
    uint16_t row = folded < NUMBER_FOLDED ? syscall_by_folded[a->column][folded] : NUMBER_NONE;

    return row == NUMBER_NONE ? NULL : &syscall_table[row];
}
