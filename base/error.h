/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Error record of operations on the system: filled by the function that fails, shown by the
 * program. Fallible functions take it last and return a negative errno value with it.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/compiler.h"

struct error {
    int code;       /* errno value, 0 while nothing failed */
    char text[400]; /* lower case, subject quoted, with the errno's text */
};

/* "fmt...: strerror(code)"; returns -code. */
int error_set(struct error *e, int code, const char *fmt, ...) PRINTF(3, 4);
/* The text alone, where strerror() would add nothing; returns -code. */
int error_text(struct error *e, int code, const char *fmt, ...) PRINTF(3, 4);

#endif
