# SPDX-License-Identifier: Apache-2.0
# Small complete policies, installed as documentation.
examplesdir = $(docdir)/examples
dist_examples_DATA = \
	examples/deny-list.seccomp \
	examples/no-network.seccomp \
	examples/notify.seccomp \
	examples/static-file-tool.seccomp \
	examples/web-server.seccomp
