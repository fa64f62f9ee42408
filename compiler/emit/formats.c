/* SPDX-License-Identifier: Apache-2.0 */
/* The table of formats. */
#include "compiler/emit/emitters.h"
#include "compiler/emit/oci.h"

#include "base/compiler.h"

static int emit_json(struct arena *a, const struct emit_input *in, struct strbuf *out)
{
    const struct oci_options o = {in->listener_path, in->listener_metadata};

    return emit_oci(a, in->policy, &o, out, in->diags);
}

const struct format formats[] = {
    {"json", ".json", true, emit_json}, {"docker", ".docker", true, emit_docker},
    {"bpf", ".bpf", false, emit_bpf},   {"annotation", ".b64", true, emit_annotation},
    {"c", ".h", true, emit_c},          {"asm", ".s", true, emit_asm},
    {"dot", ".dot", true, emit_dot},
};
const size_t format_count = ARRAY_SIZE(formats);

void emit_title(const struct emit_input *in, struct strbuf *out)
{
    const struct policy *p = in->policy;

    for (const char *c = in->name; *c; c++)
        strbuf_putc(out, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
    for (size_t i = 0; i < p->target_count; i++)
        strbuf_printf(out, "%s%s", i ? ", " : " for ", p->targets[i].arch->name);
}
