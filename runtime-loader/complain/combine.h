/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Complain mode: what the filters of a container would deny is told and made all the same. This is
 * a way to find out what a program needs, and no boundary at all.
 *
 *     filters ─combine─▶ one that notifies what any of them denies ─kernel─▶ supervisor ─▶ records
 */
#ifndef COMPLAIN_COMBINE_H
#define COMPLAIN_COMBINE_H

#include "base/arena.h"
#include "base/error.h"

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

struct complain_program {
    const struct sock_filter *code;
    size_t count;
};

/*
 * One program of several that the kernel accepts: USER_NOTIF where any of them returns something
 * that does not let the call through, else what the last one returns. -ENOTSUP if one of them
 * computes what it returns, or if all together are more than the kernel takes.
 */
int complain_combine(struct arena *a, const struct complain_program *programs, size_t count,
                     struct complain_program *out, struct error *err) MUST_CHECK;

#endif
