# SPDX-License-Identifier: Apache-2.0
# What the tree has for others is laid out.
"$EASYSECCOMP" fmt --check "$top_srcdir"/profiles/*.seccomp "$top_srcdir"/examples/*.seccomp
