/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/oci_policy.h"

#include "base/str.h"
#include "compiler/sema/oci_order.h"
#include "compiler/tables/names.h"

#include <errno.h>
#include <string.h>

/* Numbers below this, from an architecture's base on, are found by index. Others are few. */
#define DENSE_NUMBERS 1024

/* One number of one target, with what the entries say of it. */
struct slot {
    uint32_t nr;
    bool unconditional; /* by the entry `call`; `chains` are ignored then, but libseccomp refuses */
    size_t call;        /* what it refuses among the `before` that come first */
    size_t before;
    VEC(struct oci_chain) chains;
};

struct making {
    struct arena *arena;
    struct diags *diags;
    const struct oci_spec *spec;
    struct policy *policy;
    /* by index of the call table: call number at its carrier, and which carrier */
    const struct oci_multiplexed **multiplexed;
    /* of the entries' names, in their order; NULL: does not exist */
    VEC(const struct syscall_info *) names;
    const struct arch *arch; /* of the target in the making */
    VEC(struct slot) slots;
    uint32_t dense[DENSE_NUMBERS]; /* index of the slot + 1 */
    VEC(const struct rule *) rules;
    uint32_t slot_number; /* over all targets */
    oci_followers followers;
};

static struct diag *warn(struct making *m, enum diag_id id, struct span span, const char *fmt, ...)
    PRINTF(4, 5);

static struct diag *warn(struct making *m, enum diag_id id, struct span span, const char *fmt, ...)
{
    va_list ap;
    const char *text;

    va_start(ap, fmt);
    text = arena_vprintf(m->arena, fmt, ap);
    va_end(ap);
    return diag_add(m->diags, id, span, "%s", text);
}

/* --- entries to slots --------------------------------------------------------------------------*/

static struct slot *slot_of(struct making *m, uint32_t nr)
{
    uint32_t at = nr - m->arch->nr_base;
    size_t i;

    if (at < DENSE_NUMBERS && m->dense[at])
        return &m->slots.at[m->dense[at] - 1];
    for (i = 0; at >= DENSE_NUMBERS && i < m->slots.count; i++)
        if (m->slots.at[i].nr == nr)
            return &m->slots.at[i];
    VEC_PUSH(m->arena, &m->slots, ((struct slot){.nr = nr}));
    if (at < DENSE_NUMBERS)
        m->dense[at] = (uint32_t)m->slots.count;
    return &m->slots.at[m->slots.count - 1];
}

/* Does the comparison hold for every value, so that libseccomp leaves it out? */
static bool always_holds(const struct making *m, const struct oci_arg *arg)
{
    uint64_t mask = oci_compares_low_half(m->arch) ? (uint32_t)arg->value : arg->value;

    return arg->op == OCI_MASKED_EQ && !mask;
}

/* One rule: conditions that all have to hold, at most one for an argument but with OCI_AS_SPEC. */
static void add_rule(struct making *m, uint32_t nr, size_t call, const struct oci_arg *args,
                     unsigned arg_count)
{
    struct slot *slot = slot_of(m, nr);
    struct oci_chain chain = {.ret = m->spec->calls.at[call].ret, .call = call};
    struct oci_arg *sorted;

    sorted = ARENA_ARRAY(m->arena, struct oci_arg, arg_count);
    for (unsigned index = 0; index < 6; index++)
        for (unsigned i = 0; i < arg_count; i++)
            if (args[i].index == index && !always_holds(m, &args[i]))
                sorted[chain.arg_count++] = args[i];
    if (!chain.arg_count && !slot->unconditional) {
        slot->unconditional = true;
        slot->call = call;
        slot->before = slot->chains.count;
        return;
    }
    chain.args = sorted;
    VEC_PUSH(m->arena, &slot->chains, chain);
}

/* The rule for the carrier: its first argument is compared with the call's number there. */
static void add_carried(struct making *m, const struct oci_multiplexed *mux, size_t call,
                        const struct oci_arg *args, unsigned arg_count)
{
    const struct syscall_info *carrier = syscall_by_name(mux->carrier, strlen(mux->carrier));
    int64_t nr = carrier ? syscall_number(carrier, m->arch) : -1;
    struct oci_arg *carried;
    unsigned count = 1;

    if (nr < 0)
        return;
    carried = ARENA_ARRAY(m->arena, struct oci_arg, arg_count + 1);
    carried[0] = (struct oci_arg){0, OCI_EQ, mux->call, 0};
    for (unsigned i = 0; i < arg_count; i++)
        if (args[i].index != 0)
            carried[count++] = args[i];
    add_rule(m, (uint32_t)nr, call, carried, count);
}

static bool is_or(const struct oci_spec *spec, const struct oci_call *call)
{
    unsigned seen = 0;

    for (unsigned i = 0; i < call->arg_count; i++) {
        if (seen & 1u << call->args[i].index)
            return spec->as != OCI_AS_SPEC;
        seen |= 1u << call->args[i].index;
    }
    return false;
}

/* How many of the entry's conditions the runtime looks at. */
static unsigned counted_args(const struct oci_spec *spec, const struct oci_call *call)
{
    return spec->as == OCI_AS_CRUN && call->arg_count > 6 ? 6 : call->arg_count;
}

static void add_rules(struct making *m, const struct syscall_info *s, size_t index,
                      const struct oci_arg *args, unsigned arg_count)
{
    const struct oci_multiplexed *mux = m->multiplexed[s - syscall_table];
    int64_t nr = syscall_number(s, m->arch);

    if (nr >= 0)
        add_rule(m, (uint32_t)nr, index, args, arg_count);
    if (mux && oci_multiplexes(m->arch))
        add_carried(m, mux, index, args, arg_count);
}

static void add_name(struct making *m, const struct syscall_info *s, size_t index)
{
    const struct oci_call *call = &m->spec->calls.at[index];
    unsigned count = counted_args(m->spec, call);

    if (!is_or(m->spec, call))
        add_rules(m, s, index, call->args, count);
    else
        for (unsigned i = 0; i < count; i++)
            add_rules(m, s, index, &call->args[i], 1);
}

/* "names" is an array of strings, or one string. */
static const struct json *first_name(const struct oci_call *call)
{
    return call->names->kind == JSON_ARRAY ? call->names->first : call->names;
}

static const struct json *next_name(const struct oci_call *call, const struct json *name)
{
    return call->names->kind == JSON_ARRAY ? name->next : NULL;
}

static void fill_slots(struct making *m)
{
    const struct syscall_info **name = m->names.at;

    memset(m->dense, 0, sizeof(m->dense));
    m->slots.count = 0; /* their memory serves the next target */
    for (size_t i = 0; i < m->spec->calls.count; i++) {
        const struct oci_call *call = &m->spec->calls.at[i];

        for (const struct json *n = first_name(call); n; n = next_name(call, n), name++)
            if (*name && call->ret != m->spec->default_ret)
                add_name(m, *name, i);
    }
}

/* --- slots to rules ----------------------------------------------------------------------------*/

static const struct cond *make_atom(struct making *m, struct atom atom)
{
    struct cond *cond = ARENA_NEW(m->arena, struct cond);

    cond->kind = COND_ATOM;
    cond->atom = atom;
    return cond;
}

static const struct cond *make_numbers(struct making *m, const struct range *numbers, size_t count)
{
    struct atom atom = {.field = FIELD_NR, .width = 32, .op = CMP_IN, .mask = UINT32_MAX};

    if (count == 1 && numbers[0].low == numbers[0].high) {
        atom.op = CMP_EQ;
        atom.value = numbers[0].low;
    } else {
        atom.set = ranges_from(m->arena, numbers, count);
    }
    return make_atom(m, atom);
}

static const struct cond *make_comparison(struct making *m, const struct oci_arg *arg)
{
    static const enum compare compares[OCI_OP_COUNT] = {
        [OCI_NE] = CMP_NE, [OCI_LT] = CMP_LT, [OCI_LE] = CMP_LE,        [OCI_EQ] = CMP_EQ,
        [OCI_GE] = CMP_GE, [OCI_GT] = CMP_GT, [OCI_MASKED_EQ] = CMP_EQ,
    };
    bool low = oci_compares_low_half(m->arch);
    uint64_t max = low ? UINT32_MAX : UINT64_MAX;
    struct atom atom = {.field = FIELD_ARG0 + (enum field)arg->index,
                        .width = low ? 32 : 64,
                        .op = compares[arg->op],
                        .mask = max,
                        .value = arg->value & max};

    if (arg->op == OCI_MASKED_EQ) {
        atom.mask = arg->value & max;
        atom.value = arg->value_two & atom.mask;
    }
    return make_atom(m, atom);
}

/* number: of the entry; the default's comes behind all. */
static void push_rule(struct making *m, const struct cond *cond, uint32_t ret, struct span span,
                      size_t number)
{
    struct rule *rule = ARENA_NEW(m->arena, struct rule);

    rule->cond = cond;
    rule->ret = ret;
    rule->span = span;
    rule->number = (unsigned)number;
    VEC_PUSH(m->arena, &m->rules, rule);
    m->policy->has_notify |= (ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF;
}

static void push_chain(struct making *m, uint32_t nr, const struct oci_chain *chain)
{
    const struct cond **kids = ARENA_ARRAY(m->arena, const struct cond *, chain->arg_count + 1);
    struct cond *all = ARENA_NEW(m->arena, struct cond);

    kids[0] = make_numbers(m, &(struct range){nr, nr}, 1);
    for (unsigned i = 0; i < chain->arg_count; i++)
        kids[i + 1] = make_comparison(m, &chain->args[i]);
    all->kind = COND_AND;
    all->kids = kids;
    all->kid_count = chain->arg_count + 1;
    push_rule(m, all, chain->ret, m->spec->calls.at[chain->call].span, chain->call);
}

static void report_order(struct making *m, const struct slot *slot, struct oci_order order)
{
    const struct syscall_info *s = syscall_by_number(m->arch, slot->nr);
    struct span first = m->spec->calls.at[order.first].span;
    struct span second = m->spec->calls.at[order.second].span;
    struct diag *diag = NULL;

    switch (order.fault) {
    case OCI_ORDER_NONE:
        return;
    case OCI_ORDER_OVERLAP:
        diag = warn(m, DIAG_JSON_ORDER, second,
                    "another entry for '%s' holds for some of the same calls; libseccomp goes by "
                    "argument and value, not by the order of entries",
                    s->name);
        break;
    case OCI_ORDER_SHARED:
        diag = warn(m, DIAG_JSON_ORDER, second,
                    "libseccomp mixes this up with another entry for '%s'", s->name);
        break;
    case OCI_ORDER_REFUSED:
        diag = warn(m, DIAG_JSON_REFUSED, second,
                    "another entry for '%s' has the same conditions and another action", s->name);
        break;
    }
    diag_note(m->diags, diag, first, "the other entry");
}

static void push_slot(struct making *m, struct slot *slot)
{
    size_t count = slot->chains.count;

    /* the specification names no order but that of the entries */
    if (m->spec->as != OCI_AS_SPEC)
        report_order(m, slot,
                     oci_order(m->arena, slot->chains.at, &count, oci_compares_low_half(m->arch),
                               m->slot_number++, &m->followers));
    for (size_t i = 0; i < count; i++)
        push_chain(m, slot->nr, &slot->chains.at[i]);
}

static void check_before(struct making *m, struct slot *slot)
{
    oci_followers none = {0};
    struct oci_order order;

    if (!slot->before || m->spec->as == OCI_AS_SPEC)
        return;
    order = oci_order(m->arena, slot->chains.at, &slot->before, oci_compares_low_half(m->arch), 0,
                      &none);
    if (order.fault != OCI_ORDER_OVERLAP)
        report_order(m, slot, order);
}

/* Calls that an entry decides alone make one rule. */
static void push_unconditional(struct making *m)
{
    typedef VEC(struct range) range_list;
    range_list *numbers = ARENA_ARRAY(m->arena, range_list, m->spec->calls.count);

    for (size_t i = 0; i < m->slots.count; i++) {
        const struct slot *slot = &m->slots.at[i];

        if (slot->unconditional)
            VEC_PUSH(m->arena, &numbers[slot->call], ((struct range){slot->nr, slot->nr}));
    }
    for (size_t i = 0; i < m->spec->calls.count; i++)
        if (numbers[i].count)
            push_rule(m, make_numbers(m, numbers[i].at, numbers[i].count), m->spec->calls.at[i].ret,
                      m->spec->calls.at[i].span, i);
}

/* --- runc's ENOSYS -----------------------------------------------------------------------------*/

static bool answers_enosys(const struct oci_spec *spec)
{
    switch (action_of_ret(spec->default_ret)->ret) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG:
    case SECCOMP_RET_TRACE:
        return false;
    }
    return spec->as == OCI_AS_RUNC && spec->default_ret != (SECCOMP_RET_ERRNO | ENOSYS);
}

static bool is_listed(const struct oci_spec *spec, const struct arch *arch)
{
    for (size_t i = 0; i < spec->archs.count; i++)
        if (spec->archs.at[i] == arch)
            return true;
    return false;
}

static void push_enosys(struct making *m)
{
    struct atom atom = {.field = FIELD_NR, .width = 32, .op = CMP_GT, .mask = UINT32_MAX};
    int64_t largest = 0;

    if (!answers_enosys(m->spec) || !is_listed(m->spec, m->arch))
        return;
    for (size_t i = 0; i < m->names.count; i++) {
        const struct syscall_info *s = m->names.at[i];
        int64_t nr = s ? syscall_number(s, m->arch) : -1;

        if (nr > largest && !(m->multiplexed[s - syscall_table] && oci_multiplexes(m->arch)))
            largest = nr;
    }
    atom.value = (uint64_t)largest;
    if (largest)
        push_rule(m, make_atom(m, atom), SECCOMP_RET_ERRNO | ENOSYS, m->spec->default_span,
                  m->spec->calls.count);
}

/* --- warnings ----------------------------------------------------------------------------------*/

static void find_names(struct making *m, const struct oci_call *call)
{
    for (const struct json *n = first_name(call); n; n = next_name(call, n)) {
        struct nearest nearest;
        struct diag *diag;

        VEC_PUSH(m->arena, &m->names, syscall_by_name(n->text, n->len));
        if (m->names.at[m->names.count - 1])
            continue;
        diag = warn(m, DIAG_JSON_UNKNOWN_NAME, json_span(m->spec->source, n),
                    "the system call '%.*s' does not exist", json_shown(n), n->text);
        nearest_init(&nearest, n->text, n->len);
        for (size_t i = 0; i < syscall_count; i++)
            nearest_feed(&nearest, syscall_table[i].name);
        if (nearest.best)
            diag_note(m->diags, diag, (struct span){0}, "did you mean '%s'?", nearest.best);
    }
}

/* Once for all targets: what the names stand for, and what is odd. */
static void find_entries(struct making *m)
{
    for (size_t i = 0; i < m->spec->calls.count; i++) {
        const struct oci_call *call = &m->spec->calls.at[i];

        find_names(m, call);
        if (is_or(m->spec, call))
            warn(m, DIAG_JSON_OR, call->args_span,
                 "two conditions have the same index, so that any one of all these is enough");
        if (counted_args(m->spec, call) < call->arg_count)
            warn(m, DIAG_JSON_MANY_CONDITIONS, call->args_span,
                 "crun looks at the first six conditions alone");
    }
}

static void warn_overruled(struct making *m)
{
    for (size_t i = 0; i < m->slots.count; i++) {
        const struct slot *slot = &m->slots.at[i];
        const struct syscall_info *s = syscall_by_number(m->arch, slot->nr);

        if (!slot->unconditional || !s)
            continue;
        for (size_t j = 0; j < slot->chains.count; j++) {
            const struct oci_chain *chain = &slot->chains.at[j];
            struct diag *diag;

            if (chain->ret == m->spec->calls.at[slot->call].ret)
                continue;
            diag = warn(m, DIAG_JSON_IGNORED, m->spec->calls.at[chain->call].span,
                        "another entry, without conditions, decides '%s' alone", s->name);
            diag_note(m->diags, diag, m->spec->calls.at[slot->call].span, "the other entry");
        }
    }
}

/* --- the whole ---------------------------------------------------------------------------------*/

static void make_target(struct making *m, struct target *t)
{
    static const struct cond always = {.kind = COND_TRUE};

    m->arch = t->arch;
    memset(&m->rules, 0, sizeof(m->rules));
    fill_slots(m);
    warn_overruled(m);
    push_enosys(m);
    push_unconditional(m);
    for (size_t i = 0; i < m->slots.count; i++)
        if (m->slots.at[i].unconditional)
            check_before(m, &m->slots.at[i]);
        else
            push_slot(m, &m->slots.at[i]);
    push_rule(m, &always, m->spec->default_ret, m->spec->default_span, m->spec->calls.count);
    t->rules = m->rules.at;
    t->rule_count = m->rules.count;
}

static void choose_targets(struct making *m)
{
    struct policy *p = m->policy;

    p->targets = ARENA_ARRAY(m->arena, struct target, ARCH_COUNT);
    for (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++)
        if (a == m->spec->native || is_listed(m->spec, a))
            p->targets[p->target_count++].arch = a;
}

static void find_multiplexed(struct making *m)
{
    m->multiplexed = ARENA_ARRAY(m->arena, const struct oci_multiplexed *, syscall_count);
    for (size_t i = 0; i < oci_multiplexed_count; i++) {
        const struct oci_multiplexed *mux = &oci_multiplexed[i];
        const struct syscall_info *s = syscall_by_name(mux->name, strlen(mux->name));

        if (s)
            m->multiplexed[s - syscall_table] = mux;
    }
}

static void warn_mixes(struct making *m)
{
    struct oci_order order;
    struct diag *diag;

    if (!oci_order_mixes(&m->followers, &order))
        return;
    diag =
        warn(m, DIAG_JSON_ORDER, m->spec->calls.at[order.second].span,
             "libseccomp may mix this up with the entry for another call that compares the same");
    diag_note(m->diags, diag, m->spec->calls.at[order.first].span, "the other entry");
}

static void check_notify(struct making *m)
{
    if (m->spec->as != OCI_AS_RUNC)
        return;
    if (m->spec->default_ret == SECCOMP_RET_USER_NOTIF)
        warn(m, DIAG_JSON_REFUSED, m->spec->default_span,
             "runc refuses 'SCMP_ACT_NOTIFY' as the default action");
    for (size_t i = 0; i < m->spec->calls.count; i++) {
        const struct oci_call *call = &m->spec->calls.at[i];

        for (const struct json *n = first_name(call); n; n = next_name(call, n))
            if (call->ret == SECCOMP_RET_USER_NOTIF && json_is(n, "write"))
                warn(m, DIAG_JSON_REFUSED, json_span(m->spec->source, n),
                     "runc refuses 'SCMP_ACT_NOTIFY' for 'write'");
    }
}

struct policy *oci_policy(struct arena *a, const struct oci_spec *spec, struct diags *diags)
{
    unsigned errors = diags->errors;
    struct making *m = ARENA_NEW(a, struct making);
    struct policy *p = ARENA_NEW(a, struct policy);

    m->arena = a;
    m->diags = diags;
    m->spec = spec;
    m->policy = p;
    p->foreign = SECCOMP_RET_KILL_THREAD;
    p->filter_flags = spec->filter_flags;
    p->rule_numbers = (unsigned)spec->calls.count + 1;
    choose_targets(m);
    find_multiplexed(m);
    check_notify(m);
    find_entries(m);
    for (size_t i = 0; i < p->target_count; i++)
        make_target(m, &p->targets[i]);
    warn_mixes(m);
    return diags->errors == errors ? p : NULL;
}
