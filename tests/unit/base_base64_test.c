/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 by the vectors of RFC 4648, section 10, and what it must refuse. */
#include "base/base64.h"

#include "tests/lib/unit.h"

#include <string.h>

static struct arena arena;

static const char *encoded(const void *bytes, size_t len)
{
    struct strbuf b;

    strbuf_init(&b, &arena);
    base64_encode(&b, bytes, len);
    return strbuf_text(&b);
}

static int vectors_body(void *ctx)
{
    static const struct {
        const char *plain, *text;
    } cases[] = {{"", ""},
                 {"f", "Zg=="},
                 {"fo", "Zm8="},
                 {"foo", "Zm9v"},
                 {"foob", "Zm9vYg=="},
                 {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"},
                 {"\xfb\xff\xfe", "+//+"}};

    (void)ctx;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        unsigned char out[16];
        size_t len = 99;

        ck_assert_str_eq(encoded(cases[i].plain, strlen(cases[i].plain)), cases[i].text);
        ck_assert(base64_decode(cases[i].text, strlen(cases[i].text), out, &len));
        ck_assert_uint_eq(len, strlen(cases[i].plain));
        ck_assert_mem_eq(out, cases[i].plain, len);
    }
    return 0;
}

START_TEST(vectors)
{
    ck_assert_int_eq(arena_run(&arena, vectors_body, NULL), 0);
}
END_TEST

/* Every byte at every place of a group, and every length, there and back. */
static int round_trip_body(void *ctx)
{
    unsigned char bytes[259], back[BASE64_DECODED_SIZE(400)];

    (void)ctx;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)i;
    for (size_t begin = 0; begin < 3; begin++)
        for (size_t len = 0; begin + len <= sizeof(bytes); len++) {
            const char *text = encoded(bytes + begin, len);
            size_t got = 0;

            ck_assert_uint_le(len, BASE64_DECODED_SIZE(strlen(text)));
            ck_assert(base64_decode(text, strlen(text), back, &got));
            ck_assert_uint_eq(got, len);
            ck_assert_mem_eq(back, bytes + begin, len);
        }
    return 0;
}

START_TEST(round_trip)
{
    ck_assert_int_eq(arena_run(&arena, round_trip_body, NULL), 0);
}
END_TEST

START_TEST(refused)
{
    static const char *const bad[] = {"Z",    "Zg",   "Zg=",      "Zm9",          "Z===",   "====",
                                      "=Zg=", "Zg=g", "Zg==Zg==", "Zh==",         "Zm9=",   "Zm 9",
                                      "Zm9-", "Zm9_", "Zm9v\n",   "Zm9v\n\n\n\n", "Zm9\xff"};

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        unsigned char out[16];
        size_t len;

        ck_assert_msg(!base64_decode(bad[i], strlen(bad[i]), out, &len), "'%s'", bad[i]);
    }
    ck_assert(!base64_decode("Zg\0=", 4, (unsigned char[3]){0}, &(size_t){0}));
}
END_TEST

static void teardown(void)
{
    arena_release(&arena);
}

int main(void)
{
    Suite *suite = suite_create("base64");
    TCase *c = tcase_create("base64");

    tcase_add_checked_fixture(c, NULL, teardown);
    tcase_add_test(c, vectors);
    tcase_add_test(c, round_trip);
    tcase_add_test(c, refused);
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
