/* SPDX-License-Identifier: Apache-2.0 */
/* Why a policy has no OCI JSON: the rule, what it is about, and what can be done. */
#include "compiler/emit/oci_lower.h"

#include "compiler/sema/eval.h"
#include "compiler/tables/names.h"

#include <inttypes.h>
#include <linux/filter.h>
#include <string.h>

static const char *show_ret(struct lowering *l, uint32_t ret)
{
    char *text = arena_alloc(l->arena, ACTION_TEXT);

    action_source(ret, l->policy->targets[0].arch, text, ACTION_TEXT);
    return text;
}

static struct diag *cannot_say(struct lowering *l, struct span span, const char *fmt, ...)
    PRINTF(3, 4);

static struct diag *cannot_say(struct lowering *l, struct span span, const char *fmt, ...)
{
    va_list ap;
    const char *text;

    va_start(ap, fmt);
    text = arena_vprintf(l->arena, fmt, ap);
    va_end(ap);
    return diag_add(l->diags, DIAG_JSON_CANNOT_SAY, span, "OCI JSON cannot say this: %s", text);
}

static void offer(struct lowering *l, struct diag *diag, const char *before)
{
    diag_note(l->diags, diag, (struct span){0}, "%s`-f bpf` has no such limit", before);
}

static const struct rule *deciding(const struct lowering *l, const struct target *t,
                                   struct seccomp_data call, uint32_t nr)
{
    call.arch = t->arch->audit;
    call.nr = (int)nr;
    return eval_policy(l->policy, &call).rule;
}

static struct span span_of(const struct rule *rule)
{
    return rule ? rule->span : (struct span){0};
}

/* The rule's condition for one number. */
static diagram rule_condition(struct lowering *l, const struct rule *rule, uint32_t nr)
{
    return diagram_for_number(&l->d, diagram_condition(&l->d, rule->cond), nr);
}

/* The first target that has the call, and its number there. */
static const struct target *target_with(const struct lowering *l, const char *name, uint32_t *nr)
{
    const struct syscall_info *s = syscall_by_name(name, strlen(name));

    for (size_t i = 0; i < l->policy->target_count; i++) {
        int64_t n = syscall_number(s, l->policy->targets[i].arch);

        if (n >= 0) {
            *nr = (uint32_t)n;
            return &l->policy->targets[i];
        }
    }
    __builtin_unreachable(); /* calls of no target are not lowered */
}

/* --- one whole policy --------------------------------------------------------------------------*/

void blame_undecided(struct lowering *l, const struct target *t, const struct seccomp_data *call)
{
    const struct syscall_info *s = syscall_by_number(t->arch, (uint32_t)call->nr);
    struct diag *diag;

    if (s)
        diag = diag_add(l->diags, DIAG_UNDECIDED, (struct span){0}, "no rule decides '%s' on %s",
                        s->name, t->arch->name);
    else
        diag = diag_add(l->diags, DIAG_UNDECIDED, (struct span){0},
                        "no rule decides number %u on %s", (uint32_t)call->nr, t->arch->name);
    diag_note(l->diags, diag, (struct span){0}, "say what the others get: `default ERRNO(EPERM);`");
}

void blame_unnamed(struct lowering *l, const struct target *t, struct seccomp_data call)
{
    const struct rule *rule = deciding(l, t, call, (uint32_t)call.nr);
    struct diag *diag = cannot_say(l, span_of(rule), "number %u of %s, decided here, has no name",
                                   (uint32_t)call.nr, t->arch->name);

    offer(l, diag, "numbers without a name all get the default action; ");
}

void blame_defaults(struct lowering *l, const struct target *t, const struct target *other)
{
    const struct seccomp_data call = {0};
    const struct rule *rule = deciding(l, t, call, oci_last_number(t->arch));
    const struct rule *another = deciding(l, other, call, oci_last_number(other->arch));
    struct diag *diag =
        cannot_say(l, span_of(rule), "the default is %s on %s and %s on %s", show_ret(l, rule->ret),
                   t->arch->name, show_ret(l, another->ret), other->arch->name);

    diag_note(l->diags, diag, span_of(another), "the default on %s", other->arch->name);
    offer(l, diag, "make one profile per architecture (`--arch`); ");
}

void blame_notify(struct lowering *l)
{
    const struct target *t = &l->policy->targets[0];
    const struct rule *rule = deciding(l, t, (struct seccomp_data){0}, oci_last_number(t->arch));

    offer(l, cannot_say(l, span_of(rule), "runc refuses NOTIFY as the default action"), "");
}

void blame_foreign(struct lowering *l)
{
    struct diag *diag = cannot_say(l, l->policy->foreign_span, "other architectures get %s",
                                   show_ret(l, l->policy->foreign));

    offer(l, diag, "libseccomp kills their calls; ");
}

void blame_flags(struct lowering *l, uint32_t flags)
{
    for (size_t i = 0; i < filter_flag_count; i++)
        if (flags & filter_flags[i].bit)
            cannot_say(l, (struct span){0}, "the flag '%s'", filter_flags[i].name);
}

void blame_trap(struct lowering *l, const struct rule *rule)
{
    offer(l, cannot_say(l, rule->span, "data for TRAP"), "the runtimes make it 0; ");
}

void blame_size(struct lowering *l)
{
    diag_add(l->diags, DIAG_TOO_COMPLEX, (struct span){0},
             "the policy's conditions are too entangled for OCI JSON");
}

/* --- one call ----------------------------------------------------------------------------------*/

void blame_pointer(struct lowering *l, const struct target *t, const char *name, uint32_t nr)
{
    for (size_t i = 0; i < t->rule_count; i++) {
        diagram f = rule_condition(l, t->rules[i], nr);

        if (diagram_at(&l->d, f)->bit < BIT_ARGS) {
            offer(l,
                  cannot_say(l, t->rules[i]->span, "'%s' is decided by $instruction_pointer", name),
                  "");
            return;
        }
    }
}

void blame_difference(struct lowering *l, const char *name, const struct target *t, diagram f,
                      const struct target *other, diagram g)
{
    const struct syscall_info *s = syscall_by_name(name, strlen(name));
    struct seccomp_data call = {0};
    const struct rule *rule, *another;
    struct diag *diag;
    diagram *leaves, differ = DIAGRAM_FALSE;
    size_t count = diagram_leaves(&l->d, f, &leaves);

    for (size_t i = 0; i < count && differ == DIAGRAM_FALSE; i++)
        differ = diagram_choose(&l->d, diagram_where(&l->d, g, leaves[i]), DIAGRAM_FALSE,
                                diagram_where(&l->d, f, leaves[i]));
    diagram_find_other(&l->d, differ, DIAGRAM_FALSE, &call, &differ);
    rule = deciding(l, t, call, (uint32_t)syscall_number(s, t->arch));
    another = deciding(l, other, call, (uint32_t)syscall_number(s, other->arch));
    diag = cannot_say(l, span_of(rule), "'%s' gets %s on %s and %s on %s", name,
                      show_ret(l, rule->ret), t->arch->name, show_ret(l, another->ret),
                      other->arch->name);
    diag_note(l->diags, diag, span_of(another), "decided here on %s", other->arch->name);
    offer(l, diag, "make one profile per architecture (`--arch`); ");
}

#define WHY_MANY                                                                                   \
    "libseccomp is exact for little but equality under masks, so ranges are cut into aligned "     \
    "blocks, and a conjunction of ranges into all combinations of these; "

/* The rule that makes the most of the entries. */
static const struct rule *largest_rule(struct lowering *l, const struct call_group *group)
{
    uint32_t nr;
    const struct target *t = target_with(l, group->names.at[0], &nr);
    const struct rule *largest = NULL;
    uint64_t most = 0;

    for (size_t i = 0; i < t->rule_count; i++) {
        diagram f = rule_condition(l, t->rules[i], nr);
        struct cover cover;

        if (diagram_is_leaf(&l->d, f))
            continue;
        (void)cover_make(&l->d, f, DIAGRAM_FALSE, COMPARED_WHOLE, 0, &cover);
        if (cover.count > most) {
            most = cover.count;
            largest = t->rules[i];
        }
    }
    return largest;
}

void blame_count(struct lowering *l, const struct call_group *group)
{
    struct diag *diag =
        cannot_say(l, span_of(largest_rule(l, group)), "'%s' needs %" PRIu64 " entries or more",
                   group->names.at[0], group->cover.count);

    offer(l, diag,
          "libseccomp is exact only for equality under a mask, so that ranges are cut "
          "into aligned blocks, and a product of ranges into the product of these; ");
}

void blame_instructions(struct lowering *l, const struct call_group *group, uint64_t size)
{
    struct diag *diag =
        cannot_say(l, span_of(largest_rule(l, group)),
                   "'%s' needs %zu entries, and libseccomp would make some %" PRIu64
                   " instructions of all, of which the kernel takes %d",
                   group->names.at[0], group->cover.products.count, size, BPF_MAXINSNS);

    offer(l, diag, WHY_MANY);
}

void blame_high_half(struct lowering *l, const struct call_group *group)
{
    uint32_t nr;
    const struct target *t = target_with(l, group->names.at[0], &nr);
    const struct rule *rule = NULL;
    struct diag *diag;

    for (size_t i = 0; i < l->policy->target_count; i++)
        if (!oci_compares_low_half(l->policy->targets[i].arch))
            t = &l->policy->targets[i];
    nr = (uint32_t)syscall_number(syscall_by_name(group->names.at[0], strlen(group->names.at[0])),
                                  t->arch);
    for (size_t i = 0; i < t->rule_count && !rule; i++) {
        diagram f = rule_condition(l, t->rules[i], nr);

        if (diagram_low_half(&l->d, f) != f)
            rule = t->rules[i];
    }
    diag = cannot_say(l, span_of(rule), "high halves of the arguments of '%s' in this combination",
                      group->names.at[0]);
    offer(l, diag,
          "libseccomp leaves them out on the 32-bit architectures of the profile; make "
          "one profile per architecture (`--arch`); ");
}

void warn_low_half(struct lowering *l, const struct target *t, const char *name, uint32_t nr)
{
    for (size_t i = 0; i < t->rule_count; i++) {
        diagram f = rule_condition(l, t->rules[i], nr);
        struct diag *diag;

        if (diagram_low_half(&l->d, f) == f)
            continue;
        diag = diag_add(l->diags, DIAG_JSON_LOW_HALF, t->rules[i]->span,
                        "on %s libseccomp compares only the low half of an argument of '%s' that "
                        "this compares whole",
                        t->arch->name, name);
        offer(l, diag, "so a call with other bits in the high half gets past it; ");
    }
}

void blame_carrier(struct lowering *l, const struct target *t, const struct oci_multiplexed *m,
                   const struct product *p)
{
    uint32_t nr;
    const struct target *with = target_with(l, m->name, &nr);
    struct seccomp_data call = {0};
    struct product one = *p;
    diagram f = DIAGRAM_TRUE;
    struct diag *diag;

    for (unsigned i = 0; i < one.arg_count; i++)
        f = diagram_and(&l->d, f, diagram_comparison(&l->d, &one.args[i], false));
    diagram_find_other(&l->d, f, DIAGRAM_FALSE, &call, &f);
    diag = cannot_say(l, span_of(deciding(l, with, call, nr)),
                      "%s for '%s' without the same for '%s' on %s", show_ret(l, p->ret), m->name,
                      m->carrier, t->arch->name);
    diag_note(l->diags, diag, (struct span){0},
              "there libseccomp takes an entry for '%s' as one for '%s' with %u as its first "
              "argument too, whatever the entry compares that with",
              m->name, m->carrier, m->call);
    offer(l, diag,
          arena_printf(l->arena,
                       "decide `@%s` without a condition (but not by the default), or "
                       "leave %s out; ",
                       m->carrier, t->arch->name));
}
