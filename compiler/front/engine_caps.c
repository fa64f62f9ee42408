/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/engine_caps.h"

#include "base/compiler.h"

#include <string.h>

const struct engine_cap engine_caps[] = {
#define ENGINE_CAP(engine, cap) {engine, cap},
#include "compiler/front/engine-caps.def"
#undef ENGINE_CAP
};
const size_t engine_cap_count = ARRAY_SIZE(engine_caps);

bool is_engine(const char *name)
{
    bool found = strcmp(name, "none") == 0;

    for (size_t i = 0; i < engine_cap_count; i++)
        found |= strcmp(name, engine_caps[i].engine) == 0;
    return found;
}
