/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan does to the process itself: the same for the container's first and for exec. */
#include "runtime-loader/plan/plan.h"

#include <string.h>

static const char *environment(const struct spec_process *process, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = process->env.count; i-- > 0;)
        if (strncmp(process->env.at[i], name, len) == 0 && process->env.at[i][len] == '=')
            return process->env.at[i] + len + 1;
    return NULL;
}

/* Only the runtime may give files of the host to a user of a user namespace, by his name there. */
void plan_streams(struct plan *plan, const id_mappings *uids)
{
    uint32_t uid = plan->process->user.uid;

    for (size_t i = 0; !plan->process->terminal && i < uids->count; i++)
        if (uid >= uids->at[i].container_id && uid - uids->at[i].container_id < uids->at[i].size)
            plan_add(plan, PHASE_PREPARE, STEP_GIVE_STREAMS)->number =
                (int64_t)uids->at[i].host_id + (uid - uids->at[i].container_id);
}

void plan_process_setup(struct plan *plan, const struct plan_options *options)
{
    const struct spec_process *p = plan->process;

    if (p->rlimits.count)
        plan_add(plan, PHASE_SETUP, STEP_RLIMITS);
    if (p->scheduler)
        plan_add(plan, PHASE_SETUP, STEP_SCHEDULER);
    if (p->io_priority)
        plan_add(plan, PHASE_SETUP, STEP_IO_PRIORITY);
    if (!options->no_new_keyring)
        plan_add(plan, PHASE_SETUP, STEP_KEYRING);
    if (p->apparmor_profile || p->selinux_label)
        plan_add(plan, PHASE_SETUP, STEP_LABELS);
    plan_add(plan, PHASE_SETUP, STEP_UMASK)->number =
        p->user.umask.set ? p->user.umask.value : 0022;
    if (!environment(p, "HOME"))
        plan_add(plan, PHASE_SETUP, STEP_HOME);
    plan_add(plan, PHASE_SETUP, STEP_WORKING_DIRECTORY)->text = p->cwd;
    plan_add(plan, PHASE_SETUP, STEP_FIND_PROGRAM)->text = environment(p, "PATH");
}

void plan_process_finish(struct plan *plan, const struct plan_options *options)
{
    plan_add(plan, PHASE_FINISH, STEP_CREDENTIALS);
    plan_add(plan, PHASE_FINISH, STEP_CLOSE_DESCRIPTORS);
    if (options->filters)
        plan_add(plan, PHASE_FINISH, STEP_FILTER);
    plan_add(plan, PHASE_FINISH, STEP_EXECUTE);
}
