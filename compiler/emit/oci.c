/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/emit/oci.h"

#include "compiler/tables/names.h"

#include <errno.h>
#include <inttypes.h>

/* "key": with what goes before it; the caller writes the value. */
static void member(struct strbuf *out, unsigned indent, bool *first, const char *key)
{
    strbuf_printf(out, "%s\n%*s\"%s\": ", *first ? "" : ",", (int)indent, "", key);
    *first = false;
}

void oci_write_action(struct strbuf *out, unsigned indent, bool *first, uint32_t ret,
                      const char *action_key, const char *errno_key)
{
    const struct action_info *action = action_of_ret(ret);

    member(out, indent, first, action_key);
    strbuf_printf(out, "\"%s\"", action->oci);
    /* the runtimes take data for these two only; without it they take EPERM */
    if (action->ret == SECCOMP_RET_ERRNO || action->ret == SECCOMP_RET_TRACE) {
        member(out, indent, first, errno_key);
        strbuf_printf(out, "%u", ret & SECCOMP_RET_DATA);
    }
}

static void write_arg(struct strbuf *out, const struct oci_arg *arg)
{
    strbuf_printf(out, "{ \"index\": %u, \"value\": %" PRIu64, arg->index, arg->value);
    if (arg->op == OCI_MASKED_EQ)
        strbuf_printf(out, ", \"valueTwo\": %" PRIu64, arg->value_two);
    strbuf_printf(out, ", \"op\": \"%s\" }", oci_op_names[arg->op]);
}

void oci_write_entry_rest(const struct oci_entry *entry, struct strbuf *out)
{
    bool first = false;

    oci_write_action(out, 6, &first, entry->ret, "action", "errnoRet");
    if (entry->arg_count) {
        member(out, 6, &first, "args");
        strbuf_puts(out, "[");
        for (unsigned i = 0; i < entry->arg_count; i++) {
            strbuf_puts(out, i ? ",\n        " : "\n        ");
            write_arg(out, &entry->args[i]);
        }
        strbuf_puts(out, "\n      ]");
    }
}

static void write_entry(struct strbuf *out, const struct oci_entry *entry)
{
    bool first = true;

    strbuf_puts(out, "    {");
    member(out, 6, &first, "names");
    strbuf_puts(out, "[");
    for (size_t i = 0; i < entry->name_count; i++) {
        strbuf_puts(out, i ? ",\n        \"" : "\n        \"");
        strbuf_puts(out, entry->names[i]);
        strbuf_puts(out, "\"");
    }
    strbuf_puts(out, "\n      ]");
    oci_write_entry_rest(entry, out);
    strbuf_puts(out, "\n    }");
}

void oci_write_flags(struct strbuf *out, bool *first, uint32_t flags)
{
    bool first_flag = true;

    for (size_t i = 0; i < filter_flag_count; i++) {
        if (!(flags & filter_flags[i].bit))
            continue;
        if (first_flag) {
            member(out, 2, first, "flags");
            strbuf_puts(out, "[");
        }
        strbuf_printf(out, "%s\n    \"%s\"", first_flag ? "" : ",", filter_flags[i].oci);
        first_flag = false;
    }
    if (!first_flag)
        strbuf_puts(out, "\n  ]");
}

void oci_write(const struct oci_profile *profile, const struct oci_options *o, struct strbuf *out)
{
    const struct policy *p = profile->policy;
    bool first = true;

    strbuf_puts(out, "{");
    oci_write_action(out, 2, &first, profile->default_ret, "defaultAction", "defaultErrnoRet");
    member(out, 2, &first, "architectures");
    strbuf_puts(out, "[");
    for (size_t i = 0; i < p->target_count; i++)
        strbuf_printf(out, "%s\n    \"%s\"", i ? "," : "", p->targets[i].arch->oci);
    strbuf_puts(out, "\n  ]");
    oci_write_flags(out, &first, p->filter_flags);
    if (o->listener_path) {
        member(out, 2, &first, "listenerPath");
        strbuf_json_string(out, o->listener_path);
    }
    if (o->listener_metadata) {
        member(out, 2, &first, "listenerMetadata");
        strbuf_json_string(out, o->listener_metadata);
    }
    member(out, 2, &first, "syscalls");
    strbuf_puts(out, "[");
    for (size_t i = 0; i < profile->entries.count; i++) {
        strbuf_puts(out, i ? ",\n" : "\n");
        write_entry(out, &profile->entries.at[i]);
    }
    strbuf_puts(out, profile->entries.count ? "\n  ]\n}\n" : "]\n}\n");
}

int emit_oci(struct arena *a, const struct policy *p, const struct oci_options *o,
             struct strbuf *out, struct diags *diags)
{
    const struct oci_profile *profile = oci_lower(a, p, diags);

    if (!profile)
        return -EINVAL;
    oci_write(profile, o, out);
    return 0;
}
