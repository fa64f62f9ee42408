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

/* Offset in struct seccomp_data, and back (offset a multiple of 4, below 64). */
uint32_t word_offset(enum word w, bool big_endian);
enum word word_at(uint32_t offset, bool big_endian);
/* Value of the word in a call that is laid out for this host. */
uint32_t word_value(const struct seccomp_data *call, enum word w);

/* count * 8 bytes in the given byte order. */
void program_to_bytes(const struct program *p, bool big_endian, unsigned char *bytes);
/* Any bytes; len is a multiple of 8. */
void program_from_bytes(struct arena *a, const unsigned char *bytes, size_t len, bool big_endian,
                        struct program *p);
/* Which byte order makes the bytes a program that the kernel accepts: 0 little, 1 big, -1 neither.
 * Both (a program of symmetric opcodes) is the host's. */
int program_guess_endian(struct arena *a, const unsigned char *bytes, size_t len);

#endif
