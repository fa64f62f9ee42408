# SPDX-License-Identifier: Apache-2.0
# What is wrong with policies and profiles that compile.
libcore_la_SOURCES += \
	compiler/lint/archs.c \
	compiler/lint/calls.c \
	compiler/lint/companions.def \
	compiler/lint/conditions.c \
	compiler/lint/dangers.def \
	compiler/lint/decide.c compiler/lint/decide.h \
	compiler/lint/internal.h \
	compiler/lint/lint.c compiler/lint/lint.h \
	compiler/lint/lints.def \
	compiler/lint/names.c \
	compiler/lint/profile.c \
	compiler/lint/render.c \
	compiler/lint/rules.c \
	compiler/lint/sarif.c \
	compiler/lint/suppress.c \
	compiler/lint/table.c \
	compiler/lint/unused.c \
	compiler/lint/verdicts.c compiler/lint/verdicts.h \
	compiler/lint/widths.c

# Recipes for those who run it elsewhere; tests/lint.test tries them.
EXTRA_DIST += \
	contrib/ci/.pre-commit-hooks.yaml \
	contrib/ci/easyseccomp-lint-hook \
	contrib/ci/github-actions.yml \
	contrib/ci/gitlab-ci.yml
