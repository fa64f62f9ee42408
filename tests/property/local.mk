# SPDX-License-Identifier: Apache-2.0
# Random policies against the reference and a model of their own; and their layout.
random_policy = \
	tests/property/model.c \
	tests/property/model.h \
	tests/property/random_policy.c \
	tests/property/random_policy.h

check_PROGRAMS += tests/property/fmt_test tests/property/policy_test
tests_property_fmt_test_SOURCES = tests/property/fmt_test.c $(random_policy)
tests_property_policy_test_SOURCES = tests/property/policy_test.c $(random_policy)
