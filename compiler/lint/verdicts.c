/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/lint/verdicts.h"

#include <string.h>

static bool is_enosys(uint32_t ret, const struct arch *arch)
{
    uint16_t value;

    return errno_value("ENOSYS", strlen("ENOSYS"), arch, &value) &&
           ret == (SECCOMP_RET_ERRNO | value);
}

static void count_refusal(const struct linter *l, struct verdicts *v, uint32_t number, bool enosys)
{
    const struct statement *s = &l->statements[number];

    v->may_refuse = true;
    if (v->refusing == NO_RULE || (v->is_enosys && !enosys)) {
        v->refusing = number;
        v->on_purpose = s->entry || (s->item && s->item->kind == ITEM_RULE && s->item->expr);
    }
    v->is_enosys &= enosys;
}

struct verdicts verdicts_of(const struct linter *l, struct decisions *d,
                            const struct syscall_info *s)
{
    struct verdicts v = {.passing = NO_RULE, .refusing = NO_RULE, .is_enosys = true};
    int64_t nr = s ? syscall_number(s, d->target->arch) : -1;

    if (nr < 0)
        return v;
    v.exists = v.must_pass = v.must_refuse = true;
    v.nr = (uint32_t)nr;
    v.class = class_of(d, v.nr);
    for (size_t i = 0; i < v.class->count; i++) {
        uint32_t ret = d->target->rules[v.class->rules.at[i]]->ret;
        uint32_t number = number_of(d, v.class->rules.at[i]);

        if (!class_reaches(d, v.class, i))
            continue;
        v.must_pass &= lets_through(ret);
        v.must_refuse &= refuses(ret);
        if (lets_through(ret) && !v.may_pass) {
            v.may_pass = true;
            v.passing = number;
        }
        if (refuses(ret))
            count_refusal(l, &v, number, is_enosys(ret, d->target->arch));
    }
    return v;
}

struct verdicts verdicts_by_name(const struct linter *l, struct decisions *d, const char *name)
{
    return verdicts_of(l, d, syscall_by_name(name, strlen(name)));
}

struct span place_in_statement(const struct linter *l, uint32_t number,
                               const struct syscall_info *s)
{
    const struct statement *statement = &l->statements[number];

    for (size_t i = 0; i < statement->names.count; i++)
        if (statement->names.at[i].call == s)
            return statement->names.at[i].span;
    return statement->span;
}
