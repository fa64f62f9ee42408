/* SPDX-License-Identifier: Apache-2.0 */
/* What the generated files hold beside the public tables, for the lookups of this room. */
#ifndef TABLES_GENERATED_H
#define TABLES_GENERATED_H

#include "compiler/tables/name_index.h"
#include "compiler/tables/names.h"
#include "compiler/tables/numbers.h"

/* --- syscalls_data.c -------------------------------------------------------------------------- */
extern const struct name_index syscall_names;
/* A signature that differs from the usual one on some architectures; those of a call together. */
struct syscall_variant {
    arch_set archs;
    uint16_t call; /* row of syscall_table */
    uint16_t first_arg;
    uint8_t nargs;
};
extern const struct syscall_variant syscall_variants[];
extern const size_t syscall_variant_count;
extern const struct syscall_arg syscall_args_table[];
/* By column: rows of syscall_table to folded numbers, and folded numbers to rows. */
extern const uint16_t *const syscall_numbers[COLUMN_COUNT];
extern const uint16_t *const syscall_by_folded[COLUMN_COUNT];

/* --- errnos_data.c, constants_data.c ---------------------------------------------------------- */
extern const struct constant errno_table[];
extern const size_t errno_count;
extern const struct constant_override errno_overrides[];
extern const struct name_index errno_names, constant_names;

/* One meaning of a constant: its usual value, or an override. */
struct constant_place {
    uint16_t row;
    uint16_t override; /* NO_OVERRIDE: the usual value */
};
#define NO_OVERRIDE UINT16_MAX

/* The places of a family's constants, by value, and among equals the name to show first. */
struct constant_family {
    char name[CONSTANT_FAMILY_SIZE];
    const struct constant_place *places;
    size_t count;
};
extern const struct constant_family errno_families[];    /* one */
extern const struct constant_family constant_families[]; /* sorted by name */
extern const size_t errno_family_count, constant_family_count;

/* --- argument_families_data.c ----------------------------------------------------------------- */
extern const struct argument_family argument_families[]; /* sorted by call and argument */
extern const size_t argument_family_count;

#endif
