/* SPDX-License-Identifier: Apache-2.0 */
/* Lookups in the generated table of system calls. */
#include "compiler/tables/generated.h"

const struct syscall_info *syscall_by_name(const char *name, size_t len)
{
    uint16_t row = name_index_find(&syscall_names, name, len);

    return row == NAME_INDEX_EMPTY ? NULL : &syscall_table[row];
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
