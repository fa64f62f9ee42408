/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of arenas, and of the containers that live in them. */
#include "base/arena.h"
#include "base/str.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <stdalign.h>
#include <string.h>

START_TEST(memory_is_zeroed_aligned_and_apart)
{
    struct arena a;
    static const unsigned char zeros[5000];
    unsigned char *before = NULL;
    size_t size;

    arena_init(&a);
    for (size = 0; size < 5000; size += 7) {
        unsigned char *p = arena_alloc(&a, size);

        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % alignof(max_align_t), 0);
        ck_assert_mem_eq(p, zeros, size);
        memset(p, 0xa5, size);
        ck_assert_ptr_ne(p, before);
        before = p;
    }
    arena_release(&a);
    ck_assert_uint_eq(a.used, 0);
    ck_assert_ptr_null(a.chunks);
}
END_TEST

START_TEST(empty_allocation_of_an_empty_arena)
{
    struct arena a;

    arena_init(&a);
    ck_assert_ptr_nonnull(arena_array(&a, 0, 8));
    arena_release(&a);
}
END_TEST

START_TEST(larger_than_any_chunk)
{
    const size_t size = (size_t)5 * 1024 * 1024;
    struct arena a;
    char *p;

    arena_init(&a);
    p = arena_alloc(&a, size);
    p[size - 1] = 'x';
    ck_assert_ptr_nonnull(arena_alloc(&a, 1));
    arena_release(&a);
}
END_TEST

START_TEST(copies_and_texts)
{
    struct arena a;
    static const char bytes[] = {'a', 0, 'b'};

    arena_init(&a);
    ck_assert_mem_eq(arena_copy(&a, bytes, 3), bytes, 3);
    ck_assert_str_eq(arena_strdup(&a, "abc"), "abc");
    ck_assert_str_eq(arena_strndup(&a, "abc", 2), "ab");
    ck_assert_str_eq(arena_strndup(&a, NULL, 0), "");
    ck_assert_mem_eq(arena_strndup(&a, bytes, 3), "a\0b", 4);
    ck_assert_str_eq(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
    ck_assert_str_eq(arena_printf(&a, "%300s", "x") + 298, " x");
    arena_release(&a);
}
END_TEST

struct wish {
    struct arena *arena;
    size_t count, size;
};

static int grant(void *ctx)
{
    struct wish *w = ctx;

    arena_array(w->arena, w->count, w->size);
    return 0;
}

static int sum_overflows(void *ctx)
{
    struct wish *w = ctx;

    arena_strndup(w->arena, "", SIZE_MAX);
    return 0;
}

START_TEST(sizes_that_overflow_are_out_of_memory)
{
    struct arena a;
    struct wish product = {&a, SIZE_MAX / 2, 3};
    struct wish largest = {&a, SIZE_MAX, 1};
    struct wish huge = {&a, SIZE_MAX / 4, 1};

    arena_init(&a);
    ck_assert_int_eq(arena_run(&a, grant, &product), -ENOMEM);
    ck_assert_int_eq(arena_run(&a, grant, &largest), -ENOMEM);
    ck_assert_int_eq(arena_run(&a, grant, &huge), -ENOMEM);
    ck_assert_int_eq(arena_run(&a, sum_overflows, &largest), -ENOMEM);
    ck_assert_ptr_null(a.escape);
    arena_release(&a);
}
END_TEST

static int give(void *ctx)
{
    return *(int *)ctx;
}

static int fail_inside(void *ctx)
{
    struct arena *a = ctx;
    struct wish w = {a, SIZE_MAX, 1};
    int ret = arena_run(a, grant, &w);

    arena_strdup(a, "the outer run goes on");
    return ret == -ENOMEM ? 5 : 0;
}

START_TEST(runs_nest_and_return)
{
    struct arena a;
    int value = 42;

    arena_init(&a);
    ck_assert_int_eq(arena_run(&a, give, &value), 42);
    ck_assert_int_eq(arena_run(&a, fail_inside, &a), 5);
    arena_release(&a);
}
END_TEST

/* Uses everything of base/ that grows. */
static int use_all(void *ctx)
{
    struct arena *a = ctx;
    VEC(unsigned) numbers = {0};
    struct strmap map = {0};
    struct strbuf text;
    unsigned i;

    strbuf_init(&text, a);
    for (i = 0; i < 100; i++) {
        const char *key = arena_printf(a, "%u", i);

        VEC_PUSH(a, &numbers, i);
        strmap_put(a, &map, key, (uint32_t)strlen(key), &numbers);
        strbuf_printf(&text, "%s ", key);
    }
    return (int)(numbers.count + map.count + text.len);
}

START_TEST(every_allocation_failing_in_turn)
{
    struct arena a;
    uint64_t n;
    int ret;

    for (n = 1;; n++) {
        arena_init(&a);
        a.fail_after = n;
        ret = arena_run(&a, use_all, &a);
        arena_release(&a);
        if (ret != -ENOMEM)
            break;
    }
    ck_assert_uint_gt(n, 100);
    ck_assert_int_eq(ret, 100 + 100 + 10 * 2 + 90 * 3);
}
END_TEST

START_TEST(a_failed_allocation_stays_failed)
{
    struct arena a;
    struct wish w = {&a, 1, 1};

    arena_init(&a);
    a.fail_after = 2;
    ck_assert_int_eq(arena_run(&a, grant, &w), 0);
    ck_assert_int_eq(arena_run(&a, grant, &w), -ENOMEM);
    ck_assert_int_eq(arena_run(&a, grant, &w), -ENOMEM);
    arena_release(&a);
}
END_TEST

START_TEST(vector_keeps_what_was_pushed)
{
    struct arena a;
    VEC(size_t) v = {0};
    size_t i;

    arena_init(&a);
    for (i = 0; i < 1000; i++)
        VEC_PUSH(&a, &v, i * i);
    ck_assert_uint_eq(v.count, 1000);
    for (i = 0; i < v.count; i++)
        ck_assert_uint_eq(v.at[i], i * i);
    arena_release(&a);
}
END_TEST

START_TEST(pushed_value_may_read_the_vector)
{
    struct arena a;
    VEC(size_t) v = {0};
    size_t i;

    arena_init(&a);
    for (i = 0; i < 20; i++)
        VEC_PUSH(&a, &v, v.count + (v.count ? v.at[0] : 100));
    ck_assert_uint_eq(v.at[0], 100);
    ck_assert_uint_eq(v.at[19], 119);
    arena_release(&a);
}
END_TEST

START_TEST(map_finds_what_was_put)
{
    struct arena a;
    struct strmap m = {0};
    char *values[500];
    unsigned i;

    arena_init(&a);
    ck_assert_ptr_null(strmap_get(&m, "", 0));
    for (i = 0; i < 500; i++) {
        values[i] = arena_printf(&a, "name%u", i);
        strmap_put(&a, &m, values[i], (uint32_t)strlen(values[i]), values[i]);
    }
    ck_assert_uint_eq(m.count, 500);
    for (i = 0; i < 500; i++)
        ck_assert_ptr_eq(strmap_get(&m, values[i], (uint32_t)strlen(values[i])), values[i]);
    ck_assert_ptr_null(strmap_get(&m, "name500", 7));
    ck_assert_ptr_null(strmap_get(&m, "name10", 4));
    arena_release(&a);
}
END_TEST

START_TEST(map_replaces_and_takes_any_bytes)
{
    struct arena a;
    struct strmap m = {0};
    int one, two;

    arena_init(&a);
    strmap_put(&a, &m, "a\0b", 3, &one);
    strmap_put(&a, &m, "a\0c", 3, &one);
    strmap_put(&a, &m, "a\0b", 3, &two);
    strmap_put(&a, &m, "", 0, &one);
    ck_assert_uint_eq(m.count, 3);
    ck_assert_ptr_eq(strmap_get(&m, "a\0b", 3), &two);
    ck_assert_ptr_eq(strmap_get(&m, "a\0c", 3), &one);
    ck_assert_ptr_eq(strmap_get(&m, "", 0), &one);
    arena_release(&a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("arena");
    TCase *arena = tcase_create("arena"), *vec = tcase_create("vec"), *map = tcase_create("strmap");

    tcase_add_test(arena, memory_is_zeroed_aligned_and_apart);
    tcase_add_test(arena, empty_allocation_of_an_empty_arena);
    tcase_add_test(arena, larger_than_any_chunk);
    tcase_add_test(arena, copies_and_texts);
    tcase_add_test(arena, sizes_that_overflow_are_out_of_memory);
    tcase_add_test(arena, runs_nest_and_return);
    tcase_add_test(arena, every_allocation_failing_in_turn);
    tcase_add_test(arena, a_failed_allocation_stays_failed);
    suite_add_tcase(s, arena);
    tcase_add_test(vec, vector_keeps_what_was_pushed);
    tcase_add_test(vec, pushed_value_may_read_the_vector);
    suite_add_tcase(s, vec);
    tcase_add_test(map, map_finds_what_was_put);
    tcase_add_test(map, map_replaces_and_takes_any_bytes);
    suite_add_tcase(s, map);
    return unit_run(s);
}
