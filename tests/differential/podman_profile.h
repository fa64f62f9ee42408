/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile of podman's (includes, excludes, archMap, errnos by name) resolved as podman does
 * (containers/common, pkg/seccomp) for a machine and a container: what it puts into config.json.
 */
#ifndef TESTS_PODMAN_PROFILE_H
#define TESTS_PODMAN_PROFILE_H

#include "compiler/tables/arch.h"

#include <json-c/json.h>

struct podman_context {
    const struct arch *native; /* of the machine */
    const char *const *caps;   /* of the container, ended by NULL */
};

/* Plain OCI JSON, a new object; its "architectures" begin with the machine's own. Parts that a
 * profile of today has not (minKernel) are not looked at. */
struct json_object *podman_resolve(struct json_object *profile, const struct podman_context *p);

#endif
