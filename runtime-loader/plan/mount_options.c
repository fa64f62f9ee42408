/* SPDX-License-Identifier: Apache-2.0 */
/* Options of mounts, from words to bits. */
#include "runtime-loader/plan/plan.h"

#include <string.h>
#include <sys/mount.h>

enum option_kind { OPTION_ATTRIBUTE, OPTION_PROPAGATION, OPTION_SWITCH, OPTION_NOTHING };

static const struct option {
    const char *name;
    enum option_kind kind;
    uint64_t set, clear;
    size_t offset;
} mount_option_table[] = {
#define ATTRIBUTE(n, s, c) {.name = (n), .kind = OPTION_ATTRIBUTE, .set = (s), .clear = (c)},
#define PROPAGATION(n, f)  {.name = (n), .kind = OPTION_PROPAGATION, .set = (f)},
#define SWITCH(n, m)                                                                               \
    {.name = (n), .kind = OPTION_SWITCH, .offset = offsetof(struct mount_request, m)},
#define NOTHING(n) {.name = (n), .kind = OPTION_NOTHING},
#include "runtime-loader/plan/mount_options.def"
#undef ATTRIBUTE
#undef PROPAGATION
#undef SWITCH
#undef NOTHING
};

static const struct option *find_option(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(mount_option_table); i++)
        if (strcmp(mount_option_table[i].name, name) == 0)
            return &mount_option_table[i];
    return NULL;
}

/* A later option overrides an earlier one. */
static void change(uint64_t *set, uint64_t *clear, const struct option *o)
{
    *set = (*set & ~o->clear) | o->set;
    *clear = (*clear & ~o->set) | o->clear;
}

static bool apply(const struct option *o, bool recursive, struct mount_request *out)
{
    struct mount_flags *flags = &out->flags;

    switch (o->kind) {
    case OPTION_ATTRIBUTE:
        if (recursive)
            change(&flags->recursive_set, &flags->recursive_clear, o);
        else
            change(&flags->set, &flags->clear, o);
        return true;
    case OPTION_PROPAGATION:
        flags->propagation = o->set;
        flags->propagation_recursive = recursive;
        return true;
    case OPTION_SWITCH:
        *(bool *)((char *)out + o->offset) = true;
        if (recursive)
            out->recursive = true;
        return true;
    case OPTION_NOTHING:
        return !recursive;
    }
    return false;
}

void mount_options_sort(struct arena *a, const string_list *options, struct mount_request *out)
{
    memset(out, 0, sizeof(*out));
    out->data.at = ARENA_ARRAY(a, const char *, options->count + 1);
    for (size_t i = 0; i < options->count; i++) {
        const char *name = options->at[i];
        const struct option *o = find_option(name);

        if (o && apply(o, false, out))
            continue;
        o = name[0] == 'r' ? find_option(name + 1) : NULL;
        if (o && apply(o, true, out))
            continue;
        out->data.at[out->data.count++] = name;
    }
    out->idmap = out->idmap || out->idmap_recursive;
}
