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

/* May another filter be loaded under this one, and also one with a listener? */
static bool allows_loading(const struct seccomp_filter *f)
{
    static const uint32_t flags[] = {0, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                                     SECCOMP_FILTER_FLAG_NEW_LISTENER |
                                         SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV};

    for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
        struct seccomp_data call = {.nr = SYS_seccomp,
                                    .arch = es_native_arch(),
                                    .args = {SECCOMP_SET_MODE_FILTER, flags[i], UINT32_MAX}};

        if (!ret_lets_through(es_run_blob(f->code, f->count * sizeof(*f->code), &call)))
            return false;
    }
    return true;
}

size_t filter_order(struct arena *a, const struct seccomp_filters *filters, filter_stack *order)
{
    size_t count = filters->list.count;
    filter_stack last = {.at = ARENA_ARRAY(a, const struct seccomp_filter *, count + 1)};

    *order = (filter_stack){.at = ARENA_ARRAY(a, const struct seccomp_filter *, count + 1)};
    for (size_t i = 0; i < count; i++) {
        const struct seccomp_filter *f = &filters->list.at[i];
        filter_stack *to = filter_notifies(f) || !allows_loading(f) ? &last : order;

        to->at[to->count++] = f;
    }
    for (size_t i = 0; i < last.count; i++)
        order->at[order->count++] = last.at[i];
    return last.count;
}

int filter_load_plan(struct arena *a, const struct seccomp_filters *filters,
                     struct filter_load *out, struct error *err)
{
    struct seccomp_filter *combined = arena_alloc(a, sizeof(*combined));
    filter_stack last;
    int rc = 0;

    *out = (struct filter_load){0};
    for (size_t i = 0; rc == 0 && i < filters->list.count; i++)
        rc = check_flags(filters->list.at[i].flags, err);
    if (rc < 0)
        return rc;
    last.count = filter_order(a, filters, &out->order);
    last.at = out->order.at + out->order.count - last.count;
    for (size_t i = 0; i < last.count; i++)
        out->notifies |= filter_notifies(last.at[i]);
    if (last.count < 2)
        return 0;
    rc = stack_combine(a, &last, combined, err);
    out->order.count -= last.count;
    out->order.at[out->order.count++] = combined;
    return rc;
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
