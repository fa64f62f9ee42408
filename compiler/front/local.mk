# SPDX-License-Identifier: Apache-2.0
# Text to tree: what lexer and parser (grammar/) stand on, the preprocessor, includes.
libcore_la_SOURCES += \
	compiler/front/ast.h \
	compiler/front/ast_dump.c compiler/front/ast_dump.h \
	compiler/front/condition.c compiler/front/condition.h \
	compiler/front/input.c compiler/front/input.h \
	compiler/front/lexeme.c \
	compiler/front/oci_multiplexed.def \
	compiler/front/oci_ops.def \
	compiler/front/oci_terms.c compiler/front/oci_terms.h \
	compiler/front/parse.c compiler/front/parse.h \
	compiler/front/preproc.c compiler/front/preproc.h \
	compiler/front/syntax_error.c compiler/front/syntax_error.h \
	compiler/front/tree.c compiler/front/tree.h
