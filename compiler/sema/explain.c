/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sema/explain.h"

#include "compiler/sema/eval.h"

static bool is_number(const struct cond *cond)
{
    return cond->kind == COND_ATOM && cond->atom.field == FIELD_NR;
}

static const struct cond *blame(const struct cond *cond, const struct seccomp_data *call,
                                bool wanted);

/* A list in which every kid should have been `wanted`: the number is to blame before all else. */
static const struct cond *blame_any(const struct cond *cond, const struct seccomp_data *call,
                                    bool wanted)
{
    const struct cond *found = NULL;
    size_t i;

    for (i = 0; i < cond->kid_count; i++) {
        const struct cond *kid = cond->kids[i], *guilty;

        if (eval_cond(kid, call) == wanted)
            continue;
        guilty = blame(kid, call, wanted);
        if (!guilty || is_number(guilty))
            return guilty;
        if (!found)
            found = guilty;
    }
    return found;
}

/* A list in which one kid should have been `wanted`: the one that is about this call. */
static const struct cond *blame_all(const struct cond *cond, const struct seccomp_data *call,
                                    bool wanted)
{
    size_t i;

    for (i = 0; i < cond->kid_count; i++) {
        const struct cond *guilty = blame(cond->kids[i], call, wanted);

        if (guilty && !is_number(guilty))
            return guilty;
    }
    return NULL;
}

/* The atom because of which cond is not `wanted`; NULL if there is none. */
static const struct cond *blame(const struct cond *cond, const struct seccomp_data *call,
                                bool wanted)
{
    switch (cond->kind) {
    case COND_FALSE:
    case COND_TRUE:
        return NULL;
    case COND_ATOM:
        return cond;
    case COND_NOT:
        return blame(cond->kids[0], call, !wanted);
    case COND_AND:
        return wanted ? blame_any(cond, call, wanted) : blame_all(cond, call, wanted);
    case COND_OR:
        return wanted ? blame_all(cond, call, wanted) : blame_any(cond, call, wanted);
    }
    __builtin_unreachable();
}

const struct cond *explain_miss(const struct cond *cond, const struct seccomp_data *call)
{
    const struct cond *guilty;

    if (eval_cond(cond, call))
        return NULL;
    guilty = blame(cond, call, true);
    return guilty && !is_number(guilty) ? guilty : NULL;
}
