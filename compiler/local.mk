# SPDX-License-Identifier: Apache-2.0
# The driver, and the library: only what easyseccomp.h declares is seen outside.
libcore_la_SOURCES += \
	compiler/driver.c compiler/driver.h \
	compiler/source_map.c compiler/source_map.h

lib_LTLIBRARIES += libeasyseccomp.la
libeasyseccomp_la_SOURCES = compiler/api.c
libeasyseccomp_la_LIBADD = libcore.la
libeasyseccomp_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -export-symbols-regex '^es_' -no-undefined
include_HEADERS += compiler/include/easyseccomp.h
pkgconfig_DATA += compiler/easyseccomp.pc

check_PROGRAMS += tests/unit/driver_memory_test tests/unit/api_test
tests_unit_driver_memory_test_SOURCES = tests/unit/driver_memory_test.c
# through the library as others see it
tests_unit_api_test_SOURCES = tests/unit/api_test.c
tests_unit_api_test_LDADD = libeasyseccomp.la $(TEST_LIBS)
