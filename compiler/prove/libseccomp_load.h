/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCI JSON to a filter as crun (1.8.1) and runc (1.1.5) make it, with the installed libseccomp and
 * nothing of what the project believes about it, in a child with a time limit: libseccomp does not
 * come to an end with some profiles.
 */
#ifndef PROVE_LIBSECCOMP_LOAD_H
#define PROVE_LIBSECCOMP_LOAD_H

#include "base/error.h"
#include "compiler/front/json.h"
#include "compiler/front/oci_terms.h"

struct load_options {
    enum oci_runtime as; /* crun or runc */
    int optimize;        /* SCMP_FLTATR_CTL_OPTIMIZE: 1 or 2 */
    bool elsewhere;      /* on a machine of the profile's: without this machine's architecture */
    unsigned seconds;    /* of processor time, until it is taken to loop for ever */
};

enum load_result {
    LOAD_DONE,
    LOAD_REFUSED, /* err says why */
    LOAD_LOOPED,
    LOAD_FAILED, /* of the system, in err */
};

/* The profile is well-formed OCI JSON, docker's additions resolved. On LOAD_DONE *bytes is
 * malloc'ed: instructions in the byte order of the profile's architectures. */
enum load_result libseccomp_load(const struct json *profile, const struct load_options *o,
                                 unsigned char **bytes, size_t *len, struct error *err);

/* runc puts a stub before the filter that answers ENOSYS to numbers of an architecture
 * above the largest that it knows of the profile's. UINT32_MAX: none does. */
uint32_t libseccomp_runc_stub(const struct json *profile, const struct arch *arch);

/* Is this the installed libseccomp's name for the number? */
bool libseccomp_knows(const struct arch *arch, const char *name, uint32_t nr);

#endif
