/* SPDX-License-Identifier: Apache-2.0 */
/* Formats bpf and annotation: the program as bytes in its target's order, plain or in base64. */
#include "compiler/emit/emitters.h"

#include "base/base64.h"

static unsigned char *filter_bytes(struct arena *a, const struct emit_input *in, size_t *len)
{
    const struct program *p = &in->filter->layout.program;
    unsigned char *bytes;

    *len = p->count * sizeof(struct sock_filter);
    bytes = arena_alloc(a, *len);
    program_to_bytes(p, in->policy->targets[0].arch->big_endian, bytes);
    return bytes;
}

int emit_bpf(struct arena *a, const struct emit_input *in, struct strbuf *out)
{
    size_t len;
    const unsigned char *bytes = filter_bytes(a, in, &len);

    strbuf_add(out, (const char *)bytes, len);
    return 0;
}

int emit_annotation(struct arena *a, const struct emit_input *in, struct strbuf *out)
{
    size_t len;
    const unsigned char *bytes = filter_bytes(a, in, &len);

    base64_encode(out, bytes, len);
    strbuf_putc(out, '\n');
    return 0;
}
