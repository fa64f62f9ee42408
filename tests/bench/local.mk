# SPDX-License-Identifier: Apache-2.0
# What filters and the start of containers cost: `make bench` prints tables and writes bench.json and
# bench.svg. It asserts nothing. `make update-cost` makes docs/cost.md of them.
EXTRA_PROGRAMS = tests/bench/bench
tests_bench_bench_SOURCES = \
	tests/bench/bench.c tests/bench/bench.h \
	tests/bench/bench_growth.c \
	tests/bench/bench_kernel.c \
	tests/bench/bench_libseccomp.c \
	tests/bench/bench_process.c \
	tests/bench/bench_profile.c
EXTRA_DIST += \
	docs/cost.md \
	tests/bench/data/README.md \
	tests/data/container-default.3arch.json \
	tests/bench/data/ten-syscalls.seccomp \
	tests/bench/data/trace.json \
	tests/bench/cost_doc.py \
	tests/bench/plot.py \
	tests/bench/start.py
CLEANFILES += bench.json bench.svg tests/bench/bench$(EXEEXT)

if ENABLE_EASYRUN
bench_start = EASYRUN='$(abs_top_builddir)/easyrun' $(PYTHON3) $(srcdir)/tests/bench/start.py bench.json
else
bench_start = :
endif

bench: all-am tests/bench/bench$(EXEEXT)
	@top_srcdir='$(abs_top_srcdir)' tests/bench/bench$(EXEEXT) bench.json ./easyseccomp$(EXEEXT)
	@$(PYTHON3) $(srcdir)/tests/bench/plot.py bench.json bench.svg
	@$(bench_start)

update-cost: bench
	@$(PYTHON3) $(srcdir)/tests/bench/cost_doc.py bench.json > $(srcdir)/docs/cost.md

.PHONY: bench update-cost
