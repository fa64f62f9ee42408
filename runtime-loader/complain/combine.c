/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime-loader/complain/combine.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdbool.h>

/* The kernel starts a program with A and X at 0, and so must one that comes behind another. */
static const struct sock_filter fresh[] = {
    {BPF_LD | BPF_IMM, 0, 0, 0},
    {BPF_MISC | BPF_TAX, 0, 0, 0},
};

static bool lets_through(uint32_t ret)
{
    return (ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW ||
           (ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_LOG;
}

/* An instruction stays one instruction, so that all jumps lead where they led. next: how many lie
 * between it and the next program, -1 if there is none. */
static int convert(const struct sock_filter *in, int64_t next, struct sock_filter *out,
                   struct error *err)
{
    *out = *in;
    if (BPF_CLASS(in->code) != BPF_RET)
        return 0;
    if (BPF_RVAL(in->code) != BPF_K)
        return error_text(err, ENOTSUP,
                          "complain mode: a filter that computes what it returns is not supported");
    if (!lets_through(in->k))
        *out = (struct sock_filter){BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF};
    else if (next >= 0)
        *out = (struct sock_filter){BPF_JMP | BPF_JA, 0, 0, (uint32_t)next};
    return 0;
}

int complain_combine(struct arena *a, const struct complain_program *programs, size_t count,
                     struct complain_program *out, struct error *err)
{
    struct sock_filter *code;
    size_t total = count ? (count - 1) * ARRAY_SIZE(fresh) : 0, at = 0;

    for (size_t i = 0; i < count; i++)
        total += programs[i].count;
    if (total > BPF_MAXINSNS)
        return error_text(err, ENOTSUP,
                          "complain mode: the filters together have more than %d instructions",
                          BPF_MAXINSNS);
    code = ARENA_ARRAY(a, struct sock_filter, total + 1);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; i > 0 && j < ARRAY_SIZE(fresh); j++)
            code[at++] = fresh[j];
        for (size_t j = 0; j < programs[i].count; j++) {
            int64_t next = i + 1 < count ? (int64_t)(programs[i].count - 1 - j) : -1;
            int rc = convert(&programs[i].code[j], next, &code[at++], err);

            if (rc < 0)
                return rc;
        }
    }
    *out = (struct complain_program){code, total};
    return 0;
}
