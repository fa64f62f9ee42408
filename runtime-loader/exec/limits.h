/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.resources as a list of what is to be written to which file of a cgroup, for either version.
 * Made without looking at the host.
 *
 * What config.json means is version 1's; version 2's files get
 *
 *     memory.swap      counts memory too:  memory.swap.max = swap - limit
 *     cpu.shares       2..262144:          cpu.weight = 1 + (shares - 2) * 9999 / 262142
 *     blockIO.weight   10..1000:           io.bfq.weight as it is; without that file
 *                                          io.weight = 1 + (weight - 10) * 9999 / 990
 *
 * as from crun before 1.23 and runc before 1.3.2, whose successors bend the line for cpu.weight so
 * that 1024 shares are a weight of 100.
 */
#ifndef EXEC_LIMITS_H
#define EXEC_LIMITS_H

#include "base/arena.h"
#include "runtime-loader/spec/spec.h"

struct limit {
    const char *controller; /* "": none is needed, the file is version 2's own */
    const char *file;       /* NULL: this version has nothing like it */
    const char *text;
    const char *member; /* of linux.resources */
    /* Where there is no such file: another one, or, optional, nothing to be done. */
    const char *other_file, *other_text;
    bool optional;
    /* The kernel may refuse it (EINVAL) until another limit of the list is set. */
    bool may_wait;
};
typedef VEC(struct limit) limit_list;

void limits_v1(struct arena *a, const struct spec_resources *r, limit_list *out);
void limits_v2(struct arena *a, const struct spec_resources *r, limit_list *out);

/* For both of them. */
void limit_add(struct arena *a, limit_list *out, struct limit limit);
void limit_number(struct arena *a, limit_list *out, const struct opt_int *number,
                  struct limit limit);
void limit_missing(struct arena *a, limit_list *out, const struct opt_int *number,
                   const char *controller, const char *member);
/* A device's number and what is said of it. */
const char *limit_device(struct arena *a, int64_t major, int64_t minor, const char *key,
                         uint64_t value);
/* ending: "max", or what version 1 has for it. */
void limits_hugepages(struct arena *a, const struct spec_resources *r, const char *ending,
                      limit_list *out);
void limits_rdma(struct arena *a, const struct spec_resources *r, limit_list *out);

#endif
