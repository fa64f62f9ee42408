/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz target: called with any bytes, by libFuzzer (configure CC=clang --enable-fuzzers) or by
 * replay.c. It returns 0 and has freed what it allocated; a fault is an abort or a sanitizer's
 * report.
 */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
