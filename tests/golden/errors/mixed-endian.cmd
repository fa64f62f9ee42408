# SPDX-License-Identifier: Apache-2.0
exec "$EASYSECCOMP" -f asm mixed-endian.seccomp
