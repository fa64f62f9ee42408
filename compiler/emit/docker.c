/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/emit/docker.h"

#include "compiler/emit/emitters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- machines ----------------------------------------------------------------------------------*/

/* Architectures whose programs the machine's kernel runs too, as the engines' profiles have it. */
static arch_set run_by(enum arch_id machine)
{
    switch (machine) {
    case ARCH_X86_64:
        return ARCH_BIT(ARCH_X86) | ARCH_BIT(ARCH_X32);
    case ARCH_AARCH64:
        return ARCH_BIT(ARCH_ARM);
    case ARCH_MIPS64:
        return ARCH_BIT(ARCH_MIPS) | ARCH_BIT(ARCH_MIPS64N32);
    case ARCH_MIPSEL64:
        return ARCH_BIT(ARCH_MIPSEL) | ARCH_BIT(ARCH_MIPSEL64N32);
    case ARCH_MIPS64N32:
        return ARCH_BIT(ARCH_MIPS);
    case ARCH_MIPSEL64N32:
        return ARCH_BIT(ARCH_MIPSEL);
    case ARCH_PARISC64:
        return ARCH_BIT(ARCH_PARISC);
    case ARCH_PPC64:
        return ARCH_BIT(ARCH_PPC);
    case ARCH_S390X:
        return ARCH_BIT(ARCH_S390);
    case ARCH_X86:
    case ARCH_X32:
    case ARCH_ARM:
    case ARCH_LOONGARCH64:
    case ARCH_M68K:
    case ARCH_MIPS:
    case ARCH_MIPSEL:
    case ARCH_PARISC:
    case ARCH_PPC:
    case ARCH_PPC64LE:
    case ARCH_RISCV64:
    case ARCH_S390:
    case ARCH_SH:
    case ARCH_SHEB:
    case ARCH_COUNT:
        break;
    }
    return 0;
}

/* A machine for each target that is not run by another's. */
static void find_machines(struct docker *d)
{
    const struct policy *p = d->in->policy;
    arch_set run = 0;

    for (size_t i = 0; i < p->target_count; i++)
        run |= run_by(arch_id(p->targets[i].arch));
    for (size_t i = 0; i < p->target_count; i++) {
        enum arch_id id = arch_id(p->targets[i].arch);
        struct machine m = {.arch = &arch_table[id]};

        if (run & ARCH_BIT(id))
            continue;
        for (size_t j = 0; j < p->target_count; j++)
            if (run_by(id) & ARCH_BIT(arch_id(p->targets[j].arch)))
                VEC_PUSH(d->arena, &m.others, p->targets[j].arch);
        VEC_PUSH(d->arena, &d->machines, m);
    }
}

/* The names that "arches" goes by are those of libseccomp's bindings for Go. */
static const char *machine_name(const struct machine *m)
{
    enum arch_id id = arch_id(m->arch);

    return id == ARCH_X86_64 || id == ARCH_AARCH64 ? m->arch->docker : m->arch->name;
}

static bool machine_runs(const struct machine *m, const struct arch *arch)
{
    bool runs = m->arch == arch;

    for (size_t i = 0; i < m->others.count; i++)
        runs |= m->others.at[i] == arch;
    return runs;
}

bool machine_has(const struct machine *m, const struct syscall_info *s)
{
    bool has = syscall_number(s, m->arch) >= 0;

    for (size_t i = 0; i < m->others.count; i++)
        has |= syscall_number(s, m->others.at[i]) >= 0;
    return has;
}

static struct policy *policy_of(struct docker *d, const struct policy *whole,
                                const struct machine *m)
{
    struct policy *p = ARENA_NEW(d->arena, struct policy);

    *p = *whole;
    p->targets = ARENA_ARRAY(d->arena, struct target, whole->target_count);
    p->target_count = 0;
    for (size_t i = 0; i < whole->target_count; i++)
        if (machine_runs(m, whole->targets[i].arch))
            p->targets[p->target_count++] = whole->targets[i];
    return p;
}

/* --- fates -------------------------------------------------------------------------------------*/

/* Adds the reasons of rules that may give the call this, as far as they are reached. */
static void add_reasons(const struct target *t, const struct syscall_info *s, uint32_t ret,
                        struct strbuf *out)
{
    int64_t nr = syscall_number(s, t->arch);

    for (size_t i = 0; nr >= 0 && i < t->rule_count; i++) {
        const struct rule *rule = t->rules[i];
        enum answer about = cond_about(rule->cond, t->arch, (uint64_t)nr);

        if (about != ANSWER_NO && rule->ret == ret && rule->reason &&
            !strstr(strbuf_text(out), rule->reason))
            strbuf_printf(out, "%s%s", out->len ? "; " : "", rule->reason);
        if (about == ANSWER_YES)
            return;
    }
}

/* An entry for the call, without its names. */
static const char *entry_text(struct docker *d, const struct policy *p,
                              const struct syscall_info *s, const struct oci_entry *entry)
{
    struct strbuf out, reasons;

    strbuf_init(&out, d->arena);
    strbuf_init(&reasons, d->arena);
    oci_write_entry_rest(entry, &out);
    for (size_t i = 0; i < p->target_count; i++)
        add_reasons(&p->targets[i], s, entry->ret, &reasons);
    if (reasons.len) {
        strbuf_puts(&out, ",\n      \"comment\": ");
        strbuf_json_string(&out, strbuf_text(&reasons));
    }
    return strbuf_text(&out);
}

/* The one fate that is equal to this one. */
static const struct fate *intern_fate(struct docker *d, struct fate *fate)
{
    struct strbuf key;
    struct fate *known;

    strbuf_init(&key, d->arena);
    for (size_t i = 0; i < fate->entries.count; i++)
        strbuf_printf(&key, "%s\n", fate->entries.at[i]);
    fate->key = strbuf_text(&key);
    known = strmap_get(&d->fates, fate->key, (uint32_t)key.len);
    if (!known)
        strmap_put(d->arena, &d->fates, fate->key, (uint32_t)key.len, fate);
    return known ? known : fate;
}

static void take_profile(struct docker *d, const struct oci_profile *profile, struct lowered *l)
{
    struct fate **fates = ARENA_ARRAY(d->arena, struct fate *, syscall_count);

    for (size_t i = 0; i < profile->entries.count; i++) {
        const struct oci_entry *entry = &profile->entries.at[i];

        for (size_t j = 0; j < entry->name_count; j++) {
            const char *name = entry->names[j];
            const struct syscall_info *s = syscall_by_name(name, strlen(name));
            size_t call = (size_t)(s - syscall_table);

            if (entry->ret == profile->default_ret) {
                d->high[call] = true;
                continue;
            }
            if (!fates[call]) {
                fates[call] = ARENA_NEW(d->arena, struct fate);
                fates[call]->is_plain = true;
            }
            fates[call]->is_plain &= entry->arg_count == 0;
            VEC_PUSH(d->arena, &fates[call]->entries, entry_text(d, profile->policy, s, entry));
        }
    }
    l->fates = ARENA_ARRAY(d->arena, const struct fate *, syscall_count);
    for (size_t i = 0; i < syscall_count; i++)
        if (fates[i])
            l->fates[i] = intern_fate(d, fates[i]);
}

/* --- lowering ----------------------------------------------------------------------------------*/

/* What there is one of in a profile. */
static bool agrees(struct docker *d, const struct oci_profile *profile, const struct lowered *l)
{
    const char *what = NULL;

    if (d->lowered.count == 0) {
        d->default_ret = profile->default_ret;
        d->filter_flags = profile->policy->filter_flags;
    } else if (d->default_ret != profile->default_ret) {
        what = "the action for all other calls is";
    } else if (d->filter_flags != profile->policy->filter_flags) {
        what = "the flags are";
    }
    if (what)
        docker_refuse(&d->variants, "%s another on %s in a container with %s", what,
                      d->machines.at[l->machine].arch->name, caps_text(&d->variants, l->caps));
    return !what;
}

/* NULL if reported. */
static const struct lowered *lowered_for(struct docker *d, size_t machine, cap_set caps)
{
    const struct cap_variant *v;
    const struct oci_profile *profile;
    struct lowered *l;
    struct diags diags;

    for (size_t i = 0; i < d->lowered.count; i++)
        if (d->lowered.at[i]->machine == machine && d->lowered.at[i]->caps == caps)
            return d->lowered.at[i];
    v = cap_variant_get(&d->variants, caps);
    if (!v)
        return NULL;
    diags_init(&diags, d->arena);
    profile = oci_lower(d->arena, policy_of(d, v->policy, &d->machines.at[machine]), &diags);
    docker_take_diags(&d->variants, caps, &diags);
    l = ARENA_NEW(d->arena, struct lowered);
    l->caps = caps;
    l->machine = machine;
    if (!profile || !agrees(d, profile, l))
        return NULL;
    take_profile(d, profile, l);
    VEC_PUSH(d->arena, &d->lowered, l);
    return l;
}

/* All that calls go by, and all capabilities at once, which must be what the parts say of it. */
static bool lower_all(struct docker *d)
{
    const struct cap_variants *v = &d->variants;
    cap_set all = v->cap_count < 64 ? ((cap_set)1 << v->cap_count) - 1 : ~(cap_set)0;

    for (size_t m = 0; m < d->machines.count; m++) {
        for (size_t c = 0; c <= syscall_count; c++) {
            cap_set caps = 0;

            if (__builtin_popcountll(v->matters[c]) > DOCKER_MAX_TOGETHER) {
                docker_refuse(v, "what '%s' gets goes by more than %d capabilities: %s",
                              c < syscall_count ? syscall_table[c].name : "unknown",
                              DOCKER_MAX_TOGETHER, caps_text(v, v->matters[c]));
                return false;
            }
            do
                if (!lowered_for(d, m, caps))
                    return false;
            while (next_subset(&caps, v->matters[c]));
        }
        if (!lowered_for(d, m, all))
            return false;
    }
    return true;
}

/* --- selections --------------------------------------------------------------------------------*/

/* A call's: for each machine, and conditions of which one holds. */
struct choice {
    machine_set machines;
    cap_set with, without;
    const struct fate *fate;
};
typedef VEC(struct choice) choices;

static const struct fate *fate_of(struct docker *d, size_t call, size_t machine, cap_set caps)
{
    const struct fate *fate = lowered_for(d, machine, caps)->fates[call];

    return !fate && d->high[call] ? d->default_fate : fate;
}

static void add_choice(struct docker *d, choices *list, const struct choice *c)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i].with == c->with && list->at[i].without == c->without &&
            list->at[i].fate == c->fate) {
            list->at[i].machines |= c->machines;
            return;
        }
    VEC_PUSH(d->arena, list, *c);
}

/* Splits the sets that have `with` and not `without` until all of a part get the same. */
static void choose(struct docker *d, size_t call, size_t machine, struct choice c, choices *list)
{
    cap_set open = d->variants.matters[call] & ~c.with & ~c.without, split = 0;

    c.fate = fate_of(d, call, machine, c.with);
    for (cap_set left = open; left && !split; left &= left - 1) {
        cap_set cap = left & -left, rest = open & ~cap, set = 0;

        do
            if (fate_of(d, call, machine, c.with | set) !=
                fate_of(d, call, machine, c.with | set | cap))
                split = cap;
        while (!split && next_subset(&set, rest));
    }
    if (split) {
        c.without |= split;
        choose(d, call, machine, c, list);
        c.without &= ~split;
        c.with |= split;
        choose(d, call, machine, c, list);
    } else if (c.fate) {
        add_choice(d, list, &c);
    }
}

static void add_to_selection(struct docker *d, const struct choice *c, const char *name)
{
    struct selection *s;

    for (size_t i = 0; i < d->selections.count; i++) {
        s = d->selections.at[i];
        if (s->machines == c->machines && s->with == c->with && s->without == c->without &&
            s->fate == c->fate) {
            VEC_PUSH(d->arena, &s->names, name);
            return;
        }
    }
    s = ARENA_NEW(d->arena, struct selection);
    s->machines = c->machines;
    s->with = c->with;
    s->without = c->without;
    s->fate = c->fate;
    VEC_PUSH(d->arena, &s->names, name);
    VEC_PUSH(d->arena, &d->selections, s);
}

static bool carries(const char *name)
{
    for (size_t i = 0; i < oci_multiplexed_count; i++)
        if (!strcmp(oci_multiplexed[i].name, name))
            return true;
    return false;
}

static void select_call(struct docker *d, size_t call)
{
    const struct syscall_info *s = &syscall_table[call];
    machine_set without = 0; /* where the name says nothing */
    choices list = {0};

    for (size_t m = 0; m < d->machines.count; m++) {
        if (machine_has(&d->machines.at[m], s))
            choose(d, call, m, (struct choice){.machines = (machine_set)1 << m}, &list);
        else if (!carries(s->name))
            without |= (machine_set)1 << m;
    }
    for (size_t i = 0; i < list.count; i++) {
        machine_set everywhere = (machine_set)(((uint64_t)1 << d->machines.count) - 1);

        if ((list.at[i].machines | without) == everywhere)
            list.at[i].machines = everywhere;
        add_to_selection(d, &list.at[i], s->name);
    }
}

/* As json has it: without arguments first, then by name; the default action last. */
static int by_place(const void *a, const void *b)
{
    const struct selection *x = *(const struct selection *const *)a;
    const struct selection *y = *(const struct selection *const *)b;
    int order;

    if (x->fate->is_default != y->fate->is_default)
        return x->fate->is_default ? 1 : -1;
    if (x->fate->is_plain != y->fate->is_plain)
        return x->fate->is_plain ? -1 : 1;
    order = strcmp(x->names.at[0], y->names.at[0]);
    if (order)
        return order;
    if (x->machines != y->machines)
        return x->machines < y->machines ? -1 : 1;
    if (x->with != y->with)
        return x->with < y->with ? -1 : 1;
    return x->without < y->without ? -1 : x->without > y->without;
}

static void make_default_fate(struct docker *d)
{
    struct fate *fate = ARENA_NEW(d->arena, struct fate);
    struct strbuf out;

    strbuf_init(&out, d->arena);
    oci_write_entry_rest(&(struct oci_entry){.ret = d->default_ret}, &out);
    fate->is_plain = fate->is_default = true;
    VEC_PUSH(d->arena, &fate->entries, strbuf_text(&out));
    d->default_fate = fate;
}

/* --- text --------------------------------------------------------------------------------------*/

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_strings(struct strbuf *out, const char *key, const char **strings, size_t count)
{
    if (count)
        qsort(strings, count, sizeof(*strings), by_name);
    strbuf_printf(out, "\n        \"%s\": [", key);
    for (size_t i = 0; i < count; i++)
        strbuf_printf(out, "%s\n          \"%s\"", i ? "," : "", strings[i]);
    strbuf_puts(out, "\n        ]");
}

static void write_filter(const struct docker *d, const char *key, machine_set machines,
                         cap_set caps, struct strbuf *out)
{
    const char *strings[DOCKER_MAX_CAPS];
    size_t count = 0;

    if (!machines && !caps)
        return;
    strbuf_printf(out, ",\n      \"%s\": {", key);
    for (size_t i = 0; i < d->machines.count; i++)
        if (machines & (machine_set)1 << i)
            strings[count++] = machine_name(&d->machines.at[i]);
    if (count)
        write_strings(out, "arches", strings, count);
    if (count && caps)
        strbuf_puts(out, ",");
    count = 0;
    for (size_t i = 0; i < d->variants.cap_count; i++)
        if (caps & (cap_set)1 << i)
            strings[count++] = d->variants.caps[i];
    if (count)
        write_strings(out, "caps", strings, count);
    strbuf_puts(out, "\n      }");
}

static void write_selection(const struct docker *d, const struct selection *s, bool *first,
                            struct strbuf *out)
{
    machine_set everywhere = (machine_set)(((uint64_t)1 << d->machines.count) - 1);

    for (size_t i = 0; i < s->fate->entries.count; i++) {
        strbuf_puts(out, *first ? "\n    {" : ",\n    {");
        *first = false;
        strbuf_puts(out, "\n      \"names\": [");
        for (size_t j = 0; j < s->names.count; j++)
            strbuf_printf(out, "%s\n        \"%s\"", j ? "," : "", s->names.at[j]);
        strbuf_puts(out, "\n      ]");
        strbuf_puts(out, s->fate->entries.at[i]);
        write_filter(d, "includes", s->machines == everywhere ? 0 : s->machines, s->with, out);
        write_filter(d, "excludes", 0, s->without, out);
        strbuf_puts(out, "\n    }");
    }
}

static void write_machines(const struct docker *d, struct strbuf *out)
{
    strbuf_puts(out, ",\n  \"archMap\": [");
    for (size_t i = 0; i < d->machines.count; i++) {
        const struct machine *m = &d->machines.at[i];

        strbuf_printf(out, "%s\n    {\n      \"architecture\": \"%s\",", i ? "," : "",
                      m->arch->oci);
        strbuf_puts(out, "\n      \"subArchitectures\": [");
        for (size_t j = 0; j < m->others.count; j++)
            strbuf_printf(out, "%s\n        \"%s\"", j ? "," : "", m->others.at[j]->oci);
        strbuf_puts(out, m->others.count ? "\n      ]\n    }" : "]\n    }");
    }
    strbuf_puts(out, "\n  ]");
}

static void write_profile(const struct docker *d, struct strbuf *out)
{
    bool first = true;

    strbuf_puts(out, "{");
    oci_write_action(out, 2, &first, d->default_ret, "defaultAction", "defaultErrnoRet");
    write_machines(d, out);
    oci_write_flags(out, &first, d->filter_flags);
    strbuf_puts(out, ",\n  \"syscalls\": [");
    first = true;
    for (size_t i = 0; i < d->selections.count; i++)
        write_selection(d, d->selections.at[i], &first, out);
    strbuf_puts(out, first ? "]\n}\n" : "\n  ]\n}\n");
}

int emit_docker(struct arena *a, const struct emit_input *in, struct strbuf *out)
{
    struct docker *d = ARENA_NEW(a, struct docker);

    d->arena = a;
    d->in = in;
    d->high = ARENA_ARRAY(a, bool, syscall_count);
    find_machines(d);
    if (cap_variants_find(&d->variants, a, in) < 0 || !lower_all(d))
        return -EINVAL;
    make_default_fate(d);
    for (size_t i = 0; i < syscall_count; i++)
        select_call(d, i);
    if (!docker_verify(d))
        return -EINVAL;
    if (d->selections.count)
        qsort(d->selections.at, d->selections.count, sizeof(*d->selections.at), by_place);
    write_profile(d, out);
    return 0;
}
