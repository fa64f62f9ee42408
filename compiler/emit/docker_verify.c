/* SPDX-License-Identifier: Apache-2.0 */
/* The written entries against what the policy was lowered to. */
#include "compiler/emit/docker.h"

#include <string.h>

/* Does docker take the entries on this machine, for a container with these capabilities? */
static bool selects(const struct selection *s, const struct lowered *l)
{
    return s->machines & (machine_set)1 << l->machine && (s->with & ~l->caps) == 0 &&
           (s->without & l->caps) == 0;
}

/* Does libseccomp take an entry for this name for one of a carrier's there? */
static bool is_carried(const struct machine *m, const char *name)
{
    bool multiplexes = oci_multiplexes(m->arch);

    for (size_t i = 0; i < m->others.count; i++)
        multiplexes |= oci_multiplexes(m->others.at[i]);
    for (size_t i = 0; multiplexes && i < oci_multiplexed_count; i++)
        if (!strcmp(oci_multiplexed[i].name, name))
            return true;
    return false;
}

/* What a call gets from the entries; it may be selected once. */
static bool select_fates(const struct docker *d, const struct lowered *l, const struct fate **got)
{
    for (size_t i = 0; i < d->selections.count; i++) {
        const struct selection *s = d->selections.at[i];

        for (size_t j = 0; selects(s, l) && j < s->names.count; j++) {
            const char *name = s->names.at[j];
            size_t call = (size_t)(syscall_by_name(name, strlen(name)) - syscall_table);

            if (got[call])
                return false;
            got[call] = s->fate;
        }
    }
    return true;
}

static const char *differing_call(const struct docker *d, const struct lowered *l)
{
    const struct fate **got = ARENA_ARRAY(d->arena, const struct fate *, syscall_count);
    const struct machine *m = &d->machines.at[l->machine];

    if (!select_fates(d, l, got))
        return "a call that is selected twice";
    for (size_t i = 0; i < syscall_count; i++) {
        const struct fate *fate = got[i] && got[i]->is_default ? NULL : got[i];
        const char *name = syscall_table[i].name;

        if (!machine_has(m, &syscall_table[i]) && !is_carried(m, name))
            continue;
        if (fate != l->fates[i])
            return name;
    }
    return NULL;
}

bool docker_verify(const struct docker *d)
{
    for (size_t i = 0; i < d->lowered.count; i++) {
        const char *call = differing_call(d, d->lowered.at[i]);

        if (!call)
            continue;
        docker_refuse(&d->variants, "what '%s' gets on %s in a container with %s", call,
                      d->machines.at[d->lowered.at[i]->machine].arch->name,
                      caps_text(&d->variants, d->lowered.at[i]->caps));
        return false;
    }
    return true;
}
