# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += easyseccomp
easyseccomp_LDADD = libcore.la
easyseccomp_CPPFLAGS = $(AM_CPPFLAGS) -DPROVER='"$(pkglibexecdir)/easyseccomp-prove"'
easyseccomp_SOURCES = \
	compiler/cli/cli.h \
	compiler/cli/commands.def \
	compiler/cli/compile.c \
	compiler/cli/cost.c compiler/cli/cost.h \
	compiler/cli/cost_picture.c \
	compiler/cli/diff.c \
	compiler/cli/disasm.c \
	compiler/cli/eval.c \
	compiler/cli/execute.c \
	compiler/cli/fmt.c \
	compiler/cli/import.c \
	compiler/cli/input.c \
	compiler/cli/lint.c \
	compiler/cli/list.c \
	compiler/cli/lsp.c \
	compiler/cli/main.c \
	compiler/cli/merge.c \
	compiler/cli/options.c \
	compiler/cli/options.def \
	compiler/cli/output.c \
	compiler/cli/prover.c \
	compiler/cli/prover.h \
	compiler/cli/record.c \
	compiler/cli/recording.c compiler/cli/recording.h \
	compiler/cli/records.c compiler/cli/records.h \
	compiler/cli/report.c \
	compiler/cli/run.c \
	compiler/cli/show.c \
	compiler/cli/show.h \
	compiler/cli/source_map.c compiler/cli/source_map.h \
	compiler/cli/supervise.c compiler/cli/supervise.h \
	compiler/cli/test.c compiler/cli/test.h \
	compiler/cli/test_coverage.c \
	compiler/cli/trace.c \
	compiler/cli/watch.c \
	compiler/cli/watch.h \
	compiler/cli/why.c compiler/cli/why.h
