# SPDX-License-Identifier: Apache-2.0

# OCI JSON against the installed libseccomp.
oci_differential = \
	tests/differential/oci_calls.c tests/differential/oci_calls.h \
	tests/differential/oci_runtime.c tests/differential/oci_runtime.h
check_PROGRAMS += tests/differential/oci_test
tests_differential_oci_test_SOURCES = tests/differential/oci_test.c $(oci_differential)
tests_differential_oci_test_LDADD = $(LDADD) -lm

# container-default against the JSON that it says it means.
compile_text = tests/differential/compile_text.c tests/differential/compile_text.h
check_PROGRAMS += tests/differential/container_default_test
tests_differential_container_default_test_SOURCES = \
	tests/differential/container_default_test.c \
	tests/differential/podman_profile.c tests/differential/podman_profile.h \
	tests/differential/oci_runtime.c tests/differential/oci_runtime.h \
	$(compile_text)
EXTRA_DIST += \
	tests/data/README.md \
	tests/data/container-default.debian12.json \
	tests/data/container-default.x86_64.json

# Filters in the kernel.
check_PROGRAMS += tests/differential/kernel_test
tests_differential_kernel_test_SOURCES = \
	tests/differential/kernel_actions.c \
	tests/differential/kernel_cases.h \
	tests/differential/kernel_entries.c \
	tests/differential/kernel_entry.c tests/differential/kernel_entry.h \
	tests/differential/kernel_judge.c \
	tests/differential/kernel_language.c \
	tests/differential/kernel_observe.c tests/differential/kernel_observe.h \
	tests/differential/kernel_programs.c \
	tests/differential/kernel_test.c \
	tests/differential/kernel_values.c \
	$(compile_text)
EXTRA_DIST += tests/differential/kernel_i386.c

# The policies of examples/ and profiles/ around real programs.
dist_check_SCRIPTS += tests/differential/kernel_examples.test
check_PROGRAMS += tests/differential/oci_read_test
tests_differential_oci_read_test_SOURCES = \
	tests/differential/oci_read_test.c \
	tests/differential/podman_profile.c tests/differential/podman_profile.h \
	$(oci_differential)

# What import writes against what it was made of.
check_PROGRAMS += tests/differential/import_test
tests_differential_import_test_SOURCES = \
	tests/differential/import_test.c \
	tests/differential/podman_profile.c tests/differential/podman_profile.h \
	tests/property/model.c tests/property/model.h \
	tests/property/random_policy.c tests/property/random_policy.h \
	$(oci_differential)

# The installed crun and runc, in containers.
dist_check_SCRIPTS += tests/differential/containers.test
EXTRA_DIST += tests/differential/containers_probe.c

# Profiles for docker, read back.
check_PROGRAMS += tests/differential/docker_test
tests_differential_docker_test_SOURCES = \
	tests/differential/docker_test.c \
	tests/differential/podman_profile.c tests/differential/podman_profile.h \
	$(oci_differential) \
	$(compile_text)
dist_check_SCRIPTS += tests/differential/record.test
