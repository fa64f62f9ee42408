# SPDX-License-Identifier: Apache-2.0
exec "$EASYSECCOMP" lint -a x86 "$INPUT"
