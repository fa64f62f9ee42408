/* SPDX-License-Identifier: Apache-2.0 */
/*
 * systemd as the manager of control groups: containers are in transient scopes, units that systemd
 * makes for processes which it did not start. The system's manager, or that of a user.
 */
#ifndef SYSTEMD_MANAGER_H
#define SYSTEMD_MANAGER_H

#include "runtime-loader/exec/limits.h"
#include "runtime-loader/spec/spec.h"
#include "runtime-loader/systemd/bus.h"

#include <sys/types.h>

struct manager {
    struct bus bus;
    bool user;
    const char *cgroup; /* its own, under which all slices are; "": the root */
};

struct manager_scope {
    const char *name, *slice, *description;
    const string_map *annotations; /* org.systemd.property.*: properties */
};

int manager_connect(struct arena *a, bool user, struct manager *out, struct error *err) MUST_CHECK;
void manager_release(struct manager *m);

/* Starts a scope around a process and waits until that is done. limits: those of version 2. */
int manager_start_scope(struct manager *m, const struct manager_scope *scope,
                        const limit_list *limits, pid_t pid, struct error *err) MUST_CHECK;
/* Stops it where it is still there, and waits for that. */
int manager_stop_scope(struct manager *m, const char *name, struct error *err) MUST_CHECK;
/* Gives a scope the properties behind limits, so that systemd does not set what it had before. */
int manager_set_limits(struct manager *m, const char *name, const limit_list *limits,
                       struct error *err) MUST_CHECK;

/* For the files of this room: properties that say what the files are to hold, as elements of an
 * "a(sv)"; a file that systemd knows nothing of is left out. */
void properties_of_limits(const limit_list *limits, struct strbuf *out);
/* The same of annotations, whose values are as in variant.h. */
int properties_of_annotations(struct arena *a, const string_map *annotations, struct strbuf *out,
                              struct error *err) MUST_CHECK;
void property_text(struct strbuf *out, const char *name, const char *text);
void property_bool(struct strbuf *out, const char *name, bool value);
void property_u64(struct strbuf *out, const char *name, uint64_t value);

#endif
