# SPDX-License-Identifier: Apache-2.0
libcore_la_SOURCES += \
	compiler/emit/layout.c compiler/emit/layout.h

check_PROGRAMS += \
	tests/unit/emit_layout_test
tests_unit_emit_layout_test_SOURCES = tests/unit/emit_layout_test.c $(graph_test_common)
