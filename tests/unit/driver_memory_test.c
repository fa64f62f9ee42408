/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of a compile failing in turn: an error each time, and nothing leaks (which
 * AddressSanitizer sees). */
#include "compiler/driver.h"
#include "compiler/emit/formats.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <string.h>

/* One of everything. */
static const char policy[] =
    "arch (x86_64, x86, x32);\n"
    "const MASK = O_ACCMODE | 0x10;\n"
    "set %mine = (@read, @pread64, %basic-io);\n"
    "macro wx(p) = p & (PROT_WRITE | PROT_EXEC) == (PROT_WRITE | PROT_EXEC);\n"
    "#if ARCH_X86\n@socketcall => ERRNO(ENOSYS);\n#endif\n"
    "%mine => ALLOW();\n"
    "@socket(family == AF_NETLINK && protocol in (1..5, 9)) => ERRNO(EINVAL) \"why\";\n"
    "@openat(flags & MASK == O_RDONLY) || !(@mprotect(!wx(prot)) || @close) => LOG();\n"
    "$syscall in KERNEL(4.0) && @kill(signed(pid) < -1) => TRAP();\n"
    "default KILL_PROCESS();\n";

static const char wrong[] = "@raed => ALLOW();\n@socket(famly == AF_INETT) => ALOW();\n"
                            "@read => ERRNO(EPREM);\n$arg0 == 99999999999999999999 => ALLOW();\n"
                            "m(1) => ALLOW();\n@write(count in 3..1) => ALLOW()\n"
                            "#if (\n%no => ALLOW();\n";

/* ctx of emit_all() */
static int emit_all(void *ctx)
{
    struct compile *c = ctx;
    struct emit_input in = compile_emit_input(c);

    for (size_t i = 0; i < format_count; i++) {
        struct strbuf out;
        int ret;

        strbuf_init(&out, &c->arena);
        ret = formats[i].emit(&c->arena, &in, &out);
        if (ret < 0)
            return ret;
        ck_assert_uint_gt(out.len, 0);
    }
    return 0;
}

static int compile_text(struct compile *c, const char *text)
{
    int ret = compile_parse(c, "policy", text, strlen(text));

    if (ret == 0)
        ret = compile_resolve(c);
    if (ret == 0)
        ret = compile_filter(c);
    if (ret == 0)
        ret = arena_run(&c->arena, emit_all, c);
    return ret;
}

/* Returns the number of allocations that had to succeed before `expected` came. */
static uint64_t fail_each(const char *text, int expected)
{
    uint64_t n;
    int ret = -ENOMEM;

    for (n = 1; ret == -ENOMEM; n++) {
        struct compile c;

        compile_init(&c, &(struct compile_options){0});
        c.arena.fail_after = n;
        ret = compile_text(&c, text);
        compile_release(&c);
    }
    ck_assert_int_eq(ret, expected);
    return n;
}

START_TEST(good_policy)
{
    ck_assert_uint_gt(fail_each(policy, 0), 500);
}
END_TEST

START_TEST(wrong_policy)
{
    ck_assert_uint_gt(fail_each(wrong, -EINVAL), 50);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("driver_memory");
    TCase *tc = tcase_create("each");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, good_policy);
    tcase_add_test(tc, wrong_policy);
    suite_add_tcase(suite, tc);
    return unit_run(suite);
}
