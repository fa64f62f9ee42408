/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 of RFC 4648, section 4: with padding, without line ends. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/str.h"

void base64_encode(struct strbuf *out, const unsigned char *bytes, size_t len);

#define BASE64_DECODED_SIZE(len) ((len) / 4 * 3)

/* out has room for BASE64_DECODED_SIZE(len) bytes. Only what base64_encode() writes is accepted:
 * any other byte, missing padding, or padding bits that are not 0 give false. */
bool base64_decode(const char *text, size_t len, unsigned char *out, size_t *out_len);

#endif
