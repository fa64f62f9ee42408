/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for devices on control groups of version 1: the controller denies all but a list of
 * exceptions, or allows all but such a list. Writing a rule adds or removes one entry, and an entry
 * is removed by its own numbers only: a rule against a part of what an earlier one allowed ("c 1:3"
 * of "c 1:*") would have no effect there, so it is refused.
 */
#include "base/arena.h"
#include "runtime-loader/exec/cgroup.h"
#include "runtime-loader/exec/devices.h"

#include <errno.h>
#include <inttypes.h>

static int64_t number_of(const struct opt_int *number)
{
    return number->set && number->value >= 0 ? number->value : -1;
}

static bool overlap(int64_t a, int64_t b)
{
    return a < 0 || b < 0 || a == b;
}

/* Both are of type c or b here. */
static bool same_device(const struct spec_device_rule *a, const struct spec_device_rule *b)
{
    return a->type == b->type && number_of(&a->major) == number_of(&b->major) &&
           number_of(&a->minor) == number_of(&b->minor);
}

static bool meet(const struct spec_device_rule *a, const struct spec_device_rule *b)
{
    return a->type == b->type && overlap(number_of(&a->major), number_of(&b->major)) &&
           overlap(number_of(&a->minor), number_of(&b->minor)) &&
           device_rule_access(a) & device_rule_access(b);
}

/* The rules since the last about everything, each about one type of device. */
static void split(struct arena *a, const device_rules *rules, device_rules *out)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct spec_device_rule rule = rules->at[i];

        if (device_rule_any(&rule) && device_rule_access(&rule) == DEVICE_ALL_ACCESS) {
            rule.type = 'a';
            out->count = 0;
            VEC_PUSH(a, out, rule);
        } else if (rule.type == 'c' || rule.type == 'b') {
            VEC_PUSH(a, out, rule);
        } else {
            rule.type = 'c';
            VEC_PUSH(a, out, rule);
            rule.type = 'b';
            VEC_PUSH(a, out, rule);
        }
    }
}

/* Of the list's entries those that say the contrary of the default are exceptions. */
static int check(const device_rules *rules, struct error *err)
{
    for (size_t i = 1; i < rules->count; i++) {
        const struct spec_device_rule *rule = &rules->at[i];

        for (size_t j = 1; rule->allow == rules->at[0].allow && j < i; j++)
            if (rules->at[j].allow != rule->allow && meet(rule, &rules->at[j]) &&
                !same_device(rule, &rules->at[j]))
                return error_text(
                    err, ENOTSUP,
                    "linux.resources.devices: cgroup controller 'devices' of version 1 "
                    "cannot except a part of what an earlier rule is about");
    }
    return 0;
}

static const char *number_text(struct arena *a, const struct opt_int *number)
{
    int64_t n = number_of(number);

    return n < 0 ? "*" : arena_printf(a, "%" PRId64, n);
}

static const char *rule_text(struct arena *a, const struct spec_device_rule *r)
{
    if (r->type == 'a')
        return "a";
    return arena_printf(a, "%c %s:%s %s", r->type, number_text(a, &r->major),
                        number_text(a, &r->minor), r->access && r->access[0] ? r->access : "rwm");
}

int devices_v1(struct arena *a, const char *directory, const struct spec_resources *r,
               struct error *err)
{
    device_rules all = {0}, rules = {0};
    int rc;

    device_rules_list(a, r, &all);
    split(a, &all, &rules);
    rc = check(&rules, err);
    for (size_t i = 0; rc == 0 && i < rules.count; i++)
        rc = cgroup_write(directory, rules.at[i].allow ? "devices.allow" : "devices.deny",
                          rule_text(a, &rules.at[i]), err);
    return rc;
}
