/* SPDX-License-Identifier: Apache-2.0 */
/* Plans as text. */
#include "runtime-loader/plan/plan.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mount.h>

static const struct name_value attribute_names[] = {
    {"ro", MOUNT_ATTR_RDONLY},
    {"nosuid", MOUNT_ATTR_NOSUID},
    {"nodev", MOUNT_ATTR_NODEV},
    {"noexec", MOUNT_ATTR_NOEXEC},
    {"noatime", MOUNT_ATTR_NOATIME},
    {"strictatime", MOUNT_ATTR_STRICTATIME},
    {"nodiratime", MOUNT_ATTR_NODIRATIME},
    {"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW},
    {"idmap", MOUNT_ATTR_IDMAP},
    {0},
};

static const struct name_value propagation_names[] = {
    {"shared", MS_SHARED},
    {"slave", MS_SLAVE},
    {"private", MS_PRIVATE},
    {"unbindable", MS_UNBINDABLE},
    {0},
};

static void put_attributes(const char *sign, uint64_t bits, struct strbuf *out)
{
    for (const struct name_value *n = attribute_names; n->name; n++)
        if (bits & (uint64_t)n->value)
            strbuf_printf(out, " %s%s", sign, n->name);
}

static void put_flags(const struct mount_flags *f, struct strbuf *out)
{
    put_attributes("+", f->set, out);
    put_attributes("-", f->clear & ~f->set, out);
    put_attributes("+r", f->recursive_set, out);
    put_attributes("-r", f->recursive_clear & ~f->recursive_set, out);
    if (f->propagation)
        strbuf_printf(out, " %s%s", f->propagation_recursive ? "r" : "",
                      name_of(propagation_names, (int64_t)f->propagation));
}

static void put_none(const struct step *s, struct strbuf *out)
{
    (void)s;
    (void)out;
}

static void put_source(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " [%zu] %s%s", s->source.index, s->source.path,
                  s->source.recursive ? " recursive" : "");
    put_flags(&s->source.flags, out);
    for (size_t i = 0; s->source.uids && i < s->source.uids->count; i++)
        strbuf_printf(out, " uid %u:%u:%u", s->source.uids->at[i].container_id,
                      s->source.uids->at[i].host_id, s->source.uids->at[i].size);
}

static void put_mount(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s %s on %s", s->mount.type, s->mount.source, s->mount.target);
    for (size_t i = 0; i < s->mount.data.count; i++)
        strbuf_printf(out, " %s", s->mount.data.at[i]);
    put_flags(&s->mount.flags, out);
    if (s->mount.copy_up)
        strbuf_puts(out, " copy-up");
}

static void put_attach(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " [%zu] on %s", s->attach.source, s->attach.target);
}

static void put_device(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s %c %u:%u mode %04o owner %u:%u", s->device.path, s->device.type,
                  s->device.major, s->device.minor, s->device.mode, s->device.uid, s->device.gid);
}

static void put_join(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s %s", namespace_infos[s->join.kind].name,
                  s->join.path ? s->join.path : "of the container");
}

static void put_link(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s -> %s", s->link.path, s->link.target);
}

static void put_hooks(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s", s->hooks.name);
    for (size_t i = 0; i < s->hooks.list->count; i++)
        strbuf_printf(out, " %s", s->hooks.list->at[i].path);
}

static void put_pair(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s=%s", s->pair.key, s->pair.value);
}

static void put_message(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s", message_names[s->message]);
}

static void put_kind(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s", namespace_infos[s->kind].name);
}

static void put_text(const struct step *s, struct strbuf *out)
{
    strbuf_printf(out, " %s", s->text ? s->text : "(default)");
}

static void put_number(const struct step *s, struct strbuf *out)
{
    /* A umask reads best in octal; the rest are small counts and flags. */
    strbuf_printf(out, s->op == STEP_UMASK ? " %04" PRIo64 : " %" PRId64, s->number);
}

static const struct {
    const char *word;
    void (*put)(const struct step *s, struct strbuf *out);
} step_texts[STEP_COUNT] = {
#define STEP(name, function, word, member) [STEP_##name] = {word, put_##member},
#include "runtime-loader/plan/steps.def"
#undef STEP
};

static void print_phase(const struct plan *plan, enum phase phase, const char *name,
                        struct strbuf *out)
{
    for (size_t i = 0; i < plan->phases[phase].count; i++) {
        const struct step *s = &plan->phases[phase].at[i];

        strbuf_printf(out, "%-8s %s", name, step_texts[s->op].word);
        step_texts[s->op].put(s, out);
        strbuf_putc(out, '\n');
    }
}

void plan_print(const struct plan *plan, struct strbuf *out)
{
    print_phase(plan, PHASE_PREPARE, "prepare", out);
    print_phase(plan, PHASE_BETWEEN, "between", out);
    strbuf_puts(out, "clone   ");
    for (int kind = 0; kind < NS_COUNT; kind++)
        if (plan->clone_flags & namespace_infos[kind].flag)
            strbuf_printf(out, " %s", namespace_infos[kind].name);
    if (plan->cgroup)
        strbuf_printf(out, " cgroup-path %s", plan->cgroup);
    strbuf_putc(out, '\n');
    print_phase(plan, PHASE_ATTEND, "attend", out);
    print_phase(plan, PHASE_ENTER, "enter", out);
    print_phase(plan, PHASE_SETUP, "setup", out);
    print_phase(plan, PHASE_FINISH, "finish", out);
}
