# SPDX-License-Identifier: Apache-2.0
# Small complete policies, installed as documentation.
examplesdir = $(docdir)/examples
dist_examples_DATA = \
	examples/confine.c \
	examples/deny-list.seccomp \
	examples/handlers.seccomp \
	examples/no-network.seccomp \
	examples/notify-plugin.c \
	examples/notify.seccomp \
	examples/static-file-tool.seccomp \
	examples/web-server.seccomp
