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
#include <stdbool.h>

struct seccomp_filter {
    const struct sock_filter *code;
    uint16_t count;
    uint32_t flags; /* SECCOMP_FILTER_FLAG_* */
};

/* They stack: the kernel takes the most severe result of all. */
struct seccomp_filters {
    LIST(struct seccomp_filter) list;
};

/* All filters that a container gets: linux.seccomp, the annotation run.oci.seccomp_bpf_data and
 * the files of --seccomp-bpf. */
/* Adds one blob after checking it; out has room for it. name is for errors. */
int seccomp_add_blob(struct arena *a, const char *name, const void *bytes, size_t len,
                     struct seccomp_filters *out, struct error *err) MUST_CHECK;
/* room: places for more filters than these. */
int seccomp_collect(struct arena *a, const struct spec *spec, const string_list *files, size_t room,
                    struct seccomp_filters *out, struct error *err) MUST_CHECK;

#endif
