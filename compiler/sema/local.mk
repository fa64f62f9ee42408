# SPDX-License-Identifier: Apache-2.0
libcore_la_SOURCES += \
	compiler/sema/action.c \
	compiler/sema/call.c \
	compiler/sema/call.h \
	compiler/sema/claims.c \
	compiler/sema/compare.c \
	compiler/sema/condition.c \
	compiler/sema/constant.c \
	compiler/sema/eval.c \
	compiler/sema/eval.h \
	compiler/sema/expansion.c compiler/sema/expansion.h \
	compiler/sema/explain.c \
	compiler/sema/explain.h \
	compiler/sema/internal.h \
	compiler/sema/merge.c compiler/sema/merge.h \
	compiler/sema/oci_order.c \
	compiler/sema/oci_order.h \
	compiler/sema/oci_policy.c \
	compiler/sema/oci_policy.h \
	compiler/sema/operand.c \
	compiler/sema/policy.c compiler/sema/policy.h \
	compiler/sema/ranges.c \
	compiler/sema/ranges.h \
	compiler/sema/resolve.c \
	compiler/sema/statements.c \
	compiler/sema/width.c
