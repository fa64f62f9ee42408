/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what the kernel did with a call is what was expected. */
#include "tests/differential/kernel_cases.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* asm-generic/siginfo.h */
#endif

const struct arch *entry_arch(const struct session *s, enum entry entry)
{
    return entry == ENTRY_INT80 ? arch_by_name("x86", 3) : s->machine.native;
}

bool locate_call(const struct session *s, const struct call_case *call, struct kernel_call *k)
{
    int64_t nr = 0;

    if (call->name) {
        const struct syscall_info *info = syscall_by_name(call->name, strlen(call->name));

        nr = info ? syscall_number(info, entry_arch(s, call->entry)) : -1;
    }
    k->nr = (uint64_t)nr + call->nr;
    memcpy(k->args, call->args, sizeof(k->args));
    return nr >= 0;
}

struct seccomp_data call_data(const struct session *s, enum entry entry,
                              const struct kernel_call *k)
{
    struct seccomp_data d = {
        .nr = (int)k->nr,
        .arch = entry_arch(s, entry)->audit,
        .instruction_pointer = entry == ENTRY_NATIVE ? enter_native_ip() : 0,
    };

    memcpy(d.args, k->args, sizeof(d.args));
    return d;
}

/* --- what the kernel did
 * ---------------------------------------------------------------------------- */

static struct outcome unfiltered(struct session *s, enum entry entry, const struct kernel_call *k)
{
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct program program = {&allow, 1};
    struct unfiltered *u;

    for (size_t i = 0; i < s->unfiltered_count && i < UNFILTERED_KEPT; i++) {
        u = &s->unfiltered[i];
        if (u->entry == entry && !memcmp(&u->call, k, sizeof(*k)))
            return u->outcome;
    }
    u = &s->unfiltered[s->unfiltered_count++ % UNFILTERED_KEPT];
    *u = (struct unfiltered){entry, *k, observe(&program, entry, k, ALONE)};
    return u->outcome;
}

/* Values (descriptors, addresses, numbers of processes) are as good as each other, errors are
 * not. */
static bool same_result(const struct outcome *a, const struct outcome *b)
{
    return a->kind == CALL_RETURNED && b->kind == CALL_RETURNED &&
           (a->result == b->result || (a->result >= 0 && b->result >= 0));
}

/* The filter's result and not the call's own. */
static bool only_filter_says(const struct outcome *out, const struct outcome *base, int64_t result)
{
    return out->kind == CALL_RETURNED && out->result == result && base->kind == CALL_RETURNED &&
           base->result != result;
}

static bool same_call(const struct seccomp_data *seen, const struct seccomp_data *made,
                      enum entry entry)
{
    /* of what the i386 entry was given, the kernel may or may not show the high halves */
    uint64_t mask = entry == ENTRY_INT80 ? UINT32_MAX : UINT64_MAX;

    for (size_t i = 0; i < ARRAY_SIZE(made->args); i++) {
        if ((seen->args[i] & mask) != (made->args[i] & mask))
            return false;
    }
    return seen->nr == made->nr && seen->arch == made->arch;
}

static bool notify_agrees(const struct call_case *call, const struct outcome *out,
                          const struct outcome *base, const struct seccomp_data *made)
{
    if (call->company == ALONE || call->company == WITH_TRACER)
        return only_filter_says(out, base, -ENOSYS);
    if (!out->notified || !same_call(&out->notification, made, call->entry))
        return false;
    if (call->company == WITH_LISTENER_GOES_ON)
        return same_result(out, base);
    return only_filter_says(
        out, base, call->company == WITH_LISTENER_ERRNO ? -LISTENER_ERRNO : LISTENER_VALUE);
}

static bool agrees(const struct call_case *call, const struct outcome *out,
                   const struct outcome *base, const struct seccomp_data *made)
{
    uint32_t data = call->ret & SECCOMP_RET_DATA;
    uint32_t action = call->ret & SECCOMP_RET_ACTION_FULL;

    if (action != SECCOMP_RET_TRACE && out->traced)
        return false;
    if (action != SECCOMP_RET_USER_NOTIF && out->notified)
        return false;
    switch (action) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG:
        return same_result(out, base);
    case SECCOMP_RET_ERRNO:
        return only_filter_says(out, base, -(int64_t)data);
    case SECCOMP_RET_TRAP:
        return out->kind == CALL_TRAPPED && out->trap.nr == made->nr &&
               out->trap.arch == made->arch && out->trap_data == data &&
               out->trap_code == SYS_SECCOMP;
    case SECCOMP_RET_TRACE:
        if (call->company != WITH_TRACER)
            return only_filter_says(out, base, -ENOSYS);
        return out->traced && out->trace_data == data && same_result(out, base);
    case SECCOMP_RET_USER_NOTIF:
        return notify_agrees(call, out, base, made);
    case SECCOMP_RET_KILL_THREAD:
        return out->kind == THREAD_KILLED;
    case SECCOMP_RET_KILL_PROCESS:
        return out->kind == PROCESS_KILLED;
    }
    return false;
}

static void outcome_text(const struct outcome *o, char *text, size_t size)
{
    switch (o->kind) {
    case CALL_RETURNED:
        snprintf(text, size, "returned %" PRId64 "%s%s", o->result, o->traced ? ", traced" : "",
                 o->notified ? ", notified" : "");
        break;
    case CALL_TRAPPED:
        snprintf(text, size, "trapped with data %u, code %u, number %d, architecture %#x",
                 o->trap_data, o->trap_code, o->trap.nr, o->trap.arch);
        break;
    case THREAD_KILLED:
        snprintf(text, size, "its thread was killed");
        break;
    case PROCESS_KILLED:
        snprintf(text, size, "its process was killed");
        break;
    case NOTHING_OBSERVED:
        snprintf(text, size, "nothing was observed: %s", o->why);
        break;
    }
}

bool kernel_agrees(struct session *s, const struct program *program, const struct call_case *call,
                   struct sighting *seen)
{
    uint32_t action = call->ret & SECCOMP_RET_ACTION_FULL;
    struct outcome out, base = {0};
    struct seccomp_data made;
    struct kernel_call k;
    bool ok;

    if (!locate_call(s, call, &k))
        return false;
    made = call_data(s, call->entry, &k);
    if (action != SECCOMP_RET_TRAP && action != SECCOMP_RET_KILL_THREAD &&
        action != SECCOMP_RET_KILL_PROCESS)
        base = unfiltered(s, call->entry, &k);
    out = observe(program, call->entry, &k, call->company);
    ok = agrees(call, &out, &base, &made);
    if (seen) {
        outcome_text(&out, seen->filtered, sizeof(seen->filtered));
        outcome_text(&base, seen->unfiltered, sizeof(seen->unfiltered));
    }
    return ok;
}
