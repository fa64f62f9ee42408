# SPDX-License-Identifier: Apache-2.0
exec "$EASYSECCOMP" lint -a x86_64 -Wno-json-or -Wno-pointer-compare -Wno-int-width "$INPUT"
