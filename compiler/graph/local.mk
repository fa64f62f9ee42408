# SPDX-License-Identifier: Apache-2.0
# Resolved policy to decision graph.
libcore_la_SOURCES += \
	compiler/graph/bounds.c compiler/graph/bounds.h \
	compiler/graph/build.c compiler/graph/build.h \
	compiler/graph/chain.c compiler/graph/chain.h \
	compiler/graph/common-calls.def \
	compiler/graph/cube.c compiler/graph/cube.h \
	compiler/graph/call_text.c compiler/graph/call_text.h \
	compiler/graph/decide.c \
	compiler/graph/dump.c compiler/graph/dump.h \
	compiler/graph/fastest.c compiler/graph/fastest.h \
	compiler/graph/formula.c compiler/graph/formula.h \
	compiler/graph/graph.c compiler/graph/graph.h \
	compiler/graph/int_set.c compiler/graph/int_set.h \
	compiler/graph/known.c compiler/graph/known.h \
	compiler/graph/mask.h \
	compiler/graph/never.c compiler/graph/never.h \
	compiler/graph/numbers.c compiler/graph/numbers.h \
	compiler/graph/search.c \
	compiler/graph/solve.c compiler/graph/solve.h \
	compiler/graph/tuning.h \
	compiler/graph/weights.c compiler/graph/weights.h \
	compiler/graph/widen.c compiler/graph/widen.h \
	compiler/graph/witness.c compiler/graph/witness.h

check_PROGRAMS += \
	tests/unit/graph_build_test \
	tests/unit/graph_node_test \
	tests/unit/graph_pass_test
graph_test_common = tests/unit/graph_random.c tests/unit/graph_random.h
tests_unit_graph_build_test_SOURCES = tests/unit/graph_build_test.c $(graph_test_common)
tests_unit_graph_node_test_SOURCES = tests/unit/graph_node_test.c $(graph_test_common)
tests_unit_graph_pass_test_SOURCES = tests/unit/graph_pass_test.c $(graph_test_common)
