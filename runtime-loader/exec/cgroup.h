/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control groups by their file systems: version 2, version 1 with one hierarchy a controller,
 * or both side by side (hybrid). A container has the same path in every hierarchy.
 */
#ifndef EXEC_CGROUP_H
#define EXEC_CGROUP_H

#include "base/arena.h"
#include "base/error.h"
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

int cgroup_create(struct arena *a, const struct cgroup_host *host, const char *path,
                  struct error *err) MUST_CHECK;
int cgroup_limit(struct arena *a, const struct cgroup_host *host, const char *path,
                 const struct spec_resources *resources, struct error *err) MUST_CHECK;
int cgroup_attach(struct arena *a, const struct cgroup_host *host, const char *path, pid_t pid,
                  struct error *err) MUST_CHECK;
/* Removes it everywhere, waiting a little for processes that are just dying. */
int cgroup_remove(struct arena *a, const struct cgroup_host *host, const char *path,
                  struct error *err) MUST_CHECK;

/* Sends the signal to every process in it. */
int cgroup_signal(struct arena *a, const struct cgroup_host *host, const char *path, int signal,
                  struct error *err) MUST_CHECK;
typedef VEC(pid_t) pid_list;
/* Processes in it and below. */
int cgroup_processes(struct arena *a, const struct cgroup_host *host, const char *path,
                     pid_list *pids, struct error *err) MUST_CHECK;
int cgroup_freeze(struct arena *a, const struct cgroup_host *host, const char *path, bool freeze,
                  struct error *err) MUST_CHECK;
bool cgroup_is_frozen(struct arena *a, const struct cgroup_host *host, const char *path);

/* For the files of this room: writes text to a file of a cgroup. */
int cgroup_write(const char *directory, const char *file, const char *text,
                 struct error *err) MUST_CHECK;
/* Devices that every container may use, whatever its rules say of the rest. */
extern const struct spec_device_rule default_device_rules[];
extern const size_t default_device_rule_count;
/* Rules for devices as an eBPF program on a cgroup of version 2; replaces one that is there. */
int cgroup_devices_v2(struct arena *a, const char *directory,
                      const struct spec_resources *resources, struct error *err) MUST_CHECK;

#endif
