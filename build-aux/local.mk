# SPDX-License-Identifier: Apache-2.0
# `make lint`: what the compiler does not see. Works in a git checkout, on the files that git lists.
EXTRA_DIST += \
	.ci/run \
	build-aux/check \
	build-aux/cppcheck.suppressions \
	build-aux/install-packages \
	build-aux/lint-layers \
	build-aux/lint-sizes \
	build-aux/lint-tree \
	build-aux/lint_common.py \
	build-aux/quickstart

lint_files = cd $(top_srcdir) && git ls-files --cached --others --exclude-standard

lint: lint-format lint-cppcheck lint-shell lint-layers lint-sizes lint-tree

lint-format:
	@$(lint_files) '*.c' '*.h' | { bad=0; while read -r file; do \
		clang-format --dry-run -Werror "$$file" 2>/dev/null || { bad=1; echo "$$file: differs from clang-format's"; }; \
	done; exit $$bad; }

lint-cppcheck:
	@$(lint_files) '*.c' | xargs cppcheck -q -j "$$(nproc)" --std=c11 --error-exitcode=1 \
		--enable=warning,performance,portability --inline-suppr \
		--suppressions-list=build-aux/cppcheck.suppressions -D_GNU_SOURCE -I.

lint-shell:
	@cd $(top_srcdir) && git grep -n -I -E --untracked '^#!.*[/ ](ba)?sh$$' | sed -n 's/:1:.*//p' | xargs shellcheck

lint-layers lint-sizes lint-tree:
	@cd $(top_srcdir) && $(PYTHON3) -B build-aux/$@

.PHONY: lint lint-format lint-cppcheck lint-shell lint-layers lint-sizes lint-tree
