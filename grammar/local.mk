# SPDX-License-Identifier: Apache-2.0
# The lexer and the parser of the policy language, by flex and bison.
generated += grammar/lexer.c grammar/parser.c grammar/parser.h
libcore_la_SOURCES += grammar/lexer.c grammar/parser.c grammar/parser.h
BUILT_SOURCES += grammar/parser.h
EXTRA_DIST += grammar/lexer.l grammar/parser.y

grammar/lexer.c: $(srcdir)/grammar/lexer.l
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(LEX) -o $@.tmp $< && sed 's|$@.tmp|$@|' $@.tmp > $@ && rm $@.tmp

# bison names its header after the output, so that a temporary would show in it; it leaves nothing
# half made by itself.
grammar/parser.c: $(srcdir)/grammar/parser.y
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(BISON) -Wall -Werror --header=grammar/parser.h -o $@ $<
grammar/parser.h: grammar/parser.c
	@test -f $@ || { rm -f grammar/parser.c; $(MAKE) $(AM_MAKEFLAGS) grammar/parser.c; }
