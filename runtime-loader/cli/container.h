/* SPDX-License-Identifier: Apache-2.0 */
/* A container as the commands handle it: what is on record, where its cgroups are, how it is
 * brought up and taken away. */
#ifndef RUNTIME_CLI_CONTAINER_H
#define RUNTIME_CLI_CONTAINER_H

#include "runtime-loader/cli/cli.h"
#include "runtime-loader/exec/executor.h"

/* What `create` and `run` were asked for. */
struct create_request {
    const char *id, *bundle, *config, *console_socket, *pid_file, *pidfd_socket;
    unsigned preserve_fds;
    bool no_pivot, no_new_keyring;
    bool wait;       /* for `start`; otherwise the same command starts it */
    bool foreground; /* the terminal may come to the runtime */
    string_list seccomp_bpf;
    const char *complain; /* --seccomp-complain */
};

struct container {
    struct cli *cli;
    struct state state;
    struct cgroup_host cgroups;
    struct manager manager; /* where a scope is concerned and it has been asked */
    int dir;                /* the state directory, locked where it was asked for */
    struct spec spec;
    struct plan plan;
    struct plan_options options;
    struct seccomp_filters filters;
    const char *complain; /* file of complain mode's records, NULL: filters deny */
    struct filter_load load;
    struct handover handover; /* where load.notifies */
    struct executor executor;
};

/* Brings a container up to the point where it waits for its start, and puts that on record. After
 * a failure nothing is left of it. */
int container_create(struct cli *cli, const struct create_request *request, struct container *c,
                     struct error *err) MUST_CHECK;
/* Finds one that is there. */
int container_open(struct cli *cli, const char *id, bool lock, struct container *c,
                   struct error *err) MUST_CHECK;
void container_release(struct container *c);

/* Its linux.resources, as the last update left them. */
int container_resources(struct container *c, struct spec_resources *out,
                        struct error *err) MUST_CHECK;

/* Connects to the manager of its scope, once. */
int container_manager(struct container *c, struct error *err) MUST_CHECK;

enum status container_status(struct container *c);
int container_signal(struct container *c, int signal, bool all, struct error *err) MUST_CHECK;
/* Takes away what is left of one that has stopped; of any with force. */
/* Waits for init, which is dying. */
void container_await_end(const struct container *c);
int container_delete(struct container *c, bool force, struct error *err) MUST_CHECK;
/* Hooks whose failure is only told. */
void container_late_hooks(struct container *c, const hook_list *list, const char *name,
                          enum status status);

/* In what order the filters are loaded, and who gets the listener: connects to him. exec: not for
 * the container's first process. */
int container_filters(struct container *c, bool exec, struct error *err) MUST_CHECK;
/* Gives that to the executor. */
void container_use_filters(struct container *c);

/* Complain mode (complain/combine.h), if the option (NULL: not given) or an annotation asks for it.
 */
int complain_choose(struct container *c, const char *option, struct error *err) MUST_CHECK;
/* The filters to be loaded: the first count as one that tells, then the others as they are. */
int complain_filters(struct container *c, size_t count, struct seccomp_filters *out,
                     struct error *err) MUST_CHECK;
/* Starts the supervisor, where there is one to be, and connects to it. */
int complain_start(struct container *c, struct error *err) MUST_CHECK;
/* Connects to the one that a container has. */
int complain_connect(struct container *c, struct error *err) MUST_CHECK;

/* Reads a config.json; warnings go to the log. */
int read_config(struct cli *cli, const char *path, struct spec *out, const char **text, size_t *len,
                struct error *err) MUST_CHECK;
/* The program that answers notified calls. */
const char *agent_program(void);
/* Directories of precompiled filters: those of the system, or what --precompiled says. */
string_list precompiled_places(struct cli *cli);
/* Facts about this host and this command for a plan. */
void fill_options(struct container *c, struct plan_options *out);
int detect_cgroups(struct cli *cli, struct cgroup_host *out, struct error *err) MUST_CHECK;
/* True where --cgroup-manager or --systemd-cgroup says so. */
bool wants_systemd(const struct cli *cli);
/* Removes its cgroup, and has systemd forget the scope. */
int container_remove_cgroup(struct container *c, struct error *err) MUST_CHECK;
/* Descriptors that LISTEN_FDS announces and --preserve-fds adds: checks that they are there. */
int preserved_descriptors(unsigned asked, unsigned *count, struct error *err) MUST_CHECK;
int connect_unix(const char *path, int *fd, struct error *err) MUST_CHECK;
int send_pidfd(const char *path, int pidfd, struct error *err) MUST_CHECK;
int write_pid_file(const char *path, pid_t pid, struct error *err) MUST_CHECK;
int parse_signal(const char *text, int *number, struct error *err) MUST_CHECK;

/* Waits for the process in the foreground: hands on signals and, where console is not -1, what is
 * typed and printed. Returns its exit status, 128 + signal. */
int foreground_wait(struct executor *x, struct error *err) MUST_CHECK;
/* Blocks the signals that foreground_wait() hands on; before the process is made. */
void foreground_prepare(void);

#endif
