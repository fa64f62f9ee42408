/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of system calls, and the families of constants that arguments take. */
#include "compiler/tables/generated.h"

#include <stdlib.h>

struct name {
    const char *text;
    size_t len;
};

static int by_group_name(const void *key, const void *row)
{
    const struct name *name = key;
    const struct syscall_group *group = row;
    size_t len = strlen(group->name);
    int order = memcmp(name->text, group->name, name->len < len ? name->len : len);

    return order != 0 ? order : (name->len > len) - (name->len < len);
}

const struct syscall_group *group_by_name(const char *name, size_t len)
{
    struct name key = {name, len};

    return bsearch(&key, group_table, group_count, sizeof(*group_table), by_group_name);
}

struct argument {
    const char *syscall, *name;
};

static int by_argument(const void *key, const void *row)
{
    const struct argument *argument = key;
    const struct argument_family *family = row;
    int order = strcmp(argument->syscall, family->syscall);

    return order != 0 ? order : strcmp(argument->name, family->arg);
}

const struct argument_family *argument_family(const char *syscall, const char *arg)
{
    struct argument key = {syscall, arg};

    return bsearch(&key, argument_families, argument_family_count, sizeof(*argument_families),
                   by_argument);
}
