/* SPDX-License-Identifier: Apache-2.0 */
/* A call as people write it. */
#ifndef GRAPH_CALL_TEXT_H
#define GRAPH_CALL_TEXT_H

#include "base/arena.h"

#include <linux/seccomp.h>

/* "read(3, 0, 0) on x86_64"; a number without a name: "syscall 600(0, 0)". Arguments that the
 * call does not have are shown up to the last that is not 0, all of a call of which that is not
 * known; the instruction pointer is shown where it is not 0. */
const char *call_text(struct arena *a, const struct seccomp_data *call);

#endif
