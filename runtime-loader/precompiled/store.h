/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters that were compiled before: a start reads one file and compiles nothing.
 *
 *     linux.seccomp ─precompiled_init─▶ DIR/KEY ─precompiled_read─▶ filter
 *
 * The key is a digest of all that decides what the compiler makes: the section, the compiler, the
 * machine's architecture. A file says its own key and the digest of what it holds, and is taken
 * only if both are right, and if it and its directory can be written to by root and the caller
 * alone. It stands in place of the section, so whoever may write it may loosen it.
 */
#ifndef PRECOMPILED_STORE_H
#define PRECOMPILED_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRECOMPILED_NAME_SIZE 128

struct precompiled {
    char key[SHA256_HEX];
    const char *compiler; /* who made it: version and commit */
    uint32_t arch;        /* AUDIT_ARCH_*: for which machine */
    const char *name;     /* what it is of, for people */
    uint32_t flags;       /* SECCOMP_FILTER_FLAG_* */
    const struct sock_filter *code;
    uint32_t count;
};

/* The administrator's directory, then that of packages, then NULL. */
extern const char *const precompiled_dirs[];

/* The key, the compiler and the architecture of what this program makes of a section, which is
 * JSON as the compiler gets it. */
void precompiled_init(struct arena *a, const char *section, struct precompiled *out);
/* Could this program use it: is it of its own compiler and architecture? */
bool precompiled_is_ours(const struct precompiled *filter);

/* Opens a directory. -ENOENT if there is none, or one whose owner has no number in this user
 * namespace; -EPERM if others may write to it. */
int precompiled_open(const char *path, int *dir, struct error *err) MUST_CHECK;
/* Reads the file of that key. -ENOENT if there is none; -EINVAL if it is damaged or another's,
 * -EPERM if others may write to it. Whether the program is a filter is for the caller to check. */
int precompiled_read(struct arena *a, int dir, const char *key, struct precompiled *out,
                     struct error *err) MUST_CHECK;
/* Replaces the file whole or not at all; it can only be read then. */
int precompiled_write(struct arena *a, int dir, const struct precompiled *filter,
                      struct error *err) MUST_CHECK;

#endif
