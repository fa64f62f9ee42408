/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths inside of the container's root. They are resolved by the kernel as if that root were "/"
 * (openat2, RESOLVE_IN_ROOT), never by joining strings, and what is done afterwards is done to the
 * descriptor: whoever changes the tree meanwhile changes only what he sees himself.
 */
#ifndef EXEC_TARGET_H
#define EXEC_TARGET_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum target_kind { TARGET_DIRECTORY, TARGET_FILE };

/* open(2) in the root; -ENOENT and others come back without words in *err being of any use to
 * the user: the caller says what it was for. resolve: more RESOLVE_* flags. */
int target_open(int root, const char *path, uint64_t flags, uint64_t resolve, int *fd,
                struct error *err) MUST_CHECK;

/* Opens with O_PATH, making what is missing: directories 0755, and the last part as kind says.
 * Returns 1 if it made the last part, 0 if that was there. plain: no symbolic link on the way. */
int target_make(int root, const char *path, enum target_kind kind, bool plain, int *fd,
                struct error *err) MUST_CHECK;

/* Opens the directory that holds path's last part (making it), and points *name at that part. */
int target_parent(int root, const char *path, int *fd, const char **name,
                  struct error *err) MUST_CHECK;

/* True when fd is on a file system of that kind (a *_SUPER_MAGIC). */
bool is_on(int fd, uint64_t magic);

#endif
