/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities of containers (engine-caps.def), which docker's and podman's profiles go by. */
#ifndef FRONT_ENGINE_CAPS_H
#define FRONT_ENGINE_CAPS_H

#include <stdbool.h>
#include <stddef.h>

struct engine_cap {
    const char *engine, *cap;
};
extern const struct engine_cap engine_caps[];
extern const size_t engine_cap_count;

/* "podman", "docker", or "none", which has no capabilities. */
bool is_engine(const char *name);

#endif
