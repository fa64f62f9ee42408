/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/syntax_error.h"

void report_syntax_error(struct input *in, const struct syntax_error *e)
{
    diag_add(in->diags, DIAG_SYNTAX, e->found, "unexpected %s", e->found_name);
}
