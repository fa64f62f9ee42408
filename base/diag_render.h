/* SPDX-License-Identifier: Apache-2.0 */
/* The one place that draws carets. */
#ifndef BASE_DIAG_RENDER_H
#define BASE_DIAG_RENDER_H

#include "base/diag.h"
#include "base/str.h"

/*
 * FILE:LINE:COL: error: text [id]
 *     source line
 *     ^~~~~
 * FILE:LINE:COL: note: text
 * FILE:LINE:COL: fix: what to change
 * with the chain of includes above where there is one; ANSI colours if asked for.
 */
void diags_render_text(const struct diags *d, bool colour, struct strbuf *out);

/* A JSON array of {"id","severity","message","file","line","column","endLine","endColumn",
 * "notes":[{"message",place...}],"fix":{"message",place...,"replacement"}}; place members are
 * missing where there is no place. */
void diags_render_json(const struct diags *d, struct strbuf *out);

#endif
