# SPDX-License-Identifier: Apache-2.0
# Graph to program, and the formats that a policy is written in.
libcore_la_SOURCES += \
	compiler/emit/asm.c \
	compiler/emit/bpf.c \
	compiler/emit/c_header.c \
	compiler/emit/cbpf.c compiler/emit/cbpf.h \
	compiler/emit/dot.c \
	compiler/emit/emitters.h \
	compiler/emit/formats.c compiler/emit/formats.h \
	compiler/emit/layout.c compiler/emit/layout.h

check_PROGRAMS += \
	tests/unit/emit_format_test \
	tests/unit/emit_layout_test
tests_unit_emit_format_test_SOURCES = tests/unit/emit_format_test.c $(graph_test_common)
tests_unit_emit_layout_test_SOURCES = tests/unit/emit_layout_test.c $(graph_test_common)
