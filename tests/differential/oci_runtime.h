/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCI JSON as text to a filter as crun and runc make it: compiler/prove/libseccomp_load.h, with
 * which the program itself verifies JSON.
 */
#ifndef TESTS_OCI_RUNTIME_H
#define TESTS_OCI_RUNTIME_H

#include "compiler/cbpf/program.h"

enum runtime { RUNTIME_CRUN, RUNTIME_RUNC };

struct runtime_options {
    enum runtime runtime;
    int optimize;     /* SCMP_FLTATR_CTL_OPTIMIZE: 1 or 2 */
    bool elsewhere;   /* on a machine of the profile's: without this machine's architecture */
    unsigned seconds; /* of processor time, until it is taken to loop for ever */
};

enum runtime_result {
    RUNTIME_LOADED,
    RUNTIME_REFUSED, /* *why says why */
    RUNTIME_LOOPED,
};

/* On RUNTIME_LOADED *bytes is malloc'ed. why: at least 200 bytes. */
enum runtime_result runtime_load(const char *json, const struct runtime_options *o,
                                 unsigned char **bytes, size_t *len, char *why);

/* runc puts a stub before the filter that answers ENOSYS to numbers of an architecture
 * above the largest that it knows of the profile's. UINT32_MAX: none does. */
uint32_t runtime_runc_stub(const char *json, const char *oci_arch);

#endif
