/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Carrying out a plan. The runtime and init each have one of these after the clone (init's is the
 * runtime's as it was then); each step is one function below.
 */
#ifndef EXEC_EXECUTOR_H
#define EXEC_EXECUTOR_H

#include "base/io.h"
#include "runtime-loader/exec/cgroup.h"
#include "runtime-loader/exec/filter.h"
#include "runtime-loader/exec/handover.h"
#include "runtime-loader/plan/plan.h"
#include "runtime-loader/proto/proto.h"
#include "runtime-loader/state/state.h"
#include "runtime-loader/systemd/manager.h"

#include <signal.h>

struct tree {
    int fd; /* a detached mount */
    bool is_directory;
    const struct mount_flags *later; /* to be given to it when it is attached; NULL: it has them */
};

struct executor {
    struct arena *arena;
    const struct plan *plan;
    const struct plan_options *options;
    const struct state *state; /* what hooks are told; NULL for exec */
    const struct cgroup_host *cgroups;
    struct manager *manager; /* of the scope; NULL: the plan has none */
    const struct filter_load *load;
    struct handover *handover; /* where a filter notifies, else NULL */

    struct channel channel;
    struct tree *sources;
    int saved_namespaces[NS_COUNT]; /* -1: not left; to be entered again after the clone */
    int container;                  /* exec: pidfd of the container's init, else -1 */
    int console_socket;             /* -1: the master goes to the runtime */
    int listener;                   /* init waits on it for start, -1: on the channel */
    int lock;                       /* the state directory; not for init to hold */
    sigset_t signals;               /* mask that the process gets */
    uint64_t ignored;               /* signals that it is not to ignore, as in proc(5) */

    /* of the runtime */
    pid_t pid;
    int pidfd;
    int console;         /* master, where there is no socket for it */
    bool born_in_cgroup; /* init was cloned into its cgroup of version 2 */

    /* of init */
    int root;              /* of the container's file system */
    int proc;              /* a procfs nobody else can change, -1: not opened yet */
    int mask;              /* an empty read-only directory to put over others, -1: not made yet */
    bool entered;          /* the root of this process is the container's */
    struct second *second; /* who hands the listener over, NULL: not made yet */
    const char *program;
    string_list environment;
};

void executor_init(struct executor *x, struct arena *a, const struct plan *plan,
                   const struct plan_options *options);
/* Adds NAME=VALUE to the environment of the process. */
void executor_set_env(struct executor *x, const char *entry);
/* Closes what the runtime still holds. */
void executor_release(struct executor *x);

/* prepare, clone and attend: returns with init ready, and *waiting* for MESSAGE_COMMITTED. After
 * a failure init is gone. */
int executor_launch(struct executor *x, struct error *err) MUST_CHECK;
/* Kills init and waits for its end. */
void executor_abort(struct executor *x);

int run_phase(struct executor *x, enum phase phase, struct error *err) MUST_CHECK;
/* The clone itself; only the runtime returns. */
int clone_init(struct executor *x, struct error *err) MUST_CHECK;
/* What init does: setup, finish; never returns. */
NORETURN void init_main(struct executor *x);

/* Gives a new user namespace its ids, by newuidmap and newgidmap where the runtime may not. */
int write_id_maps(struct arena *a, pid_t pid, const id_mappings *uids, const id_mappings *gids,
                  struct error *err) MUST_CHECK;

/* What the runtime was started with; the process gets the mask, and no signal that is ignored. */
void note_signals(struct executor *x);
int restore_signals(struct executor *x, struct error *err) MUST_CHECK;

/* The private procfs, or the /proc of where the process is when it may not mount one. */
int private_proc(struct executor *x, int *proc, struct error *err) MUST_CHECK;

#define STEP(name, function, word, member)                                                         \
    int step_##function(struct executor *x, const struct step *s, struct error *err) MUST_CHECK;
#include "runtime-loader/plan/steps.def"
#undef STEP

#endif
