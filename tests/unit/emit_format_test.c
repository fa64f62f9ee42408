/* SPDX-License-Identifier: Apache-2.0 */
/* The formats: each read back, or compared with what it must be. */
#include "tests/unit/graph_random.h"

#include "base/base64.h"
#include "compiler/cbpf/assemble.h"
#include "compiler/emit/emitters.h"
#include "compiler/graph/dump.h"
#include "tests/lib/unit.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct diags diags;

static void run(int (*body)(void *), void *ctx, unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++) {
        arena_init(&arena);
        ck_assert_int_eq(arena_run(&arena, body, ctx), 0);
        arena_release(&arena);
    }
}

static struct emit_input compiled(const struct policy *p, const char *name)
{
    struct emit_input in = {.policy = p, .name = name, .diags = &diags};

    diags_init(&diags, &arena);
    in.filter = emit_filter(&arena, p, &(struct tuning){0}, &diags);
    ck_assert_ptr_nonnull(in.filter);
    return in;
}

static const char *emitted(const struct emit_input *in, const char *format, size_t *len)
{
    struct strbuf out;

    strbuf_init(&out, &arena);
    for (size_t i = 0; i < format_count; i++)
        if (!strcmp(formats[i].name, format)) {
            ck_assert_int_eq(formats[i].emit(&arena, in, &out), 0);
            *len = out.len;
            return strbuf_text(&out);
        }
    ck_abort_msg("no format '%s'", format);
    return NULL;
}

static const struct cond *number_is(uint32_t nr)
{
    struct atom atom = {
        .field = FIELD_NR, .width = 32, .mask = UINT32_MAX, .op = CMP_EQ, .value = nr};

    return cond_atom(&arena, atom);
}

/* read is allowed, all else is trapped */
static struct policy *small_policy(void)
{
    const struct rule **rules = ARENA_ARRAY(&arena, const struct rule *, 2);
    struct cond *always = ARENA_NEW(&arena, struct cond);

    always->kind = COND_TRUE;
    rules[0] = make_rule(&arena, number_is(0), SECCOMP_RET_ALLOW);
    rules[1] = make_rule(&arena, always, SECCOMP_RET_TRAP);
    return make_policy(&arena, ARCH_X86_64, rules, 2);
}

/* --- read back -------------------------------------------------------------------------------- */

static int read_back_body(void *ctx)
{
    struct rng *r = ctx;
    struct policy *p = random_policy(r, &arena, rng_below(r, 20), true);
    struct emit_input in;
    const struct program *wanted;
    struct program got;
    struct error err;
    const char *text, *bytes;
    size_t len, byte_count;

    p->targets->arch = &arch_table[rng_chance(r, 50) ? ARCH_S390X : ARCH_X86_64];
    in = compiled(p, "dir/policy.seccomp");
    wanted = &in.filter->layout.program;

    bytes = emitted(&in, "bpf", &len);
    ck_assert_uint_eq(len, wanted->count * 8);
    program_from_bytes(&arena, (const unsigned char *)bytes, len, p->targets->arch->big_endian,
                       &got);
    ck_assert_mem_eq(got.code, wanted->code, len);

    text = emitted(&in, "annotation", &byte_count);
    ck_assert_int_eq(text[byte_count - 1], '\n');
    got.code = arena_alloc(&arena, BASE64_DECODED_SIZE(byte_count));
    ck_assert(base64_decode(text, byte_count - 1, (unsigned char *)got.code, &byte_count));
    ck_assert_uint_eq(byte_count, len);
    ck_assert_mem_eq(got.code, bytes, len);

    text = emitted(&in, "asm", &byte_count);
    ck_assert_msg(assemble(&arena, text, &got, &err) == 0, "%s in\n%s", err.text, text);
    ck_assert_uint_eq(got.count, wanted->count);
    ck_assert_mem_eq(got.code, wanted->code, len);

    text = emitted(&in, "c", &byte_count);
    for (uint32_t i = 0; i < wanted->count; i++) {
        struct sock_filter f;

        text = strstr(text, "    {0x");
        ck_assert_ptr_nonnull(text);
        ck_assert_int_eq(sscanf(text, " {%hx, %hhu, %hhu, %x}", &f.code, &f.jt, &f.jf, &f.k), 4);
        ck_assert_mem_eq(&f, &wanted->code[i], sizeof(f));
        text++;
    }
    ck_assert_ptr_null(strstr(text, "    {0x"));
    return 0;
}

START_TEST(read_back)
{
    struct rng r;

    r.state = rng_seed();
    run(read_back_body, &r, 100);
}
END_TEST

/* --- as it must be ---------------------------------------------------------------------------- */

/* A name that is no identifier, and that would end a comment. */
static int c_header_body(void *ctx)
{
    struct emit_input in = compiled(small_policy(), "a*/9 b\n.c.seccomp");
    const char *text, *first;
    size_t len;

    (void)ctx;
    text = emitted(&in, "c", &len);
    first = strstr(text, "*/");
    ck_assert_ptr_nonnull(strstr(text, ": a*|9 b?.c.seccomp for x86_64.\n"));
    ck_assert_ptr_nonnull(strstr(text, "*/\n#ifndef POLICY_9_B__C_FILTER_H\n"));
    ck_assert_ptr_eq(strstr(text, "*/\n#ifndef"), first);
    ck_assert_ptr_nonnull(strstr(text, " policy_9_b__c_filter[POLICY_9_B__C_FILTER_COUNT] = {\n"));
    text = strstr(text, "_COUNT ");
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(strtoul(text + strlen("_COUNT "), NULL, 10), in.filter->layout.program.count);
    return 0;
}

START_TEST(c_header)
{
    run(c_header_body, NULL, 1);
}
END_TEST

static int dump_body(void *ctx)
{
    struct emit_input in = compiled(small_policy(), "a\"b");
    struct strbuf out;
    const char *dot;
    size_t len;

    (void)ctx;
    strbuf_init(&out, &arena);
    graph_dump(&arena, in.filter->root, &out);
    ck_assert_str_eq(strbuf_text(&out), "0: arch == x86_64 or x32 ? 1 : 5\n"
                                        "1: nr == read ? 4 : 2\n"
                                        "2: nr & 0x40000000 ? 5 : 3\n"
                                        "3: TRAP\n"
                                        "4: ALLOW\n"
                                        "5: KILL_PROCESS\n");
    dot = emitted(&in, "dot", &len);
    ck_assert_ptr_nonnull(strstr(dot, "    label=\"a\\\"b for x86_64\";\n"));
    ck_assert_ptr_nonnull(strstr(dot, "    n1 [label=\"nr == read\"];\n"));
    ck_assert_ptr_nonnull(strstr(dot, "    n1 -> n4 [label=yes];\n"));
    ck_assert_ptr_nonnull(strstr(dot, "    n1 -> n2 [label=no, style=dashed];\n"));
    return 0;
}

START_TEST(dump)
{
    run(dump_body, NULL, 1);
}
END_TEST

/* --- too large -------------------------------------------------------------------------------- */

/* A rule that stands in the source at `begin` and is true for `count` odd values of $arg0, no two
 * rules for the same. */
static struct rule *wide_rule(const struct source *s, uint32_t begin, uint64_t count, uint32_t ret)
{
    struct range *list = ARENA_ARRAY(&arena, struct range, count);
    struct atom atom = {.field = FIELD_ARG0, .width = 32, .mask = UINT32_MAX, .op = CMP_IN};
    struct rule *rule;

    for (uint64_t i = 0; i < count; i++)
        list[i].low = list[i].high = 10000 * begin + 2 * i + 1;
    atom.set = ranges_from(&arena, list, count);
    rule = make_rule(&arena, cond_atom(&arena, atom), ret);
    rule->span = (struct span){s, begin, begin + 4};
    return rule;
}

static int too_large_body(void *ctx)
{
    const struct source *s = source_new(&arena, "p.seccomp", "rul1\nrul2\nrul3\nrul4\nrul5\n", 25);
    const struct rule **rules = ARENA_ARRAY(&arena, const struct rule *, 6);
    struct cond *always = ARENA_NEW(&arena, struct cond);
    static const uint64_t sizes[] = {100, 3000, 20, 1000, 500};
    const struct diag *d;
    const struct diag_note *n;

    (void)ctx;
    for (uint32_t i = 0; i < 5; i++)
        rules[i] = wide_rule(s, 5 * i, sizes[i], SECCOMP_RET_ERRNO | (i + 1));
    always->kind = COND_TRUE;
    rules[5] = make_rule(&arena, always, SECCOMP_RET_ALLOW);
    diags_init(&diags, &arena);
    ck_assert_ptr_null(emit_filter(&arena, make_policy(&arena, ARCH_X86_64, rules, 6),
                                   &(struct tuning){0}, &diags));
    ck_assert_uint_eq(diags.list.count, 1);
    d = diags.list.at[0];
    ck_assert_int_eq(d->id, DIAG_TOO_LARGE);
    n = d->notes;
    ck_assert_uint_eq(n->span.begin, 5);
    n = n->next;
    ck_assert_uint_eq(n->span.begin, 15);
    n = n->next;
    ck_assert_uint_eq(n->span.begin, 20);
    n = n->next;
    ck_assert_ptr_nonnull(n);
    ck_assert_ptr_null(n->next);
    return 0;
}

START_TEST(too_large)
{
    run(too_large_body, NULL, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("formats");
    TCase *c = tcase_create("formats");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, read_back);
    tcase_add_test(c, c_header);
    tcase_add_test(c, dump);
    tcase_add_test(c, too_large);
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
