# SPDX-License-Identifier: Apache-2.0
golden_dirs += \
	tests/golden/errors \
	tests/golden/original
