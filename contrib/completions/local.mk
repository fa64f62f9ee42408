# SPDX-License-Identifier: Apache-2.0
# What shells complete, made of the tables of the command line; where they look for it.
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = contrib/completions/bash/easyseccomp
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = contrib/completions/zsh/_easyseccomp
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = contrib/completions/fish/easyseccomp.fish

completions = $(dist_bashcompletion_DATA) $(dist_zshcompletion_DATA) $(dist_fishcompletion_DATA)
generated += $(completions)
EXTRA_DIST += contrib/completions/completions.py

dist_check_SCRIPTS += tests/completions.test

# the shell is the name of the directory
$(completions): $(srcdir)/contrib/completions/completions.py $(srcdir)/man/generate.py $(man_tables) \
		$(srcdir)/compiler/emit/formats.c
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(PYTHON3) $(srcdir)/contrib/completions/completions.py \
		$(notdir $(@D)) > $@.tmp && mv $@.tmp $@
