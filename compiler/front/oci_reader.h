/* SPDX-License-Identifier: Apache-2.0 */
/* What oci_read.c and docker_read.c share: reading members with their types checked. */
#ifndef FRONT_OCI_READER_H
#define FRONT_OCI_READER_H

#include "compiler/front/oci_read.h"

struct oci_reader {
    struct arena *arena;
    struct diags *diags;
    const struct oci_read_options *options;
    const struct arch *native;
    bool docker;
    struct oci_spec *spec;
};

/* Records json-value at the value (or json-refused). */
struct diag *oci_wrong(struct oci_reader *r, const struct json *value, const char *fmt, ...)
    PRINTF(3, 4);
struct diag *oci_refused(struct oci_reader *r, const struct json *value, const char *fmt, ...)
    PRINTF(3, 4);

/* The member if it is there, not null and of the kind; a wrong kind is recorded. */
const struct json *oci_member(struct oci_reader *r, const struct json *object, const char *key,
                              enum json_kind kind);

/* Is the value of the kind? If not, that is recorded; `what` names it. */
bool oci_expect(struct oci_reader *r, const struct json *value, enum json_kind kind,
                const char *what);

/* Appends an architecture to the profile's, once. */
void oci_add_arch(struct oci_reader *r, const struct json *name);

#endif
