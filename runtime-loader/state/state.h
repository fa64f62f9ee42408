/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is on record about containers: one directory each below the state root.
 *
 *     ROOT/ID/            0700; its lock (flock) is held by whoever changes the container
 *             state       JSON, replaced whole; written before anything is created, again with the
 *                         pid when the container is complete
 *             config.json as it was at create, for exec
 *             resources   linux.resources, once `update` has changed them
 *             filter.DIGEST  compiled filters, read-only, named by their SHA-256, for exec
 *             start       socket on which init waits; gone from the moment of `start`
 *
 * A process is known by pid and start time together, so that a pid that went round is no match.
 */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include "runtime-loader/spec/spec.h"

#include <sys/types.h>

/* A filter that the container was started with; the file filter.DIGEST holds it. */
struct state_filter {
    const char *digest;
    int64_t flags; /* SECCOMP_FILTER_FLAG_* */
};

struct state {
    const char *oci_version, *id, *bundle, *rootfs, *created;
    int32_t pid;                       /* of init; 0 while it is being created */
    uint64_t start_time;               /* in ticks since boot, as /proc/PID/stat has it */
    int64_t namespaces;                /* bits of enum namespace_kind that config.json names */
    LIST(struct state_filter) filters; /* in the order of loading */
    bool complain;                     /* the filters only tell what they would deny */
    const char *cgroup;                /* NULL: none */
    const char *scope;                 /* systemd's unit of it, NULL: none */
    bool user_manager;                 /* which is a user's */
    string_map annotations;
    hook_list poststart, poststop;
};

enum status { STATUS_CREATING, STATUS_CREATED, STATUS_RUNNING, STATUS_PAUSED, STATUS_STOPPED };
extern const char *const status_names[];

/* Names of containers are file names: letters, digits and _+-. only. */
int state_check_id(const char *id, struct error *err) MUST_CHECK;

/* Makes the directory of a new container and locks it. -EEXIST when there is one. */
int state_make(const char *root, const char *id, int *dir, struct error *err) MUST_CHECK;
/* Opens it; lock waits for the lock. -ENOENT "does not exist" when there is none. */
int state_open(const char *root, const char *id, bool lock, int *dir, struct error *err) MUST_CHECK;
/* Removes it with what is in it. */
int state_remove(const char *root, const char *id, int dir, struct error *err) MUST_CHECK;
/* Ids of all that are there. */
int state_list(struct arena *a, const char *root, string_list *ids, struct error *err) MUST_CHECK;

int state_write(struct arena *a, int dir, const struct state *state, struct error *err) MUST_CHECK;
/* -ENODATA when the directory has no state yet. */
int state_read(struct arena *a, int dir, const char *id, struct state *out,
               struct error *err) MUST_CHECK;
int state_write_resources(struct arena *a, int dir, const struct spec_resources *resources,
                          struct error *err) MUST_CHECK;
/* -ENODATA when they are those of config.json. */
int state_read_resources(struct arena *a, int dir, struct spec_resources *out,
                         struct error *err) MUST_CHECK;
int state_write_file(int dir, const char *name, const void *bytes, size_t len,
                     struct error *err) MUST_CHECK;
int state_read_file(struct arena *a, int dir, const char *name, const char **text, size_t *len,
                    struct error *err) MUST_CHECK;

/* Digest of a filter, by which it is known. */
const char *state_filter_digest(struct arena *a, const void *bytes, size_t len);
int state_write_filter(int dir, const char *digest, const void *bytes, size_t len,
                       struct error *err) MUST_CHECK;
/* What has not the digest any more is an error, as is a file that is missing. */
int state_read_filter(struct arena *a, int dir, const char *digest, const char **bytes, size_t *len,
                      struct error *err) MUST_CHECK;

/* Without regard to the freezer: STATUS_PAUSED is found out by who knows the cgroup. */
enum status state_status(int dir, const struct state *state);

/* The state of the specification as JSON, for `state` and for hooks. */
const char *state_json(struct arena *a, const struct state *state, const char *status, pid_t pid);
/* The same with what other runtimes add to it. */
const char *state_json_full(struct arena *a, const struct state *state, const char *status);

/* The container process state of the specification, for who gets the descriptor of the notified
 * calls of `process`, which came with it; metadata: NULL for none. */
const char *state_of_process(struct arena *a, const struct state *state, const char *status,
                             pid_t pid, pid_t process, const char *metadata);

/* Start time of a process that is neither dead nor a zombie; 0 otherwise. */
uint64_t process_start_time(pid_t pid);
/* A pidfd of exactly that process, -ESRCH when it is gone. */
int process_open(pid_t pid, uint64_t start_time, int *pidfd, struct error *err) MUST_CHECK;
/* Pid behind a pidfd, 0 when it is gone. */
pid_t process_of(int pidfd);

/* Now, as RFC 3339 in UTC with nanoseconds. */
const char *timestamp(struct arena *a);

#endif
