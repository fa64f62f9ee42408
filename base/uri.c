/* SPDX-License-Identifier: Apache-2.0 */
#include "base/uri.h"

#include <string.h>

void strbuf_uri(struct strbuf *b, const char *path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

    while (!strncmp(path, "./", 2))
        path += 2;
    if (*path == '/')
        strbuf_puts(b, "file://");
    for (; *path; path++)
        if (strchr(plain, *path))
            strbuf_putc(b, *path);
        else
            strbuf_printf(b, "%%%02X", (unsigned char)*path);
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

    return at ? (int)(at - digits) : -1;
}

char *uri_path(struct arena *a, const char *uri)
{
    char *path, *to;

    if (strncmp(uri, "file:", 5) != 0)
        return NULL;
    uri += 5;
    if (!strncmp(uri, "//localhost/", 12))
        uri += 11;
    else if (!strncmp(uri, "///", 3))
        uri += 2;
    else if (uri[0] != '/' || uri[1] == '/')
        return NULL;
    path = to = arena_alloc(a, strlen(uri) + 1);
    for (; *uri; uri++) {
        int high, low;

        if (*uri != '%') {
            *to++ = *uri;
            continue;
        }
        high = hex_value(uri[1]);
        low = high < 0 ? -1 : hex_value(uri[2]);
        if (low < 0 || high + low == 0)
            return NULL;
        *to++ = (char)(high * 16 + low);
        uri += 2;
    }
    *to = '\0';
    return path;
}
