/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct strbuf *out, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i += 3) {
        size_t have = len - i < 3 ? len - i : 3;
        uint32_t group = 0;
        char text[4] = "====";

        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (j < have ? bytes[i + j] : 0u);
        for (size_t j = 0; j <= have; j++)
            text[j] = digits[group >> (18 - 6 * j) & 63];
        strbuf_add(out, text, sizeof(text));
    }
}

static bool digit_value(char c, uint32_t *value)
{
    const char *at = c ? strchr(digits, c) : NULL;

    if (at)
        *value = (uint32_t)(at - digits);
    return at != NULL;
}

bool base64_decode(const char *text, size_t len, unsigned char *out, size_t *out_len)
{
    size_t n = 0, padding = 0;

    if (len % 4)
        return false;
    while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < len; i += 4) {
        size_t have = 4 - (i + 4 == len ? padding : 0);
        uint32_t group = 0, value = 0;

        for (size_t j = 0; j < 4; j++) {
            if (j < have && !digit_value(text[i + j], &value))
                return false;
            group = group << 6 | (j < have ? value : 0);
        }
        if (group & ((UINT32_C(1) << 8 * (4 - have)) - 1))
            return false;
        for (size_t j = 0; j + 1 < have; j++)
            out[n++] = (unsigned char)(group >> (16 - 8 * j));
    }
    *out_len = n;
    return true;
}
