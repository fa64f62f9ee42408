/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values as text, in the notation of GVariant, which the other runtimes take in annotations:
 *   true  'text'  "text"  5 (int32)  2.5 (double)  uint64 5  @t 5  ['a', 'b']  [uint64 1, 2]
 *   ('a', uint64 1)  @as []
 */
#ifndef SYSTEMD_VARIANT_H
#define SYSTEMD_VARIANT_H

#include "base/error.h"
#include "base/str.h"

struct variant;

/* -EINVAL, and what is wrong with it. */
int variant_parse(struct arena *a, const char *text, struct variant **out,
                  struct error *err) MUST_CHECK;
/* A number of seconds becomes one of microseconds: uint64. */
int variant_microseconds(struct variant *v, struct error *err) MUST_CHECK;
/* Its signature and the value, as D-Bus has a variant. */
int variant_write(struct strbuf *b, const struct variant *v, struct error *err) MUST_CHECK;

#endif
