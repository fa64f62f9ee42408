/* SPDX-License-Identifier: Apache-2.0 */
/*
 * const_allow() against the running kernel's bitmap, seen by the clock: a call that the bitmap
 * answers does not wait for the thousands of instructions that every filter here begins with.
 */
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/isa.h"
#include "compiler/cbpf/run.h"
#include "tests/differential/filtered_child.h"
#include "tests/lib/tap.h"
#include "tests/unit/cbpf_testlib.h"

#include <inttypes.h>
#include <linux/audit.h>
#include <sys/syscall.h>

#define PROGRAMS 150
#define PADDING  4000
/* Calls with numbers that x86_64 left out: whoever answers, nothing is done. */
#define FIRST_NR 340
#define LAST_NR  420
/* A call is timed until it was fast once, but at least and at most so often. */
#define LEAST_TRIES 30
#define MOST_TRIES  300

struct kernel {
    struct tap tap;
    struct rng rng;
    struct page *page;
    struct sock_filter code[BPF_MAXINSNS];
    struct program p;
    int64_t fast; /* cycles: less than this is not running the program */
};

static inline int64_t cycles(void)
{
#if HAVE_EXACT_CALLS
    return (int64_t)__builtin_ia32_rdtsc();
#else
    return 0;
#endif
}

/* In the child. What is fast enough stands where the result will be. */
static void time_calls(struct page *page)
{
    for (uint32_t i = 0; i < page->calls; i++) {
        const int64_t enough = page->call[i].result;
        int64_t best = INT64_MAX;

        for (int n = 0; n < LEAST_TRIES || (n < MOST_TRIES && best >= enough); n++) {
            const int64_t begin = cycles();
            int64_t took;

            make_call(&page->call[i].data);
            took = cycles() - begin;
            if (took < best)
                best = took;
        }
        page->call[i].result = best;
        page->made = i + 1;
    }
}

static void add(struct kernel *k, struct sock_filter in)
{
    k->code[k->p.count++] = in;
}

/* Instructions that the kernel's emulation follows too. */
static void begin_program(struct kernel *k)
{
    k->p = (struct program){k->code, 0};
    add(k, (struct sock_filter){.code = BPF_LD | BPF_W | BPF_ABS});
    while (k->p.count < PADDING)
        add(k, (struct sock_filter){.code = BPF_ALU | BPF_AND | BPF_K, .k = UINT32_MAX});
}

static void end_program(struct kernel *k)
{
    add(k, (struct sock_filter){.code = BPF_RET | BPF_K, .k = SECCOMP_RET_ALLOW});
}

static void choose_call(struct kernel *k, uint32_t nr)
{
    struct filtered_call *call = &k->page->call[k->page->calls++];

    call->data = (struct seccomp_data){.nr = (int)nr, .arch = AUDIT_ARCH_X86_64};
    call->result = k->fast;
}

static int64_t time_of(struct kernel *k, uint32_t nr)
{
    end_program(k);
    k->page->calls = 0;
    choose_call(k, nr);
    run_filtered(k->page, &k->p, time_calls);
    return k->page->made == 1 ? k->page->call[0].result : 0;
}

/* Finds what is fast; false if the kernel has no bitmap. */
static bool calibrate(struct kernel *k)
{
    int64_t answered, run;

    k->fast = 0;
    begin_program(k);
    answered = time_of(k, FIRST_NR);
    begin_program(k);
    add(k, (struct sock_filter){.code = BPF_ALU | BPF_OR | BPF_K}); /* not emulated */
    run = time_of(k, FIRST_NR);
    k->fast = (answered + run) / 2;
    tap_note("%" PRId64 " cycles by the bitmap, %" PRId64 " by the program", answered, run);
    return answered > 0 && run > answered + answered / 2;
}

/* Mostly jumps on numbers that may be called; here and there a return, or something that the
 * emulation does not follow. */
static void random_tail(struct kernel *k)
{
    const uint32_t count = 4 + rng_below(&k->rng, 30);

    for (uint32_t left = count; left > 0; left--) {
        const struct isa *op = &isa_table[rng_below(&k->rng, ISA_COUNT)];
        struct sock_filter in;

        while (op->operand == OPERAND_A ||
               (op->emulated ? BPF_CLASS(op->code) == BPF_RET && rng_below(&k->rng, 4)
                             : rng_below(&k->rng, 40)))
            op = &isa_table[rng_below(&k->rng, ISA_COUNT)];
        in = (struct sock_filter){.code = op->code, .k = 1};
        if (op->operand == OPERAND_WORD)
            in.k = rng_below(&k->rng, 10) ? 4 * rng_below(&k->rng, 2) : 4 * rng_below(&k->rng, 16);
        if (BPF_CLASS(op->code) == BPF_RET)
            in.k = rng_below(&k->rng, 2) ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | 1;
        if (op->operand == OPERAND_SKIP)
            in.k = rng_below(&k->rng, left);
        if (op->operand == OPERAND_MEM)
            in.code = BPF_ST;
        if (op->operand == OPERAND_IMM_JUMP || op->operand == OPERAND_X_JUMP) {
            in.k = FIRST_NR + rng_below(&k->rng, LAST_NR - FIRST_NR);
            in.jt = (uint8_t)rng_below(&k->rng, left < 4 ? left : 4);
            in.jf = (uint8_t)rng_below(&k->rng, left < 4 ? left : 4);
        }
        if (op->operand == OPERAND_IMM && BPF_CLASS(op->code) == BPF_ALU && rng_below(&k->rng, 4))
            in.k = UINT32_MAX - rng_below(&k->rng, 16);
        add(k, in);
    }
}

static void test_bitmap(struct kernel *k, uint64_t seed)
{
    unsigned answered = 0, differ = 0, calls = 0;
    struct error err;
    uint32_t at;

    for (int n = 0; n < PROGRAMS && differ < 10; n++) {
        do {
            begin_program(k);
            random_tail(k);
            end_program(k);
        } while (check_program(&k->p, &at, &err) < 0);
        k->page->calls = 0;
        while (k->page->calls < 8)
            choose_call(k, FIRST_NR + rng_below(&k->rng, LAST_NR - FIRST_NR));
        run_filtered(k->page, &k->p, time_calls);
        /* Not all, where one divides by zero and is killed. */
        for (uint32_t i = 0; i < k->page->made; i++) {
            const struct filtered_call *call = &k->page->call[i];
            const bool ours = const_allow(&k->p, call->data.arch, (uint32_t)call->data.nr);

            calls++;
            answered += ours;
            if (ours == (call->result < k->fast))
                continue;
            differ++;
            tap_note("number %d: %" PRId64 " cycles, const_allow %d", call->data.nr, call->result,
                     ours);
        }
    }
    tap_case(&k->tap, differ == 0, "%u calls under %d random programs, seed %" PRIu64, calls,
             PROGRAMS, seed);
    tap_case(&k->tap, calls > 6 * PROGRAMS && answered > calls / 10 && answered < calls * 9 / 10,
             "they are of both kinds: %u answered by the bitmap", answered);
}

/* A filter that allows all: the bitmap knows the numbers of the kernel's table, not x32's. */
static void test_x32(struct kernel *k)
{
    const uint32_t nr = 0x40000000 | FIRST_NR;
    int64_t took;

    begin_program(k);
    took = time_of(k, nr);
    tap_case(&k->tap, took >= k->fast && !const_allow(&k->p, AUDIT_ARCH_X86_64, nr),
             "x32's numbers are not in it");
}

int main(void)
{
    const uint64_t seed = rng_seed();
    static struct kernel k;

    k.rng = (struct rng){seed};
    k.page = page_new();
    if (!HAVE_EXACT_CALLS) {
        tap_skip(&k.tap, "bitmap", "calls are made by hand, which is written for x86_64 alone");
    } else if (!calibrate(&k)) {
        tap_skip(&k.tap, "bitmap", "calls that it should answer take as long as others");
    } else {
        test_bitmap(&k, seed);
        test_x32(&k);
    }
    return tap_end(&k.tap);
}
