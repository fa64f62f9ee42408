# SPDX-License-Identifier: Apache-2.0
# JSON and BPF to policies that people can read.
libcore_la_SOURCES += \
	compiler/import/behaviour.c compiler/import/behaviour.h \
	compiler/import/docker.c \
	compiler/import/import.h \
	compiler/import/terms.c \
	compiler/import/walk.c \
	compiler/import/write.c compiler/import/write.h

golden_dirs += tests/golden/import
