# SPDX-License-Identifier: Apache-2.0
# Fuzz targets: `make check` replays their corpus; configured with CC=clang --enable-fuzzers they are
# libFuzzer's programs: tests/fuzz/policy_fuzz -max_total_time=600 NEW_DIR SRCDIR/tests/fuzz/corpus/policy
fuzz_targets = \
	tests/fuzz/blob_fuzz \
	tests/fuzz/json_fuzz \
	tests/fuzz/policy_fuzz

check_PROGRAMS += $(fuzz_targets)
EXTRA_DIST += tests/fuzz/corpus

if ENABLE_FUZZERS
fuzz_main =
fuzz_flags = $(AM_LDFLAGS) -fsanitize=fuzzer
test_helpers += $(fuzz_targets)
else
fuzz_main = tests/fuzz/replay.c
fuzz_flags = $(AM_LDFLAGS)
endif

tests_fuzz_blob_fuzz_SOURCES = tests/fuzz/blob_fuzz.c tests/fuzz/target.h $(fuzz_main)
tests_fuzz_blob_fuzz_LDFLAGS = $(fuzz_flags)
tests_fuzz_json_fuzz_SOURCES = tests/fuzz/json_fuzz.c tests/fuzz/target.h $(fuzz_main)
tests_fuzz_json_fuzz_LDFLAGS = $(fuzz_flags)
tests_fuzz_policy_fuzz_SOURCES = tests/fuzz/policy_fuzz.c tests/fuzz/target.h $(fuzz_main)
tests_fuzz_policy_fuzz_LDFLAGS = $(fuzz_flags)
