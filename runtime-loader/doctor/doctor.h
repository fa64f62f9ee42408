/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of this host will work, found out by doing it, mostly in children that end at once: nothing
 * is left behind. A finding fails if no container can run as this user; a note is about what some
 * containers ask for.
 */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "runtime-loader/exec/cgroup.h"
#include "runtime-loader/exec/privilege.h"
#include "runtime-loader/plan/plan.h"

enum verdict { VERDICT_OK, VERDICT_NOTE, VERDICT_FAILS };

struct finding {
    const char *id;
    enum verdict verdict;
    const char *text;
    const char *fix; /* one line, NULL: there is nothing to mend, or nothing that could */
};

struct doctor {
    struct arena *arena;
    struct privilege privilege;
    const char *state_root;
    const char *agent;       /* the program that answers notified calls */
    string_list precompiled; /* directories of precompiled filters */
    struct cgroup_host cgroups;
    VEC(struct finding) findings;
};

/* Fills d->findings; the rest is given. */
void doctor_run(struct doctor *d);
/* False where one fails. */
bool doctor_is_well(const struct doctor *d);
void doctor_print(const struct doctor *d, struct strbuf *out);
void doctor_print_json(const struct doctor *d, struct strbuf *out);

/* For the files of this room: what is looked at, in the order of the output. */
void doctor_kernel(struct doctor *d);
void doctor_filters(struct doctor *d);
void doctor_namespaces(struct doctor *d);
void doctor_ids(struct doctor *d);
void doctor_cgroups(struct doctor *d);
void doctor_host(struct doctor *d);

void doctor_add(struct doctor *d, const char *id, enum verdict verdict, const char *fix,
                const char *fmt, ...) PRINTF(5, 6);
/* Runs body in a child, whose error comes back. */
int doctor_try(struct doctor *d, int (*body)(struct doctor *d, struct error *err),
               struct error *err) MUST_CHECK;
/* First line of a file, "" where it cannot be read. */
const char *doctor_line(struct doctor *d, const char *path);
/* Is this kernel at least that version? Where nothing else tells. */
bool doctor_since(int major, int minor);

#endif
