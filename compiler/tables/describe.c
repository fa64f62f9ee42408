/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/tables/describe.h"

void describe_argument(const struct syscall_arg *arg, struct strbuf *out)
{
    static const char *const classes[] = {
        [ARG_INT] = "int", [ARG_UINT] = "uint", [ARG_PTR] = "ptr"};

    strbuf_printf(out, "%s%u %s", classes[arg->class], arg->bits, arg->name);
}

void describe_signature(const struct signature *s, struct strbuf *out)
{
    if (!s->known)
        return;
    strbuf_putc(out, '(');
    for (unsigned i = 0; i < s->count; i++) {
        strbuf_puts(out, i ? ", " : "");
        describe_argument(&s->args[i], out);
    }
    strbuf_putc(out, ')');
}

void describe_release(kernel_release r, struct strbuf *out)
{
    strbuf_printf(out, r & 0xff ? "%u.%u.%u" : "%u.%u", r >> 16, r >> 8 & 0xff, r & 0xff);
}
