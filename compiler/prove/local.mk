# SPDX-License-Identifier: Apache-2.0
# The prover: a program of its own, which alone is linked with Z3. Built where configure found that.
prove_sources = \
	compiler/prove/effect.c compiler/prove/effect.h \
	compiler/prove/load.c compiler/prove/load.h \
	compiler/prove/narrow.c compiler/prove/narrow.h \
	compiler/prove/policy.c \
	compiler/prove/program.c \
	compiler/prove/prove.c compiler/prove/prove.h \
	compiler/prove/report.c compiler/prove/report.h \
	compiler/prove/subject.c compiler/prove/subject.h \
	compiler/prove/term.c compiler/prove/term.h
prove_main = compiler/prove/main.c

if ENABLE_PROVER
noinst_LTLIBRARIES += libprove.la
libprove_la_SOURCES = $(prove_sources)
libprove_la_LIBADD = libcore.la $(Z3_LIBS)
pkglibexec_PROGRAMS += easyseccomp-prove
easyseccomp_prove_SOURCES = $(prove_main)
easyseccomp_prove_LDADD = libprove.la
else
EXTRA_DIST += $(prove_sources) $(prove_main)
endif
