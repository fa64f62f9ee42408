/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

void *vec_grow(struct arena *a, void *old, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : 8;
    void *p = arena_grow(a, old, *room, more, size);

    *room = more;
    return p;
}
