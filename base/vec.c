/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

#include <string.h>

void *vec_grow(struct arena *a, const void *old, size_t count, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : 8;
    void *p = arena_array(a, more, size);

    if (count)
        memcpy(p, old, count * size);
    *room = more;
    return p;
}
