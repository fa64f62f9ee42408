/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: any bytes as a program, in both byte orders. Every one has a text that assembles to
 * the same instructions, and one that is accepted runs to a return.
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

static void run_accepted(const struct program *p, bool big_endian)
{
    struct seccomp_data call = {.arch = 0xc000003e, .args = {0, 1, 0x100000000, UINT64_MAX}};

    checks_architecture(p);
    for (call.nr = 0; call.nr < 4; call.nr++) {
        const struct run run = run_program(p, &call, big_endian);

        assert(run.executed >= 1 && run.executed <= p->count);
        if (const_allow(p, call.arch, (uint32_t)call.nr))
            assert(run.ret == SECCOMP_RET_ALLOW);
    }
}

static const char *instruction_text(struct arena *a, const struct program *p, uint32_t at)
{
    struct strbuf text;

    strbuf_init(&text, a);
    disassemble_instruction(p, at, &text);
    return strbuf_text(&text);
}

/* Fields that an instruction has no use for are not in the text, and may differ. */
static void read_back(struct arena *a, const struct program *p, bool big_endian)
{
    const struct disassembly how = {.big_endian = big_endian};
    struct strbuf text;
    struct program again;
    struct error err;

    strbuf_init(&text, a);
    disassemble(p, &how, &text);
    if (assemble(a, strbuf_text(&text), &again, &err) < 0)
        assert(!"a disassembly can be assembled");
    assert(again.count == p->count);
    for (uint32_t i = 0; i < p->count; i++) {
        assert(again.code[i].code == p->code[i].code);
        assert(!strcmp(instruction_text(a, &again, i), instruction_text(a, p, i)));
    }
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
            run_accepted(&p, big_endian);
        else
            assert(at <= p.count && err.text[0]);
        read_back(in->arena, &p, big_endian);
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
