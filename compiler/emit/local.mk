# SPDX-License-Identifier: Apache-2.0
# Graph to program, and the formats that a policy is written in.
libcore_la_SOURCES += \
	compiler/emit/asm.c \
	compiler/emit/bpf.c \
	compiler/emit/c_header.c \
	compiler/emit/cbpf.c compiler/emit/cbpf.h \
	compiler/emit/docker.c compiler/emit/docker.h \
	compiler/emit/docker_caps.c \
	compiler/emit/docker_verify.c \
	compiler/emit/dot.c \
	compiler/emit/emitters.h \
	compiler/emit/formats.c compiler/emit/formats.h \
	compiler/emit/layout.c compiler/emit/layout.h \
	compiler/emit/oci.c compiler/emit/oci.h \
	compiler/emit/oci_blame.c \
	compiler/emit/oci_cover.c compiler/emit/oci_cover.h \
	compiler/emit/oci_diagram.c compiler/emit/oci_diagram.h \
	compiler/emit/oci_lower.c compiler/emit/oci_lower.h \
	compiler/emit/oci_sum.c compiler/emit/oci_sum.h \
	compiler/emit/source_map.c compiler/emit/source_map.h

check_PROGRAMS += \
	tests/unit/emit_format_test \
	tests/unit/emit_layout_test
tests_unit_emit_format_test_SOURCES = tests/unit/emit_format_test.c $(graph_test_common)
tests_unit_emit_layout_test_SOURCES = tests/unit/emit_layout_test.c $(graph_test_common)
