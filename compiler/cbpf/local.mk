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
