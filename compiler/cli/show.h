/* SPDX-License-Identifier: Apache-2.0 */
/* Places and texts of a policy as the commands show them. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "base/source.h"
#include "base/str.h"

/* `policy.seccomp:12` */
void show_place(struct span span, struct strbuf *out);
/* `{"file":"policy.seccomp","line":12,"column":1`, to be gone on with. */
void show_json_place(struct span span, struct strbuf *out);
/* What was written, in one line; of much its beginning. */
void show_text(struct span span, struct strbuf *out);

#endif
