# SPDX-License-Identifier: Apache-2.0
# What filters cost: `make bench` prints a table and writes bench.json. It asserts nothing.
EXTRA_PROGRAMS = tests/bench/bench
tests_bench_bench_SOURCES = \
	tests/bench/bench.c tests/bench/bench.h \
	tests/bench/bench_kernel.c \
	tests/bench/bench_libseccomp.c
EXTRA_DIST += \
	docs/cost.md \
	tests/bench/data/README.md \
	tests/bench/data/container-default.3arch.json \
	tests/bench/data/trace.json
CLEANFILES += bench.json tests/bench/bench$(EXEEXT)

bench: tests/bench/bench$(EXEEXT)
	@top_srcdir='$(abs_top_srcdir)' tests/bench/bench$(EXEEXT) bench.json

.PHONY: bench
