# SPDX-License-Identifier: Apache-2.0
# The prover: a program of its own, which alone is linked with Z3. Built where configure found that.
prove_sources = \
	compiler/prove/claims.c compiler/prove/claims.h \
	compiler/prove/effect.c compiler/prove/effect.h \
	compiler/prove/load.c compiler/prove/load.h \
	compiler/prove/loads.c compiler/prove/loads.h \
	compiler/prove/narrow.c compiler/prove/narrow.h \
	compiler/prove/policy.c \
	compiler/prove/program.c \
	compiler/prove/prove.c compiler/prove/prove.h \
	compiler/prove/report.c compiler/prove/report.h \
	compiler/prove/subject.c compiler/prove/subject.h \
	compiler/prove/term.c compiler/prove/term.h
prove_main = compiler/prove/main.c

# What libseccomp makes of JSON, which tests ask too: built for whoever links it.
EXTRA_LTLIBRARIES += libload.la
libload_la_SOURCES = compiler/prove/libseccomp_load.c compiler/prove/libseccomp_load.h
libload_la_LIBADD = libcore.la
CLEANFILES += libload.la

if ENABLE_PROVER
noinst_LTLIBRARIES += libprove.la
libprove_la_SOURCES = $(prove_sources)
libprove_la_LIBADD = libload.la libcore.la $(Z3_LIBS) $(SECCOMP_LIBS)
pkglibexec_PROGRAMS += easyseccomp-prove
easyseccomp_prove_SOURCES = $(prove_main)
easyseccomp_prove_LDADD = libprove.la
else
EXTRA_DIST += $(prove_sources) $(prove_main)
endif
