/* SPDX-License-Identifier: Apache-2.0 */
/* Lookups in the generated table of system calls. */
#include "compiler/tables/generated.h"

#include <string.h>

const struct syscall_info *syscall_by_name(const char *name, size_t len)
{
    uint16_t row = name_index_find(&syscall_names, name, len);

    return row == NAME_INDEX_EMPTY ? NULL : &syscall_table[row];
}

struct signature syscall_signature(const struct syscall_info *s, const struct arch *a)
{
    unsigned count = s ? s->nargs : SYSCALL_ARGS_UNKNOWN, first = s ? s->first_arg : 0;

    if (s && a && s->first_variant != SYSCALL_NO_VARIANT)
        for (size_t i = s->first_variant; i < syscall_variant_count; i++) {
            const struct syscall_variant *v = &syscall_variants[i];

            if (v->call != s - syscall_table)
                break;
            if (!(v->archs & ARCH_BIT(arch_id(a))))
                continue;
            count = v->nargs;
            first = v->first_arg;
            break;
        }
    if (count == SYSCALL_ARGS_UNKNOWN)
        return (struct signature){0};
    return (struct signature){syscall_args_table + first, count, true};
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
