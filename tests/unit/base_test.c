/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of base/. */
#include "base/arena.h"
#include "tests/lib/unit.h"

START_TEST(alloc_is_zeroed)
{
    struct arena a;

    arena_init(&a);
    arena_release(&a);
    ck_assert_uint_eq(a.used, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("base");
    TCase *c = tcase_create("arena");

    tcase_add_test(c, alloc_is_zeroed);
    suite_add_tcase(s, c);
    return unit_run(s);
}
