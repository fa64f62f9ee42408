/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <string.h>

static struct arena arena;

struct narrow {
    uint32_t key, order, more;
};
struct wide {
    uint64_t key, order;
};
struct odd {
    uint32_t order;
    char filling[9];
    uint64_t key;
};

/* Sorted, those of the same number in the order of before, and none got lost. */
#define CHECK_SORT(type, bits, seed_at)                                                            \
    for (size_t count = 0; count < 400; count = count * 5 / 4 + 1) {                               \
        type *at = ARENA_ARRAY(&arena, type, count);                                               \
        uint64_t sum = 0;                                                                          \
                                                                                                   \
        for (size_t i = 0; i < count; i++) {                                                       \
            at[i].key = rng_next(seed_at) >> (64 - (bits));                                        \
            at[i].order = (uint32_t)i;                                                             \
            sum += at[i].key ^ at[i].order;                                                        \
        }                                                                                          \
        SORT_BY(&arena, at, count, key);                                                           \
        for (size_t i = 0; i < count; i++) {                                                       \
            sum -= at[i].key ^ at[i].order;                                                        \
            if (i)                                                                                 \
                ck_assert(at[i - 1].key < at[i].key ||                                             \
                          (at[i - 1].key == at[i].key && at[i - 1].order < at[i].order));          \
        }                                                                                          \
        ck_assert_uint_eq(sum, 0);                                                                 \
    }

START_TEST(structures)
{
    struct rng rng = {rng_seed()};

    CHECK_SORT(struct narrow, 32, &rng)
    CHECK_SORT(struct narrow, 3, &rng)
    CHECK_SORT(struct wide, 64, &rng)
    CHECK_SORT(struct wide, 9, &rng)
    CHECK_SORT(struct odd, 64, &rng)
}
END_TEST

START_TEST(numbers)
{
    uint32_t few[] = {3, 1, UINT32_MAX, 2, 0, 1};
    static const uint32_t sorted[] = {0, 1, 1, 2, 3, UINT32_MAX};

    SORT_NUMBERS(&arena, few, ARRAY_SIZE(few));
    ck_assert(!memcmp(few, sorted, sizeof(few)));
    SORT_NUMBERS(&arena, (uint64_t *)NULL, 0);
}
END_TEST

static void teardown(void)
{
    arena_release(&arena);
}

int main(void)
{
    Suite *suite = suite_create("sort");
    TCase *c = tcase_create("sort");

    tcase_add_checked_fixture(c, NULL, teardown);
    tcase_add_test(c, structures);
    tcase_add_test(c, numbers);
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
