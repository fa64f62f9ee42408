/* SPDX-License-Identifier: Apache-2.0 */
/* The ids that this user may give to a container. */
#include "runtime-loader/doctor/doctor.h"
#include "runtime-loader/exec/accounts.h"
#include "runtime-loader/exec/executor.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* One's own, then the first range. */
static id_mappings make_map(struct doctor *d, uint32_t own, const id_ranges *ranges)
{
    struct spec_id_mapping *at = ARENA_ARRAY(d->arena, struct spec_id_mapping, 2);

    at[0] = (struct spec_id_mapping){.container_id = 0, .host_id = own, .size = 1};
    at[1] = (struct spec_id_mapping){
        .container_id = 1, .host_id = ranges->at[0].first, .size = ranges->at[0].count};
    return (id_mappings){at, 2};
}

/* In a child, whose files in /proc its own child's are to be like. */
static int try_maps(struct doctor *d, struct error *err)
{
    struct clone_args args = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    id_ranges uids, gids;
    id_mappings uid_map, gid_map;
    pid_t child;
    int rc;

    subids_read(d->arena, "/etc/subuid", getuid(), &uids);
    subids_read(d->arena, "/etc/subgid", getuid(), &gids);
    uid_map = make_map(d, geteuid(), &uids);
    gid_map = make_map(d, getegid(), &gids);
    if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
        return error_set(err, errno, "PR_SET_DUMPABLE");
    child = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
    if (child == 0) {
        pause();
        _exit(0);
    }
    if (child < 0)
        return error_set(err, errno, "make a user namespace");
    rc = write_id_maps(d->arena, child, &uid_map, &gid_map, err);
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return rc;
}

static uint64_t count_ids(const id_ranges *ranges)
{
    uint64_t count = 0;

    for (size_t i = 0; i < ranges->count; i++)
        count += ranges->at[i].count;
    return count;
}

void doctor_ids(struct doctor *d)
{
    const char *name = user_name(d->arena, getuid());
    id_ranges uids, gids;
    struct error err;

    if (have_capability(CAP_SETUID) && have_capability(CAP_SETGID)) {
        doctor_add(d, "ids", VERDICT_OK, NULL, "all that are mapped here can be given on");
        return;
    }
    subids_read(d->arena, "/etc/subuid", getuid(), &uids);
    subids_read(d->arena, "/etc/subgid", getuid(), &gids);
    if (!count_ids(&uids) || !count_ids(&gids))
        doctor_add(d, "ids", VERDICT_NOTE,
                   arena_printf(d->arena,
                                "as root: usermod --add-subuids 100000-165535 --add-subgids "
                                "100000-165535 %s",
                                name),
                   "one user and one group in a container: %s has no ids for '%s'",
                   count_ids(&uids) ? "/etc/subgid" : "/etc/subuid", name);
    else if (doctor_try(d, try_maps, &err) < 0)
        doctor_add(d, "ids", VERDICT_NOTE,
                   "as root: apt-get install uidmap (dnf install shadow-utils); newuidmap and "
                   "newgidmap are to be setuid root or have file capabilities",
                   "one user and one group in a container: %s", err.text);
    else
        doctor_add(d, "ids", VERDICT_OK, NULL, "%llu users and %llu groups, by newuidmap",
                   (unsigned long long)count_ids(&uids) + 1,
                   (unsigned long long)count_ids(&gids) + 1);
}
