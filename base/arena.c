/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <assert.h>
#include <errno.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature /* clang's way of asking */
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define GAP ((size_t)16)
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define GAP                                   ((size_t)0)
#endif

#define FIRST_CHUNK ((size_t)16 * 1024)
#define MAX_CHUNK   ((size_t)1024 * 1024)

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    alignas(max_align_t) char data[];
};

struct arena_escape {
    struct arena_escape *outer;
    jmp_buf where;
};

void arena_init(struct arena *a)
{
    memset(a, 0, sizeof(*a));
}

void arena_release(struct arena *a)
{
    struct arena_chunk *c = a->chunks;

    while (c) {
        struct arena_chunk *older = c->older;
        free(c);
        c = older;
    }
    arena_init(a);
}

int arena_run(struct arena *a, int (*body)(void *ctx), void *ctx)
{
    struct arena_escape escape;
    int ret;

    escape.outer = a->escape;
    a->escape = &escape;
    if (setjmp(escape.where) == 0)
        ret = body(ctx);
    else
        ret = -ENOMEM;
    a->escape = escape.outer;
    return ret;
}

static void NORETURN out_of_memory(struct arena *a)
{
    assert(a->escape && "arena used outside arena_run()");
    longjmp(a->escape->where, 1);
}

static void inject_failure(struct arena *a)
{
    if (a->fail_after && --a->fail_after == 0) {
        a->fail_after = 1; /* keep failing */
        out_of_memory(a);
    }
}

static void add_chunk(struct arena *a, size_t need)
{
    size_t size = a->chunks ? a->chunks->size * 2 : FIRST_CHUNK;
    struct arena_chunk *c;

    if (size > MAX_CHUNK)
        size = MAX_CHUNK;
    if (size < need)
        size = need;
    if (size > SIZE_MAX - sizeof(*c))
        out_of_memory(a);
    c = calloc(1, sizeof(*c) + size);
    if (!c)
        out_of_memory(a);
    c->size = size;
    c->older = a->chunks;
    a->chunks = c;
    a->next = c->data;
    a->left = size;
    ASAN_POISON_MEMORY_REGION(c->data, size);
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    size_t taken;
    void *p;

    inject_failure(a);
    if (size > SIZE_MAX - align - GAP)
        out_of_memory(a);
    taken = ((size + align - 1) & ~(align - 1)) + GAP;
    if (taken > a->left || !a->chunks)
        add_chunk(a, taken);
    p = a->next;
    ASAN_UNPOISON_MEMORY_REGION(p, size);
    a->next += taken;
    a->left -= taken;
    a->used += taken;
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory(a);
    return arena_alloc(a, bytes);
}

void *arena_grow(struct arena *a, void *old, size_t count, size_t more, size_t size)
{
    size_t room = count * size, extra = more * size - room;
    void *p;

    /* the newest allocation, and no rounding behind it: the rest of the chunk is zero */
    if (!GAP && room && (char *)old + room == a->next && extra <= a->left &&
        extra % alignof(max_align_t) == 0) {
        arena_alloc(a, extra);
        return old;
    }
    p = arena_array(a, more, size);
    if (room)
        memcpy(p, old, room);
    return p;
}

void *arena_copy(struct arena *a, const void *from, size_t size)
{
    void *p = arena_alloc(a, size);

    if (size)
        memcpy(p, from, size);
    return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *p;

    if (len == SIZE_MAX)
        out_of_memory(a);
    p = arena_alloc(a, len + 1);
    if (len)
        memcpy(p, s, len);
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    char *p;
    int len;

    va_copy(again, ap);
    len = vsnprintf(NULL, 0, fmt, ap);
    assert(len >= 0 && "a format of our own cannot fail");
    p = arena_alloc(a, (size_t)len + 1);
    vsnprintf(p, (size_t)len + 1, fmt, again);
    va_end(again);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *p;

    va_start(ap, fmt);
    p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}
