# SPDX-License-Identifier: Apache-2.0
golden_dirs += \
	tests/golden/cli \
	tests/golden/errors \
	tests/golden/fmt \
	tests/golden/formats \
	tests/golden/lint \
	tests/golden/original \
	tests/golden/test \
	tests/golden/why

dist_check_SCRIPTS += tests/golden/errors.test

# With the prover, where there is one.
if ENABLE_PROVER
golden_dirs += tests/golden/prove
else
EXTRA_DIST += tests/golden/prove
endif
