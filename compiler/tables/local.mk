# SPDX-License-Identifier: Apache-2.0
# Tables of facts: hand-written lookups, and C that generate.py makes of the *.tsv.

libcore_la_SOURCES += \
	compiler/tables/actions.def \
	compiler/tables/arch-aliases.def \
	compiler/tables/arch.c \
	compiler/tables/arch.def \
	compiler/tables/arch.h \
	compiler/tables/name_index.h \
	compiler/tables/names.h \
	compiler/tables/numbers.h \
	compiler/tables/syscalls.c \
	compiler/tables/syscalls.h \
	compiler/tables/syscalls_data.c

EXTRA_DIST += \
	compiler/tables/generate.py \
	compiler/tables/syscall-args.tsv \
	compiler/tables/syscalls.tsv

generated += \
	compiler/tables/syscalls_data.c

tables_generate = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(PYTHON3) $(srcdir)/compiler/tables/generate.py

compiler/tables/syscalls_data.c: $(srcdir)/compiler/tables/generate.py \
		$(srcdir)/compiler/tables/syscalls.tsv $(srcdir)/compiler/tables/syscall-args.tsv
	$(tables_generate) syscalls $(srcdir)/compiler/tables/syscalls.tsv \
		$(srcdir)/compiler/tables/syscall-args.tsv > $@.tmp && mv $@.tmp $@
