/* SPDX-License-Identifier: Apache-2.0 */
/* Filters of ours in the kernel: see kernel_cases.h for what a case is. */
#include "tests/differential/kernel_cases.h"

#include "compiler/cbpf/run.h"
#include "compiler/sema/eval.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* "socket(0x28, 0x1, 0) by int 0x80 => ERRNO(77)": enough arguments to show all that are not 0. */
static void case_title(const struct call_case *call, const struct kernel_call *k, char *text,
                       size_t size)
{
    size_t shown = 0, used;
    char ret[40];

    for (size_t i = 0; i < ARRAY_SIZE(k->args); i++)
        shown = k->args[i] ? i + 1 : shown;
    if (call->name)
        used = (size_t)snprintf(text, size, "%s(", call->name);
    else
        used = (size_t)snprintf(text, size, "%#" PRIx64 "(", k->nr);
    for (size_t i = 0; i < shown; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%#" PRIx64, i ? ", " : "", k->args[i]);
    snprintf(text + used, size - used, ")%s%s => %s",
             call->entry == ENTRY_INT80 ? " by int 0x80" : "",
             call->company == WITH_TRACER ? " with a tracer"
             : call->company != ALONE     ? " with a listener"
                                          : "",
             ret_text(call->ret, ret));
}

/* By the evaluator and by the simulator, with and without what the i386 entry cannot see. */
static bool models_agree(const struct session *s, const struct compiled *c,
                         const struct call_case *call, const struct kernel_call *k,
                         uint32_t answers[2])
{
    struct seccomp_data d = call_data(s, call->entry, k);
    unsigned rounds = call->entry == ENTRY_INT80 ? 2 : 1;

    for (unsigned round = 0; round < rounds; round++) {
        struct verdict v;

        for (size_t i = 0; round == 1 && i < ARRAY_SIZE(d.args); i++)
            d.args[i] &= UINT32_MAX;
        v = eval_policy(c->policy, &d);
        answers[0] = v.ret;
        answers[1] = run_program(c->program, &d, c->big_endian).ret;
        if (!v.decided || answers[0] != call->ret || answers[1] != call->ret)
            return false;
    }
    return true;
}

void check_call(struct session *s, const struct compiled *c, const char *policy,
                const struct call_case *call)
{
    uint32_t answers[2] = {0};
    struct sighting seen = {0};
    bool models, kernel;
    struct kernel_call k;
    char title[300], ret[2][40];

    if (!locate_call(s, call, &k)) {
        tap_skip(&s->tap, call->name, "this machine has no such call");
        return;
    }
    case_title(call, &k, title, sizeof(title));
    models = models_agree(s, c, call, &k, answers);
    if (models && call->entry == ENTRY_INT80 && s->machine.no_int80) {
        tap_skip(&s->tap, title, s->machine.no_int80);
        return;
    }
    kernel = kernel_agrees(s, c->program, call, &seen);
    if (tap_case(&s->tap, models && kernel, "%s", title))
        return;
    tap_note_lines("    ", policy);
    tap_note("evaluator %s, simulator %s", ret_text(answers[0], ret[0]),
             ret_text(answers[1], ret[1]));
    tap_note("kernel: %s; unfiltered: %s", seen.filtered, seen.unfiltered);
}

bool compile_case(struct session *s, struct compiled *c, const char *policy, const char *targets)
{
    return compile_text(c, "policy", policy, targets, NULL) ||
           tap_case(&s->tap, false, "a policy compiles");
}

void check_policies(struct session *s, const struct policy_case *policies, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct policy_case *p = &policies[i];
        struct compiled c;

        if (compile_case(s, &c, p->policy, p->targets)) {
            for (size_t j = 0; j < p->count; j++)
                check_call(s, &c, p->policy, &p->calls[j]);
        }
        compiled_release(&c);
    }
}

bool need_x86_64(struct session *s, const char *what)
{
    if (!strcmp(s->machine.native->name, "x86_64"))
        return true;
    tap_skip(&s->tap, what, "not an x86_64 machine");
    return false;
}

bool need_int80(struct session *s, const char *what)
{
    if (!s->machine.no_int80)
        return true;
    tap_skip(&s->tap, what, s->machine.no_int80);
    return false;
}

/* The number of getpid on i386, by int $0x80: without that entry the kernel sends SIGSEGV. */
static const char *why_no_int80(const struct arch *native)
{
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct program program = {&allow, 1};
    struct kernel_call getpid_call = {.nr = 20};
    struct outcome o;

    if (strcmp(native->name, "x86_64") != 0)
        return "not an x86_64 machine";
    o = observe(&program, ENTRY_INT80, &getpid_call, ALONE);
    return o.kind == CALL_RETURNED && o.result > 0 ? NULL : "the kernel has no i386 calls";
}

int main(void)
{
    struct session s = {.machine.native = arch_native()};

    s.machine.no_int80 = why_no_int80(s.machine.native);
    check_programs(&s);
    check_actions(&s);
    check_language(&s);
    check_entries(&s);
    check_values(&s);
    return tap_end(&s.tap);
}
