/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime-loader/complain/combine.h"

#include <errno.h>

static int notify_denied(struct arena *a, const struct seccomp_filter *f,
                         struct seccomp_filter *out, struct error *err)
{
    struct sock_filter *code = arena_copy(a, f->code, f->count * sizeof(*f->code));

    for (size_t i = 0; i < f->count; i++) {
        if (BPF_CLASS(code[i].code) != BPF_RET)
            continue;
        if (BPF_RVAL(code[i].code) != BPF_K || filter_divides(f))
            return error_text(
                err, ENOTSUP,
                "complain mode: a filter that computes what it returns is not supported");
        if (!ret_lets_through(code[i].k))
            code[i].k = SECCOMP_RET_USER_NOTIF;
    }
    *out = *f;
    out->code = code;
    return 0;
}

int complain_combine(struct arena *a, const filter_stack *stack, struct seccomp_filter *out,
                     struct error *err)
{
    struct seccomp_filter *telling = ARENA_ARRAY(a, struct seccomp_filter, stack->count + 1);
    filter_stack all = {.at = ARENA_ARRAY(a, const struct seccomp_filter *, stack->count + 1)};

    for (size_t i = 0; i < stack->count; i++) {
        int rc = notify_denied(a, stack->at[i], &telling[i], err);

        if (rc < 0)
            return rc;
        all.at[all.count++] = &telling[i];
    }
    return stack_combine(a, &all, out, err);
}
