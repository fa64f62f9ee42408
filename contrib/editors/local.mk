# SPDX-License-Identifier: Apache-2.0
# What editors colour policies by, made of the grammar's words.
vimsyntaxdir = $(datadir)/vim/vimfiles/syntax
dist_vimsyntax_DATA = contrib/editors/vim/syntax/easyseccomp.vim
vimdetectdir = $(datadir)/vim/vimfiles/ftdetect
dist_vimdetect_DATA = contrib/editors/vim/ftdetect/easyseccomp.vim
emacsdir = $(datadir)/emacs/site-lisp
dist_emacs_DATA = contrib/editors/emacs/easyseccomp-mode.el
vscodedir = $(pkgdatadir)/vscode
dist_vscode_DATA = \
	contrib/editors/vscode/easyseccomp.tmLanguage.json \
	contrib/editors/vscode/language-configuration.json \
	contrib/editors/vscode/package.json
treesitterdir = $(pkgdatadir)/tree-sitter
dist_treesitter_DATA = \
	contrib/editors/tree-sitter/grammar.json \
	contrib/editors/tree-sitter/highlights.scm

editors = $(dist_vimsyntax_DATA) $(dist_vimdetect_DATA) $(dist_emacs_DATA) $(dist_vscode_DATA) \
	$(dist_treesitter_DATA)
generated += $(editors)
EXTRA_DIST += contrib/editors/editors.py contrib/editors/tree_sitter.py

dist_check_SCRIPTS += tests/editors.test tests/tree_sitter.test

# what is written goes by the end of the file's path
$(editors): $(srcdir)/contrib/editors/editors.py $(srcdir)/contrib/editors/tree_sitter.py \
		$(srcdir)/grammar/lexer.l $(srcdir)/grammar/parser.y \
		$(srcdir)/compiler/front/preproc.c $(srcdir)/compiler/tables/actions.def
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PYTHON3) $(srcdir)/contrib/editors/editors.py \
		$(notdir $(@D))/$(@F) > $@.tmp && mv $@.tmp $@
