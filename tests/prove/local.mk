# SPDX-License-Identifier: Apache-2.0
# The prover, held against the simulator and the reference evaluator; and with it the compiler.
if ENABLE_PROVER
check_PROGRAMS += tests/prove/terms_test tests/prove/policies_test
tests_prove_terms_test_SOURCES = tests/prove/terms_test.c $(cbpf_testlib)
tests_prove_terms_test_LDADD = libprove.la $(LDADD)
tests_prove_policies_test_SOURCES = \
	tests/prove/policies_test.c \
	tests/property/model.c tests/property/model.h \
	tests/property/random_policy.c tests/property/random_policy.h \
	$(cbpf_testlib)
tests_prove_policies_test_LDADD = libprove.la $(LDADD)
dist_check_SCRIPTS += tests/prove/json.test
else
EXTRA_DIST += tests/prove/json.test
endif
