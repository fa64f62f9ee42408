/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values as D-Bus messages have them (D-Bus specification, "Marshaling"): in the host's byte order,
 * each aligned from the beginning of the message's body. What is written goes to the end of a
 * buffer that holds the body from its beginning.
 */
#ifndef SYSTEMD_WIRE_H
#define SYSTEMD_WIRE_H

#include "base/str.h"

void wire_align(struct strbuf *b, size_t alignment);
void wire_byte(struct strbuf *b, uint8_t value);
void wire_u16(struct strbuf *b, uint16_t value);
void wire_u32(struct strbuf *b, uint32_t value); /* booleans too */
void wire_u64(struct strbuf *b, uint64_t value);
void wire_string(struct strbuf *b, const char *text); /* object paths too */
void wire_signature(struct strbuf *b, const char *text);

/* Between the two are the elements. */
struct wire_array {
    size_t length_at, begin;
};
struct wire_array wire_array_begin(struct strbuf *b, size_t element_alignment);
void wire_array_end(struct strbuf *b, const struct wire_array *array);

/* Alignment of what begins with that letter of a signature. */
size_t wire_alignment(char type);

/* Reads from a message; past its end, or where no text is one, `failed` is set and nothing is 0 or
 * "". */
struct wire_reader {
    const char *bytes;
    size_t len, at;
    bool failed;
};
void wire_read_align(struct wire_reader *r, size_t alignment);
uint8_t wire_read_byte(struct wire_reader *r);
uint32_t wire_read_u32(struct wire_reader *r);
const char *wire_read_string(struct wire_reader *r);
const char *wire_read_signature(struct wire_reader *r);

#endif
