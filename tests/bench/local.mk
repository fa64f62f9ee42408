# SPDX-License-Identifier: Apache-2.0
# What filters cost.
EXTRA_DIST += \
	tests/bench/data/README.md \
	tests/bench/data/container-default.3arch.json \
	tests/bench/data/trace.json
