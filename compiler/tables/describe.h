/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of the tables in words, for people. */
#ifndef TABLES_DESCRIBE_H
#define TABLES_DESCRIBE_H

#include "base/str.h"
#include "compiler/tables/syscalls.h"

/* "(int32 dfd, ptr64 filename)"; nothing where the signature is not known. */
void describe_signature(const struct signature *s, struct strbuf *out);
/* "int32 dfd" */
void describe_argument(const struct syscall_arg *arg, struct strbuf *out);
/* "5.3", "2.6.12" */
void describe_release(kernel_release r, struct strbuf *out);

#endif
