/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers to names, values in the base in which they are read best. */
#include "compiler/graph/call_text.h"

#include "base/str.h"
#include "compiler/tables/syscalls.h"

#include <inttypes.h>

#define LARGEST_DECIMAL 0xffff

static void add_value(struct strbuf *b, uint64_t value)
{
    strbuf_printf(b, value <= LARGEST_DECIMAL ? "%" PRIu64 : "0x%" PRIx64, value);
}

/* As many as the call has, and further ones up to the last that is not 0. */
static void add_arguments(struct strbuf *b, const struct seccomp_data *call,
                          const struct syscall_info *info, const struct arch *arch)
{
    unsigned count = syscall_signature(info, arch).count;

    for (unsigned i = count; i < SYSCALL_MAX_ARGS; i++)
        if (call->args[i])
            count = i + 1;
    if (!info && !count)
        return;
    strbuf_putc(b, '(');
    for (unsigned i = 0; i < count; i++) {
        strbuf_puts(b, i ? ", " : "");
        add_value(b, call->args[i]);
    }
    strbuf_putc(b, ')');
}

const char *call_text(struct arena *a, const struct seccomp_data *call)
{
    uint32_t nr = (uint32_t)call->nr;
    const struct arch *arch = arch_of_call(call->arch, nr);
    const struct syscall_info *info = arch ? syscall_by_number(arch, nr) : NULL;
    struct strbuf b;

    strbuf_init(&b, a);
    if (info)
        strbuf_puts(&b, info->name);
    else
        strbuf_printf(&b, "syscall %" PRIu32, nr);
    add_arguments(&b, call, info, arch);
    if (call->instruction_pointer) {
        strbuf_puts(&b, " at ");
        add_value(&b, call->instruction_pointer);
    }
    if (arch)
        strbuf_printf(&b, " on %s", arch->name);
    else
        strbuf_printf(&b, " on architecture 0x%" PRIx32, call->arch);
    return strbuf_text(&b);
}
