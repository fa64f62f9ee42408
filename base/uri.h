/* SPDX-License-Identifier: Apache-2.0 */
/* File names as URIs (RFC 3986, RFC 8089). */
#ifndef BASE_URI_H
#define BASE_URI_H

#include "base/str.h"

/* Appends a path: a relative one as a relative reference, an absolute one with `file://`. What URIs
 * do not take is escaped. */
void strbuf_uri(struct strbuf *b, const char *path);

/* The path of a `file:` URI without its escapes; NULL: it is none, or of another host, or has an
 * escape that is none or a NUL. */
char *uri_path(struct arena *a, const char *uri);

#endif
