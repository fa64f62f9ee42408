/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What profiles of docker and podman say beyond OCI JSON, resolved as these engines do it:
 * "archMap" to architectures; entries that "includes" and "excludes" select by capabilities,
 * architecture and kernel (minKernel: docker alone); "errno" as a name.
 */
#ifndef FRONT_DOCKER_READ_H
#define FRONT_DOCKER_READ_H

#include "compiler/front/oci_reader.h"

/* Is this an object that only docker's and podman's profiles have? */
bool docker_is_profile(const struct json *root);

/* "architectures" or what "archMap" has for the machine. */
void docker_archs(struct oci_reader *r, const struct json *root);

/* Is the entry one for this machine and these capabilities? Faults in it are recorded. */
bool docker_selects(struct oci_reader *r, const struct json *entry);

/* The number that "errno" or "defaultErrno" (key) names; false if the member is missing or empty
 * (then errnoRet counts), or wrong, which is recorded. */
bool docker_errno(struct oci_reader *r, const struct json *object, const char *key,
                  uint64_t *number);

#endif
