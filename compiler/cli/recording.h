/* SPDX-License-Identifier: Apache-2.0 */
/* Which calls were made, with what in those arguments that select what a call does: flags, commands
 * and types, by argument-families.tsv. Other arguments (sizes, addresses, descriptors) differ from
 * run to run and are not kept. */
#ifndef CLI_RECORDING_H
#define CLI_RECORDING_H

#include "base/compiler.h"
#include "base/str.h"
#include "base/vec.h"
#include "compiler/tables/names.h"

#include <linux/seccomp.h>

/* More values of an argument than this are no set that one wants to read: of flags the bits that
 * were seen are kept then, and nothing of other arguments. */
#define MOST_VALUES 24

struct recorded_call {
    const struct arch *arch;
    uint32_t nr;                     /* as in seccomp_data */
    const struct syscall_info *info; /* NULL: the number has no name */
    struct signature signature;
    struct recorded_arg {
        const struct argument_family *family; /* NULL: it is not kept */
        bool many;
        uint64_t values[MOST_VALUES]; /* as wide as the kernel reads them, in order of appearance */
        unsigned count;
        uint64_t bits; /* of all values */
    } args[SYSCALL_MAX_ARGS];
};

struct recording {
    struct arena *arena;
    VEC(struct recorded_call *) calls; /* in order of appearance */
    uint64_t foreign;                  /* calls of architectures that the table does not have */
};

void recording_add(struct recording *r, const struct seccomp_data *call);

/* The calls as rules of the language that allow them, one a line. */
void recording_write(const struct recording *r, struct strbuf *out);
/* "x86_64, x86": those that were seen, the machine's own first. */
void recording_write_archs(const struct recording *r, struct strbuf *out);

#endif
