/* SPDX-License-Identifier: Apache-2.0 */
/* Actions and filter flags: small tables, searched from the top. */
#include "compiler/tables/names.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

const struct action_info action_table[ACTION_COUNT] = {
#define ACTION(id, ...) [ACTION_##id] = {__VA_ARGS__},
#include "compiler/tables/actions.def"
#undef ACTION
};

const struct filter_flag filter_flags[FILTER_FLAG_COUNT] = {
#define FILTER_FLAG(id, bit, summary)                                                              \
    [FILTER_FLAG_##id] = {#id, "SECCOMP_FILTER_FLAG_" #id, bit, summary},
#include "compiler/tables/filter-flags.def"
#undef FILTER_FLAG
};
const size_t filter_flag_count = FILTER_FLAG_COUNT;

static bool same(const char *known, const char *name, size_t len)
{
    return strlen(known) == len && memcmp(known, name, len) == 0;
}

const struct action_info *action_by_name(const char *name, size_t len)
{
    for (const struct action_info *a = action_table; a < action_table + ACTION_COUNT; a++)
        if (same(a->name, name, len) || same(a->oci, name, len))
            return a;
    return NULL;
}

const struct action_info *action_of_ret(uint32_t ret)
{
    for (const struct action_info *a = action_table; a < action_table + ACTION_COUNT; a++)
        if (a->ret == (ret & ~UINT32_C(0xffff)))
            return a;
    return &action_table[ACTION_KILL_PROCESS];
}

void action_source(uint32_t ret, const struct arch *arch, char *text, size_t size)
{
    const struct action_info *action = action_of_ret(ret);
    unsigned data = ret & SECCOMP_RET_DATA;
    const char *name = NULL;

    if (action->data == DATA_ERRNO) {
        name = errno_name((uint16_t)data, arch);
        data = data > MAX_ERRNO ? MAX_ERRNO : data; /* as the kernel does */
    }
    if (name)
        snprintf(text, size, "%s(%s)", action->name, name);
    else if (action->data == DATA_NONE || (action->data_optional && !data))
        snprintf(text, size, "%s()", action->name);
    else
        snprintf(text, size, "%s(%u)", action->name, data);
}

const struct filter_flag *filter_flag_by_name(const char *name, size_t len)
{
    for (const struct filter_flag *f = filter_flags; f < filter_flags + FILTER_FLAG_COUNT; f++)
        if (same(f->name, name, len) || same(f->oci, name, len))
            return f;
    return NULL;
}

bool lets_through(uint32_t ret)
{
    uint32_t action = ret & SECCOMP_RET_ACTION_FULL;

    return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}
