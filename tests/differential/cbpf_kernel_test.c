/* SPDX-License-Identifier: Apache-2.0 */
/* compiler/cbpf against the running kernel: it accepts what check_program() accepts, and returns
 * what run_program() returns. */
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/run.h"
#include "tests/differential/filtered_child.h"
#include "tests/lib/tap.h"
#include "tests/unit/cbpf_testlib.h"

#include <inttypes.h>
#include <linux/audit.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define ACCEPTANCE_PROGRAMS 6000
#define RUN_PROGRAMS        1500
#define MOST_DIFFERENCES    10

struct kernel {
    struct tap tap;
    uint64_t seed;
    struct rng rng;
    struct page *page;
    struct sock_filter code[BPF_MAXINSNS];
};

/* --- acceptance ------------------------------------------------------------------------------- */

/* Do both say the same of it? Tells what they do not agree on. */
static bool same_verdict(struct kernel *k, const struct program *p, unsigned *accepted)
{
    struct error err;
    uint32_t at;
    const int ours = check_program(p, &at, &err);

    run_filtered(k->page, p, NULL);
    *accepted += k->page->loaded == 1;
    if (k->page->loaded == (ours == 0 ? 1 : ours))
        return true;
    tap_note("kernel: %s, check_program: %s",
             k->page->loaded == 1 ? "accepted" : strerror(-k->page->loaded),
             ours == 0 ? "accepted" : err.text);
    return false;
}

static void test_cases(struct kernel *k)
{
    static const struct {
        const char *name, *text;
    } cases[] = {
#define ACCEPTED(name, text)         {name, text},
#define REFUSED(name, text, at, why) {name, text},
#include "tests/unit/cbpf_cases.def"
#undef ACCEPTED
#undef REFUSED
    };
    struct arena a;
    unsigned accepted = 0;

    arena_init(&a);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct program p = assembled(&a, cases[i].text);
        const bool ok = same_verdict(k, &p, &accepted);

        tap_case(&k->tap, ok, "verdict: %s", cases[i].name);
    }
    arena_release(&a);
}

static void test_lengths(struct kernel *k)
{
    struct program p = {k->code, BPF_MAXINSNS};
    unsigned accepted = 0;

    for (uint32_t i = 0; i < BPF_MAXINSNS; i++)
        k->code[i] = (struct sock_filter){.code = BPF_RET | BPF_K};
    tap_case(&k->tap, same_verdict(k, &p, &accepted), "verdict: as long as can be");
    p.count = 0;
    tap_case(&k->tap, same_verdict(k, &p, &accepted), "verdict: empty");
    tap_case(&k->tap, accepted == 1, "the longer one is accepted");
}

/* Every opcode of the kernel's table, and beyond it. */
static void test_opcodes(struct kernel *k)
{
    const struct program p = {k->code, 8};
    unsigned accepted = 0, differ = 0;

    for (uint32_t code = 0; code < 0x300 && differ < MOST_DIFFERENCES; code++) {
        k->code[0] = (struct sock_filter){.code = BPF_ST, .k = 4};
        k->code[1] = (struct sock_filter){.code = (uint16_t)code, .k = 4};
        for (uint32_t i = 2; i < p.count; i++)
            k->code[i] = (struct sock_filter){.code = BPF_RET | BPF_K};
        differ += !same_verdict(k, &p, &accepted);
    }
    tap_case(&k->tap, differ == 0, "verdict: opcodes below 0x300, %u of them accepted", accepted);
}

static void test_acceptance(struct kernel *k)
{
    unsigned accepted = 0, differ = 0;

    for (unsigned n = 0; n < ACCEPTANCE_PROGRAMS && differ < MOST_DIFFERENCES; n++) {
        struct program p = {k->code, random_length(&k->rng)};

        random_program(&k->rng, k->code, p.count);
        for (unsigned i = rng_below(&k->rng, 4); i > 0; i--)
            mutate_program(&k->rng, &p);
        differ += !same_verdict(k, &p, &accepted);
    }
    tap_case(&k->tap, differ == 0, "verdict: %d random programs, seed %" PRIu64,
             ACCEPTANCE_PROGRAMS, k->seed);
    tap_case(&k->tap, accepted > ACCEPTANCE_PROGRAMS / 5 && accepted < ACCEPTANCE_PROGRAMS * 4 / 5,
             "they are of both kinds: %u accepted", accepted);
}

/* --- running ---------------------------------------------------------------------------------- */

#define DATA_MASK 0xfff /* errnos go to 4095 */

/* Makes every return refuse the call, with an errno that tells which return it was, or what A held:
 * whatever the number, nothing happens. */
static void refuse_all(struct kernel *k, struct program *p)
{
    const struct sock_filter end[] = {
        {.code = BPF_ALU | BPF_RSH | BPF_K, .k = rng_below(&k->rng, 21)},
        {.code = BPF_ALU | BPF_AND | BPF_K, .k = DATA_MASK},
        {.code = BPF_ALU | BPF_OR | BPF_K, .k = SECCOMP_RET_ERRNO},
        {.code = BPF_RET | BPF_A},
    };
    const uint32_t first = p->count - ARRAY_SIZE(end);

    random_program(&k->rng, p->code, first + 1);
    for (uint32_t i = 0; i < first; i++) {
        struct sock_filter *in = &p->code[i];

        if (in->code == (BPF_RET | BPF_K))
            in->k = SECCOMP_RET_ERRNO | (1 + i % DATA_MASK);
        else if (in->code == (BPF_RET | BPF_A))
            *in = (struct sock_filter){.code = BPF_JMP | BPF_JA, .k = first - i - 1};
    }
    memcpy(&p->code[first], end, sizeof(end));
}

/* 32 bits for a call: often about what the program compares with. */
static uint32_t telling_value(struct kernel *k, const struct program *p)
{
    const struct sock_filter *in = &p->code[rng_below(&k->rng, p->count)];

    return BPF_CLASS(in->code) == BPF_JMP ? in->k + rng_below(&k->rng, 3) - 1
                                          : rng_constant(&k->rng);
}

static void choose_calls(struct kernel *k, const struct program *p, bool with_i386)
{
    k->page->calls = MOST_CALLS;
    for (uint32_t i = 0; i < k->page->calls; i++) {
        struct seccomp_data *call = &k->page->call[i].data;
        const bool i386 = with_i386 && rng_below(&k->rng, 4) == 0;

        call->arch = i386 ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
        /* uretprobe and uprobe are made whatever the filter says (kernel/seccomp.c). */
        do
            call->nr = (int)telling_value(k, p);
        while (call->nr == 335 || call->nr == 336);
        call->instruction_pointer = instruction_pointer(call);
        for (size_t arg = 0; arg < ARRAY_SIZE(call->args); arg++) {
            call->args[arg] = telling_value(k, p);
            if (!i386)
                call->args[arg] |= (uint64_t)telling_value(k, p) << 32;
        }
    }
}

static void make_calls(struct page *page)
{
    for (uint32_t i = 0; i < page->calls; i++) {
        page->call[i].result = make_call(&page->call[i].data);
        page->made = i + 1;
    }
}

/* A program that divides by zero returns 0, which kills the child; other returns are errnos. */
static bool same_result(const struct program *p, const struct page *page, uint32_t i, int status)
{
    const struct filtered_call *call = &page->call[i];
    const uint32_t ret = run_program(p, &call->data, HOST_BIG_ENDIAN).ret;

    if (i >= page->made) {
        if (ret == 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
            return true;
        tap_note("simulator: 0x%08" PRIx32 ", kernel: wait status 0x%x", ret, (unsigned)status);
        return false;
    }
    if ((ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO &&
        call->result == -(int64_t)(ret & SECCOMP_RET_DATA))
        return true;
    tap_note("number %d: simulator: 0x%08" PRIx32 ", kernel: %" PRId64, call->data.nr, ret,
             call->result);
    return false;
}

static void test_running(struct kernel *k)
{
    const bool with_i386 = takes_i386_calls();
    unsigned calls = 0, kills = 0, differ = 0, results[DATA_MASK + 1] = {0}, distinct = 0;
    struct error err;
    uint32_t at;

    for (unsigned n = 0; n < RUN_PROGRAMS && differ < MOST_DIFFERENCES; n++) {
        struct program p = {k->code, 0};
        int status;

        do {
            p.count = 5 + rng_below(&k->rng, rng_below(&k->rng, 16) ? 60 : 1000);
            refuse_all(k, &p);
        } while (check_program(&p, &at, &err) < 0);
        choose_calls(k, &p, with_i386);
        status = run_filtered(k->page, &p, make_calls);
        for (uint32_t i = 0; i < k->page->calls && i <= k->page->made; i++) {
            differ += !same_result(&p, k->page, i, status);
            calls++;
            kills += i == k->page->made;
            if (i < k->page->made)
                results[-k->page->call[i].result & DATA_MASK]++;
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(results); i++)
        distinct += results[i] > 0;
    tap_case(&k->tap, differ == 0, "result: %u calls under %d random programs, seed %" PRIu64,
             calls, RUN_PROGRAMS, k->seed);
    tap_case(&k->tap, kills > 0 && kills < calls / 10 && distinct > 100,
             "they end in many ways: %u killed, %u errnos", kills, distinct);
    if (with_i386)
        tap_case(&k->tap, true, "a quarter of the calls is i386's");
    else
        tap_skip(&k->tap, "i386 calls", "int 0x80 does not work here");
}

int main(void)
{
    static struct kernel k;

    k.seed = rng_seed();
    k.rng = (struct rng){k.seed};
    k.page = page_new();
    test_cases(&k);
    test_lengths(&k);
    test_opcodes(&k);
    test_acceptance(&k);
    if (HAVE_EXACT_CALLS)
        test_running(&k);
    else
        tap_skip(&k.tap, "result", "calls are made by hand, which is written for x86_64 alone");
    return tap_end(&k.tap);
}
