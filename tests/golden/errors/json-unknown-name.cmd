# SPDX-License-Identifier: Apache-2.0
exec "$EASYSECCOMP" -a x86_64 -f asm json-unknown-name.json > /dev/null
