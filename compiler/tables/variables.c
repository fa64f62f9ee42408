/* SPDX-License-Identifier: Apache-2.0 */
#include "base/compiler.h"
#include "compiler/tables/names.h"

const struct variable variable_table[] = {
#define VARIABLE(name, summary) {name, summary},
#include "compiler/tables/variables.def"
#undef VARIABLE
};

const size_t variable_count = ARRAY_SIZE(variable_table);
