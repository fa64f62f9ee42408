# SPDX-License-Identifier: Apache-2.0
# Tables of facts: hand-written lookups, and C that generate.py makes of the *.tsv. Where the facts
# come from is told in extract.py, which a developer runs; no build does.

libcore_la_SOURCES += \
	compiler/tables/actions.c \
	compiler/tables/actions.def \
	compiler/tables/arch-aliases.def \
	compiler/tables/arch.c \
	compiler/tables/arch.def \
	compiler/tables/arch.h \
	compiler/tables/constants.c \
	compiler/tables/describe.c compiler/tables/describe.h \
	compiler/tables/fallback.c \
	compiler/tables/filter-flags.def \
	compiler/tables/generated.h \
	compiler/tables/groups.c \
	compiler/tables/name_index.h \
	compiler/tables/names.h \
	compiler/tables/numbers.h \
	compiler/tables/syscalls.c \
	compiler/tables/syscalls.h \
	compiler/tables/variables.c \
	compiler/tables/variables.def \
	$(tables_generated)

EXTRA_DIST += \
	compiler/tables/argument-families.tsv \
	compiler/tables/constants.tsv \
	compiler/tables/errnos.tsv \
	compiler/tables/extract.py \
	compiler/tables/families.py \
	compiler/tables/generate.py \
	compiler/tables/groups.tsv \
	compiler/tables/later.h \
	compiler/tables/syscall-args-arch.tsv \
	compiler/tables/syscall-args.tsv \
	compiler/tables/syscalls.tsv

tables_generated = \
	compiler/tables/argument_families_data.c \
	compiler/tables/constants_data.c \
	compiler/tables/errnos_data.c \
	compiler/tables/groups_data.c \
	compiler/tables/syscalls_data.c
generated += $(tables_generated)

tables_in = $(srcdir)/compiler/tables
tables_generate = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(PYTHON3) $(tables_in)/generate.py
tables_done = > $@.tmp && mv $@.tmp $@

$(tables_generated): $(tables_in)/generate.py

compiler/tables/argument_families_data.c: $(tables_in)/argument-families.tsv $(tables_in)/syscall-args.tsv
	$(tables_generate) argument-families $(tables_in)/argument-families.tsv \
		$(tables_in)/syscall-args.tsv $(tables_done)

compiler/tables/constants_data.c: $(tables_in)/constants.tsv $(tables_in)/arch.def
	$(tables_generate) constants $(tables_in)/constants.tsv $(tables_in)/arch.def $(tables_done)

compiler/tables/errnos_data.c: $(tables_in)/errnos.tsv $(tables_in)/arch.def
	$(tables_generate) errnos $(tables_in)/errnos.tsv $(tables_in)/arch.def $(tables_done)

compiler/tables/groups_data.c: $(tables_in)/groups.tsv
	$(tables_generate) groups $(tables_in)/groups.tsv $(tables_done)

syscalls_tables = $(tables_in)/syscalls.tsv $(tables_in)/syscall-args.tsv \
	$(tables_in)/syscall-args-arch.tsv $(tables_in)/arch.def
compiler/tables/syscalls_data.c: $(syscalls_tables)
	$(tables_generate) syscalls $(syscalls_tables) $(tables_done)

check_PROGRAMS += \
	tests/unit/tables_test \
	tests/unit/tables_names_test \
	tests/differential/tables_libseccomp_test
tests_unit_tables_test_SOURCES = tests/unit/tables_test.c
tests_unit_tables_names_test_SOURCES = tests/unit/tables_names_test.c
tests_differential_tables_libseccomp_test_SOURCES = tests/differential/tables_libseccomp_test.c
dist_check_SCRIPTS += tests/differential/tables_headers.test
