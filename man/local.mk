# SPDX-License-Identifier: Apache-2.0
# Manual pages. What the tables of the program say (options, commands, diagnostics) is filled in.
man_pages = \
	man/easyseccomp.1 \
	man/easyseccomp-compile.1 \
	man/easyseccomp-cost.1 \
	man/easyseccomp-diff.1 \
	man/easyseccomp-disasm.1 \
	man/easyseccomp-eval.1 \
	man/easyseccomp-explain.1 \
	man/easyseccomp-fmt.1 \
	man/easyseccomp-import.1 \
	man/easyseccomp-lint.1 \
	man/easyseccomp-lints.7 \
	man/easyseccomp-list.1 \
	man/easyseccomp-lsp.1 \
	man/easyseccomp-merge.1 \
	man/easyseccomp-record.1 \
	man/easyseccomp-run.1 \
	man/easyseccomp-test.1 \
	man/easyseccomp-diagnostics.7

dist_man_MANS += $(man_pages) man/easyseccomp-policy.5 man/easyseccomp-source-map.5
generated += $(man_pages)
EXTRA_DIST += man/generate.py $(man_pages:=.in)

man_tables = \
	$(srcdir)/base/diag.def \
	$(srcdir)/compiler/cli/cli.h \
	$(srcdir)/compiler/cli/commands.def \
	$(srcdir)/compiler/cli/options.def \
	$(srcdir)/compiler/lint/lints.def \
	$(srcdir)/configure.ac

$(man_pages): %: $(srcdir)/%.in $(srcdir)/man/generate.py $(man_tables)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PYTHON3) $(srcdir)/man/generate.py $< > $@.tmp && mv $@.tmp $@
