/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources of other kinds to a policy that people can read, with the same meaning.
 *
 *     BPF ─import_program (walk.c)─▶ policy ─┐
 *     JSON ─oci_read─▶ profile ─oci_policy──▶├─import_write (write.c)─▶ text
 *     docker's profile ─import_docker: a policy for each set of capabilities that matters ─▶ text
 *
 * Any resolved policy can be written so. What a call gets is worked out by number (behaviour.c);
 * calls that get the same are written together. Numbers of x86_64 and x32 with bit 31 set, which
 * no kernel has, are not looked at.
 */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "base/error.h"
#include "base/str.h"
#include "compiler/cbpf/program.h"
#include "compiler/front/oci_read.h"
#include "compiler/sema/policy.h"

struct import_options {
    const char *title; /* what it was made of: the comment at the head */
};

/* Appends the policy as text. */
void import_write(struct arena *a, const struct policy *p, const struct import_options *o,
                  struct strbuf *out);

/* A comment of one line, whatever is in the title. */
void write_title(struct strbuf *out, const char *title);

/* Its rules alone: no head, no default. */
void import_write_rules(struct arena *a, const struct policy *p, struct strbuf *out);

/* What a program decides, as a policy; NULL: it does what no policy says, and err tells where. The
 * program is one that the kernel accepts. */
struct policy *import_program(struct arena *a, const struct program *program, bool big_endian,
                              struct error *err);

/* A profile of docker's or podman's: what goes by capabilities is written as #if. NULL o->caps.
 * -EINVAL if it has errors, which are in diags. */
int import_docker(struct arena *a, const struct source *s, const struct oci_read_options *read,
                  const struct import_options *o, struct diags *diags, struct strbuf *out);

#endif
