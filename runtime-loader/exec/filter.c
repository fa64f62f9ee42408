/* SPDX-License-Identifier: Apache-2.0 */
/* Loading filters, the last thing before execve(2). */
#include "runtime-loader/exec/filter.h"

#include "compiler/include/easyseccomp.h"
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/handover.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV /* Linux 5.19 */
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/* Flags that are not known are found before the missing program is. */
bool filter_flag_known(uint32_t flag)
{
    if (flag == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
        flag |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL) < 0 && errno == EFAULT;
}

static int check_flags(uint32_t flags, struct error *err)
{
    for (size_t i = 0; es_word(ES_FLAGS, i); i++)
        if (flags & es_flag_bit(i) && !filter_flag_known(es_flag_bit(i)))
            return error_text(err, ENOTSUP, "seccomp: this kernel does not know '%s'",
                              es_word(ES_FLAGS, i));
    return 0;
}

static bool returns_notify(const struct seccomp_filter *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->code[i].code == (BPF_RET | BPF_K) &&
            (f->code[i].k & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF)
            return true;
    return false;
}

/* May another filter be loaded under this one? */
static bool allows_loading(const struct seccomp_filter *f)
{
    struct seccomp_data call = {.nr = SYS_seccomp,
                                .arch = es_native_arch(),
                                .args = {SECCOMP_SET_MODE_FILTER, 0, UINT32_MAX}};
    uint32_t action =
        es_run_blob(f->code, f->count * sizeof(*f->code), &call) & SECCOMP_RET_ACTION_FULL;

    return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

int filter_load_plan(struct arena *a, const struct seccomp_filters *filters,
                     struct filter_load *out, struct error *err)
{
    const struct seccomp_filter *last = NULL;

    *out = (struct filter_load){0};
    out->order.at = ARENA_ARRAY(a, const struct seccomp_filter *, filters->list.count + 1);
    for (size_t i = 0; i < filters->list.count; i++) {
        const struct seccomp_filter *f = &filters->list.at[i];
        bool notifies = returns_notify(f);
        int rc = check_flags(f->flags, err);

        if (rc < 0)
            return rc;
        if (!notifies && allows_loading(f)) {
            out->order.at[out->order.count++] = f;
            continue;
        }
        if (last && notifies && out->notifies)
            return error_text(err, ENOTSUP,
                              "two filters notify calls, and a process can have one listener only");
        if (last)
            return error_text(err, ENOTSUP,
                              "%s denies seccomp(2): the other could not be loaded under it",
                              notifies || out->notifies ? "a filter beside one that notifies"
                                                        : "each of two filters");
        last = f;
        out->notifies = notifies;
    }
    if (last)
        out->order.at[out->order.count++] = last;
    return 0;
}

static int load_error(int code, struct error *err)
{
    if (code == EBUSY)
        return error_text(err, code,
                          "load the seccomp filter: easyrun itself runs under a filter that "
                          "notifies, and a process can have one listener only");
    return error_set(err, code, "load the seccomp filter");
}

/* There is one thread that is to have the filter: TSYNC would only give it to the one that hands
 * the listener over. */
int filter_load(const struct seccomp_filter *f, int *listener, struct error *err)
{
    struct sock_fprog program = {f->count, (struct sock_filter *)(uintptr_t)f->code};
    const uint32_t killable = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    uint32_t flags = f->flags & ~((uint32_t)SECCOMP_FILTER_FLAG_TSYNC | killable);
    int fd;

    if (listener)
        flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER | (filter_flag_known(killable) ? killable : 0);
    fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (fd < 0)
        return load_error(errno, err);
    if (listener)
        *listener = fd;
    return 0;
}

int step_filter(struct executor *x, const struct step *s, struct error *err)
{
    size_t count = x->load->order.count;
    int rc = 0;

    (void)s;
    if (x->load->notifies)
        return hand_over(x, err);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = filter_load(x->load->order.at[i], NULL, err);
    return rc;
}
