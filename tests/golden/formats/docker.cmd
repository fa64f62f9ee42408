# SPDX-License-Identifier: Apache-2.0
# Capabilities and architectures stay open, but for those that are given.
"$EASYSECCOMP" -f docker files/container.seccomp
"$EASYSECCOMP" -f docker -a x86_64 -d CAP_SYS_ADMIN -d CAP_AUDIT_WRITE=0 files/container.seccomp -o "$TMP/some"
grep '^ *"CAP_' "$TMP/some" | sort -u
