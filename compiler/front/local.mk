# SPDX-License-Identifier: Apache-2.0
# Text to tree: what lexer and parser (grammar/) stand on, the preprocessor, includes.
libcore_la_SOURCES += \
	compiler/front/ast.h \
	compiler/front/ast_dump.c compiler/front/ast_dump.h \
	compiler/front/condition.c compiler/front/condition.h \
	compiler/front/docker_read.c compiler/front/docker_read.h \
	compiler/front/engine-caps.def \
	compiler/front/engine_caps.c compiler/front/engine_caps.h \
	compiler/front/fmt.c compiler/front/fmt.h \
	compiler/front/fmt_internal.h \
	compiler/front/fmt_layout.c \
	compiler/front/fmt_pieces.c \
	compiler/front/fmt_tree.c \
	compiler/front/input.c compiler/front/input.h \
	compiler/front/json.c compiler/front/json.h \
	compiler/front/lexeme.c \
	compiler/front/oci_multiplexed.def \
	compiler/front/oci_read.c compiler/front/oci_read.h \
	compiler/front/oci_reader.h \
	compiler/front/oci_ops.def \
	compiler/front/oci_terms.c compiler/front/oci_terms.h \
	compiler/front/parse.c compiler/front/parse.h \
	compiler/front/preproc.c compiler/front/preproc.h \
	compiler/front/syntax_error.c compiler/front/syntax_error.h \
	compiler/front/tokens.c compiler/front/tokens.h \
	compiler/front/tree.c compiler/front/tree.h

front_tests = \
	tests/unit/front_error_test \
	tests/unit/front_include_test \
	tests/unit/front_limits_test \
	tests/unit/front_parse_test \
	tests/unit/front_preproc_test
front_testlib = tests/unit/front_testlib.c tests/unit/front_testlib.h

check_PROGRAMS += $(front_tests)
tests_unit_front_error_test_SOURCES = tests/unit/front_error_test.c $(front_testlib)
tests_unit_front_include_test_SOURCES = tests/unit/front_include_test.c $(front_testlib)
tests_unit_front_limits_test_SOURCES = tests/unit/front_limits_test.c $(front_testlib)
tests_unit_front_parse_test_SOURCES = tests/unit/front_parse_test.c $(front_testlib)
tests_unit_front_preproc_test_SOURCES = tests/unit/front_preproc_test.c $(front_testlib)

golden_dirs += tests/golden/ast tests/golden/json
