/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arena: the memory of one compile.
 *
 * Everything that a compile makes lives in one arena and is freed with it; nothing is freed one
 * by one. Memory comes zeroed and aligned for any type. Allocation never returns NULL: when the
 * system has no more, control returns to the innermost arena_run() of that arena, which then
 * returns -ENOMEM. Code between may therefore hold nothing but arena memory (no FILE, no
 * descriptor, no malloc) across an allocation.
 *
 * Under AddressSanitizer what was not handed out is poisoned, with a gap behind each allocation.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/compiler.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_chunk;
struct arena_escape;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    char *next;                 /* free part of the newest chunk */
    size_t left;
    size_t used;                 /* bytes handed out so far */
    struct arena_escape *escape; /* innermost arena_run(), NULL outside */
    /* Fault injection for tests: n > 0: the nth allocation from now fails, and all after it;
     * 0: none. */
    uint64_t fail_after;
};

void arena_init(struct arena *a);
/* Frees everything; the arena is as after arena_init(). */
void arena_release(struct arena *a);

/* Runs body(ctx) and returns its value, or -ENOMEM if an allocation in it failed. May nest. */
int arena_run(struct arena *a, int (*body)(void *ctx), void *ctx) MUST_CHECK;

/* All of these: zeroed where not filled, never NULL; only inside arena_run(). */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);
/* An array of more elements that holds the count elements of old, which is not to be used then. In
 * place, where old is the newest allocation. */
void *arena_grow(struct arena *a, void *old, size_t count, size_t more, size_t size);
void *arena_copy(struct arena *a, const void *from, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF(2, 0);

#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array((a), (n), sizeof(type)))

#endif
