/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TAP for test programs without check: property tests, tests against the kernel.
 *
 *     struct tap t = {0};
 *     tap_case(&t, ret == 0, "close is allowed");
 *     tap_skip(&t, "notify", "the kernel has no SECCOMP_RET_USER_NOTIF");
 *     tap_note("seed %u", seed);                        behind a case: shown if it failed
 *     return tap_end(&t);                               the plan, and the exit status
 */
#ifndef TESTS_LIB_TAP_H
#define TESTS_LIB_TAP_H

#include "base/compiler.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tap {
    unsigned cases, failed;
};

/* Returns ok. The output is flushed, so that it is not lost or doubled by a child. */
static inline bool PRINTF(3, 4) tap_case(struct tap *t, bool ok, const char *fmt, ...)
{
    va_list ap;

    printf("%s %u - ", ok ? "ok" : "not ok", ++t->cases);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
    t->failed += !ok;
    return ok;
}

static inline void tap_skip(struct tap *t, const char *name, const char *reason)
{
    printf("ok %u - %s # SKIP %s\n", ++t->cases, name, reason);
    fflush(stdout);
}

static inline void PRINTF(1, 2) tap_note(const char *fmt, ...)
{
    va_list ap;

    printf("# ");
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
}

/* A note for each line of the text. */
static inline void tap_note_lines(const char *indent, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        tap_note("%s%.*s", indent, (int)len, text);
        text += len + (text[len] == '\n');
    }
}

static inline int tap_end(const struct tap *t)
{
    printf("1..%u\n", t->cases);
    return t->failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
