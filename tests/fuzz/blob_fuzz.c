/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: any bytes as a program. Whether it is accepted is asked in both byte orders; one
 * that is accepted runs to a return, and reads back from its disassembly as the same program.
 */
#include "tests/fuzz/target.h"

#include "compiler/cbpf/assemble.h"
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/disassemble.h"
#include "compiler/cbpf/run.h"

#include <assert.h>
#include <string.h>

struct input {
    struct arena *arena;
    const uint8_t *bytes;
    size_t len;
};

static void run_accepted(struct arena *a, const struct program *p, bool big_endian)
{
    struct seccomp_data call = {.arch = 0xc000003e, .args = {0, 1, 0x100000000, UINT64_MAX}};
    const struct disassembly how = {.big_endian = big_endian};
    struct strbuf text;
    struct program again;
    struct error err;

    checks_architecture(p);
    for (call.nr = 0; call.nr < 4; call.nr++) {
        struct run run = run_program(p, &call, big_endian);

        assert(run.executed >= 1 && run.executed <= p->count);
        const_allow(p, call.arch, (uint32_t)call.nr);
    }
    strbuf_init(&text, a);
    disassemble(p, &how, &text);
    if (assemble(a, text.text, &again, &err) < 0)
        assert(!"a disassembly can be assembled");
    assert(again.count == p->count);
    assert(!memcmp(again.code, p->code, p->count * sizeof(*p->code)));
}

static int judge(void *ctx)
{
    const struct input *in = ctx;
    int big_endian;

    program_guess_endian(in->arena, in->bytes, in->len);
    for (big_endian = 0; big_endian <= 1; big_endian++) {
        struct program p;
        struct error err;
        uint32_t at;

        program_from_bytes(in->arena, in->bytes, in->len, big_endian, &p);
        if (check_program(&p, &at, &err) == 0)
            run_accepted(in->arena, &p, big_endian);
        else
            assert(at <= p.count && err.text[0]);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena a;
    struct input in = {&a, bytes, len - len % 8};

    arena_init(&a);
    if (arena_run(&a, judge, &in) < 0)
        assert(!"no memory for a program of this size");
    arena_release(&a);
    return 0;
}
