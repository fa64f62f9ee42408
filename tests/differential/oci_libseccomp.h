/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON profile as it comes to the kernel today: resolved as podman resolves it, loaded as runc
 * and crun load it, compiled by libseccomp. The other side of comparisons by meaning.
 */
#ifndef TESTS_OCI_LIBSECCOMP_H
#define TESTS_OCI_LIBSECCOMP_H

#include "base/error.h"
#include "compiler/cbpf/program.h"
#include "compiler/tables/arch.h"

#include <json-c/json.h>

#define OCI_MAX_ARCHES 4

struct oci_context {
    const struct arch *native; /* of the machine that the container runs on */
    const char *const *caps;   /* of the container, ended by NULL */
};

/* What archMap gives a machine: its own architecture and those that go with it; where there is
 * no archMap or it lacks the machine, `architectures`, or else the machine's own alone. */
size_t oci_arches(struct json_object *profile, const struct arch *native,
                  const struct arch *arches[OCI_MAX_ARCHES]);

/* The program that libseccomp makes of the profile, in this host's byte order, malloc'ed code. */
int oci_libseccomp(struct json_object *profile, const struct oci_context *o,
                   struct program *program, struct error *err) MUST_CHECK;

/* Does libseccomp know the name on any architecture? */
bool oci_libseccomp_knows(const char *name);

#endif
