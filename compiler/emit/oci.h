/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resolved policy to OCI JSON (runtime-spec, config-linux.md, "Seccomp") that means the same, as
 * runc and crun load it through libseccomp, for every call of every target. The way:
 *
 *     policy ─lower (oci_lower.c)─▶ entries ─▶ text
 *        └ by name: decision diagram (oci_diagram.c) ─▶ products (oci_cover.c)
 *
 * What no entry reaches is not held against the policy: architectures that are not targets (they
 * get KILL_THREAD there), numbers with bit 31 set (no kernel has them), and the high halves of
 * arguments on 32-bit architectures (where the kernel gives zeros; on x32 and n32 it does not, and
 * a rule to which that matters is warned of).
 */
#ifndef EMIT_OCI_H
#define EMIT_OCI_H

#include "base/diag.h"
#include "base/str.h"
#include "compiler/front/oci_terms.h"
#include "compiler/sema/policy.h"

struct oci_options {
    const char *listener_path, *listener_metadata; /* NULL: none */
};

struct oci_entry {
    const char *const *names; /* sorted */
    size_t name_count;
    uint32_t ret;
    const struct oci_arg *args; /* ascending index, each at most once */
    unsigned arg_count;
};

struct oci_profile {
    uint32_t default_ret;
    const struct policy *policy; /* its targets and flags are the profile's */
    VEC(struct oci_entry) entries;
};

/* NULL if the policy means what JSON cannot say; json-cannot-say tells the rule then. */
struct oci_profile *oci_lower(struct arena *a, const struct policy *p, struct diags *diags);

/* Appends the profile as text, lines of two blanks' indentation, with a line end. */
void oci_write(const struct oci_profile *profile, const struct oci_options *o, struct strbuf *out);

/* Parts of it, each behind the members before it: the action of an entry with its arguments; an
 * action; "flags" if there are any. */
void oci_write_entry_rest(const struct oci_entry *entry, struct strbuf *out);
void oci_write_action(struct strbuf *out, unsigned indent, bool *first, uint32_t ret,
                      const char *action_key, const char *errno_key);
void oci_write_flags(struct strbuf *out, bool *first, uint32_t flags);

/* Both; -EINVAL if there is no profile. Nothing is appended then. */
int emit_oci(struct arena *a, const struct policy *p, const struct oci_options *o,
             struct strbuf *out, struct diags *diags) MUST_CHECK;

#endif
