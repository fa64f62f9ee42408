/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static size_t PRINTF(3, 0) set_text(struct error *e, int code, const char *fmt, va_list ap)
{
    int len;

    e->code = code;
    len = vsnprintf(e->text, sizeof(e->text), fmt, ap);
    return len < 0 ? 0 : (size_t)len;
}

int error_set(struct error *e, int code, const char *fmt, ...)
{
    char buf[128];
    size_t len;
    va_list ap;

    va_start(ap, fmt);
    len = set_text(e, code, fmt, ap);
    va_end(ap);
    if (len < sizeof(e->text))
        snprintf(e->text + len, sizeof(e->text) - len, ": %s", strerror_r(code, buf, sizeof(buf)));
    return -code;
}

int error_text(struct error *e, int code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    set_text(e, code, fmt, ap);
    va_end(ap);
    return -code;
}
