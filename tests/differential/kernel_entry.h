/* SPDX-License-Identifier: Apache-2.0 */
/* System calls by the machine's own entries, with whole registers and nothing of a C library
 * between: what the test puts in a register is what the kernel finds there. */
#ifndef TESTS_KERNEL_ENTRY_H
#define TESTS_KERNEL_ENTRY_H

#include <stdint.h>

struct kernel_call {
    uint64_t nr;
    uint64_t args[6];
};

/* The `syscall` instruction (`svc 0` on aarch64). Returns what the kernel left in the result
 * register: a value, or a negative errno. */
int64_t enter_native(const struct kernel_call *call);

/* Where $instruction_pointer is in a call made by enter_native(); 0: not known here. */
uint64_t enter_native_ip(void);

/* `int $0x80` of a 64-bit process: the i386 entry, with all 64 bits of every register set. Only
 * on x86_64; elsewhere it must not be called. */
int64_t enter_int80(const struct kernel_call *call);

#endif
