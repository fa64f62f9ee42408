/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors and whole files. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/compiler.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* `CLEANUP_FD int fd = open(...);` closes it (if >= 0) when the scope ends; errno is kept. */
#define CLEANUP_FD __attribute__((cleanup(cleanup_fd)))
/* `CLEANUP_FREE char *p = malloc(...);` frees it when the scope ends. */
#define CLEANUP_FREE __attribute__((cleanup(cleanup_free)))

void cleanup_fd(const int *fd);
void cleanup_free(void *pointer_to_pointer);
/* Returns *fd and leaves -1 there: hands the descriptor on to a new owner. */
int steal_fd(int *fd);

/* Writes all of it, through EINTR and short writes. */
int write_all(int fd, const void *bytes, size_t len, struct error *err) MUST_CHECK;

/* Reads to the end of file into a malloc'ed buffer with a NUL behind it (*len does not count
 * it); more than limit bytes is -EFBIG. name is for the error's text. */
int read_all(int fd, const char *name, size_t limit, char **bytes, size_t *len,
             struct error *err) MUST_CHECK;
/* The same for a path; directories, FIFOs that nobody writes to, and devices that would block are
 * errors. */
int read_file(const char *path, size_t limit, char **bytes, size_t *len,
              struct error *err) MUST_CHECK;

/* Replaces path whole or not at all: writes a temporary beside it, syncs, renames. Follows a
 * final symbolic link, but not to nothing; keeps the permissions of a file that is there and, where
 * it may, its owner; a new one has 0666 less umask. A path that is not a regular file (a terminal,
 * a FIFO) is written straight. */
int write_file(const char *path, const void *bytes, size_t len, struct error *err) MUST_CHECK;

#endif
