/* SPDX-License-Identifier: Apache-2.0 */
/* Programs as bytes: two bytes of opcode, one each of jt and jf, four of k. */
#include "compiler/cbpf/program.h"

#include "compiler/cbpf/check.h"

#include <endian.h>
#include <string.h>

#define INSTRUCTION_BYTES sizeof(struct sock_filter)
_Static_assert(INSTRUCTION_BYTES == 8, "the kernel's layout has no padding");

void program_to_bytes(const struct program *p, bool big_endian, unsigned char *bytes)
{
    for (uint32_t i = 0; i < p->count; i++) {
        struct sock_filter in = p->code[i];

        in.code = big_endian ? htobe16(in.code) : htole16(in.code);
        in.k = big_endian ? htobe32(in.k) : htole32(in.k);
        memcpy(bytes + i * INSTRUCTION_BYTES, &in, INSTRUCTION_BYTES);
    }
}

void program_from_bytes(struct arena *a, const unsigned char *bytes, size_t len, bool big_endian,
                        struct program *p)
{
    p->count = (uint32_t)(len / INSTRUCTION_BYTES);
    p->code = ARENA_ARRAY(a, struct sock_filter, p->count);
    for (uint32_t i = 0; i < p->count; i++) {
        struct sock_filter in;

        memcpy(&in, bytes + i * INSTRUCTION_BYTES, INSTRUCTION_BYTES);
        in.code = big_endian ? be16toh(in.code) : le16toh(in.code);
        in.k = big_endian ? be32toh(in.k) : le32toh(in.k);
        p->code[i] = in;
    }
}

int program_guess_endian(struct arena *a, const unsigned char *bytes, size_t len)
{
    for (int big = 0; big <= 1; big++) {
        struct program p;
        struct error err;
        uint32_t at;

        program_from_bytes(a, bytes, len, big, &p);
        if (check_program(&p, &at, &err) == 0)
            return big;
    }
    return -1;
}
