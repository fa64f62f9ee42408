# SPDX-License-Identifier: Apache-2.0
# Random policies against the reference and a model of their own.
check_PROGRAMS += tests/property/policy_test
tests_property_policy_test_SOURCES = \
	tests/property/model.c \
	tests/property/model.h \
	tests/property/policy_test.c \
	tests/property/random_policy.c \
	tests/property/random_policy.h
