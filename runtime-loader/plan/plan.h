/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What will be done to make a container or to run a process in one, as data: made from the spec
 * and a few facts about the host without touching the system, printable, then executed in order.
 *
 *     runtime            init
 *     prepare
 *     clone ───────────▶ enter
 *     attend  ◀ proto ▶  setup
 *                          ⋮
 *                        finish (from `start` on)
 *
 * Where a user namespace is joined first, a process between the two does that and makes init.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "runtime-loader/proto/proto.h"
#include "runtime-loader/spec/spec.h"

/* Changes of a mount, for mount_setattr(2). */
struct mount_flags {
    uint64_t set, clear;                     /* MOUNT_ATTR_* of the mount itself */
    uint64_t recursive_set, recursive_clear; /* of it and all below */
    uint64_t propagation;                    /* MS_SHARED …, 0: as it is */
    bool propagation_recursive;
};

struct step_source {
    size_t index; /* into the executor's table of opened sources */
    const char *path;
    bool recursive;
    struct mount_flags flags;
    /* An idmapped mount when uids is not NULL. */
    const id_mappings *uids, *gids;
    bool map_recursive;
};

struct step_mount {
    const char *type, *source, *target;
    string_list data; /* parameters of the file system: "name=value" or "name" */
    struct mount_flags flags;
    bool copy_up;
    bool plain_target; /* the target's path must hold no symbolic link: /proc and /sys */
};

struct step_attach {
    size_t source;
    const char *target;
};

struct step_device {
    const char *path;
    int type;
    uint32_t major, minor, mode, uid, gid;
    bool replaces; /* what else an image has there; false: that is an error */
};

struct step_join {
    enum namespace_kind kind;
    const char *path;
};

struct step_link {
    const char *path, *target;
};

struct step_hooks {
    const char *name; /* as in config.json */
    const hook_list *list;
};

enum step_op {
#define STEP(name, function, word, member) STEP_##name,
#include "runtime-loader/plan/steps.def"
#undef STEP
    STEP_COUNT
};

struct step {
    enum step_op op;
    union {
        struct step_source source;
        struct step_mount mount;
        struct step_attach attach;
        struct step_device device;
        struct step_join join;
        struct step_link link;
        struct step_hooks hooks;
        struct string_pair pair;
        enum message message;
        enum namespace_kind kind;
        const char *text;
        int64_t number;
    };
};

enum phase {
    PHASE_PREPARE,
    PHASE_BETWEEN, /* of the process between; empty: there is none */
    PHASE_ATTEND,
    PHASE_ENTER, /* init, before it is anybody else than the runtime was */
    PHASE_SETUP,
    PHASE_FINISH,
    PHASE_COUNT
};

enum cgroup_mode { CGROUP_NONE, CGROUP_V1, CGROUP_HYBRID, CGROUP_V2 };

/* What the plan has to know of the host and of the command line. */
struct plan_options {
    const char *id, *bundle;
    bool privileged; /* the runtime has CAP_SYS_ADMIN in the first user namespace */
    bool admin;      /* … in the one where it is */
    bool may_mount;  /* … and the mounts that it sees belong to that one */
    enum cgroup_mode cgroups;
    const char *cgroup; /* where it is to be, NULL: as config.json says */
    const char *vacate; /* a cgroup whose processes have to go into a leaf before; NULL: none */
    /* Not NULL: systemd has the cgroups, and makes a scope below that of its own; user: it is the
     * manager of a user. */
    const char *systemd;
    bool systemd_user;
    bool selinux;
    bool no_pivot, no_new_keyring;
    bool keep_groups; /* the process gets the supplementary groups of the caller */
    unsigned preserve_fds;
    bool filters; /* a seccomp filter will be loaded */
};

/* Facts of the running container that `exec` needs. */
struct plan_container {
    unsigned namespaces; /* bits of enum namespace_kind that differ from the runtime's */
    const char *cgroup;
    const id_mappings *uid_mappings;
};

/* A unit of systemd's that holds a container. */
struct scope {
    const char *slice, *name;
    const char *cgroup; /* path of it */
};

struct plan {
    struct arena *arena;
    const struct spec_process *process;
    const struct spec *spec; /* NULL for exec */
    uint64_t clone_flags;
    enum phase source_phase;   /* who opens the sources of mounts: who may copy them */
    const char *cgroup;        /* path below the mount points, NULL: none is managed */
    const struct scope *scope; /* that has this path, NULL: systemd does not know it */
    size_t source_count;
    VEC(struct step) phases[PHASE_COUNT];
};

int plan_create(struct arena *a, const struct spec *spec, const struct plan_options *options,
                struct plan *out, struct error *err) MUST_CHECK;
int plan_exec(struct arena *a, const struct spec_process *process,
              const struct plan_container *container, const struct plan_options *options,
              struct plan *out, struct error *err) MUST_CHECK;

/* One line a step: phase, word, arguments. */
void plan_print(const struct plan *plan, struct strbuf *out);

/* For the files of this room. */
struct step *plan_add(struct plan *plan, enum phase phase, enum step_op op);
void plan_message(struct plan *plan, enum phase phase, enum step_op op, enum message message);
int plan_mounts(struct plan *plan, const struct plan_options *options,
                struct error *err) MUST_CHECK;
/* What linux.cgroupsPath means to systemd. */
int plan_scope(struct arena *a, const struct spec *spec, const struct plan_options *options,
               struct scope *out, struct error *err) MUST_CHECK;
void plan_devices(struct plan *plan, const struct plan_options *options);
size_t plan_source(struct plan *plan, const char *path, bool recursive,
                   const struct mount_flags *flags);
void plan_streams(struct plan *plan, const id_mappings *uids);
void plan_process_setup(struct plan *plan, const struct plan_options *options);
void plan_process_finish(struct plan *plan, const struct plan_options *options);

struct mount_request {
    bool bind, recursive, copy_up, idmap, idmap_recursive;
    struct mount_flags flags;
    string_list data;
};
/* Sorts the options of config.json into what they ask for. */
void mount_options_sort(struct arena *a, const string_list *options, struct mount_request *out);

#endif
