/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filters of a container, ready to be loaded. They are loaded last: nothing but execve(2)
 * comes after, so a policy has to allow only that for its container to start.
 */
#ifndef EXEC_SECCOMP_H
#define EXEC_SECCOMP_H

#include "base/arena.h"
#include "base/error.h"
#include "runtime-loader/spec/spec.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>

struct es_policy;

struct seccomp_filter {
    const struct sock_filter *code;
    uint16_t count;
    uint32_t flags;   /* SECCOMP_FILTER_FLAG_* */
    bool notifies;    /* it is made of filters (combine.h) of which one does */
    const char *name; /* what it came from: "linux.seccomp" ...; NULL: it was made here */
    const char *file; /* that is this file; NULL: it came from elsewhere */
    /* What its source map says that it was compiled from; NULL: nobody has asked. */
    struct es_policy *policy;
};

/* Is the call made by this return value alone? */
static inline bool ret_lets_through(uint32_t ret)
{
    uint32_t action = ret & SECCOMP_RET_ACTION_FULL;

    return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

/* They stack: the kernel takes the most severe result of all. */
struct seccomp_filters {
    VEC(struct seccomp_filter) list;
};

/* What filters come from, besides config.json. */
struct seccomp_sources {
    string_list files;       /* of --seccomp-bpf */
    string_list precompiled; /* directories, see precompiled/store.h */
};

/* All filters that a container gets: linux.seccomp, the annotation run.oci.seccomp_bpf_data and
 * the files. A precompiled filter that cannot be taken is a warning: the section is compiled. */
int seccomp_collect(struct arena *a, const struct spec *spec, const struct seccomp_sources *sources,
                    warning_list *warnings, struct seccomp_filters *out,
                    struct error *err) MUST_CHECK;
/* Compiles a section of linux.seccomp; name stands for it in errors. */
int seccomp_add_section(struct arena *a, const char *name, const char *text,
                        struct seccomp_filters *out, struct error *err) MUST_CHECK;
/* Adds compiled filters after checking them as the kernel does, and that they look at the
 * architecture and let a program start. name is for errors. A file is opened once, has to be a
 * regular one, and what it holds later is of no effect. */
int seccomp_add_blob(struct arena *a, const char *name, const void *bytes, size_t len,
                     struct seccomp_filters *out, struct error *err) MUST_CHECK;
int seccomp_add_file(struct arena *a, const char *path, struct seccomp_filters *out,
                     struct error *err) MUST_CHECK;

#endif
