# SPDX-License-Identifier: Apache-2.0
# Classic BPF programs: the instruction set, the kernel's check, the simulator, text in and out.
libcore_la_SOURCES += \
	compiler/cbpf/assemble.c compiler/cbpf/assemble.h \
	compiler/cbpf/check.c compiler/cbpf/check.h \
	compiler/cbpf/disassemble.c compiler/cbpf/disassemble.h \
	compiler/cbpf/flow.c compiler/cbpf/flow.h \
	compiler/cbpf/isa.c compiler/cbpf/isa.def compiler/cbpf/isa.h \
	compiler/cbpf/program.c compiler/cbpf/program.h \
	compiler/cbpf/run.c compiler/cbpf/run.h

check_PROGRAMS += tests/unit/cbpf_check_test tests/unit/cbpf_run_test tests/unit/cbpf_text_test
cbpf_testlib = tests/unit/cbpf_testlib.c tests/unit/cbpf_testlib.h
tests_unit_cbpf_check_test_SOURCES = tests/unit/cbpf_check_test.c tests/unit/cbpf_cases.def $(cbpf_testlib)
tests_unit_cbpf_run_test_SOURCES = tests/unit/cbpf_run_test.c $(cbpf_testlib)
tests_unit_cbpf_text_test_SOURCES = tests/unit/cbpf_text_test.c $(cbpf_testlib)

check_PROGRAMS += tests/differential/cbpf_kernel_test tests/differential/cbpf_bitmap_test
filtered_child = tests/differential/filtered_child.c tests/differential/filtered_child.h
tests_differential_cbpf_kernel_test_SOURCES = tests/differential/cbpf_kernel_test.c \
	tests/unit/cbpf_cases.def $(cbpf_testlib) $(filtered_child)
tests_differential_cbpf_bitmap_test_SOURCES = tests/differential/cbpf_bitmap_test.c \
	$(cbpf_testlib) $(filtered_child)
