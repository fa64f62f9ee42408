# SPDX-License-Identifier: Apache-2.0
# How the tests are run. `make check ONLY=WORD` runs those with WORD in their name.
EXTRA_DIST += tests/run-tests tests/run-golden $(golden_dirs) tests/lib/env.h tests/lib/rng.h tests/lib/tap.h tests/lib/unit.h

dist_check_SCRIPTS += tests/install.test tests/lint.test tests/readme.test tests/runner.test
EXTRA_DIST += tests/sarif_rules.py

CLEANFILES += check-logs/*.log

# In the environment of every test.
TEST_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
	EASYSECCOMP='$(abs_top_builddir)/easyseccomp' EASYRUN='$(abs_top_builddir)/easyrun' \
	EASYSECCOMP_AGENT='$(abs_top_builddir)/easyseccomp-agent' \
	EASYSECCOMP_PROVE='$(abs_top_builddir)/easyseccomp-prove' \
	PYTHON3='$(PYTHON3)' CC='$(CC) $(SANITIZERS)'

tests_to_run = \
	$(filter-out $(test_helpers),$(check_PROGRAMS)) \
	$(dist_check_SCRIPTS:%=$(abs_top_srcdir)/%) \
	$(golden_dirs:%=$(abs_top_srcdir)/%)

if ENABLE_TESTS
check-local: all-am
	@env $(TEST_ENVIRONMENT) $(PYTHON3) $(srcdir)/tests/run-tests --logs=check-logs --only='$(ONLY)' \
		$(tests_to_run)
else
check-local:
	@echo 'configured with --disable-tests' >&2; exit 1
endif

# Rewrites what the golden tests expect by what they got; look at `git diff` then.
update-golden: all-am
	@env $(TEST_ENVIRONMENT) $(PYTHON3) $(srcdir)/tests/run-golden --update --only='$(ONLY)' \
		$(golden_dirs:%=$(srcdir)/%)

.PHONY: update-notify-sweep update-golden
