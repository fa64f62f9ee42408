# SPDX-License-Identifier: Apache-2.0
exec "$EASYSECCOMP" lint -a x86_64 -W int-width-strict "$INPUT"
