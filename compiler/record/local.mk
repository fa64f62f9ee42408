# SPDX-License-Identifier: Apache-2.0
# What a command does, and the policy that allows it.
libcore_la_SOURCES += \
	compiler/record/recording.c compiler/record/recording.h \
	compiler/record/supervise.c compiler/record/supervise.h

dist_check_SCRIPTS += tests/differential/record.test
