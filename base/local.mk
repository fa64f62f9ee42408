# SPDX-License-Identifier: Apache-2.0
# What both programs stand on: memory, text, places, diagnostics, errors, descriptors.
libcore_la_SOURCES += \
	base/arena.c base/arena.h \
	base/base64.c base/base64.h \
	base/compiler.h \
	base/diag.c base/diag.def base/diag.h \
	base/diag_render.c base/diag_render.h \
	base/error.c base/error.h \
	base/io.c base/io.h \
	base/sha256.c base/sha256.h \
	base/sort.c base/sort.h \
	base/source.c base/source.h \
	base/str.c base/str.h \
	base/strmap.c base/strmap.h \
	base/uri.c base/uri.h \
	base/vec.c base/vec.h

check_PROGRAMS += \
	tests/unit/base_arena_test \
	tests/unit/base_base64_test \
	tests/unit/base_diag_test \
	tests/unit/base_io_test \
	tests/unit/base_sha256_test \
	tests/unit/base_sort_test \
	tests/unit/base_str_test \
	tests/unit/base_uri_test
tests_unit_base_arena_test_SOURCES = tests/unit/base_arena_test.c
tests_unit_base_base64_test_SOURCES = tests/unit/base_base64_test.c
tests_unit_base_diag_test_SOURCES = tests/unit/base_diag_test.c
tests_unit_base_io_test_SOURCES = tests/unit/base_io_test.c
tests_unit_base_sha256_test_SOURCES = tests/unit/base_sha256_test.c
tests_unit_base_sort_test_SOURCES = tests/unit/base_sort_test.c
tests_unit_base_str_test_SOURCES = tests/unit/base_str_test.c
tests_unit_base_uri_test_SOURCES = tests/unit/base_uri_test.c
