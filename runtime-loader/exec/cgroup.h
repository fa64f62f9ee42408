/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control groups by their file systems: version 2, version 1 with one hierarchy a controller,
 * or both side by side (hybrid). A container has the same path in every hierarchy.
 *
 *     cgroup.c            which hierarchies there are; their files
 *     cgroup_make.c       making, entering, removing a cgroup; handing controllers down to it
 *     cgroup_limit.c      linux.resources: applying what limits.h lists
 *     cgroup_processes.c  listing, signalling, freezing
 *     cgroup_stats.c      what it uses, as JSON
 *     cgroup_oom.c        being told that the kernel killed for want of memory
 */
#ifndef EXEC_CGROUP_H
#define EXEC_CGROUP_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime-loader/plan/plan.h"

struct hierarchy {
    const char *controllers; /* "cpu,cpuacct"; "name=systemd"; "" for version 2 */
    const char *mount;       /* where it is on the host */
    const char *directory;   /* name of that directory: where a container sees it */
    bool v2;
};

struct cgroup_host {
    enum cgroup_mode mode;
    VEC(struct hierarchy) hierarchies;
};

/* Which hierarchies this host has. */
int cgroup_detect(struct arena *a, struct cgroup_host *out, struct error *err) MUST_CHECK;

/* Directory of a path in one hierarchy, as text. */
const char *cgroup_directory(struct arena *a, const struct hierarchy *h, const char *path);
/* True when the controllers of a version 1 hierarchy include that one. */
bool hierarchy_has(const struct hierarchy *h, const char *controller);
/* The hierarchy of version 2, NULL: this host has none. */
const struct hierarchy *cgroup_v2(const struct cgroup_host *host);
/* The hierarchy of version 1 with that controller, or NULL. */
const struct hierarchy *cgroup_v1(const struct cgroup_host *host, const char *controller);

int cgroup_create(struct arena *a, const struct cgroup_host *host, const char *path,
                  struct error *err) MUST_CHECK;
/* Who is to enter, and how. */
struct cgroup_entrant {
    pid_t pid;
    bool born;     /* CLONE_INTO_CGROUP has put it into that of version 2 already */
    pid_t instead; /* 0; else a process below whose cgroup is taken where the kernel allows no
                    * process in the one asked for, because it has handed controllers down */
};
int cgroup_attach(struct arena *a, const struct cgroup_host *host, const char *path,
                  const struct cgroup_entrant *entrant, struct error *err) MUST_CHECK;
/* A descriptor of the version 2 cgroup for CLONE_INTO_CGROUP, -1: there is none. */
int cgroup_open(struct arena *a, const struct cgroup_host *host, const char *path);
/* Removes it everywhere, waiting a little for processes that are just dying. */
int cgroup_remove(struct arena *a, const struct cgroup_host *host, const char *path,
                  struct error *err) MUST_CHECK;

/* Sets all of them, in a new cgroup. */
int cgroup_limit(struct arena *a, const struct cgroup_host *host, const char *path,
                 const struct spec_resources *resources, struct error *err) MUST_CHECK;
/* Changes what request says, of a cgroup that has what before says; *after gets both. Nothing is
 * written where the request cannot be right. */
int cgroup_update(struct arena *a, const struct cgroup_host *host, const char *path,
                  const struct spec_resources *before, const struct spec_resources *request,
                  struct spec_resources *after, struct error *err) MUST_CHECK;

typedef VEC(const char *) controller_list;
/* The controllers that limits take; none: nothing is asked for. */
void cgroup_controllers(struct arena *a, enum cgroup_mode mode, const struct spec_resources *r,
                        controller_list *out);

/* Where a runtime without rights on the host puts a container. */
struct cgroup_choice {
    const char *path;   /* NULL: it stays in the cgroup of the caller */
    const char *vacate; /* whose processes have to go into a leaf of it first, NULL: none */
};
/* asked: linux.cgroupsPath, NULL where there is none. An error where limits are asked for that
 * nobody has delegated. */
int cgroup_choose(struct arena *a, const struct cgroup_host *host, const char *asked,
                  const char *id, const struct spec_resources *r, struct cgroup_choice *out,
                  struct error *err) MUST_CHECK;
/* Path of a process in the hierarchy of version 2, 0: this one; NULL: there is none. */
const char *cgroup_of(struct arena *a, pid_t pid);
/* Path of this process in the hierarchy of version 2; NULL: it has none, or none that is seen. */
const char *cgroup_own(struct arena *a);
/* First controller that a version 2 cgroup has not got, NULL: none is missing. */
const char *cgroup_missing(const char *directory, const controller_list *wanted);
#define CGROUP_DELEGATE "Delegate=cpu cpuset io memory pids"
#define CGROUP_DROP_IN  "/etc/systemd/system/user@.service.d/delegate.conf"

/* Sends the signal to every process in it. */
int cgroup_signal(struct arena *a, const struct cgroup_host *host, const char *path, int signal,
                  struct error *err) MUST_CHECK;
typedef VEC(pid_t) pid_list;
/* Processes in that directory, not below. */
int cgroup_members(struct arena *a, const char *directory, pid_list *pids,
                   struct error *err) MUST_CHECK;
/* Processes in it and below. */
int cgroup_processes(struct arena *a, const struct cgroup_host *host, const char *path,
                     pid_list *pids, struct error *err) MUST_CHECK;
int cgroup_freeze(struct arena *a, const struct cgroup_host *host, const char *path, bool freeze,
                  struct error *err) MUST_CHECK;
bool cgroup_is_frozen(struct arena *a, const struct cgroup_host *host, const char *path);

/* What it has used, and how often its limits were met: the member data of an event of type stats,
 * in the shape that runc gave it. What a host does not count is left out, or 0 as there. */
void cgroup_stats(struct arena *a, const struct cgroup_host *host, const char *path,
                  struct strbuf *out);

/* Waiting for the kernel to kill a process because the cgroup's memory is used up. */
struct cgroup_oom {
    int fd; /* for poll(2) with these events; -1: there is nothing to wait at */
    short events;
    int file;        /* version 1: memory.oom_control, held open */
    uint64_t killed; /* version 2: how many of them were told */
};
int cgroup_oom_open(struct arena *a, const struct cgroup_host *host, const char *path,
                    struct cgroup_oom *out, struct error *err) MUST_CHECK;
/* After poll has said so: how many there were since. */
uint64_t cgroup_oom_read(struct cgroup_oom *oom);
void cgroup_oom_close(struct cgroup_oom *oom);

/* For the files of this room: writes text to a file of a cgroup. */
int cgroup_write(const char *directory, const char *file, const char *text,
                 struct error *err) MUST_CHECK;
/* Its first line; -1 where it cannot be read. */
ssize_t cgroup_read(const char *directory, const char *file, char *text, size_t size);
/* True when a list of words holds that one. */
bool has_word(const char *words, const char *word);
/* Says why a cgroup of version 2 lacks the files of a controller, after having tried to hand it
 * down; 0: it has been handed down now. what begins the text. */
int cgroup_explain(struct arena *a, const struct hierarchy *h, const char *path,
                   const char *controller, const char *what, struct error *err) MUST_CHECK;

#endif
