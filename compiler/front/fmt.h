/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical layout of a policy, easyseccomp-fmt(1). It is made of the tokens and what stands
 * between them, not of the tree: text that #if leaves out is laid out too, and nothing that is
 * written gets lost.
 */
#ifndef FRONT_FMT_H
#define FRONT_FMT_H

#include "base/str.h"
#include "compiler/front/parse.h"

enum format_result {
    FORMAT_DONE,
    FORMAT_REFUSED, /* the text does not parse; why is in diags */
    FORMAT_FAULTY,  /* the result would have other tokens or comments: a fault of the formatter */
};

/* Appends the policy to out as it should look. Of options only the defines matter: they select the
 * text that has to be well-formed; includes are not read. What is in out is complete only if this
 * is FORMAT_DONE. */
enum format_result format_policy(struct arena *a, const struct source *s,
                                 const struct parse_options *options, struct diags *diags,
                                 struct strbuf *out);

#endif
