/* SPDX-License-Identifier: Apache-2.0 */
/* The proof that JSON, as crun and runc load it through libseccomp, means what the policy does. */
#ifndef PROVE_LOADS_H
#define PROVE_LOADS_H

#include "compiler/prove/libseccomp_load.h"
#include "compiler/prove/prove.h"

/* One way to load a profile. */
struct loading_way {
    const char *name; /* "crun", "runc with SCMP_FLTATR_CTL_OPTIMIZE 2" */
    enum oci_runtime as;
    int optimize;
};

extern const struct loading_way loading_ways[];
extern const size_t loading_way_count;

/* The profile as a subject, initialised. The policy says for which machine it is loaded. seconds
 * as in struct load_options. */
enum load_result load_profile(struct arena *a, const struct json *profile, const struct policy *p,
                              const struct loading_way *way, unsigned seconds,
                              struct subject *subject, struct error *err);

/*
 * What JSON is held to (emit/oci.h): the policy's architectures, numbers that a kernel may have,
 * and high halves of arguments only where libseccomp looks at them. Excepted are
 * - calls that the installed libseccomp does not know: the runtimes pass over their names;
 * - of runc, numbers without a name above those that its stub answers with ENOSYS.
 */
struct domain loads_domain(struct arena *a, const struct json *profile, const struct policy *p,
                           const struct loading_way *way);
/* The calls of the first exception, and none else. */
struct domain loads_unknown(struct arena *a, const struct policy *p);

#endif
