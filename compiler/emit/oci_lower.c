/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/emit/oci_lower.h"

#include "compiler/tables/names.h"

#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

/* The kernel takes 4,096 instructions, and an entry with arguments costs libseccomp some. */
#define ENTRY_LIMIT 2000

static size_t target_index(const struct lowering *l, const struct target *t)
{
    return (size_t)(t - l->policy->targets);
}

/* --- numbers -----------------------------------------------------------------------------------*/

/* Numbers that a kernel can have for this architecture are those up to the last, X32_BIT many. */
uint32_t oci_last_number(const struct arch *a)
{
    return (arch_id(a) == ARCH_X32 ? X32_BIT : 0) + (X32_BIT - 1);
}

static diagram possible_numbers(struct lowering *l, const struct arch *a)
{
    uint32_t last = oci_last_number(a);

    return diagram_in(&l->d, FIELD_NR, 0, UINT32_MAX,
                      ranges_one(l->arena, last - (X32_BIT - 1), last));
}

static bool check_decided(struct lowering *l, const struct target *t)
{
    struct seccomp_data call = {.arch = t->arch->audit};
    diagram f = diagram_where(&l->d, l->targets[target_index(l, t)], DIAGRAM_UNDECIDED);

    f = diagram_and(&l->d, possible_numbers(l, t->arch), f);
    if (!diagram_find_other(&l->d, f, DIAGRAM_FALSE, &call, &f))
        return true;
    blame_undecided(l, t, &call);
    return false;
}

/* What all numbers without a name get is the default action, since JSON has no other word for
 * them. It is read off the highest number, then all others must agree. */
static bool find_default(struct lowering *l)
{
    for (size_t i = 0; i < l->policy->target_count; i++) {
        const struct target *t = &l->policy->targets[i];
        uint32_t nr = oci_last_number(t->arch);
        struct seccomp_data call = {.nr = (int)nr, .arch = t->arch->audit};
        diagram f = diagram_for_number(&l->d, l->targets[i], nr);

        if (!diagram_is_leaf(&l->d, f)) {
            blame_unnamed(l, t, call);
            return false;
        }
        if (i == 0)
            l->rest = f;
        if (f != l->rest) {
            blame_defaults(l, &l->policy->targets[0], t);
            return false;
        }
    }
    if (action_of_ret(diagram_at(&l->d, l->rest)->yes)->ret == SECCOMP_RET_USER_NOTIF) {
        blame_notify(l);
        return false;
    }
    return true;
}

/* Do all numbers of the target that have no name get the default action? */
static bool check_unnamed(struct lowering *l, const struct target *t)
{
    struct seccomp_data call = {.arch = t->arch->audit};
    VEC(struct range) named = {0};
    diagram f, found;

    for (size_t i = 0; i < syscall_count; i++) {
        int64_t nr = syscall_number(&syscall_table[i], t->arch);

        if (nr >= 0)
            VEC_PUSH(l->arena, &named, ((struct range){(uint64_t)nr, (uint64_t)nr}));
    }
    f = diagram_in(&l->d, FIELD_NR, 0, UINT32_MAX, ranges_from(l->arena, named.at, named.count));
    f = diagram_choose(&l->d, f, l->rest, l->targets[target_index(l, t)]);
    f = diagram_choose(&l->d, possible_numbers(l, t->arch), f, l->rest);
    if (!diagram_find_other(&l->d, f, l->rest, &call, &found))
        return true;
    blame_unnamed(l, t, call);
    return false;
}

/* --- calls -------------------------------------------------------------------------------------*/

/* What the target decides for a call by its arguments. */
static bool find_residual(struct lowering *l, const struct target *t, const char *name, uint32_t nr,
                          diagram *f)
{
    *f = diagram_for_number(&l->d, l->targets[target_index(l, t)], nr);
    if (diagram_at(&l->d, *f)->bit < BIT_ARGS) {
        blame_pointer(l, t, name, nr);
        return false;
    }
    if (oci_compares_low_half(t->arch)) {
        if (diagram_low_half(&l->d, *f) != *f && t->arch->bits > 32)
            warn_low_half(l, t, name, nr);
        *f = diagram_low_half(&l->d, *f);
    }
    return true;
}

/* Adds the call if some target has it and the targets agree. */
static bool add_call(struct lowering *l, const struct syscall_info *s)
{
    const struct target *whole = NULL, *low = NULL; /* the first of each kind that has it */
    struct named_call call = {.syscall = s};
    diagram f, f_whole = 0, f_low = 0;

    for (size_t i = 0; i < l->policy->target_count; i++) {
        const struct target *t = &l->policy->targets[i];
        int64_t nr = syscall_number(s, t->arch);
        bool is_low = oci_compares_low_half(t->arch);
        const struct target **known = is_low ? &low : &whole;
        diagram *known_f = is_low ? &f_low : &f_whole;

        if (nr < 0)
            continue;
        if (!find_residual(l, t, s->name, (uint32_t)nr, &f))
            return false;
        if (!*known) {
            *known = t;
            *known_f = f;
        } else if (f != *known_f) {
            blame_difference(l, s->name, *known, *known_f, t, f);
            return false;
        }
    }
    if (whole && low && diagram_low_half(&l->d, f_whole) != f_low) {
        blame_difference(l, s->name, whole, diagram_low_half(&l->d, f_whole), low, f_low);
        return false;
    }
    if (!whole && !low)
        return true;
    call.f = whole ? f_whole : f_low;
    call.compared = !low ? COMPARED_WHOLE : whole ? COMPARED_MIXED : COMPARED_LOW;
    if (diagram_is_leaf(&l->d, call.f)) /* then it makes no difference */
        call.compared = COMPARED_WHOLE;
    VEC_PUSH(l->arena, &l->calls, call);
    return true;
}

static bool add_calls(struct lowering *l)
{
    bool ok = true;

    for (size_t i = 0; i < syscall_count; i++)
        ok &= add_call(l, &syscall_table[i]);
    return ok;
}

static int by_meaning(const void *a, const void *b)
{
    const struct named_call *const *x = a, *const *y = b;

    if ((*x)->f != (*y)->f)
        return (*x)->f < (*y)->f ? -1 : 1;
    if ((*x)->compared != (*y)->compared)
        return (*x)->compared < (*y)->compared ? -1 : 1;
    return *x < *y ? -1 : *x > *y;
}

/* One group for all calls that mean the same, but for those of the default. */
static void group_calls(struct lowering *l)
{
    const struct named_call **order =
        ARENA_ARRAY(l->arena, const struct named_call *, l->calls.count);
    struct call_group *group = NULL;

    for (size_t i = 0; i < l->calls.count; i++)
        order[i] = &l->calls.at[i];
    if (l->calls.count)
        qsort(order, l->calls.count, sizeof(const struct named_call *), by_meaning);
    for (size_t i = 0; i < l->calls.count; i++) {
        const struct named_call *call = order[i];

        if (call->f == l->rest)
            continue;
        if (!group || group->f != call->f || group->compared != call->compared) {
            VEC_PUSH(l->arena, &l->groups,
                     ((struct call_group){.f = call->f, .compared = call->compared}));
            group = &l->groups.at[l->groups.count - 1];
        }
        VEC_PUSH(l->arena, &group->names, call->syscall->name);
    }
}

static bool cover_groups(struct lowering *l)
{
    bool ok = true;

    for (size_t i = 0; i < l->groups.count; i++) {
        struct call_group *group = &l->groups.at[i];

        switch (cover_make(&l->d, group->f, l->rest, group->compared, ENTRY_LIMIT, &group->cover)) {
        case COVER_DONE:
            continue;
        case COVER_TOO_MANY:
            blame_count(l, group);
            break;
        case COVER_HIGH:
            blame_high_half(l, group);
            break;
        }
        ok = false;
    }
    return ok;
}

static bool is_unconditional(const struct call_group *group)
{
    return group->cover.products.count == 1 && group->cover.products.at[0].arg_count == 0;
}

/* libseccomp finds equal trees of different calls and architectures and makes them once. */
static uint64_t group_instructions(const struct lowering *l, const struct call_group *group)
{
    bool has[2] = {false, false}; /* by: compares the low half */
    uint64_t size = 0, numbers = 0;

    for (size_t i = 0; i < group->names.count; i++) {
        const char *name = group->names.at[i];
        const struct syscall_info *s = syscall_by_name(name, strlen(name));

        for (size_t t = 0; t < l->policy->target_count; t++) {
            const struct arch *arch = l->policy->targets[t].arch;

            if (syscall_number(s, arch) >= 0) {
                numbers++;
                has[oci_compares_low_half(arch)] = true;
            }
        }
    }
    for (int low = 0; low < 2; low++)
        if (has[low] && !is_unconditional(group))
            size += cover_instructions(&group->cover, low);
    return size + numbers + numbers / 3; /* a comparison each, and jumps over them */
}

/* Will libseccomp make a filter of it that the kernel takes? */
static bool check_size(struct lowering *l)
{
    const struct call_group *largest = NULL;
    uint64_t size = 0, most = 0;

    for (size_t i = 0; i < l->groups.count; i++) {
        uint64_t one = group_instructions(l, &l->groups.at[i]);

        size += one;
        if (one > most) {
            most = one;
            largest = &l->groups.at[i];
        }
    }
    if (size <= BPF_MAXINSNS)
        return true;
    blame_instructions(l, largest, size);
    return false;
}

/* --- carriers: socketcall, ipc -----------------------------------------------------------------*/

/* The product as a condition, with the first argument compared to `call` instead. */
static diagram carried(struct lowering *l, const struct product *p, uint8_t call, bool low)
{
    struct oci_arg first = {.index = 0, .op = OCI_EQ, .value = call};
    diagram f = diagram_comparison(&l->d, &first, low);

    for (unsigned i = 0; i < p->arg_count; i++)
        if (p->args[i].index != 0)
            f = diagram_and(&l->d, f, diagram_comparison(&l->d, &p->args[i], low));
    return f;
}

/* Is what the entries of one multiplexed call do to the carrier what the policy wants of it? */
static bool check_carried(struct lowering *l, const struct target *t, diagram carrier,
                          const struct oci_multiplexed *m, const struct call_group *group)
{
    for (size_t i = 0; i < group->cover.products.count; i++) {
        const struct product *p = &group->cover.products.at[i];
        diagram leaf = diagram_ret(&l->d, p->ret);
        diagram where = carried(l, p, m->call, oci_compares_low_half(t->arch));

        if (diagram_choose(&l->d, where, carrier, leaf) != leaf) {
            blame_carrier(l, t, m, p);
            return false;
        }
    }
    return true;
}

static const struct call_group *group_of(const struct lowering *l, const char *name)
{
    for (size_t i = 0; i < l->groups.count; i++)
        for (size_t j = 0; j < l->groups.at[i].names.count; j++)
            if (strcmp(l->groups.at[i].names.at[j], name) == 0)
                return &l->groups.at[i];
    return NULL;
}

/* A carrier with an entry for all arguments is not touched by entries of what it carries; any
 * other must want just what these do. */
static bool check_carriers(struct lowering *l, const struct target *t)
{
    bool ok = true;

    for (size_t i = 0; i < oci_multiplexed_count; i++) {
        const struct oci_multiplexed *m = &oci_multiplexed[i];
        const struct syscall_info *s = syscall_by_name(m->carrier, strlen(m->carrier));
        const struct call_group *group = group_of(l, m->name);
        int64_t nr = s ? syscall_number(s, t->arch) : -1;
        diagram carrier;

        if (nr < 0 || !group)
            continue;
        carrier = diagram_for_number(&l->d, l->targets[target_index(l, t)], (uint32_t)nr);
        if (oci_compares_low_half(t->arch))
            carrier = diagram_low_half(&l->d, carrier);
        if (!diagram_is_leaf(&l->d, carrier) || carrier == l->rest)
            ok &= check_carried(l, t, carrier, m, group);
    }
    return ok;
}

/* --- entries -----------------------------------------------------------------------------------*/

/* Entries without arguments first: they beat what others say of a carrier. Then by name. */
static int by_place(const void *a, const void *b)
{
    const struct call_group *x = a, *y = b;

    if (is_unconditional(x) != is_unconditional(y))
        return is_unconditional(x) ? -1 : 1;
    return strcmp(x->names.at[0], y->names.at[0]);
}

static void add_group(struct lowering *l, struct oci_profile *profile,
                      const struct call_group *group)
{
    for (size_t i = 0; i < group->cover.products.count; i++) {
        const struct product *p = &group->cover.products.at[i];
        struct oci_entry entry = {group->names.at, group->names.count, p->ret, p->args,
                                  p->arg_count};

        VEC_PUSH(l->arena, &profile->entries, entry);
    }
}

/* Does runc answer ENOSYS to numbers above the largest that the profile names? */
static bool runc_answers_enosys(uint32_t default_ret)
{
    switch (action_of_ret(default_ret)->ret) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG:
    case SECCOMP_RET_TRACE:
        return false;
    }
    return default_ret != (SECCOMP_RET_ERRNO | 38);
}

/*
 * Calls of the default action that the target has above all that have an entry. Those of a newer
 * kernel than another with a higher number are left out: a libseccomp that knows the newer knows
 * the higher one too.
 */
static void add_highest(struct lowering *l, const struct target *t, bool *high)
{
    kernel_release before = UINT32_MAX;
    int64_t nr, highest = -1, below = INT64_MAX;
    size_t found;

    for (size_t i = 0; i < l->calls.count; i++) {
        nr = syscall_number(l->calls.at[i].syscall, t->arch);
        if (l->calls.at[i].f != l->rest && nr > highest)
            highest = nr;
    }
    do {
        nr = highest;
        found = l->calls.count;
        for (size_t i = 0; i < l->calls.count; i++) {
            int64_t this = syscall_number(l->calls.at[i].syscall, t->arch);

            if (this > nr && this < below && l->calls.at[i].syscall->since < before) {
                nr = this;
                found = i;
            }
        }
        if (found < l->calls.count) {
            high[found] = true;
            before = l->calls.at[found].syscall->since;
            below = nr;
        }
    } while (found < l->calls.count);
}

/* Naming these keeps runc's ENOSYS from all calls that have a name. The runtimes skip the entry
 * otherwise, as it says what the default says. */
static void name_highest(struct lowering *l, struct oci_profile *profile)
{
    bool *high = ARENA_ARRAY(l->arena, bool, l->calls.count);
    struct oci_entry entry = {.ret = profile->default_ret};
    VEC(const char *) names = {0};

    if (!runc_answers_enosys(profile->default_ret))
        return;
    for (size_t t = 0; t < l->policy->target_count; t++)
        add_highest(l, &l->policy->targets[t], high);
    for (size_t i = 0; i < l->calls.count; i++)
        if (high[i])
            VEC_PUSH(l->arena, &names, l->calls.at[i].syscall->name);
    entry.names = names.at;
    entry.name_count = names.count;
    if (entry.name_count)
        VEC_PUSH(l->arena, &profile->entries, entry);
}

static struct oci_profile *make_profile(struct lowering *l)
{
    struct oci_profile *profile = ARENA_NEW(l->arena, struct oci_profile);

    profile->policy = l->policy;
    profile->default_ret = diagram_at(&l->d, l->rest)->yes;
    if (l->groups.count)
        qsort(l->groups.at, l->groups.count, sizeof(*l->groups.at), by_place);
    for (size_t i = 0; i < l->groups.count; i++)
        add_group(l, profile, &l->groups.at[i]);
    name_highest(l, profile);
    return profile;
}

/* --- the whole ---------------------------------------------------------------------------------*/

static bool check_actions(struct lowering *l)
{
    static const uint32_t flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG |
                                  SECCOMP_FILTER_FLAG_SPEC_ALLOW |
                                  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    bool ok = true;

    if (action_of_ret(l->policy->foreign)->ret != SECCOMP_RET_KILL_PROCESS &&
        action_of_ret(l->policy->foreign)->ret != SECCOMP_RET_KILL_THREAD) {
        blame_foreign(l);
        ok = false;
    }
    if (l->policy->filter_flags & ~flags) {
        blame_flags(l, l->policy->filter_flags & ~flags);
        ok = false;
    }
    for (size_t t = 0; t < l->policy->target_count; t++) {
        const struct target *target = &l->policy->targets[t];

        for (size_t i = 0; i < target->rule_count; i++) {
            uint32_t ret = target->rules[i]->ret;

            if (action_of_ret(ret)->ret == SECCOMP_RET_TRAP && ret & SECCOMP_RET_DATA) {
                blame_trap(l, target->rules[i]);
                ok = false;
            }
        }
    }
    return ok;
}

static bool lower(struct lowering *l)
{
    bool ok = check_actions(l);

    for (size_t i = 0; i < l->policy->target_count; i++)
        l->targets[i] = diagram_target(&l->d, &l->policy->targets[i]);
    for (size_t i = 0; i < l->policy->target_count; i++)
        ok &= check_decided(l, &l->policy->targets[i]);
    if (!ok || !find_default(l))
        return false;
    for (size_t i = 0; i < l->policy->target_count; i++)
        ok &= check_unnamed(l, &l->policy->targets[i]);
    ok &= add_calls(l);
    if (!ok || l->d.overflow)
        return false;
    group_calls(l);
    ok = cover_groups(l) && check_size(l);
    for (size_t i = 0; i < l->policy->target_count && ok; i++)
        if (oci_multiplexes(l->policy->targets[i].arch))
            ok &= check_carriers(l, &l->policy->targets[i]);
    return ok && !l->d.overflow;
}

struct oci_profile *oci_lower(struct arena *a, const struct policy *p, struct diags *diags)
{
    struct lowering l = {.arena = a, .policy = p, .diags = diags};
    unsigned errors = diags->errors;

    diagrams_init(&l.d, a);
    l.targets = ARENA_ARRAY(a, diagram, p->target_count);
    if (lower(&l))
        return make_profile(&l);
    if (l.d.overflow && diags->errors == errors)
        blame_size(&l);
    return NULL;
}
