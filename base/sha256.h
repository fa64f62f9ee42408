/* SPDX-License-Identifier: Apache-2.0 */
/* The digest SHA-256, FIPS 180-4. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

#define SHA256_HEX 65 /* with the NUL */

void sha256_hex(const void *bytes, size_t len, char hex[SHA256_HEX]);

#endif
