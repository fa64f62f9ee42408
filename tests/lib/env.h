/* SPDX-License-Identifier: Apache-2.0 */
/* How much a test does, as the environment says. */
#ifndef TESTS_LIB_ENV_H
#define TESTS_LIB_ENV_H

#include <stdint.h>
#include <stdlib.h>

static inline uint64_t env_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

#endif
