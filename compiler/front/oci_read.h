/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCI JSON (runtime-spec, config-linux.md, "Seccomp") to plain data: checked, words to values, and
 * otherwise as it stands. What the runtimes then make of it is sema/oci_policy.h.
 *
 *     text ─json_parse─▶ tree ─oci_read─▶ struct oci_spec ─oci_policy─▶ struct policy
 *
 * A docker or podman profile (docker_read.h) is first resolved as these engines do for a machine,
 * a kernel and a set of capabilities; of a config.json the member linux.seccomp is read.
 */
#ifndef FRONT_OCI_READ_H
#define FRONT_OCI_READ_H

#include "base/vec.h"
#include "compiler/front/json.h"
#include "compiler/front/oci_terms.h"
#include "compiler/tables/syscalls.h"

enum oci_kind { OCI_PROFILE, OCI_DOCKER, OCI_CONFIG };

enum oci_kind oci_kind_of(const struct json *root);

struct oci_read_options {
    enum oci_runtime as;
    const struct arch *native; /* of the machine that the profile is for; NULL: this one's */
    /* for docker and podman profiles: */
    const char *const *caps; /* "CAP_SYS_ADMIN" ...: the container's bounding set */
    size_t cap_count;
    kernel_release kernel; /* of that machine; 0: newer than any that a profile asks for */
};

/* One of "syscalls". */
struct oci_call {
    const struct json *entry; /* the object */
    const struct json *names; /* array of strings, or one string (docker's "name") */
    uint32_t ret;
    const struct oci_arg *args; /* as written: any number, any order */
    unsigned arg_count;
    struct span span, args_span;
};

struct oci_spec {
    const struct source *source;
    const struct json *root; /* the profile's object */
    enum oci_runtime as;
    const struct arch *native;
    uint32_t default_ret;
    struct span default_span;
    VEC(const struct arch *) archs;                /* as listed */
    uint32_t filter_flags;                         /* SECCOMP_FILTER_FLAG_* */
    const char *listener_path, *listener_metadata; /* NULL: none */
    VEC(struct oci_call) calls;
};

/* NULL: recorded why. */
struct oci_spec *oci_read(struct arena *a, const struct source *s, const struct oci_read_options *o,
                          struct diags *diags);

/* What a source is, by its first bytes. */
enum source_kind { SOURCE_POLICY, SOURCE_JSON, SOURCE_BPF };

enum source_kind source_kind_of(const char *bytes, size_t len);

#endif
