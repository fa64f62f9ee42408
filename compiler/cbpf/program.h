/* SPDX-License-Identifier: Apache-2.0 */
/* A classic BPF program as seccomp takes it (linux/filter.h, struct sock_filter), in the host's
 * byte order, and its form as bytes in a target's. */
#ifndef CBPF_PROGRAM_H
#define CBPF_PROGRAM_H

#include "base/arena.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

struct program {
    struct sock_filter *code;
    uint32_t count;
};

#define HOST_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

/* The 16 words of struct seccomp_data by what they mean, whatever the byte order. */
enum word {
    WORD_NR,
    WORD_ARCH,
    WORD_IP_LOW,
    WORD_IP_HIGH,
    WORD_ARG0_LOW,
    WORD_ARG0_HIGH,
    WORD_ARG5_HIGH = WORD_ARG0_LOW + 11,
    WORD_COUNT
};
#define WORD_ARG_LOW(n)  (WORD_ARG0_LOW + 2 * (n))
#define WORD_ARG_HIGH(n) (WORD_ARG0_LOW + 2 * (n) + 1)

/* Offset in struct seccomp_data, and back (offset a multiple of 4, below 64). From the instruction
 * pointer on, the fields are 64 bits wide: their halves trade places with the byte order. */
static inline uint32_t word_offset(enum word w, bool big_endian)
{
    uint32_t half = w >= WORD_IP_LOW && big_endian;

    return ((uint32_t)w ^ half) * (uint32_t)sizeof(uint32_t);
}

static inline enum word word_at(uint32_t offset, bool big_endian)
{
    /* Trading places twice is not trading at all. */
    return (enum word)(word_offset((enum word)(offset / sizeof(uint32_t)), big_endian) /
                       sizeof(uint32_t));
}

/* Value of the word in a call that is laid out for this host. */
static inline uint32_t word_value(const struct seccomp_data *call, enum word w)
{
    uint32_t value;

    __builtin_memcpy(&value, (const char *)call + word_offset(w, HOST_BIG_ENDIAN), sizeof(value));
    return value;
}

/* count * 8 bytes in the given byte order. */
void program_to_bytes(const struct program *p, bool big_endian, unsigned char *bytes);
/* Any bytes; len is a multiple of 8. */
void program_from_bytes(struct arena *a, const unsigned char *bytes, size_t len, bool big_endian,
                        struct program *p);
/* Which byte order makes the bytes a program that the kernel accepts: 0 little, 1 big, -1 neither.
 * It is never both, as the opcode of the last instruction, a return, is not symmetric. */
int program_guess_endian(struct arena *a, const unsigned char *bytes, size_t len);

#endif
