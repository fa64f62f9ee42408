/* SPDX-License-Identifier: Apache-2.0 */
/* The functions behind the table of formats, a file each. */
#ifndef EMIT_EMITTERS_H
#define EMIT_EMITTERS_H

#include "compiler/emit/formats.h"

/* docker: a profile for docker and podman, with the capabilities that the policy asks for left open
 * (docker.c). */
int emit_docker(struct arena *a, const struct emit_input *in, struct strbuf *out);
/* bpf: the bytes that seccomp(2) takes on the target. */
int emit_bpf(struct arena *a, const struct emit_input *in, struct strbuf *out);
/* annotation: those bytes in base64, for run.oci.seccomp_bpf_data of config.json. */
int emit_annotation(struct arena *a, const struct emit_input *in, struct strbuf *out);
/* c: a header with the program as a static array. */
int emit_c(struct arena *a, const struct emit_input *in, struct strbuf *out);
/* asm: the disassembly, with the lines of the policy that instructions come from. */
int emit_asm(struct arena *a, const struct emit_input *in, struct strbuf *out);
/* dot: the decision graph, for graphviz. */
int emit_dot(struct arena *a, const struct emit_input *in, struct strbuf *out);

/* A leaf's colour by its action, by a name that HTML knows too. */
const char *leaf_colour(uint32_t ret);

/* What stands at the head of generated text: "policy.seccomp for x86_64, x32", on one line. */
void emit_title(const struct emit_input *in, struct strbuf *out);

#endif
