/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/recording.h"

#include <inttypes.h>
#include <string.h>

/* Families whose values are chosen by the system, or by whoever names a file: no rule is made of
 * them. */
static const char *const varying[] = {"DFD", "S", "KEY_SPEC", "IOPRIO"};

/* --- what was made ---------------------------------------------------------------------------- */

/* NULL: what is in the argument is not kept. */
static const struct argument_family *kept_family(const struct syscall_info *info,
                                                 const struct syscall_arg *arg)
{
    const struct argument_family *family = argument_family(info->name, arg->name);

    for (size_t i = 0; family && i < ARRAY_SIZE(varying); i++)
        if (!strcmp(family->family, varying[i]))
            return NULL;
    return family;
}

static struct recorded_call *find(struct recording *r, const struct arch *arch, uint32_t nr)
{
    struct recorded_call *c;

    for (size_t i = 0; i < r->calls.count; i++)
        if (r->calls.at[i]->nr == nr && r->calls.at[i]->arch == arch)
            return r->calls.at[i];
    c = ARENA_NEW(r->arena, struct recorded_call);
    c->arch = arch;
    c->nr = nr;
    c->info = syscall_by_number(arch, nr);
    c->signature = syscall_signature(c->info, arch);
    for (unsigned i = 0; i < c->signature.count; i++)
        c->args[i].family = kept_family(c->info, &c->signature.args[i]);
    VEC_PUSH(r->arena, &r->calls, c);
    return c;
}

/* Those that the kernel reads of an argument. */
static uint64_t bits_read(const struct recorded_call *c, unsigned arg)
{
    return UINT64_MAX >> (64 - c->signature.args[arg].bits);
}

static void add_value(struct recorded_arg *a, uint64_t value)
{
    a->bits |= value;
    for (unsigned i = 0; i < a->count; i++)
        if (a->values[i] == value)
            return;
    if (a->count == MOST_VALUES)
        a->many = true;
    else
        a->values[a->count++] = value;
}

void recording_add(struct recording *r, const struct seccomp_data *call)
{
    const struct arch *arch = arch_of_call(call->arch, (uint32_t)call->nr);
    struct recorded_call *c;

    if (!arch) {
        r->foreign++;
        return;
    }
    c = find(r, arch, (uint32_t)call->nr);
    for (unsigned i = 0; i < SYSCALL_MAX_ARGS; i++)
        if (c->args[i].family)
            add_value(&c->args[i], call->args[i] & bits_read(c, i));
}

/* --- as rules --------------------------------------------------------------------------------- */

/* Is nothing said of the argument? */
static bool is_open(const struct recorded_arg *a)
{
    return !a->family || (a->many && !a->family->flags);
}

static void write_arg(const struct recorded_call *c, unsigned arg, struct strbuf *out)
{
    const struct recorded_arg *a = &c->args[arg];
    const char *name = c->signature.args[arg].name;

    if (a->many) {
        strbuf_printf(out, "%s & %#" PRIx64 " == 0", name, ~a->bits & bits_read(c, arg));
        return;
    }
    strbuf_printf(out, "%s in (", name);
    for (unsigned i = 0; i < a->count; i++)
        strbuf_printf(out, "%s%#" PRIx64, i ? ", " : "", a->values[i]);
    strbuf_putc(out, ')');
}

static void write_call(const struct recorded_call *c, struct strbuf *out)
{
    bool any = false;

    strbuf_printf(out, "$arch == @%s && ", c->arch->name);
    if (!c->info) {
        strbuf_printf(out, "$syscall == %" PRIu32 " => ALLOW();\n", c->nr);
        return;
    }
    strbuf_printf(out, "@%s", c->info->name);
    for (unsigned i = 0; i < SYSCALL_MAX_ARGS; i++) {
        if (is_open(&c->args[i]))
            continue;
        strbuf_puts(out, any ? " && " : "(");
        write_arg(c, i, out);
        any = true;
    }
    strbuf_puts(out, any ? ") => ALLOW();\n" : " => ALLOW();\n");
}

void recording_write(const struct recording *r, struct strbuf *out)
{
    for (size_t i = 0; i < r->calls.count; i++)
        write_call(r->calls.at[i], out);
}

void recording_write_archs(const struct recording *r, struct strbuf *out)
{
    const struct arch *native = arch_native();

    strbuf_puts(out, native->name);
    for (size_t i = 0; i < r->calls.count; i++) {
        const struct arch *arch = r->calls.at[i]->arch;
        bool told = arch == native;

        for (size_t j = 0; j < i; j++)
            told |= r->calls.at[j]->arch == arch;
        if (!told)
            strbuf_printf(out, ", %s", arch->name);
    }
}
