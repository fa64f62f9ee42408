/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the runtimes make of a profile, through libseccomp, as a policy:
 *
 * - architectures: those listed and the machine's own; calls from others kill the thread;
 * - entries whose action is the default's are skipped, names that nobody knows are ignored;
 * - an argument index twice in an entry makes a rule of each of its conditions (crun takes six);
 * - of one call, the first rule without conditions beats all others; else see oci_order.h;
 * - where only low halves are compared (oci_terms.h), values and masks lose their high halves;
 * - an entry for a call that a carrier multiplexes is one for the carrier too;
 * - runc answers ENOSYS to numbers above the largest of the profile's names, if the default is an
 *   error other than that.
 *
 * OCI_AS_SPEC differs in that all conditions of an entry have to hold, whatever their indexes.
 */
#ifndef SEMA_OCI_POLICY_H
#define SEMA_OCI_POLICY_H

#include "compiler/front/oci_read.h"
#include "compiler/sema/policy.h"

/* NULL: recorded why. Warnings tell what is surely not what was meant. */
struct policy *oci_policy(struct arena *a, const struct oci_spec *spec, struct diags *diags);

#endif
