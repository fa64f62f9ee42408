# SPDX-License-Identifier: Apache-2.0
# What editors ask about policies.
libcore_la_SOURCES += \
	compiler/lsp/completion.c \
	compiler/lsp/cursor.c \
	compiler/lsp/definition.c \
	compiler/lsp/document.c \
	compiler/lsp/findings.c \
	compiler/lsp/hover.c \
	compiler/lsp/internal.h \
	compiler/lsp/lsp.h \
	compiler/lsp/server.c \
	compiler/lsp/statements.def

dist_check_SCRIPTS += tests/lsp.test
