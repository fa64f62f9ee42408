/* SPDX-License-Identifier: Apache-2.0 */
#include "base/compiler.h"
#include "base/sha256.h"
#include "tests/lib/unit.h"

#include <stdlib.h>
#include <string.h>

/* `count` times the same text; digests by coreutils' sha256sum. The lengths are around where the
 * padding takes a block more; the first three and the last are of FIPS 180-2, appendix B. */
static const struct {
    const char *text;
    size_t count;
    const char *hex;
} digests[] = {
    {"", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"b", 55, "eb2c86e932179f4ba13fe8715a26124b77d6bad290b9b4c1cc140cf633300c19"},
    {"b", 56, "a5fc6e203a4c2b657d0d153885932414b2ffc6a93f0f8bf8b3183315e5a7212c"},
    {"b", 63, "94e419fabac7f930810f9636354042f8c1426d2f834d4ab65c93dc1e69326b13"},
    {"b", 64, "a0fab1377f49a759b57f63318262ebe89fabfc990e8e93ceac2984561482b9d4"},
    {"b", 65, "74b128f30cf83de43ddf4aafc40c7b50a7443d3c73a89a7cfca17e15e43d51ab"},
    {"b", 119, "68297a9eb141ce16bbc0847da1c0c48e2858704feaa13993bde29f87a198a6e1"},
    {"b", 120, "392add47fbaa8197a874ebe770a947a26dd6f2becce5f64688cc4d18c9da93bd"},
    {"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

START_TEST(digest)
{
    size_t each = strlen(digests[_i].text), len = each * digests[_i].count;
    char *bytes = malloc(len + 1), hex[SHA256_HEX];

    for (size_t i = 0; i < digests[_i].count; i++)
        memcpy(bytes + i * each, digests[_i].text, each);
    sha256_hex(bytes, len, hex);
    ck_assert_str_eq(hex, digests[_i].hex);
    free(bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sha256");
    TCase *c = tcase_create("digests");

    tcase_add_loop_test(c, digest, 0, ARRAY_SIZE(digests));
    suite_add_tcase(suite, c);
    return unit_run(suite);
}
